package dev.lockstep.synth.fault;

import java.util.List;

/// A fault in a table of text whose rows begin with a stamp, as folders hold them beside or instead
/// of messages.
///
/// @param name short name
/// @param summary one line
/// @param parameters what can be set
/// @param planter does it
record TableFault(String name, String summary, List<Parameter> parameters, Planter planter)
    implements Fault {

  @Override
  public Kind kind() {
    return Kind.TABLES;
  }

  /// Edits the rows of a table.
  @FunctionalInterface
  interface Planter {
    /// Plants the fault.
    ///
    /// @param table the rows, to be changed in place
    /// @throws InapplicableFaultException if the table holds nothing to damage this way
    Planted plant(StampedRows table, Request request);
  }
}
