package dev.lockstep.check.rig;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;

class StreamUnexpectedTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new StreamUnexpected().with(RigSurvey.learn(clean()));
  }

  @Override
  public Alignment clean() {
    return RigScene.fourCameras(100).build();
  }

  @Override
  public Alignment violating() {
    return RigScene.fourCameras(100).camera("/extra", 30, 2).build();
  }

  @Override
  public String expected() {
    return """
    warning SYN014 stream-unexpected: the rig profile does not know the stream: stream /extra camera, 200 messages (expected one of the rig profile)
      at /extra\
    """;
  }
}
