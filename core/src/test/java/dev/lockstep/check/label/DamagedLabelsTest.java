package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Pose;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.Times;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Labels in which anything may be wrong at once: no rule may throw.
class DamagedLabelsTest {
  private static final double[] ODD = {
    0, -1, 1e300, -1e300, 1e-300, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
  };

  private static final long[] ODD_STAMPS = {
    Times.NONE, Long.MIN_VALUE + 1, Long.MAX_VALUE, 0, -1, Scenes.START_NS
  };

  @Test
  void letNoRuleThrow() {
    List<LabelCheck> rules = new ArrayList<>(OneFaultOneFindingTest.RULES);
    rules.add(new LabelWithoutSweep());
    for (long seed = 1; seed <= 400; seed++) {
      Random random = new Random(seed);
      LabelTable table = damaged(random);
      LabelSet labels = table.build();
      LabelCheck.Context context = context(random);
      for (LabelCheck rule : rules) {
        assertThatCode(() -> LabelCheckContract.run(rule, labels, context))
            .as("seed %d, %s", seed, rule.card().id())
            .doesNotThrowAnyException();
      }
    }
  }

  private static LabelTable damaged(Random random) {
    LabelSet.Frame[] frames = LabelSet.Frame.values();
    StampSource[] sources = StampSource.values();
    LabelTable table =
        new LabelTable(
            frames[random.nextInt(frames.length)], sources[random.nextInt(sources.length)]);
    LabelTable street =
        TrackSimulator.street(random.nextLong(), 6, 4, 8 + random.nextInt(20), 10, 0.1);
    double share = random.nextDouble() * 0.3;
    for (LabelTable.Box box : street.boxes) {
      if (random.nextDouble() < share) {
        damage(box, random);
      }
      table.add(box);
      if (random.nextDouble() < share / 4) {
        table.add(box.copy());
      }
    }
    return table;
  }

  private static void damage(LabelTable.Box box, Random random) {
    double odd = ODD[random.nextInt(ODD.length)];
    switch (random.nextInt(14)) {
      case 0 -> box.x = odd;
      case 1 -> box.y = odd;
      case 2 -> box.length = odd;
      case 3 -> box.width = odd;
      case 4 -> box.qw = odd;
      case 5 -> box.qz = odd;
      case 6 -> box.stampNs = ODD_STAMPS[random.nextInt(ODD_STAMPS.length)];
      case 7 -> box.frame = random.nextInt(-2, 40);
      case 8 -> box.track = random.nextBoolean() ? null : "" + random.nextInt(-3, 5);
      case 9 -> box.category = random.nextBoolean() ? "" : "DontCare";
      case 10 -> box.flat(odd, 5, 100, ODD[random.nextInt(ODD.length)]);
      case 11 -> box.points = random.nextInt(10);
      case 12 -> box.occluded = odd;
      default -> {
        box.x = Double.NaN;
        box.flat(10, 10, 40, 90);
      }
    }
  }

  private static LabelCheck.Context context(Random random) {
    PoseSeries poses = random.nextBoolean() ? null : new PoseSeries();
    if (poses != null) {
      for (int i = 0; i < random.nextInt(60); i++) {
        poses.add(
            Scenes.START_NS + i * Scenes.STEP_NS,
            new Pose(random.nextInt(3) - 1, 0, 0, random.nextInt(3) - 1, i, 0, 0));
      }
    }
    return LabelCheckContract.context(
        poses, new LabelCheck.Context.Sweeps("lidar", random.longs(random.nextInt(5)).toArray()));
  }
}
