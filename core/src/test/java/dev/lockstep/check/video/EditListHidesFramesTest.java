package dev.lockstep.check.video;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class EditListHidesFramesTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new EditListHidesFrames();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.EDIT_LIST,
            Location.bytes("clip.mp4", 364, 40).withStream("video/1"),
            new Evidence.Violation(
                "edit list", "hides 12 of 240 samples, the first is 0", "every frame as it is")));
  }

  @Override
  public String expected() {
    return """
    warning VID008 edit-list-hides-frames: edit list changes what is shown: edit list hides 12 of 240 samples, the first is 0 (expected every frame as it is)
      at video/1, clip.mp4, byte 364+40\
    """;
  }
}
