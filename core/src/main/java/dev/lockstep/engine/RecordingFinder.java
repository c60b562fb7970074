package dev.lockstep.engine;

import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.source.LabelledFormat;
import dev.lockstep.source.Match;
import dev.lockstep.source.Probe;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the recordings in files and folders.
///
/// A path that a format claims is a recording; a folder that none claims is searched, in order of
/// names. Symbolic links to folders are followed only where the user names them, so that a search
/// always ends. Hidden entries are left out, and labels beside a recording belong to it
/// ([LabelledFormat]).
public final class RecordingFinder {
  /// Folders below the one that the user named. Judged: deeper than any dataset layout in use.
  static final int MAX_DEPTH = 16;

  private final List<SourceFormat> formats;

  /// A finder that knows `formats`.
  public RecordingFinder(List<SourceFormat> formats) {
    this.formats = List.copyOf(formats);
  }

  /// What a search gave.
  ///
  /// @param recordings the recordings, in order of names
  /// @param unclaimed files in searched folders that belong to no format
  /// @param unreadable what is in searched folders and may not be read, or has a name that the
  ///   encoding of this process cannot express
  public record Found(List<Recording> recordings, List<Path> unclaimed, List<Path> unreadable) {
    /// Copies the lists.
    public Found {
      recordings = List.copyOf(recordings);
      unclaimed = List.copyOf(unclaimed);
      unreadable = List.copyOf(unreadable);
    }
  }

  /// A recording that was found.
  ///
  /// @param path where it is
  /// @param format the format that claims it
  /// @param name how reports call it
  public record Recording(Path path, SourceFormat format, String name) {}

  /// Finds the recordings at `path`.
  ///
  /// @throws IOException if `path` does not exist or may not be read
  public Found find(Path path) throws IOException {
    List<Recording> recordings = new ArrayList<>();
    List<Path> unclaimed = new ArrayList<>();
    List<Path> unreadable = new ArrayList<>();
    search(path, 0, recordings, unclaimed, unreadable);
    for (Recording found : recordings) {
      Path beside = unclaimed.isEmpty() ? null : found.format().readBeside(found.path());
      if (beside != null) {
        unclaimed.remove(beside);
      }
    }
    return new Found(recordings, unclaimed, unreadable);
  }

  private void search(
      Path path, int depth, List<Recording> recordings, List<Path> unclaimed, List<Path> unreadable)
      throws IOException {
    Probe probe = Probe.of(path);
    SourceFormat format = claim(probe);
    if (format != null) {
      recordings.add(new Recording(path, format, path.toString()));
    } else if (!probe.isDirectory()) {
      // A manifest is examined with the recording that it lies beside; a verdict is ours.
      if (!ManifestFiles.isCompanion(path)) {
        unclaimed.add(path);
      }
    } else if (depth < MAX_DEPTH) {
      for (String child : probe.children()) {
        Path below = path.resolve(child);
        if (child.startsWith(".") || LabelledFormat.isCompanion(below)) {
          continue;
        }
        boolean link = Files.isSymbolicLink(below);
        if (!Files.isReadable(below)) {
          if (!link) {
            unreadable.add(below);
          }
        } else if (!(link && Files.isDirectory(below))
            && (Files.isDirectory(below) || Files.isRegularFile(below))) {
          search(below, depth + 1, recordings, unclaimed, unreadable);
        }
      }
    }
  }

  /// The format that claims a path, or null. A claim that somebody wrote down outranks what a path
  /// looks like. Of files that were joined from two the first format in order takes what it can
  /// read; of whole ones no two claim the same.
  ///
  /// @throws IOException if labels lie beside it that may not be read
  public @Nullable SourceFormat claim(Probe probe) throws IOException {
    SourceFormat claimant = null;
    boolean declared = false;
    for (SourceFormat format : formats) {
      Match match = format.match(probe);
      if (match.claimed() && (claimant == null || match.declared() && !declared)) {
        claimant = format;
        declared = match.declared();
      }
    }
    return claimant == null ? null : labelled(claimant, probe.path());
  }

  /// The format with the labels that lie beside a recording, if any do.
  private SourceFormat labelled(SourceFormat format, Path recording) throws IOException {
    Path labels = LabelledFormat.labelsOf(recording);
    if (labels != null) {
      Probe probe = Probe.of(labels);
      for (SourceFormat each : formats) {
        if (each.match(probe).claimed()) {
          return new LabelledFormat(format, each);
        }
      }
    }
    return format;
  }
}
