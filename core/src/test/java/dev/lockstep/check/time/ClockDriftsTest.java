package dev.lockstep.check.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.testing.SharedData;
import dev.lockstep.testing.StreamCheckContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClockDriftsTest implements StreamCheckContract {
  private static final StreamInfo LIDAR =
      StreamInfo.of(0, "/lidar", Modality.LIDAR, StampSource.HEADER, "cdr", "");

  /// Messages at 10 Hz whose log times are late by 1 ms and more, at times much more.
  ///
  /// @param ppm how much slower the sensor's clock runs
  /// @param stepNs by which log times step in the middle
  private static MessageBatch drive(int seconds, double ppm, long stepNs) {
    Random random = new Random(7);
    MessageBatch batch = new MessageBatch(LIDAR, 10 * seconds);
    for (int i = 0; i < 10 * seconds; i++) {
      long stamp = 1_700_000_000_000_000_000L + i * 100_000_000L;
      double delay = 1e6 - Math.log(1 - random.nextDouble()) * 5e5;
      delay += random.nextDouble() < 0.03 ? random.nextDouble() * 80e6 : 0;
      long log = stamp + Math.round(i * 1e8 * ppm * 1e-6 + delay);
      batch.add(stamp, i < 5 * seconds ? log : log + stepNs, log, i * 100L, 64);
    }
    return batch;
  }

  @Override
  public StreamCheck check() {
    return new ClockDrifts();
  }

  @Override
  public MessageBatch clean() {
    return drive(120, 0, 0);
  }

  @Override
  public MessageBatch violating() {
    return drive(120, 150, 0);
  }

  @Override
  public String expected() {
    return """
    warning TIM017 clock-drifts: the clock of the stamps drifts: rate against the log time 151 ppm slow, 16.6 ms over the recording (expected at most 20 ppm)
      at /lidar\
    """;
  }

  private static Conclusion end(MessageBatch batch) {
    StreamCheckContract.Run run = StreamCheckContract.run(new ClockDrifts(), batch);
    assertThat(run.findings().text()).isEmpty();
    return run.conclusion();
  }

  @Test
  void onlyMentionsTheDriftOfAFreeQuartz() {
    StreamCheckContract.Run run = StreamCheckContract.run(check(), drive(300, -58, 0));
    assertThat(run.findings().text()).startsWith("info TIM017 ").contains("58 ppm fast");
    assertThat(run.findings().measurements().get("log-rate")).isCloseTo(-58, within(1.0));
  }

  @Test
  void staysSilentOnTwoHoursOfASynchronisedClock() {
    StreamCheckContract.Run run = StreamCheckContract.run(check(), drive(7200, 0.5, 0));
    assertThat(run.findings().text()).isEmpty();
    assertThat(run.conclusion()).isInstanceOf(Conclusion.Examined.class);
    assertThat(run.findings().measurements().get("log-rate")).isCloseTo(0.5, within(0.1));
  }

  @Test
  void tellsADriftOverTwoHours() {
    StreamCheckContract.Run run = StreamCheckContract.run(check(), drive(7200, 150, 0));
    assertThat(run.findings().text()).startsWith("warning TIM017 ").contains("150 ppm slow");
  }

  /// The longest of the real series that the campaign on stamps takes: an inertial unit, 197 s.
  /// When they reached a recorder is simulated.
  @Test
  void staysSilentOnTheLongestRealStamps() throws IOException {
    Path longest =
        SharedData.path("multisensor/Kimera-VIO/tests/data/ForOnlineAlignment/mav0/imu0/data.csv");
    MessageBatch real = new MessageBatch(LIDAR, 1 << 16);
    MessageBatch drifting = new MessageBatch(LIDAR, 1 << 16);
    Random random = new Random(3);
    long firstNs = 0;
    for (String line : Files.readAllLines(longest)) {
      if (line.isEmpty() || !Character.isDigit(line.charAt(0))) {
        continue;
      }
      long stampNs = Long.parseLong(line.substring(0, line.indexOf(',')).trim());
      firstNs = firstNs == 0 ? stampNs : firstNs;
      long logNs = stampNs + Math.round(1e6 - Math.log(1 - random.nextDouble()) * 5e5);
      real.add(stampNs, logNs, logNs, 0, 64);
      drifting.add(stampNs, logNs + (stampNs - firstNs) / 10_000, logNs, 0, 64);
    }
    StreamCheckContract.Run run = StreamCheckContract.run(check(), real);
    assertThat(run.findings().text()).isEmpty();
    assertThat(run.conclusion()).isInstanceOf(Conclusion.Examined.class);
    assertThat(StreamCheckContract.run(check(), drifting).findings().text())
        .contains("100 ppm slow");
  }

  @Test
  void isUndecidedWhereADifferenceStepsInsteadOfDrifting() {
    assertThat(end(drive(120, 0, 20_000_000)))
        .isInstanceOfSatisfying(
            Conclusion.Undecided.class, u -> assertThat(u.reason()).contains("not evenly"));
  }

  @Test
  void isUndecidedOnReplaysAndShortRecordings() {
    assertThat(end(drive(120, 1_000_000, 0)))
        .isInstanceOfSatisfying(
            Conclusion.Undecided.class, u -> assertThat(u.reason()).contains("replay"));
    assertThat(end(drive(30, 500, 0))).isInstanceOf(Conclusion.Undecided.class);
  }
}
