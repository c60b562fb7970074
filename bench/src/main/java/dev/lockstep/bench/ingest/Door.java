package dev.lockstep.bench.ingest;

import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// One way into Lockstep, for the comparison of all.
public interface Door {
  /// What tables call it.
  String name();

  /// Takes `drives` through the door and gives the findings of each by its name, as [Findings#line]
  /// writes them, sorted.
  ///
  /// @param seed decides all that is random
  /// @param scratch an empty folder
  Map<String, List<String>> findings(List<Source> drives, long seed, Path scratch)
      throws IOException, InterruptedException;

  /// A recording that goes through the doors.
  ///
  /// @param name unique among the drives, and a legal name of a file
  /// @param root the file, or the folder that holds the recording and what it refers to
  /// @param recording the recording relative to `root`; empty if that is the recording itself
  /// @param format its format
  record Source(String name, Path root, String recording, SourceFormat format) {
    /// The recording where it lies.
    public Path path() {
      return recording.isEmpty() ? root : root.resolve(recording);
    }
  }
}
