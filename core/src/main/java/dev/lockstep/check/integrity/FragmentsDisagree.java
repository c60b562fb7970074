package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT034: fragments of a media file do not continue each other, or not as their index says.
public final class FragmentsDisagree extends DefectCheck {
  /// The rule.
  public FragmentsDisagree() {
    super(
        CheckCard.of(
            "INT034",
            FragmentsDisagree.class,
            worst(DefectKind.FRAGMENT_SEQUENCE, DefectKind.FRAGMENT_TIME, DefectKind.SEGMENT_INDEX),
            "A fragment of a media file does not continue the one before, or its index is wrong."),
        DefectKind.FRAGMENT_SEQUENCE,
        DefectKind.FRAGMENT_TIME,
        DefectKind.SEGMENT_INDEX);
  }
}
