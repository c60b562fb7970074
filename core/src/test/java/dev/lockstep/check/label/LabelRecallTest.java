package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.report.FindingText;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Faults placed at random in simulated labels: how many are found where they are, and whether
/// anything is found where there are none.
class LabelRecallTest {
  private static final int SEEDS = 6;
  private static final int EVENTS = 15;

  @ParameterizedTest
  @CsvSource({"10, 0", "10, 0.05", "10, 0.1", "10, 0.2", "5, 0", "5, 0.1", "2, 0", "2, 0.1"})
  void findsNothingInCleanLabels(double hertz, double noise) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      LabelSet labels = TrackSimulator.street(seed, 24, 12, 120, hertz, noise).build();
      for (LabelCheck rule : OneFaultOneFindingTest.RULES) {
        LabelCheckContract.Run run = LabelCheckContract.run(rule, labels);
        assertThat(run.text())
            .as("seed %d, %s Hz, noise %s m, %s", seed, hertz, noise, rule.card().id())
            .isEmpty();
        assertThat(run.conclusion()).isInstanceOf(Conclusion.Examined.class);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // hertz, noise, nearest and furthest distance in meters, boxes (0: for good), recall
    "10, 0,    0, 1,  0, 0.7",
    "10, 0,    1, 2,  0, 1",
    "10, 0,    2, 4,  0, 1",
    "10, 0,    4, 12, 0, 1",
    "10, 0,    1, 12, 1, 1",
    "10, 0,    1, 12, 3, 1",
    "10, 0,    1, 12, 10, 1",
    "10, 0.05, 1, 2,  0, 0.98",
    "10, 0.1,  1, 12, 0, 0.98",
    "10, 0.2,  2, 12, 0, 0.99",
    "5,  0,    1, 2,  0, 0.99",
    "5,  0,    2, 12, 0, 0.99",
    "2,  0,    2, 4,  0, 0.8",
    "2,  0,    4, 12, 0, 0.97",
  })
  void findsExchangedIds(
      double hertz, double noise, double from, double to, int boxes, double recall) {
    assertRecall(
        new IdentitySwitched(), LabelFaults.exchange(from, to, boxes), hertz, noise, recall);
  }

  @ParameterizedTest
  @CsvSource({
    "10, 0,    0.5, 0.95",
    "10, 0,    1,   1",
    "10, 0,    5,   1",
    "10, 0.1,  1.5, 0.95",
    "10, 0.2,  3,   0.95",
    "5,  0,    1,   1",
    "2,  0,    5,   1"
  })
  void findsMisplacedBoxes(double hertz, double noise, double meters, double recall) {
    assertRecall(new BoxTeleports(), LabelFaults.teleport(meters), hertz, noise, recall);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 1", "5, 1"})
  void findsFlippedCategories(int boxes, double recall) {
    assertRecall(new CategoryFlips(), LabelFaults.category("bus", boxes), 10, 0.1, recall);
  }

  @Test
  void findsBoxesThatAreMissing() {
    for (int boxes = 1; boxes <= 3; boxes++) {
      assertRecall(new TrackBlinks(), LabelFaults.blink(boxes), 10, 0.1, 1);
    }
  }

  @Test
  void findsRenewedIds() {
    for (int gap = 0; gap <= 3; gap++) {
      assertRecall(new TrackFragmented(), LabelFaults.rename(gap), 10, 0.1, 0.98);
    }
  }

  @Test
  void findsRepeatedIds() {
    assertRecall(new TrackIdRepeated(), LabelFaults.repeat(0), 10, 0, 1);
    assertRecall(new TrackIdRepeated(), LabelFaults.repeat(0.3), 10, 0.1, 1);
  }

  @ParameterizedTest
  @CsvSource({"0.02, 0", "0.05, 0", "0.1, 3", "0.3, 0"})
  void findsSizeStepsOfCars(double share, int boxes) {
    assertRecall(carsOnly(LabelFaults.resize(share, boxes)), new SizeChanges(), 10, 0.1, 1);
  }

  @ParameterizedTest
  @CsvSource({"180, 1", "180, 5", "180, 0", "90, 1", "90, 0", "40, 5"})
  void findsTurnsOfCars(double degrees, int boxes) {
    assertRecall(carsOnly(LabelFaults.turn(degrees, boxes)), new YawFlips(), 10, 0.1, 1);
  }

  private static LabelFaults.Fault carsOnly(LabelFaults.Fault fault) {
    return (faults, track, at, random) ->
        track.get(at).category.equals("car") ? fault.apply(faults, track, at, random) : null;
  }

  private static void assertRecall(
      LabelCheck rule, LabelFaults.Fault fault, double hertz, double noise, double recall) {
    assertRecall(fault, rule, hertz, noise, recall);
  }

  private static void assertRecall(
      LabelFaults.Fault fault, LabelCheck rule, double hertz, double noise, double recall) {
    int events = 0;
    int found = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      LabelTable clean = TrackSimulator.street(seed, 24, 12, 120, hertz, noise);
      LabelFaults faults = new LabelFaults(clean, seed).inject(fault, EVENTS);
      LabelFaults.Score score =
          faults.score(LabelCheckContract.run(rule, faults.table.build()).findings().findings());
      events += score.events();
      found += score.found();
      assertThat(score.strays().stream().map(FindingText::of).collect(Collectors.joining("\n")))
          .as("findings where nothing was placed, seed %d", seed)
          .isEmpty();
    }
    assertThat(events).as("placed faults").isGreaterThan(EVENTS);
    assertThat((double) found / events)
        .as("found share of %d, seeds 1 to %d", events, SEEDS)
        .isGreaterThanOrEqualTo(recall);
  }
}
