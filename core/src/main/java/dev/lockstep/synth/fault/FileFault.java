package dev.lockstep.synth.fault;

import java.io.IOException;
import java.util.List;

/// A fault in a file's bytes.
///
/// @param name short name
/// @param summary one line
/// @param parameters what can be set
/// @param planter does it
record FileFault(String name, String summary, List<Parameter> parameters, Planter planter)
    implements Fault {

  @Override
  public Kind kind() {
    return Kind.BYTES;
  }

  /// Edits a file.
  @FunctionalInterface
  interface Planter {
    /// Plants the fault.
    ///
    /// @throws InapplicableFaultException if the file holds nothing to damage this way
    /// @throws IOException if it cannot be read or written
    Planted plant(FileImage file, Request request) throws IOException;
  }
}
