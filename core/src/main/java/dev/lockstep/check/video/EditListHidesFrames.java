package dev.lockstep.check.video;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// VID008: an edit list makes players show other frames, or at other times, than the file holds.
public final class EditListHidesFrames extends DefectCheck {
  /// The rule.
  public EditListHidesFrames() {
    super(
        CheckCard.of(
            "VID008",
            EditListHidesFrames.class,
            worst(DefectKind.EDIT_LIST),
            "An edit list hides frames, delays them, or shows them in parts."),
        DefectKind.EDIT_LIST);
  }
}
