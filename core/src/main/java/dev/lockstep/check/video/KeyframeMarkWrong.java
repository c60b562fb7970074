package dev.lockstep.check.video;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// VID007: the table of keyframes and the frames themselves disagree.
public final class KeyframeMarkWrong extends DefectCheck {
  /// The rule.
  public KeyframeMarkWrong() {
    super(
        CheckCard.of(
            "VID007",
            KeyframeMarkWrong.class,
            worst(DefectKind.KEYFRAME_MARK),
            "A frame is marked as a keyframe and is none, or the other way round."),
        DefectKind.KEYFRAME_MARK);
  }
}
