package dev.lockstep.check.video;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.FrameOrder;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.testing.StreamCheckContract;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReferenceFramesLostTest implements StreamCheckContract {
  private static MessageBatch numbers(int... numbers) {
    return VideoRows.ordered(VideoRows.FILE, VideoRows.references(numbers));
  }

  private String found(MessageBatch batch) {
    return StreamCheckContract.run(check(), batch).findings().text();
  }

  private static int order(int number, int flags) {
    return FrameOrder.of(number, 4, FrameOrder.KNOWN | flags);
  }

  @Override
  public StreamCheck check() {
    return new ReferenceFramesLost();
  }

  @Override
  public MessageBatch clean() {
    return numbers(0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2);
  }

  @Override
  public MessageBatch violating() {
    return numbers(0, 1, 2, 5, 6, 7, 8, 9, 10, 1, 2, 3, 0, 1);
  }

  @Override
  public String expected() {
    return """
    error VID005 reference-frames-lost: reference frames lost: 2 frames missing (frame_num 5 after 2, modulo 16)
      at video/1, messages 2..3, stamp 150000000 ns
    error VID005 reference-frames-lost: frame number goes back without a keyframe: number of the frame frame_num 1 after 10, modulo 16 (expected 11; a keyframe was lost, or the order of frames)
      at video/1, messages 8..9, stamp 450000000 ns\
    """;
  }

  @Test
  void countsAcrossTheEndOfTheNumbers() {
    int[] orders = VideoRows.references(14, 15, 0, 1, 2, 3);
    orders[2] = FrameOrder.of(0, 4, VideoRows.REFERENCE);
    MessageBatch batch =
        VideoRows.ordered(
            VideoRows.FILE,
            IntStream.concat(
                    Arrays.stream(orders),
                    Arrays.stream(VideoRows.references(4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 1, 2)))
                .toArray());
    assertThat(found(batch)).contains("2 frames missing (frame_num 1 after 14, modulo 16)");
  }

  @Test
  void framesThatNobodyRefersToShareTheNextNumber() {
    int reference = FrameOrder.REFERENCE;
    MessageBatch batch =
        VideoRows.ordered(
            VideoRows.FILE,
            order(3, reference),
            order(4, 0),
            order(4, 0),
            order(4, reference),
            order(5, 0),
            order(5, reference));
    assertThat(found(batch)).isEmpty();
  }

  @Test
  void bothFieldsOfAFrameHaveItsNumber() {
    int field = FrameOrder.REFERENCE | FrameOrder.FIELD;
    MessageBatch batch =
        VideoRows.ordered(
            VideoRows.FILE, order(3, field), order(3, field), order(4, field), order(4, field));
    assertThat(found(batch)).isEmpty();
  }

  @Test
  void aFrameThatResetsTheNumbersIsFollowedByOne() {
    int reference = FrameOrder.REFERENCE;
    MessageBatch batch =
        VideoRows.ordered(
            VideoRows.FILE,
            order(6, reference),
            order(7, reference | FrameOrder.RESETS),
            order(1, reference),
            order(2, reference | FrameOrder.MAY_RESET),
            order(1, reference),
            order(2, reference));
    assertThat(found(batch)).isEmpty();
  }

  @Test
  void isUndecidedWhereTheVideoMayLeaveNumbersOut() {
    int flags = FrameOrder.REFERENCE | FrameOrder.GAPS_ALLOWED;
    StreamCheckContract.Run run =
        StreamCheckContract.run(
            check(), VideoRows.ordered(VideoRows.FILE, order(3, flags), order(9, flags)));
    assertThat(run.findings().findings()).isEmpty();
    assertThat(run.conclusion()).isEqualTo(Conclusion.undecided("the video may leave numbers out"));
  }

  @Test
  void isUndecidedWithoutNumbers() {
    assertThat(
            StreamCheckContract.run(check(), VideoRows.ordered(VideoRows.FILE, 0, 0)).conclusion())
        .isEqualTo(Conclusion.undecided("no frame numbers were read (only H.264 has them)"));
  }

  @Test
  void saysNothingAcrossAFrameThatCannotBeRead() {
    int[] orders = VideoRows.references(1, 2, 3, 4, 5);
    orders[2] = 0;
    assertThat(found(VideoRows.ordered(VideoRows.FILE, orders))).isEmpty();
  }

  @Test
  void saysNothingAcrossALossThatTheReaderReported() {
    MessageBatch batch = numbers(0, 1, 2, 7, 8);
    batch.addFlags(3, MessageBatch.AFTER_LOSS);
    assertThat(found(batch)).isEmpty();
  }

  @Test
  void aMessageThatIsThereTwiceIsNoMatterOfNumbers() {
    MessageBatch batch = numbers(0, 1, 2, 2, 3);
    batch.setDigest(3, batch.digests()[2]);
    assertThat(found(batch)).isEmpty();
  }

  /// 50 ms a frame, with a step of `holeMs` in front of message 8.
  private static MessageBatch stamped(StreamInfo stream, long holeMs) {
    int[] orders = VideoRows.references(0, 1, 2, 3, 4, 5, 6, 7, 10, 11);
    MessageBatch batch = VideoRows.ordered(stream, orders);
    for (int row = 8; row < batch.size(); row++) {
      batch.setStamp(row, batch.stampsNs()[row] + (holeMs - 50) * Times.MILLISECOND);
    }
    return batch;
  }

  @Test
  void isAConsequenceWhereMeasuredStampsShowTheLoss() {
    assertThat(found(stamped(VideoRows.STAMPED, 150))).startsWith("info VID005 ");
    assertThat(found(stamped(VideoRows.STAMPED, 50))).startsWith("error VID005 ");
    assertThat(found(stamped(VideoRows.FILE, 150))).startsWith("error VID005 ");
  }
}
