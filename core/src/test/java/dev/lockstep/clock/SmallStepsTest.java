package dev.lockstep.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Steps and strays near the jitter of simulated clocks: what is followed message by message and
/// what a batch search over the same stamps says agree.
class SmallStepsTest {
  private static final double MS = 1e6;
  private static final double PERIOD_NS = 100 * MS;

  private record Seen(long message, long stepNs) {}

  private static List<Seen> followed(long[] stamps) {
    List<Seen> seen = new ArrayList<>();
    LatticeEvents out =
        new LatticeEvents() {
          @Override
          public void phaseStep(long message, long stampNs, long stepNs) {
            seen.add(new Seen(message, stepNs));
          }
        };
    LatticeTracker tracker = new LatticeTracker();
    tracker.accept(stamps, 0, stamps.length, out);
    tracker.finish(out);
    return seen;
  }

  private static ChangePoint.Step searched(long[] stamps, int from) {
    ChangePoint search = new ChangePoint();
    for (int i = 0; i < ChangePoint.MOST; i++) {
      search.add(i, (stamps[from + i] - stamps[from]) - i * PERIOD_NS);
    }
    return search.find(MS);
  }

  private static long[] stepped(SimulatedClock clock, int at, double stepNs) {
    long[] stamps = clock.stamps(600);
    for (int i = at; i < stamps.length; i++) {
      stamps[i] += Math.round(stepNs);
    }
    return stamps;
  }

  @Test
  void followsAStepOfFiveSigmaToWhereABatchSearchFindsIt() {
    int misses = 0;
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      int at = 150 + random.nextInt(350);
      // 20 ppm of drift, a thermal cycle and 1 ms of jitter; a coarse clock in every third.
      SimulatedClock clock = new SimulatedClock(seed, PERIOD_NS).ppm(20).thermalPpm(1).jitterNs(MS);
      if (seed % 3 == 0) {
        clock = clock.tickNs(100_000);
      }
      double step = (seed % 2 == 0 ? 5 : -5) * MS;
      long[] stamps = stepped(clock, at, step);
      List<Seen> seen = followed(stamps);
      if (seen.isEmpty()) {
        misses++;
        continue;
      }
      assertThat(seen).as("seed %d", seed).hasSize(1);
      ChangePoint.Step found = searched(stamps, at - 32);
      assertThat(found).as("seed %d", seed).isNotNull();
      assertThat(seen.getFirst().message()).as("seed %d", seed).isBetween(at - 4L, at + 4L);
      assertThat((long) found.index() + at - 32).as("seed %d", seed).isBetween(at - 4L, at + 4L);
      // Two standard errors of either estimate and the slope that both leave free.
      assertThat((double) seen.getFirst().stepNs())
          .as("seed %d", seed)
          .isCloseTo(found.stepNs(), within(2 * MS));
    }
    assertThat(misses).as("of 60 steps, not seen").isLessThanOrEqualTo(2);
  }

  @Test
  void findsStepsWithinTheStampsThatAreLearned() {
    for (int at = 12; at <= 70; at++) {
      long[] stamps = stepped(new SimulatedClock(at, PERIOD_NS).jitterNs(MS), at, 20 * MS);
      List<Seen> seen = followed(stamps);
      assertThat(seen).as("step at %d", at).hasSize(1);
      assertThat(seen.getFirst().message()).as("step at %d", at).isBetween(at - 4L, at + 4L);
      assertThat((double) seen.getFirst().stepNs())
          .as("step at %d", at)
          .isCloseTo(20 * MS, within(4 * MS));
    }
  }

  @Test
  void takesNeitherSlopesNorWalksNorStraysForSteps() {
    int walks = 0;
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      long[] drift = new SimulatedClock(seed, PERIOD_NS).ppm(90).jitterNs(MS).stamps(64);
      assertThat(searched(drift, 0)).as("drift, seed %d", seed).isNull();
      long[] walk = new SimulatedClock(seed, PERIOD_NS).walkNs(MS).stamps(64);
      walks += searched(walk, 0) == null ? 0 : 1;
      long[] stray = new SimulatedClock(seed, PERIOD_NS).jitterNs(MS).stamps(64);
      stray[10 + random.nextInt(44)] += Math.round(45 * MS);
      assertThat(searched(stray, 0)).as("stray, seed %d", seed).isNull();
    }
    // A walk of 64 steps may look like one step.
    assertThat(walks).as("of 200 walks").isLessThanOrEqualTo(10);
  }

  @Test
  void findsAStrayOfThreeSigmaWhereNeighboursAreSteady() {
    // Sweeps that are cut on packets: wide around the lattice, steady from one to the next.
    for (int at = 20; at < 180; at += 7) {
      long[] stamps = new long[200];
      for (int i = 0; i < stamps.length; i++) {
        long cut = Math.round(Math.rint(i * PERIOD_NS / 663_552) * 663_552);
        stamps[i] = SimulatedClock.EPOCH_NS + cut;
      }
      assertThat(EventLog.of(stamps).lines()).isEmpty();
      stamps[at] += 1_200_000;
      assertThat(EventLog.of(stamps).lines())
          .as("stray at %d", at)
          .singleElement()
          .asString()
          .startsWith("doublet " + at + " ");
    }
  }

  @Test
  void learnsThePhaseBehindAJumpFromMoreThanOneStamp() {
    for (long seed = 0; seed < 40; seed++) {
      long[] stamps = new SimulatedClock(seed, PERIOD_NS).jitterNs(2 * MS).stamps(400);
      int at = 20 + new Random(seed).nextInt(360);
      for (int i = at; i < stamps.length; i++) {
        stamps[i] += 40L * 3_600_000_000_000L;
      }
      assertThat(EventLog.of(stamps).lines()).as("seed %d, jump at %d", seed, at).hasSize(1);
    }
  }

  @Test
  void callsAStampAboutHalfAPeriodOffOneDoubletWhereverItLies() {
    for (double share : new double[] {-0.7, -0.6, -0.5, -0.4, 0.4, 0.5, 0.6, 0.7}) {
      for (long seed = 0; seed < 60; seed++) {
        long[] stamps = new SimulatedClock(seed, PERIOD_NS).jitterNs(0.5 * MS).stamps(100);
        int at = 3 + new Random(seed).nextInt(94);
        stamps[at] += Math.round(share * PERIOD_NS);
        assertThat(EventLog.of(stamps).lines())
            .as("%f periods off at %d, seed %d", share, at, seed)
            .singleElement()
            .asString()
            .startsWith("doublet " + at + " ");
      }
    }
  }

  @Test
  void findsInHindsightWhatNoSingleStampTells() {
    int found = 0;
    for (long seed = 0; seed < 40; seed++) {
      int at = 300 + new Random(seed).nextInt(400);
      long[] stamps = new SimulatedClock(seed, PERIOD_NS).jitterNs(MS).stamps(1000);
      for (int i = at; i < stamps.length; i++) {
        stamps[i] += Math.round(2.5 * MS);
      }
      for (Seen step : followed(stamps)) {
        assertThat(step.message()).as("seed %d", seed).isCloseTo(at, within(8L));
        assertThat((double) step.stepNs()).isCloseTo(2.5 * MS, within(1.5 * MS));
        found++;
      }
    }
    assertThat(found).isGreaterThan(30);
  }

  @Test
  void findsSmallStepsOfAPhaseThatIsCutOnPackets() {
    for (long seed = 0; seed < 40; seed++) {
      int at = 60 + new Random(seed).nextInt(180);
      long[] stamps = cutOnPackets(seed, 300);
      for (int i = at; i < stamps.length; i++) {
        stamps[i] += Math.round(MS);
      }
      assertThat(followed(stamps)).as("seed %d, step at %d", seed, at).hasSize(1);
    }
  }

  @Test
  void makesUpNoStepInHindsight() {
    for (long seed = 0; seed < 300; seed++) {
      int n = 100 + (int) (seed % 7) * 150;
      assertThat(followed(new SimulatedClock(seed, PERIOD_NS).jitterNs(MS).stamps(n))).isEmpty();
      assertThat(followed(new SimulatedClock(seed, PERIOD_NS).latenessNs(MS).stamps(n))).isEmpty();
      assertThat(followed(cutOnPackets(seed, n))).isEmpty();
      assertThat(
              followed(new SimulatedClock(seed, PERIOD_NS).jitterNs(MS).walkNs(0.1 * MS).stamps(n)))
          .isEmpty();
    }
  }

  /// Sweeps that end with a packet of 0.663 ms, of which 0.2 ms are left over each time.
  private static long[] cutOnPackets(long seed, int n) {
    Random random = new Random(seed);
    long[] stamps = new SimulatedClock(seed, PERIOD_NS).jitterNs(0.02 * MS).stamps(n);
    double phase = random.nextDouble();
    for (int i = 0; i < n; i++) {
      stamps[i] += Math.round((phase + i * 0.2 / 0.663) % 1 * 0.663 * MS);
    }
    return stamps;
  }
}
