package dev.lockstep.source.mp4;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.source.FaultTally;

/// What is wrong with the boxes and tables of one file.
final class Faults extends FaultTally {
  Faults(String file) {
    super(file);
  }

  /// A box that cannot be what it claims to be.
  void malformed(Box box, String what, String observed, String rule) {
    add(
        DefectKind.RECORD_MALFORMED,
        box.at(),
        box.end() - box.at(),
        new Evidence.Violation(what, observed, rule));
  }

  /// Whether the body of a box has that many bytes; one that has not is malformed.
  boolean holds(Box box, int bytes) {
    if (box.length() >= bytes) {
      return true;
    }
    malformed(box, "body of box " + box.name(), box.length() + " bytes", "at least " + bytes);
    return false;
  }
}
