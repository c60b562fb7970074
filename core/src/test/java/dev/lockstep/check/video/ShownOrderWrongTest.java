package dev.lockstep.check.video;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class ShownOrderWrongTest implements StreamCheckContract {
  private static final int[] COUNTS = {0, 8, 4, 2, 6, 16, 12, 10, 14, 0, 8, 4, 2, 6};

  /// Each frame stamped when it is decoded.
  private static MessageBatch asDecoded() {
    MessageBatch batch = VideoRows.counted(COUNTS);
    for (int row = 0; row < COUNTS.length; row++) {
      batch.setStamp(row, row * 50L * Times.MILLISECOND);
    }
    return batch;
  }

  @Override
  public StreamCheck check() {
    return new ShownOrderWrong();
  }

  @Override
  public MessageBatch clean() {
    return VideoRows.counted(COUNTS);
  }

  @Override
  public MessageBatch violating() {
    return asDecoded();
  }

  @Override
  public String expected() {
    return """
    error VID012 shown-order-wrong: frames are stamped in another order than they are shown: frames with a stamp before that of the frame shown in front of them 6 of 12 (expected none; order count 4 has stamp 100000000 ns, 2 has 150000000 ns)
      at video/1, messages 2..3, stamps 100000000..150000000 ns\
    """;
  }

  @Test
  void leavesAStampThatGoesBackBetweenMessagesToTheRulesOfStamps() {
    MessageBatch rows = VideoRows.counted(0, 2, 4, 6, 8);
    MessageBatch batch = new MessageBatch(VideoRows.STAMPED, 5);
    copy(rows, batch, VideoRows.STAMPED);
    batch.setStamp(3, 0);
    assertThat(StreamCheckContract.run(check(), batch).findings().findings()).isEmpty();
  }

  @Test
  void findsMeasuredStampsInTheOrderOfDecodingToo() {
    MessageBatch batch = new MessageBatch(VideoRows.STAMPED, COUNTS.length);
    copy(asDecoded(), batch, VideoRows.STAMPED);
    assertThat(StreamCheckContract.run(check(), batch).findings().text()).contains("6 of 12");
  }

  private static void copy(MessageBatch from, MessageBatch to, StreamInfo stream) {
    MessageBatch all = from.slice(0, from.size());
    for (int row = 0; row < all.size(); row++) {
      to.add(all.stampsNs()[row], Times.NONE, Times.NONE, 0, 1000);
      to.setFrameOrder(row, all.frameOrders()[row]);
      to.setCodedFrame(row, COUNTS.length == all.size() ? COUNTS[row] : 2 * row, 0, (byte) 0);
    }
    to.assignTo(stream);
  }
}
