package dev.lockstep.check.video;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class KeyframeMarkWrongTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new KeyframeMarkWrong();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.KEYFRAME_MARK,
            Location.stream("video/1")
                .withMessages(60, 60)
                .withFile("clip.mp4")
                .withBytes(37456, 395),
            new Evidence.Violation(
                "keyframe mark",
                "set, on a frame that refers to others",
                "a frame that decoding can begin at")));
  }

  @Override
  public String expected() {
    return """
    error VID007 keyframe-mark-wrong: keyframe mark does not match the frame: keyframe mark set, on a frame that refers to others (expected a frame that decoding can begin at)
      at video/1, message 60, clip.mp4, byte 37456+395\
    """;
  }
}
