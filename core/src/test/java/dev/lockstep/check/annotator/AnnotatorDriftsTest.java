package dev.lockstep.check.annotator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.labels.Crew;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class AnnotatorDriftsTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new AnnotatorDrifts();
  }

  @Override
  public LabelSet clean() {
    return Crew.of(1, 4, 40).build();
  }

  @Override
  public LabelSet violating() {
    return Crew.of(1, 4, 40).resize(2, 20, 40, 1.1).build();
  }

  @Override
  public String expected() {
    return """
    warning ANN001 annotator-drifts: work of ann-2 changes: volume of boxes 100 % in 20 objects -> 134.5 % (10 objects from here on, since 2023-11-15T22:41:00Z)
      at labels, track t-2-20, message 1201, frame 23, stamp 1700000002300000000 ns, labels.txt
      likely cause: the annotator works otherwise than before, or was given other scenes: compare what was drawn before and after\
    """;
  }

  private LabelCheckContract.Run run(Crew crew) {
    return LabelCheckContract.run(check(), crew.build());
  }

  @Test
  void isUndecidedWhereLabelsDoNotSayWhoMadeThem() {
    Crew crew = Crew.of(1, 2, 30);
    crew.table.boxes.forEach(box -> box.annotator = null);
    assertThat(run(crew).conclusion())
        .isEqualTo(new Conclusion.Undecided("labels do not say who made them"));
  }

  @Test
  void findsSteadinessThatIsLost() {
    assertThat(run(Crew.of(2, 4, 40).shake(1, 20, 40, 3)).text())
        .contains("work of ann-1 changes: jitter of boxes")
        .containsOnlyOnce("ANN001");
  }

  @Test
  void findsSizesThatShrink() {
    assertThat(run(Crew.of(3, 2, 60).resize(0, 30, 60, 0.9)).text())
        .contains("work of ann-0 changes: volume of boxes")
        .containsOnlyOnce("ANN001");
  }

  @Test
  void leavesALastingDifferenceToTheRuleAboutSizes() {
    assertThat(run(Crew.of(4, 4, 40).resize(2, 0, 40, 1.3)).text()).isEmpty();
  }

  @Test
  void findsMostDriftsOfOneSigmaAndAHalf() {
    int found = 0;
    for (int seed = 0; seed < 40; seed++) {
      // A tenth of an edge is some three sigma of the volume in this crew.
      found += run(Crew.of(100 + seed, 2, 60).resize(0, 30, 60, 1.06)).count() > 0 ? 1 : 0;
    }
    assertThat(found).isGreaterThanOrEqualTo(32);
  }

  @Test
  void chartRunsAsLongAsItsLimitsSay() {
    java.util.SplittableRandom random = new java.util.SplittableRandom(5);
    int alarms = 0;
    for (int chart = 0; chart < 20_000; chart++) {
      SelfStartingCusum cusum = new SelfStartingCusum(0);
      for (int i = 0; i < 100; i++) {
        if (cusum.add(random.nextGaussian()) != 0) {
          alarms++;
          break;
        }
      }
    }
    // Two million numbers, of which 200,000 are learned from: 26 alarms at 70,000 between two.
    assertThat(alarms).isBetween(5, 45);
  }

  @Test
  void deviatesOfStudentsTAreThoseOfTables() {
    // t and z of the same one-sided probability 0.025 and 0.001.
    assertThat(SelfStartingCusum.deviate(2.228, 10)).isBetween(1.95, 1.97);
    assertThat(SelfStartingCusum.deviate(-3.552, 20)).isBetween(-3.10, -3.08);
  }
}
