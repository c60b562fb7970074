package dev.lockstep.check.video;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// VID001: video frames that are no byte stream of their codec.
public final class VideoFrameMalformed extends DefectCheck {
  /// The rule.
  public VideoFrameMalformed() {
    super(
        CheckCard.of(
            "VID001",
            VideoFrameMalformed.class,
            worst(DefectKind.VIDEO_MALFORMED),
            "A video frame is not a well-formed H.264 or H.265 byte stream."),
        DefectKind.VIDEO_MALFORMED);
  }
}
