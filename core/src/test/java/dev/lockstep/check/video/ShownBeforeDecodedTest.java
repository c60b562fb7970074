package dev.lockstep.check.video;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class ShownBeforeDecodedTest implements StreamCheckContract {
  @Override
  public StreamCheck check() {
    return new ShownBeforeDecoded();
  }

  @Override
  public MessageBatch clean() {
    return VideoRows.timed(40, i -> 40 * i, i -> 40 * i + 80);
  }

  @Override
  public MessageBatch violating() {
    return VideoRows.timed(40, i -> 40 * i, i -> 40 * i - (i % 2 == 0 ? 80 : 0));
  }

  @Override
  public String expected() {
    return """
    info VID014 shown-before-decoded: frames are to be shown before they are decoded: time shown 80 ms before the time of decoding at most, in 20 of 40 frames (expected not before: a player has to delay all frames by that)
      at video/1, messages 0..38\
    """;
  }

  @Test
  void hasNothingToCompareWhereFramesHaveOneTimeOnly() {
    MessageBatch stamped = VideoRows.ordered(VideoRows.FILE, 0, 0, 0);
    assertThat(StreamCheckContract.run(check(), stamped).conclusion())
        .isEqualTo(Conclusion.undecided("no frame has both times"));
  }
}
