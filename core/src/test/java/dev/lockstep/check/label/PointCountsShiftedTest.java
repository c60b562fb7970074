package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.BoxPoints;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.StampSource;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PointCountsShiftedTest implements LabelCheckContract {
  private static final int INSTANTS = 24;
  private static final int CARS = 5;

  /// Beside a car, the vehicle sees so many points of it.
  private static final double POINTS = 40_000;

  @Override
  public LabelCheck check() {
    return new PointCountsShifted();
  }

  /// Points of a parked car that a vehicle which goes by at 10 m/s has at an instant; half a second
  /// between instants. Labels claim a tenth more: those at the foot.
  private static int points(int car, int instant, double metersPerInstant) {
    double ahead = 30.0 + 12 * car - metersPerInstant * instant;
    return (int) Math.round(POINTS / (36 + ahead * ahead) / 10);
  }

  /// Labels that bear the stamps of instants `late` places too late.
  private static LabelSet labels(int late, double metersPerInstant, double speed) {
    LabelTable table = new LabelTable(LabelSet.Frame.WORLD, StampSource.COLUMN);
    for (int f = 0; f < INSTANTS; f++) {
      for (int car = 0; car < CARS; car++) {
        LabelTable.Box box =
            table.add(
                new LabelTable.Box()
                    .at(Scenes.START_NS + f * 5 * Scenes.STEP_NS, f, "" + car, "car"));
        box.solid(30.0 + 12 * car + speed * 0.5 * f, 6, 0.8, 4, 1.8, 1.6);
        box.points = (int) Math.round(1.1 * points(car, f - late, metersPerInstant));
      }
    }
    return table.build();
  }

  private static LabelCheck.Context context(double metersPerInstant, double noise) {
    LabelSet rows = labels(0, metersPerInstant, 0);
    Random random = new Random(7);
    BoxPoints counted = BoxPoints.of("lidar", 0.1, rows.size());
    for (int row = 0; row < rows.size(); row++) {
      int points = points(rows.tracks()[row], (int) rows.frames()[row], metersPerInstant);
      points = (int) Math.round(points * Math.exp(noise * random.nextGaussian()));
      counted.set(row, points, points, 0, Double.NaN, Double.NaN, Double.NaN);
    }
    SharedAnalyses analyses = new SharedAnalyses();
    return new LabelCheck.Context() {
      @Override
      public PoseSeries poses() {
        return null;
      }

      @Override
      public List<Sweeps> sweeps() {
        return List.of();
      }

      @Override
      public BoxPoints points(LabelSet labels) {
        return labels.size() == rows.size() ? counted : BoxPoints.unknown("other labels");
      }

      @Override
      public String reported(String labelSet, long stampNs) {
        return null;
      }

      @Override
      public SharedAnalyses shared(LabelSet labels) {
        return analyses;
      }
    };
  }

  @Override
  public LabelCheck.Context context() {
    return context(5, 0);
  }

  @Override
  public LabelSet clean() {
    return labels(0, 5, 0);
  }

  @Override
  public LabelSet violating() {
    return labels(1, 5, 0);
  }

  @Override
  public String expected() {
    return """
    error LAB027 point-counts-shifted: labels claim the points of another instant: misfit of the points claimed by 33 boxes of 5 standing objects and those of lidar 226 -> 0 (with the labels 1 instant earlier, squared sigmas)
      at labels, messages 1..120, frames 0..23, stamps 1700000000000000000..1700000011500000000 ns, labels.txt
      likely cause: labels bear the stamps of 1 instant too late: give each that before\
    """;
  }

  @ParameterizedTest
  @CsvSource({"1, 1 instant earlier", "2, 2 instants earlier", "-1, 1 instant later"})
  void tellsByHowManyInstants(int late, String where) {
    assertThat(LabelCheckContract.run(check(), labels(late, 5, 0), context(5, 0.05)).text())
        .contains("with the labels " + where);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.1, 0.2, 0.4})
  void isSilentOnNumbersThatAreCountedOtherwise(double noise) {
    assertThat(LabelCheckContract.run(check(), clean(), context(5, noise)).text()).isEmpty();
  }

  @Test
  void isUndecidedWhereTheVehicleStands() {
    assertThat(LabelCheckContract.run(check(), labels(1, 0, 0), context(0, 0)).conclusion())
        .isEqualTo(
            Conclusion.undecided(
                "too few boxes of standing objects whose points change in number from instant to"
                    + " instant"));
  }

  @Test
  void doesNotJudgeByObjectsThatMove() {
    assertThat(LabelCheckContract.run(check(), labels(1, 5, 3), context()).conclusion())
        .isInstanceOf(Conclusion.Undecided.class);
  }

  @Test
  void isUndecidedWhereLabelsClaimNothing() {
    LabelSet labels = clean();
    for (int row = 0; row < labels.size(); row++) {
      labels.setPoints(row, -1);
    }
    assertThat(LabelCheckContract.run(check(), labels, context()).conclusion())
        .isEqualTo(Conclusion.undecided("no label says how many points it holds"));
  }
}
