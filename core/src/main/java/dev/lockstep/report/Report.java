package dev.lockstep.report;

import dev.lockstep.check.Run;
import java.io.IOException;
import java.io.OutputStream;

/// A rendering of a run. The same run always gives the same bytes.
public interface Report {
  /// Writes `run` to `out`, which stays open.
  ///
  /// @throws IOException if `out` fails
  void write(Run run, OutputStream out) throws IOException;
}
