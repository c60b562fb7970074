package dev.lockstep.check.video;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.CodedFrames;
import dev.lockstep.model.FrameOrder;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Times;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class OrderCountsLeaveHolesTest implements StreamCheckContract {
  private String found(MessageBatch batch) {
    return StreamCheckContract.run(check(), batch).findings().text();
  }

  @Override
  public StreamCheck check() {
    return new OrderCountsLeaveHoles();
  }

  @Override
  public MessageBatch clean() {
    return VideoRows.counted(0, 8, 4, 2, 6, 16, 12, 10, 14, 0, 8, 4, 2, 6);
  }

  @Override
  public MessageBatch violating() {
    // 6 is missing, and of the next group 2 and 4.
    return VideoRows.counted(0, 8, 4, 2, 16, 12, 10, 14, 18, 20, 0, 8, 6, 10, 12, 14, 16, 18);
  }

  @Override
  public String expected() {
    return """
    error VID011 order-counts-leave-holes: frames missing in the order of showing: 1 frames missing (order count 8 after 4, otherwise steps of 2)
      at video/1, messages 1..2, stamps 100000000..150000000 ns
    error VID011 order-counts-leave-holes: frames missing in the order of showing: 2 frames missing (order count 6 after 0, otherwise steps of 2)
      at video/1, messages 10..12, stamps 500000000..550000000 ns\
    """;
  }

  @Test
  void isANoteWhereStampsStepOverTheHoleAsWell() {
    MessageBatch batch = VideoRows.counted(0, 2, 4, 6, 8, 10, 14, 16, 18, 20, 22);
    assertThat(found(batch)).startsWith("error VID011 ");
    for (int row = 6; row < batch.size(); row++) {
      batch.setStamp(row, batch.stampsNs()[row] + 50 * Times.MILLISECOND);
    }
    assertThat(found(batch)).startsWith("info VID011 ");
  }

  @Test
  void leavesALossThatNumbersShowToTheirRule() {
    MessageBatch batch = VideoRows.counted(0, 2, 4, 6, 8, 10, 14, 16, 18, 20, 22);
    int[] numbers = {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11};
    for (int row = 0; row < numbers.length; row++) {
      int begins = row == 0 ? FrameOrder.RESTART : 0;
      batch.setFrameOrder(row, FrameOrder.of(numbers[row], 4, VideoRows.REFERENCE | begins));
    }
    SharedAnalyses shared = new SharedAnalyses();
    assertThat(
            StreamCheckContract.run(new ReferenceFramesLost(), batch, shared).findings().findings())
        .hasSize(1);
    assertThat(StreamCheckContract.run(check(), batch, shared).findings().findings()).isEmpty();
  }

  @Test
  void saysNothingAcrossALossThatTheReaderReportedOrAFrameThatCannotBeRead() {
    MessageBatch batch = VideoRows.counted(0, 2, 4, 6, 8, 10, 14, 16, 18, 20, 22);
    batch.addFlags(6, MessageBatch.AFTER_LOSS);
    assertThat(found(batch)).isEmpty();
    int unknown = CodedFrames.NO_ORDER;
    assertThat(found(VideoRows.counted(0, 2, 4, 6, 8, unknown, 14, 16, 18, 20, 22))).isEmpty();
  }

  @Test
  void isUndecidedWhereCountsGoUpAsTheyLike() {
    assertThat(
            StreamCheckContract.run(check(), VideoRows.counted(0, 2, 6, 8, 14, 16, 22, 24, 32, 36))
                .conclusion())
        .isEqualTo(Conclusion.undecided("order counts do not go up in equal steps"));
  }
}
