package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LabelWithoutSweepTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new LabelWithoutSweep();
  }

  /// Sweeps at all instants of the lanes, and three more behind.
  @Override
  public LabelCheck.Context context() {
    return sweeps(0, Scenes.STEP_NS, 23);
  }

  private static LabelCheck.Context sweeps(long offsetNs, long stepNs, int count) {
    long[] stamps = new long[count];
    for (int i = 0; i < count; i++) {
      stamps[i] = Scenes.START_NS + offsetNs + i * stepNs;
    }
    return LabelCheckContract.context(null, new LabelCheck.Context.Sweeps("lidar", stamps));
  }

  @Override
  public LabelSet clean() {
    return Scenes.lanes(2).build();
  }

  @Override
  public LabelSet violating() {
    LabelTable table = Scenes.lanes(2);
    table.boxes.stream()
        .filter(b -> b.frame == 9 || b.frame == 10)
        .forEach(b -> b.stampNs += 20_000_000);
    return table.build();
  }

  @Override
  public String expected() {
    return """
    error LAB010 label-without-sweep: labels without a sweep: 2 label instants (4 boxes), nearest sweep of lidar 20 ms (expected at most 1 ms)
      at labels, messages 19..22, frames 9..10, stamps 1700000000920000000..1700000001020000000 ns, labels.txt\
    """;
  }

  @Test
  void reportsAnOtherClockOnce() {
    assertThat(
            LabelCheckContract.run(
                    check(), clean(), sweeps(-37_000_000_000L - 3_000_000, Scenes.STEP_NS, 23))
                .text())
        .contains("20 label instants (40 boxes)")
        .containsOnlyOnce("LAB010");
    assertThat(
            LabelCheckContract.run(check(), clean(), sweeps(5_000_000, Scenes.STEP_NS, 23)).text())
        .endsWith("likely cause: all lie -5 ms from a sweep: another clock or a shift");
  }

  /// Sweeps 9 and 10 are gone, which a rule about sweeps has reported.
  private static LabelCheck.Context withoutTwoSweeps(long... moreMissing) {
    long[] stamps =
        LongStream.range(0, 23)
            .filter(i -> i != 9 && i != 10 && LongStream.of(moreMissing).noneMatch(m -> m == i))
            .map(i -> Scenes.START_NS + i * Scenes.STEP_NS)
            .toArray();
    LabelCheck.Context.Absence absence =
        new LabelCheck.Context.Absence(
            "TIM008",
            Scenes.START_NS + 8 * Scenes.STEP_NS,
            Scenes.START_NS + 11 * Scenes.STEP_NS,
            2);
    return LabelCheckContract.context(
        null, new LabelCheck.Context.Sweeps("lidar", stamps, List.of(absence)));
  }

  @Test
  void onlyMentionsLabelsWhoseSweepsAnotherRuleMisses() {
    String text = LabelCheckContract.run(check(), clean(), withoutTwoSweeps()).text();
    assertThat(text)
        .startsWith("info LAB010 ")
        .contains("2 label instants (4 boxes)")
        .contains("likely cause: TIM008 reports");
  }

  @Test
  void stillReportsLabelsThatNoReportedLossExplains() {
    String text = LabelCheckContract.run(check(), clean(), withoutTwoSweeps(15)).text();
    assertThat(text)
        .contains("info LAB010 ", "error LAB010 ")
        .contains("one label instant (2 boxes)");
    // In the gap, but at no slot of a missing sweep.
    LabelTable table = Scenes.lanes(2);
    table.boxes.stream()
        .filter(b -> b.frame == 9)
        .forEach(b -> b.stampNs += Scenes.STEP_NS * 2 / 5);
    assertThat(LabelCheckContract.run(check(), table.build(), withoutTwoSweeps()).text())
        .contains("error LAB010 ");
  }

  @Test
  void onlyMentionsSweepsThatHaveLogTimesOnly() {
    long[] logTimes =
        LongStream.range(0, 23)
            .map(i -> Scenes.START_NS + i * Scenes.STEP_NS + 4_000_000)
            .toArray();
    LabelCheck.Context unstamped =
        LabelCheckContract.context(
            null, new LabelCheck.Context.Sweeps("lidar", logTimes, List.of(), false));
    assertThat(LabelCheckContract.run(check(), clean(), unstamped).text())
        .startsWith("info LAB010 ")
        .contains("log times stand for them");
  }

  @Test
  void allowsRoundingToMilliseconds() {
    assertThat(
            LabelCheckContract.run(check(), clean(), sweeps(400_000, Scenes.STEP_NS, 23)).count())
        .isZero();
  }

  @Test
  void isUndecidedAboutLabelsOfOtherSensors() {
    LabelCheckContract.Run run =
        LabelCheckContract.run(check(), clean(), sweeps(1_700_000, 70_000_000, 40));
    assertThat(run.count()).isZero();
    assertThat(run.conclusion()).isInstanceOf(Conclusion.Undecided.class);
  }

  @Test
  void isUndecidedWithoutSweepsAndWithoutStamps() {
    assertThat(LabelCheckContract.run(check(), clean()).conclusion())
        .isEqualTo(Conclusion.undecided("the recording has no sweeps with stamps"));
    LabelTable numbered = new LabelTable(LabelSet.Frame.SENSOR, StampSource.FRAME_NUMBER);
    Scenes.lanes(1).boxes.forEach(numbered::add);
    assertThat(LabelCheckContract.run(check(), numbered.build(), context()).conclusion())
        .isEqualTo(
            Conclusion.undecided("label stamps come from the frame number, not from a sensor"));
  }
}
