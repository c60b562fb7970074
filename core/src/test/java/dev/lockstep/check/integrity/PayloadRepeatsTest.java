package dev.lockstep.check.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class PayloadRepeatsTest implements StreamCheckContract {
  private static StreamInfo stream(Modality modality) {
    return StreamInfo.of(0, "/camera/front", modality, StampSource.HEADER, "cdr", "");
  }

  private static MessageBatch messages(Modality modality, int... digests) {
    MessageBatch batch = new MessageBatch(stream(modality), digests.length);
    for (int i = 0; i < digests.length; i++) {
      long stampNs = i * 100_000_000L;
      int row = batch.add(stampNs, stampNs, stampNs, 1000L * i, 500);
      batch.setDigest(row, digests[i]);
    }
    return batch;
  }

  @Override
  public StreamCheck check() {
    return new PayloadRepeats();
  }

  @Override
  public MessageBatch clean() {
    return messages(Modality.CAMERA, 1, 2, 3, 2, 1);
  }

  @Override
  public MessageBatch violating() {
    int f = 0xCAFE0001;
    return messages(Modality.CAMERA, 1, 2, 3, f, f, f, f, 4, 5, 6);
  }

  @Override
  public String expected() {
    return """
    error INT030 payload-repeats: the same image is delivered again: image content 0xCAFE0001 4 times in a row
      at /camera/front, messages 3..6, stamps 300000000..600000000 ns\
    """;
  }

  @Test
  void warnsOfTwoEqualImagesAndRejectsTwoEqualSweeps() {
    assertThat(severityOf(Modality.CAMERA)).isEqualTo("warning");
    assertThat(severityOf(Modality.VIDEO)).isEqualTo("warning");
    assertThat(severityOf(Modality.LIDAR)).isEqualTo("error");
  }

  private String severityOf(Modality modality) {
    return StreamCheckContract.run(check(), messages(modality, 1, 2, 3, 4, 7, 7, 8))
        .findings()
        .findings()
        .getFirst()
        .severity()
        .label();
  }

  @Test
  void reportsARunThatLastsToTheEnd() {
    assertThat(
            StreamCheckContract.run(check(), messages(Modality.VIDEO, 1, 2, 3, 4, 5, 6, 9, 9, 9))
                .findings()
                .findings())
        .hasSize(1);
  }

  @Test
  void cannotTellAStreamThatNeverChangesFromASimulatedOne() {
    assertThat(
            StreamCheckContract.run(check(), messages(Modality.LIDAR, 9, 9, 9, 9, 9))
                .findings()
                .text())
        .isEqualTo(
            """
            info INT030 payload-repeats: the data of this stream hardly ever changes: simulated, or frozen from the start: sweep content 0x00000009 5 times in a row
              at /camera/front, messages 0..4, stamps 0..400000000 ns\
            """);
  }

  @Test
  void leavesAMessageThatIsStoredTwiceToTheRulesAboutStamps() {
    MessageBatch batch = messages(Modality.LIDAR, 1, 2, 3, 4, 5, 6, 6, 7);
    batch.setStamp(6, batch.stampsNs()[5]);
    assertThat(StreamCheckContract.run(check(), batch).findings().findings()).isEmpty();
  }

  @Test
  void leavesEmptyAndUnreadableMessagesToOthers() {
    MessageBatch batch = messages(Modality.CAMERA, 1, 2, 3, 4, 5, 5, 6);
    batch.addFlags(5, MessageBatch.UNREADABLE);
    assertThat(StreamCheckContract.run(check(), batch).findings().findings()).isEmpty();
  }

  /// A hundred readings, each `times` times, of which one stays `frozen` times.
  private String imu(int times, int frozen) {
    int[] digests = new int[100 * times + frozen];
    for (int i = 0; i < digests.length; i++) {
      int reading = i / times;
      digests[i] = i < 50 * times ? reading : i < 50 * times + frozen ? -1 : reading + 1000;
    }
    return StreamCheckContract.run(check(), messages(Modality.IMU, digests)).findings().text();
  }

  @Test
  void warnsOfReadingsThatStandStillLongerThanIsUsual() {
    assertThat(imu(1, 10))
        .isEqualTo(
            """
            warning INT030 payload-repeats: the same message is delivered again: message content 0xFFFFFFFF 10 times in a row
              at /camera/front, messages 50..59, stamps 5000000000..5900000000 ns\
            """);
    assertThat(imu(1, 9)).isEmpty();
    assertThat(imu(2, 40)).contains("40 times in a row");
    assertThat(imu(2, 12)).isEmpty();
    assertThat(imu(5, 40)).isEmpty();
  }

  @Test
  void doesNotApplyToPoses() {
    assertThat(check().notApplicable(stream(Modality.POSE)))
        .isEqualTo("equal messages are ordinary on a stream of pose");
  }
}
