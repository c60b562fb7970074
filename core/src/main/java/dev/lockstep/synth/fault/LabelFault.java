package dev.lockstep.synth.fault;

import java.util.List;

/// A fault in labelled boxes: any labels that can be edited can be given it.
///
/// @param name short name
/// @param summary one line
/// @param needs3d whether only 3D boxes can have it
/// @param parameters what can be set
/// @param planter does it
record LabelFault(
    String name, String summary, boolean needs3d, List<Parameter> parameters, Planter planter)
    implements Fault {

  @Override
  public Kind kind() {
    return Kind.LABELS;
  }

  /// Edits labels.
  @FunctionalInterface
  interface Planter {
    /// Plants the fault.
    ///
    /// @throws InapplicableFaultException if the labels hold nothing to damage this way
    Planted plant(LabelTape labels, Request request);
  }
}
