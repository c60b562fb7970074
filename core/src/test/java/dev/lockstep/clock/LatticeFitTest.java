package dev.lockstep.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.clock.LatticeFit.CannotLock;
import dev.lockstep.clock.LatticeFit.Locked;
import dev.lockstep.clock.LatticeFit.Outcome;
import dev.lockstep.clock.LatticeFit.Reason;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LatticeFitTest {

  private static Locked locked(long[] stamps) {
    Outcome outcome = LatticeFit.fit(stamps, 0, stamps.length);
    assertThat(outcome).isInstanceOf(Locked.class);
    return (Locked) outcome;
  }

  private static Reason reason(long... stamps) {
    Outcome outcome = LatticeFit.fit(stamps, 0, stamps.length);
    assertThat(outcome).isInstanceOf(CannotLock.class);
    return ((CannotLock) outcome).reason();
  }

  @Test
  void roundsAsMathDoes() {
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      double x = (random.nextDouble() - 0.5) * Math.pow(2, random.nextInt(70));
      assertThat(LatticeFit.nearest(x)).as("%s", x).isEqualTo(Math.rint(x) + 0.0);
      double half = random.nextInt(1_000) - 499.5;
      assertThat(LatticeFit.nearest(half)).as("%s", half).isEqualTo(Math.rint(half) + 0.0);
    }
    assertThat(LatticeFit.nearest(Double.NaN)).isNaN();
    assertThat(LatticeFit.nearest(Double.NEGATIVE_INFINITY)).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void findsPeriodAndPhaseOfAnExactLattice() {
    long[] stamps = new SimulatedClock(1, 100e6).stamps(1000);
    Locked fit = locked(stamps);
    assertThat(fit.lattice().anchorNs()).isEqualTo(stamps[0]);
    assertThat(fit.lattice().periodNs()).isCloseTo(100e6, within(1e-3));
    assertThat(fit.slots()).isEqualTo(1000);
    assertThat(fit.maxNs()).isLessThan(1);
    assertThat(fit.concentration()).isCloseTo(1, within(1e-9));
  }

  @Test
  void findsThePeriodToPartsPerMillionWithAFifthOfTheMessagesLost() {
    double[] jitters = {0.5e6, 3e6, 8e6};
    for (int trial = 0; trial < 90; trial++) {
      double jitter = jitters[trial % 3];
      Random random = new Random(trial);
      TreeSet<Long> lost = new TreeSet<>();
      for (long slot = 1; slot < 1999; slot++) {
        if (random.nextDouble() < 0.2) {
          lost.add(slot);
        }
      }
      long[] all = new SimulatedClock(trial, 103.56e6).jitterNs(jitter).stamps(2000);
      Locked fit = locked(SimulatedClock.without(all, lost));
      // Least squares over 1,600 stamps: sigma times root 12 over n to the power 1.5, five sigma.
      double bound = 5 * jitter * Math.sqrt(12) / Math.pow(1600, 1.5);
      assertThat(fit.lattice().periodNs()).as("seed %d", trial).isCloseTo(103.56e6, within(bound));
      assertThat(fit.slots()).as("seed %d", trial).isEqualTo(2000);
      assertThat(fit.sigmaNs()).isCloseTo(jitter, within(0.15 * jitter));
    }
  }

  @Test
  void refusesTheAliasesOfThePeriod() {
    // Two thirds lost: the median step is two periods, and the third of it fits as well.
    Random random = new Random(5);
    TreeSet<Long> lost = new TreeSet<>();
    for (long slot = 1; slot < 999; slot++) {
      if (random.nextDouble() < 0.4) {
        lost.add(slot);
      }
    }
    long[] all = new SimulatedClock(5, 50e6).jitterNs(1e5).stamps(1000);
    Locked fit = locked(SimulatedClock.without(all, lost));
    assertThat(fit.lattice().periodNs()).isCloseTo(50e6, within(100.0));
  }

  @Test
  void staysLockedOnStepsThatAlternateByPackets() {
    // A sweep is cut at whole packets of 0.663 ms: steps of 99.533 and 100.196 ms.
    long[] stamps = new long[157];
    for (int i = 0; i < stamps.length; i++) {
      stamps[i] = Math.ceilDiv(i * 100_000_000L, 663_552L) * 663_552L;
    }
    Locked fit = locked(stamps);
    assertThat(fit.lattice().periodNs()).isCloseTo(100e6, within(5e3));
    assertThat(fit.maxNs()).isLessThan(0.67e6);
  }

  @Test
  void ignoresStampsThatContradictTheirNeighbours() {
    long[] stamps = new SimulatedClock(3, 10e6).stamps(200);
    stamps[0] = 0;
    stamps[50] += 37_000_000_000L;
    stamps[70] = stamps[69];
    stamps[90] = Long.MIN_VALUE;
    stamps[91] = Long.MAX_VALUE;
    Locked fit = locked(stamps);
    assertThat(fit.lattice().periodNs()).isCloseTo(10e6, within(1.0));
    assertThat(fit.stamps()).isEqualTo(195);
  }

  @Test
  void saysWhyNoLatticeIsClaimed() {
    assertThat(reason()).isEqualTo(Reason.TOO_FEW_STAMPS);
    assertThat(reason(new SimulatedClock(1, 1e8).stamps(LatticeFit.MIN_STAMPS - 1)))
        .isEqualTo(Reason.TOO_FEW_STAMPS);
    assertThat(reason(new long[40])).isEqualTo(Reason.ALL_EQUAL);
    long[] shared = new SimulatedClock(1, 1e8).stamps(100);
    for (int i = 0; i < 100; i++) {
      shared[i] = shared[i / 10 * 10];
    }
    assertThat(reason(shared)).isEqualTo(Reason.NOT_RISING);
    assertThat(reason(SimulatedClock.poisson(1, 500, 1e8))).isEqualTo(Reason.EVENT_DRIVEN);
    assertThat(reason(new SimulatedClock(1, 100e6).jitterNs(13e6).stamps(2000)))
        .isEqualTo(Reason.JITTER_TOO_WIDE);
    long[] pairs = new long[200];
    for (int i = 0; i < 200; i++) {
      pairs[i] = i / 2 * 100_000_000L + i % 2 * 1_000_000L;
    }
    assertThat(reason(pairs)).isEqualTo(Reason.BURSTS);
  }

  @Test
  void offersLongStepsAsAMeasurementOnly() {
    long[] stamps = SimulatedClock.poisson(2, 1000, 1e8);
    CannotLock cannot = (CannotLock) LatticeFit.fit(stamps, 0, stamps.length);
    // Steps beyond 1.5 medians of an exponential: 2 to the power -1.5, or 35 %.
    assertThat(cannot.longSteps()).isBetween(300, 410);
    assertThat(cannot.medianStepNs()).isCloseTo(0.693e8, within(0.1e8));
  }

  @Test
  void rarelyLocksOnRandomStampsEvenWhenTheyAreFew() {
    int locks = 0;
    for (int seed = 0; seed < 20_000; seed++) {
      long[] stamps = SimulatedClock.poisson(seed, LatticeFit.MIN_STAMPS, 1e7);
      if (LatticeFit.fit(stamps, 0, stamps.length) instanceof Locked) {
        locks++;
      }
    }
    assertThat(locks).as("locks on 20,000 series of 12 random stamps").isLessThanOrEqualTo(20);
  }

  @Test
  void neverLocksOnSixtyFourRandomStamps() {
    for (int seed = 0; seed < 5_000; seed++) {
      long[] stamps = SimulatedClock.poisson(seed, 64, 1e7);
      assertThat(LatticeFit.fit(stamps, 0, 64)).as("seed %d", seed).isInstanceOf(CannotLock.class);
    }
  }

  @Test
  void fitsOnlyTheGivenRange() {
    long[] stamps = new SimulatedClock(4, 20e6).stamps(100);
    long[] padded = new long[120];
    Arrays.fill(padded, Long.MAX_VALUE);
    System.arraycopy(stamps, 0, padded, 10, 100);
    assertThat(LatticeFit.fit(padded, 10, 110)).isEqualTo(LatticeFit.fit(stamps, 0, 100));
  }
}
