package dev.lockstep.check.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.time.SimulatedDrive.Stream;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Limits that decide between a fault and a fact, each from both of its sides.
class LimitsTest {
  @Test
  void aLossInAStreamAsFastAsNoSensorIsNotJudged() {
    SimulatedDrive drive = SimulatedDrive.standard(5, 20);
    // 25 us, below the limit of 50 us: written as fast as a program could.
    drive.add("/fast", Modality.OTHER, 40_000, 1_000, 0.1).messages.subList(2_000, 2_040).clear();
    // 100 us, above it.
    drive.add("/slower", Modality.OTHER, 10_000, 1_000, 0.4).messages.subList(2_000, 2_040).clear();
    TimeRules run = TimeRules.over(drive.columns());
    assertThat(run.conclusion("/fast TIM008"))
        .isEqualTo(
            Conclusion.undecided(
                "losses cannot be told from stamps: no sensor sends messages every 50 us or"
                    + " faster"));
    assertThat(ofDrops(run)).containsExactly("warning TIM008 /slower 1999..2000");
  }

  private static List<String> ofDrops(TimeRules run) {
    return run.brief().stream().filter(line -> line.contains("TIM008")).toList();
  }

  @Test
  void startingUpIsAWarningForTenSecondsAndAnErrorBehindThem() {
    // Both miss more than half of the recording.
    assertThat(starting(16, 9)).containsExactly(Severity.WARNING);
    assertThat(starting(16, 11)).containsExactly(Severity.ERROR);
  }

  private static List<Severity> starting(double recordingSeconds, int lateSeconds) {
    SimulatedDrive drive = SimulatedDrive.standard(6, recordingSeconds);
    drive.stream("/imu").messages.subList(0, 100 * lateSeconds).clear();
    return TimeRules.over(drive.columns()).findings().stream()
        .filter(finding -> finding.check().id().equals("TIM015"))
        .map(finding -> finding.severity())
        .toList();
  }

  @Test
  void messagesMissingBehindDamageAreMentionedAndNotReported() {
    SimulatedDrive drive = SimulatedDrive.standard(7, 20);
    Stream lidar = drive.stream("/lidar");
    lidar.messages.subList(80, 83).clear();
    assertThat(ofDrops(TimeRules.over(drive.columns())))
        .containsExactly("error TIM008 /lidar 79..80");
    List<MessageBatch> columns = drive.columns();
    columns.stream()
        .filter(stream -> stream.stream().name().equals("/lidar"))
        .forEach(stream -> stream.addFlags(80, MessageBatch.AFTER_LOSS));
    for (int perBatch : new int[] {1, 7, 1000}) {
      assertThat(ofDrops(TimeRules.over(marked(columns), perBatch)))
          .containsExactly("info TIM008 /lidar 79..80 damaged-file");
    }
    // A mark elsewhere in the stream excuses nothing.
    List<MessageBatch> elsewhere = drive.columns();
    elsewhere.forEach(stream -> stream.addFlags(120, MessageBatch.AFTER_LOSS));
    assertThat(ofDrops(TimeRules.over(elsewhere))).containsExactly("error TIM008 /lidar 79..80");
  }

  private static List<MessageBatch> marked(List<MessageBatch> columns) {
    return columns.stream().map(stream -> stream.slice(0, stream.size())).toList();
  }
}
