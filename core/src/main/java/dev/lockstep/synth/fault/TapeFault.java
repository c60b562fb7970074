package dev.lockstep.synth.fault;

import java.util.List;

/// A fault in messages: any recording that can be read message by message can be given it.
///
/// @param name short name
/// @param kind what it is about
/// @param summary one line
/// @param parameters what can be set
/// @param planter does it
record TapeFault(
    String name, Kind kind, String summary, List<Parameter> parameters, Planter planter)
    implements Fault {

  /// Edits a recording.
  @FunctionalInterface
  interface Planter {
    /// Plants the fault.
    ///
    /// @throws InapplicableFaultException if the recording holds nothing to damage this way
    Planted plant(Tape tape, Request request);
  }
}
