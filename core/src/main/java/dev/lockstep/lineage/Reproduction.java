package dev.lockstep.lineage;

import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Span;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.RecordingCutter.Plan;
import dev.lockstep.source.RecordingCutter.Window;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Looks for the smallest recording that still gives a finding: same check, same stream, evidence
/// about the same thing.
///
/// First the window around the place of the finding grows until a cut that is written anew shows
/// it, for its own stream and then for all; if none does, the same with the container's bytes as
/// they are, which findings about no stream begin with. Then streams are left out, then the window
/// shrinks from both ends by halves. Of what is left, parts of the container are left out
/// ([Reduction]). Each cut is checked by the engine as any recording would be. What does not depend
/// on a window in a monotonous way may have a smaller cut still.
public final class Reproduction {
  /// Cuts that are tried at most. Judged: growing and halving need 30 in a day of recording.
  private static final int MAX_TRIES = 120;

  /// Checks that look at a manifest.
  private static final Set<String> OF_MANIFESTS = Set.of("INT040", "INT041");

  /// Share of a recording, as its reciprocal, from which on a cut is small enough to keep messages
  /// whole. Judged.
  private static final int ENOUGH = 400;

  private static final Pattern NUMBERS = Pattern.compile("0x[0-9A-Fa-f]+|\\d+(\\.\\d+)?");

  private final RecordingCutter cutter;
  private final SourceFormat format;
  private final Engine engine;
  private final ReportedFinding target;
  private final Path work;
  private final long wholeBytes;
  private int tries;
  private @Nullable Attempt best;
  private boolean exact;

  private Reproduction(
      RecordingCutter cutter,
      SourceFormat format,
      Engine engine,
      ReportedFinding target,
      Path work,
      long wholeBytes) {
    this.cutter = cutter;
    this.format = format;
    this.engine = engine;
    this.target = target;
    this.work = work;
    this.wholeBytes = wholeBytes;
  }

  /// The smallest cut that was found.
  ///
  /// @param recording where it is
  /// @param streams what was kept
  /// @param whole whether nothing could be left out
  /// @param bytes its length
  /// @param tries cuts that were tried
  /// @param result what the engine says of it
  /// @param finding the finding in it, null where not even a copy of the whole gives it
  public record Cut(
      Path recording,
      Set<String> streams,
      boolean whole,
      long bytes,
      int tries,
      RecordingResult result,
      @Nullable Finding finding) {
    /// Copies the set.
    public Cut {
      streams = Set.copyOf(streams);
    }
  }

  private record Attempt(Plan plan, long bytes) {}

  /// Makes the smallest cut of `recording` that gives `target`, in `folder`, which is emptied.
  ///
  /// @param work another folder for cuts that are tried; emptied
  /// @throws IOException if it cannot be read or written
  public static Cut of(
      Path recording,
      SourceFormat format,
      Engine engine,
      ReportedFinding target,
      Path folder,
      Path work)
      throws IOException {
    int tries = 0;
    try (RecordingCutter cutter = format.cutter(recording)) {
      if (cutter != null && OF_MANIFESTS.contains(target.check())) {
        SealedCut search = new SealedCut(cutter, format, engine, target, recording);
        Path cut = search.search(work);
        tries = search.tries();
        if (cut != null) {
          empty(folder);
          copy(work, folder);
          return cutIn(
              folder,
              folder.resolve(work.relativize(cut).toString()),
              format,
              engine,
              target,
              tries);
        }
      } else if (cutter != null) {
        Reproduction search =
            new Reproduction(cutter, format, engine, target, work, bytes(recording));
        Attempt found = search.search();
        tries = search.tries;
        if (found != null) {
          return search.reduced(found.plan(), folder);
        }
      }
    } finally {
      empty(work);
    }
    empty(folder);
    Path copy = folder.resolve(ManifestFiles.name(recording));
    copy(recording, copy);
    Path manifest = ManifestFiles.of(recording);
    if (Files.exists(manifest)) {
      Files.copy(manifest, folder.resolve(String.valueOf(manifest.getFileName())));
    }
    RecordingResult result = engine.check(copy, ManifestFiles.name(copy), format);
    return new Cut(
        copy, Set.of(), true, bytes(folder), tries, result, matching(result, target, false));
  }

  private static Cut cutIn(
      Path folder, Path cut, SourceFormat format, Engine engine, ReportedFinding target, int tries)
      throws IOException {
    RecordingResult result = engine.check(cut, ManifestFiles.name(cut), format);
    String stream = target.location().stream();
    return new Cut(
        cut,
        stream == null ? Set.of() : Set.of(stream),
        false,
        bytes(folder),
        tries,
        result,
        matching(result, target, false));
  }

  /// The smallest cut that begins with a plan, in `folder`.
  private Cut reduced(Plan plan, Path folder) throws IOException {
    Path first = Files.createDirectories(work.resolve("a"));
    Path second = Files.createDirectories(work.resolve("b"));
    empty(first);
    Path cut = cutter.cut(plan, first);
    Reduction.Folders folders = new Reduction.Folders(first, second);
    Reduction reduction = new Reduction(format, engine, target, check(cut), exact, folders);
    Reduction.Reduced small = reduction.reduce(cut, wholeBytes / ENOUGH);
    empty(folder);
    Path best = folders.best();
    copy(best, folder);
    Path kept = folder.resolve(best.relativize(small.recording()).toString());
    RecordingResult result = check(kept);
    return new Cut(
        kept,
        small.tries() == 0 ? plan.streams() : small.streams(),
        false,
        bytes(folder),
        tries + small.tries(),
        result,
        matching(result, target, exact));
  }

  static void empty(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!each.equals(folder)) {
          Files.delete(each);
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.sorted().toList()) {
        Path target = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(target);
        } else {
          Files.copy(each, target);
        }
      }
    }
  }

  static long bytes(Path folder) throws IOException {
    try {
      return ManifestFiles.sizeBytes(folder);
    } catch (UncheckedIOException e) {
      throw new IOException(e);
    }
  }

  private RecordingResult check(Path cut) throws IOException {
    return engine.check(cut, ManifestFiles.name(cut), format);
  }

  /// The finding of `result` that is the same as `target`, or null: of the same check, about the
  /// same stream, track and thing.
  ///
  /// @param exact whether it has to read the same but for its numbers
  static @Nullable Finding matching(RecordingResult result, ReportedFinding target, boolean exact) {
    for (Finding finding : result.findings()) {
      boolean same =
          finding.check().id().equals(target.check())
              && Objects.equals(target.location().stream(), finding.location().stream())
              && Objects.equals(target.location().track(), finding.location().track())
              && plain(finding.evidence().what()).equals(plain(target.what()))
              && target.message().startsWith(finding.title());
      if (same
          && (!exact
              || plain(ReportedFinding.of(target.recording(), finding).message())
                  .equals(plain(target.message())))) {
        return finding;
      }
    }
    return null;
  }

  /// A text without the numbers of messages and bytes, which change in a cut.
  private static String plain(String text) {
    return NUMBERS.matcher(text).replaceAll("#");
  }

  private boolean gives(Plan plan) throws IOException {
    if (tries >= MAX_TRIES) {
      return false;
    }
    tries++;
    Path folder = work.resolve("a");
    empty(folder);
    Path cut = cutter.cut(plan, folder);
    if (matching(check(cut), target, exact) == null) {
      return false;
    }
    long bytes = bytes(folder);
    if (best == null || bytes <= best.bytes()) {
      best = new Attempt(plan, bytes);
    }
    return true;
  }

  private @Nullable Attempt search() throws IOException {
    Window whole = cutter.whole();
    Window place = place(whole);
    String own = target.location().stream();
    Set<String> all = new LinkedHashSet<>(cutter.streams());
    List<Set<String>> choices = new ArrayList<>();
    if (own != null && all.contains(own)) {
      choices.add(Set.of(own));
    }
    choices.add(all);
    // A fault of the container's own bytes is gone when it is written anew; all others make far
    // smaller cuts then.
    List<Boolean> ways =
        !cutter.hasContainer()
            ? List.of(false)
            : own == null ? List.of(true, false) : List.of(false, true);
    // What the container's checks say may differ in its reason alone.
    for (boolean asItReads : own == null ? List.of(true, false) : List.of(false)) {
      exact = asItReads;
      for (boolean verbatim : ways) {
        Plan plan = grow(place, whole, choices, verbatim);
        if (plan != null) {
          shrink(plan);
          return best;
        }
      }
    }
    return null;
  }

  /// The first plan that gives the finding while the window grows around its place, or null.
  private @Nullable Plan grow(
      Window place, Window whole, List<Set<String>> choices, boolean verbatim) throws IOException {
    String own = target.location().stream();
    long step = cutter.step(own == null ? "" : own);
    for (long radius = 0; ; radius = Math.max(1, radius * 2)) {
      Window window = grown(place, whole, multiply(radius, step));
      for (Set<String> streams : choices) {
        Plan plan = new Plan(streams, window, verbatim);
        if (gives(plan)) {
          return plan;
        }
      }
      if (window.equals(whole) || tries >= MAX_TRIES) {
        return null;
      }
    }
  }

  private static long multiply(long a, long b) {
    long high = Math.multiplyHigh(a, b);
    return high != 0 ? Long.MAX_VALUE / 4 : Math.max(0, a * b);
  }

  private static Window grown(Window place, Window whole, long by) {
    long first = place.first() - whole.first() <= by ? whole.first() : place.first() - by;
    long last = whole.last() - place.last() <= by ? whole.last() : place.last() + by;
    return new Window(Math.max(first, whole.first()), Math.min(last, whole.last()));
  }

  private Window place(Window whole) throws IOException {
    String stream = target.location().stream();
    Span messages = target.location().messages();
    ByteRange bytes = target.location().bytes();
    String file = target.location().file();
    long first = whole.first();
    long last = whole.last();
    if (stream != null && messages != null && cutter.streams().contains(stream)) {
      long a = cutter.axisOf(stream, messages.first());
      long b = cutter.axisOf(stream, messages.last());
      first = Math.min(a, b);
      last = Math.max(a, b);
    } else if (file != null) {
      first = cutter.axisOfByte(file, bytes == null ? 0 : bytes.offsetBytes());
      last =
          bytes == null
              ? first
              : cutter.axisOfByte(file, Math.max(bytes.offsetBytes(), bytes.endBytes() - 1));
    }
    return new Window(
        Math.clamp(Math.min(first, last), whole.first(), whole.last()),
        Math.clamp(Math.max(first, last), whole.first(), whole.last()));
  }

  private void shrink(Plan found) throws IOException {
    Plan plan = found;
    for (String stream : new TreeSet<>(found.streams())) {
      Set<String> fewer = new LinkedHashSet<>(plan.streams());
      fewer.remove(stream);
      if (!fewer.isEmpty() && !stream.equals(target.location().stream())) {
        Plan less = new Plan(fewer, plan.window(), plan.verbatim());
        plan = gives(less) ? less : plan;
      }
    }
    plan = shrinkEnd(plan, false);
    shrinkEnd(plan, true);
  }

  /// Halves the way between an end that gives the finding and one that does not.
  private Plan shrinkEnd(Plan found, boolean first) throws IOException {
    Plan plan = found;
    // As far as the other end may come.
    long gone = first ? plan.window().last() + 1 : plan.window().first() - 1;
    long fine = Math.max(1, cutter.step(String.valueOf(target.location().stream())) / 2);
    while (true) {
      long held = first ? plan.window().first() : plan.window().last();
      if (Math.abs(gone - held) <= fine) {
        return plan;
      }
      long middle = held + (gone - held) / 2;
      Window window =
          first
              ? new Window(middle, plan.window().last())
              : new Window(plan.window().first(), middle);
      Plan less = new Plan(plan.streams(), window, plan.verbatim());
      if (window.first() <= window.last() && gives(less)) {
        plan = less;
      } else if (tries >= MAX_TRIES) {
        return plan;
      } else {
        gone = middle;
      }
    }
  }
}
