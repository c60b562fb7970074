package dev.lockstep.check.lidar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.testing.StreamCheckContract;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class PointCountDropsTest implements StreamCheckContract {
  private static final StreamInfo LIDAR =
      StreamInfo.of(0, "/lidar", Modality.LIDAR, StampSource.HEADER, "cdr", "");

  private static MessageBatch sweeps(int count, IntUnaryOperator points) {
    MessageBatch batch = new MessageBatch(LIDAR, count);
    for (int i = 0; i < count; i++) {
      long ns = 100L * i * Times.MILLISECOND;
      int row = batch.add(ns, ns, ns, i * 1000L, 1000);
      batch.setPoints(row, points.applyAsInt(i), 0);
    }
    return batch;
  }

  /// 1000 points, a few more or less.
  private static int ordinary(int i) {
    return 1000 + i % 5 - 2;
  }

  @Override
  public StreamCheck check() {
    return new PointCountDrops();
  }

  @Override
  public MessageBatch clean() {
    return sweeps(80, i -> 1000 + 3 * i);
  }

  @Override
  public MessageBatch violating() {
    return sweeps(
        80, i -> i == 30 || i == 31 ? 0 : i == 50 ? 400 : i < 32 ? ordinary(i) : ordinary(i) + 2);
  }

  @Override
  public String expected() {
    return """
    error LID003 point-count-drops: sweep without points: points where 1000 are usual 0 (expected at least 500)
      at /lidar, messages 30..31, stamps 3000000000..3100000000 ns
    warning LID003 point-count-drops: sweep with far fewer points than before: points where 1002 are usual 400 (expected at least 501)
      at /lidar, message 50, stamp 5000000000 ns\
    """;
  }

  private String found(MessageBatch batch) {
    return StreamCheckContract.run(check(), batch).findings().text();
  }

  @Test
  void findsADropAtTheVeryBeginning() {
    assertThat(found(sweeps(40, i -> i == 0 ? 100 : 1000)))
        .contains("100 (expected at least 500)")
        .contains("message 0,");
  }

  @Test
  void findsADropInAShortRecording() {
    assertThat(found(sweeps(10, i -> i == 4 ? 0 : 1000))).contains("message 4,");
  }

  @Test
  void reportsADropThatStaysOnce() {
    assertThat(found(sweeps(200, i -> i < 60 ? 1000 : 300)))
        .isEqualTo(
            """
            warning LID003 point-count-drops: sweep with far fewer points than before: points where 1000 are usual 300 (expected at least 500)
              at /lidar, messages 60..199, stamps 6000000000..19900000000 ns\
            """);
  }

  @Test
  void followsASceneThatSlowlyOpens() {
    assertThat(found(sweeps(400, i -> 4000 - 9 * i))).isEmpty();
  }

  @Test
  void staysSilentWhereTheCountVariesByItself() {
    Random random = new Random(5);
    StreamCheckContract.Run run =
        StreamCheckContract.run(check(), sweeps(200, i -> random.nextInt(1000)));
    assertThat(run.findings().findings()).isEmpty();
    assertThat(run.conclusion())
        .isEqualTo(Conclusion.undecided("the number of points varies too much by itself"));
  }

  @Test
  void isUndecidedWhereAllSweepsAreEmpty() {
    assertThat(StreamCheckContract.run(check(), sweeps(50, i -> 0)).conclusion())
        .isInstanceOf(Conclusion.Undecided.class);
  }

  @Test
  void isUndecidedWithFewSweeps() {
    assertThat(StreamCheckContract.run(check(), sweeps(7, i -> i == 3 ? 0 : 9)).conclusion())
        .isEqualTo(Conclusion.undecided("fewer than 8 sweeps with a known number of points"));
  }

  @Test
  void passesOverSweepsWithoutAKnownCount() {
    assertThat(found(sweeps(60, i -> i == 40 ? -1 : 1000))).isEmpty();
  }

  @Test
  void doesNotApplyToImages() {
    StreamInfo camera = StreamInfo.of(0, "/cam", Modality.CAMERA, StampSource.HEADER, "", "");
    assertThat(check().notApplicable(camera)).isEqualTo("stream has no sweeps");
  }
}
