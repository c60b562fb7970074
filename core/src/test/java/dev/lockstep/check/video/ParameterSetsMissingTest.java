package dev.lockstep.check.video;

import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.FrameOrder;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.StreamCheckContract;

class ParameterSetsMissingTest implements StreamCheckContract {
  private static final int NONE = FrameOrder.PARAMETERS_MISSING;
  private static final int SOUND = FrameOrder.of(1, 4, VideoRows.REFERENCE);

  @Override
  public StreamCheck check() {
    return new ParameterSetsMissing();
  }

  @Override
  public MessageBatch clean() {
    return VideoRows.ordered(VideoRows.STAMPED, SOUND, 0, SOUND, SOUND);
  }

  @Override
  public MessageBatch violating() {
    return VideoRows.ordered(VideoRows.STAMPED, NONE, NONE, NONE, SOUND, SOUND, NONE, SOUND);
  }

  @Override
  public String expected() {
    return """
    warning VID006 parameter-sets-missing: recording begins with frames that cannot be decoded: parameter sets of 3 frames none before them (expected some)
      at /cam/video, messages 0..2
    error VID006 parameter-sets-missing: frames name parameter sets that are missing: parameter sets of 1 frames none before them (expected some)
      at /cam/video, message 5\
    """;
  }
}
