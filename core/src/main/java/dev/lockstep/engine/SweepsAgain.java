package dev.lockstep.engine;

import dev.lockstep.source.SweepVisitor;
import java.io.IOException;

/// Reads the sweeps of a recording once more, when it is known what to look for in them.
public interface SweepsAgain {
  /// Reads all sweeps.
  ///
  /// @throws IOException if the recording cannot be opened any more
  void read(SweepVisitor visitor) throws IOException;
}
