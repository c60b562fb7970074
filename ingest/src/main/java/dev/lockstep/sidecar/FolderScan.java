package dev.lockstep.sidecar;

import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.source.Growth;
import dev.lockstep.source.LabelledFormat;
import dev.lockstep.source.Probe;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Finds recordings in the watched folders, as `check` would, and hears of new files.
///
/// Notifications are a help, not relied upon: some file systems send none, and the system may drop
/// them. A folder that was claimed is probed again now and then, since what arrives last may say
/// that it is something else, or part of something larger; so is a file beside which labels appear.
final class FolderScan implements AutoCloseable {
  /// Folders below a watched one.
  private static final int MAX_DEPTH = 16;

  /// Folders whose changes are told; others are found by the next search.
  private static final int MAX_NOTIFIED = 1024;

  /// A claimed folder is probed again after so long, and this much less often than that takes.
  private static final long AGAIN_NANOS = 1_000_000_000L;

  private static final int FOLDER_SHARE = 20;

  private final RecordingFinder finder;
  private final List<Path> roots;
  private final Path state;
  private final @Nullable WatchService notifier;
  private final Map<Path, WatchKey> notified = new HashMap<>();
  private final Map<Path, Claim> known = new HashMap<>();
  private final LongSupplier nanos;
  private final Joining joining;

  /// Says when files that were followed one by one are one recording.
  interface Joining {
    /// Whether `folder`, which is one recording for who reads it when all is written, is that by
    /// now.
    ///
    /// @param parts the files in it that can be followed while they grow; at least one
    boolean isWritten(Found folder, List<Found> parts);
  }

  /// What was claimed.
  ///
  /// @param found the same object until another format claims the path
  /// @param labels beside it then, or null
  /// @param nextNanos when a folder may be probed again
  private record Claim(Found found, @Nullable Path labels, long nextNanos) {}

  /// A recording.
  record Found(Path path, SourceFormat format) {
    boolean isOf(SourceFormat other) {
      return format.getClass() == other.getClass() && format.name().equals(other.name());
    }

    boolean isReadableMeanwhile() {
      return format.growth(path) != Growth.UNREADABLE;
    }
  }

  /// @param state folder of the sidecar itself, which is left out
  /// @param nanos the time, ns since any moment
  FolderScan(
      List<SourceFormat> formats,
      List<Path> roots,
      Path state,
      LongSupplier nanos,
      Joining joining) {
    this.joining = joining;
    this.nanos = nanos;
    this.finder = new RecordingFinder(formats);
    this.roots = roots;
    this.state = state.toAbsolutePath().normalize();
    WatchService service;
    try {
      service = roots.getFirst().getFileSystem().newWatchService();
    } catch (IOException | UnsupportedOperationException e) {
      // No watches left on this machine, for example: the search finds everything, only later.
      service = null;
    }
    this.notifier = service;
  }

  /// Waits for a notification, at most for `limitMillis`.
  ///
  /// @return whether something has come or gone
  boolean await(long limitMillis) throws InterruptedException {
    if (notifier == null) {
      Thread.sleep(limitMillis);
      return false;
    }
    boolean told = false;
    WatchKey key = notifier.poll(limitMillis, TimeUnit.MILLISECONDS);
    while (key != null) {
      told |= !key.pollEvents().isEmpty();
      key.reset();
      key = notifier.poll();
    }
    return told;
  }

  /// The watched folders that are not there.
  List<Path> missing() {
    return roots.stream().filter(root -> !Files.isDirectory(root)).toList();
  }

  /// The recordings that are there now, in order of names.
  List<Found> search() {
    List<Found> found = new ArrayList<>();
    Set<Path> folders = new HashSet<>();
    for (Path root : roots) {
      if (Files.isDirectory(root)) {
        search(root, 0, found, folders);
      }
    }
    Set<Path> present = new HashSet<>();
    found.forEach(each -> present.add(each.path()));
    known.keySet().retainAll(present);
    notified
        .entrySet()
        .removeIf(each -> {
          boolean gone = !folders.contains(each.getKey());
          if (gone) {
            each.getValue().cancel();
          }
          return gone;
        });
    return found;
  }

  private void search(Path path, int depth, List<Found> found, Set<Path> folders) {
    Claim before = known.get(path);
    long startedNanos = nanos.getAsLong();
    if (before != null && stands(before, startedNanos)) {
      found.add(before.found());
      return;
    }
    try {
      if (ManifestFiles.isCompanion(path) || LabelledFormat.isCompanion(path)) {
        return;
      }
      boolean folder = Files.isDirectory(path);
      if (folder) {
        // Before it is read, so that nothing can come in between unnoticed.
        notify(path, folders);
      }
      Probe probe = Probe.of(path);
      SourceFormat format = finder.claim(probe);
      Found recording = format == null ? null : new Found(path, format);
      if (recording != null && (!folder || isWritten(recording, probe))) {
        if (before != null && before.found().isOf(recording.format())) {
          recording = before.found();
        }
        long nowNanos = nanos.getAsLong();
        long pause = Math.max(AGAIN_NANOS, FOLDER_SHARE * (nowNanos - startedNanos));
        known.put(path, new Claim(recording, LabelledFormat.labelsOf(path), nowNanos + pause));
        found.add(recording);
        return;
      }
      known.remove(path);
      if (folder && depth < MAX_DEPTH) {
        for (String child : probe.children()) {
          Path below = path.resolve(child);
          if (!child.startsWith(".") && isSearched(below)) {
            search(below, depth + 1, found, folders);
          }
        }
      }
    } catch (IOException e) {
      // Gone while it was looked at, or not for us to read: the next search tries again.
      known.remove(path);
    }
  }

  /// Whether a claim need not be looked at again yet.
  private static boolean stands(Claim claim, long nowNanos) {
    Path path = claim.found().path();
    // Labels that are empty as yet may become some.
    boolean unread = claim.labels() != null && !(claim.found().format() instanceof LabelledFormat);
    boolean lasts = !unread && !Files.isDirectory(path);
    return Objects.equals(claim.labels(), LabelledFormat.labelsOf(path))
        && (lasts || nowNanos - claim.nextNanos() < 0);
  }

  /// Whether a folder is one recording by now: files in it that can be followed while they grow are
  /// recordings of their own until then.
  private boolean isWritten(Found folder, Probe probe) throws IOException {
    List<Found> parts = new ArrayList<>();
    for (String child : probe.children()) {
      Path below = folder.path().resolve(child);
      Claim before = known.get(below);
      if (before != null) {
        if (before.found().isReadableMeanwhile()) {
          parts.add(before.found());
        }
      } else if (Files.isRegularFile(below) && Files.isReadable(below)) {
        SourceFormat format = finder.claim(Probe.of(below));
        Found part = format == null ? null : new Found(below, format);
        if (part != null && part.isReadableMeanwhile()) {
          parts.add(part);
        }
      }
    }
    return parts.isEmpty() || joining.isWritten(folder, parts);
  }

  /// Whether the file at `path` can be followed while it grows.
  boolean isReadableMeanwhile(Path path) {
    try {
      SourceFormat format = Files.isRegularFile(path) ? finder.claim(Probe.of(path)) : null;
      return format != null && new Found(path, format).isReadableMeanwhile();
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isSearched(Path path) {
    if (Files.isDirectory(path)) {
      return !Files.isSymbolicLink(path)
          && Files.isReadable(path)
          && !path.toAbsolutePath().normalize().equals(state);
    }
    return Files.isRegularFile(path) && Files.isReadable(path);
  }

  private void notify(Path folder, Set<Path> folders) {
    folders.add(folder);
    if (notifier == null || notified.containsKey(folder) || notified.size() >= MAX_NOTIFIED) {
      return;
    }
    try {
      notified.put(
          folder,
          folder.register(
              notifier,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_DELETE));
    } catch (IOException e) {
      // As above: found by the search.
      folders.remove(folder);
    }
  }

  @Override
  public void close() throws IOException {
    if (notifier != null) {
      notifier.close();
    }
  }
}
