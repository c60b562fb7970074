package dev.lockstep.check.video;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.FrameOrder;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class ReferencesAbsentTest implements StreamCheckContract {
  private static final int KEY = FrameOrder.REFERENCES | FrameOrder.RESTART;
  private static final int SOUND = FrameOrder.REFERENCES;
  private static final int LACKS = FrameOrder.of(1, 0, FrameOrder.REFERENCES);

  private String found(int... orders) {
    return found(VideoRows.ordered(VideoRows.FILE, orders));
  }

  private String found(MessageBatch batch) {
    return StreamCheckContract.run(check(), batch).findings().text();
  }

  @Override
  public StreamCheck check() {
    return new ReferencesAbsent();
  }

  @Override
  public MessageBatch clean() {
    return VideoRows.ordered(VideoRows.FILE, KEY, SOUND, SOUND, KEY, SOUND, SOUND);
  }

  @Override
  public MessageBatch violating() {
    return VideoRows.ordered(VideoRows.FILE, KEY, SOUND, SOUND, SOUND, LACKS, SOUND);
  }

  @Override
  public String expected() {
    return """
    error VID009 references-absent: reference frames lost: frames that the frame refers to 1 never came (expected all before it)
      at video/1, messages 3..4, stamp 200000000 ns\
    """;
  }

  @Test
  void saysNothingInFrontOfTheFirstKeyframe() {
    assertThat(found(LACKS, SOUND, LACKS, KEY, SOUND)).isEmpty();
  }

  @Test
  void saysNothingBehindWhatCannotBeReadUpToTheNextKeyframe() {
    assertThat(found(KEY, 0, LACKS, SOUND, KEY, SOUND)).isEmpty();
    assertThat(found(KEY, 0, LACKS, SOUND, KEY, LACKS)).contains("messages 4..5");
  }

  @Test
  void saysNothingBehindALossThatTheReaderReported() {
    MessageBatch batch = VideoRows.ordered(VideoRows.FILE, KEY, SOUND, LACKS, SOUND);
    batch.addFlags(2, MessageBatch.AFTER_LOSS);
    assertThat(found(batch)).isEmpty();
  }

  @Test
  void isUndecidedOnH264() {
    MessageBatch batch =
        VideoRows.ordered(VideoRows.FILE, FrameOrder.of(1, 4, VideoRows.REFERENCE));
    assertThat(StreamCheckContract.run(check(), batch).conclusion())
        .isEqualTo(Conclusion.undecided("no reference pictures were read (only H.265 names them)"));
  }
}
