package dev.lockstep.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/// Properties over many seeded clocks.
class LatticeTrackerSimulationTest {

  private static final double MS = 1e6;
  private static final double[] PERIODS_MS = {10, 20, 33.333, 50, 100, 103.56};

  @Test
  void findsExactlyTheDroppedSlotsWhateverPeriodJitterAndLoss() {
    int series = 0;
    for (double periodMs : PERIODS_MS) {
      for (double jitterMs : new double[] {0, 0.5, 3, 8}) {
        if (jitterMs > 0.08 * periodMs) {
          continue;
        }
        for (double loss : new double[] {0.001, 0.02, 0.2}) {
          for (long seed = 0; seed < 6; seed++) {
            checkDrops(periodMs, jitterMs, loss, seed);
            series++;
          }
        }
      }
    }
    assertThat(series).isEqualTo(306);
  }

  private static void checkDrops(double periodMs, double jitterMs, double loss, long seed) {
    Random random = new Random(seed);
    TreeSet<Long> lost = new TreeSet<>();
    for (long slot = 1; slot < 1999; slot++) {
      if (random.nextDouble() < loss) {
        lost.add(slot);
      }
    }
    long[] all =
        new SimulatedClock(seed, periodMs * MS)
            .ppm(random.nextDouble() * 100 - 50)
            .thermalPpm(1)
            .jitterNs(jitterMs * MS)
            .stamps(2000);
    EventLog log = EventLog.of(SimulatedClock.without(all, lost));
    String name = "period " + periodMs + " jitter " + jitterMs + " loss " + loss + " seed " + seed;
    assertThat(log.missingSlots()).as(name).isEqualTo(lost);
    assertThat(log.other()).as(name + ": " + log.lines()).isZero();
  }

  @Test
  void staysSilentOnCleanClocksOfManyKinds() {
    Map<String, LongFunction<SimulatedClock>> kinds = new LinkedHashMap<>();
    for (double periodMs : new double[] {5, 10, 33.333, 50, 100}) {
      double period = periodMs * MS;
      String at = " at " + periodMs + " ms";
      kinds.put("exact" + at, seed -> new SimulatedClock(seed, period).ppm(seed - 10.0));
      kinds.put("tight" + at, seed -> new SimulatedClock(seed, period).jitterNs(0.001 * period));
      kinds.put("wide" + at, seed -> new SimulatedClock(seed, period).jitterNs(0.05 * period));
      kinds.put(
          "thermal" + at,
          seed -> new SimulatedClock(seed, period).thermalPpm(1).jitterNs(1e-5 * period));
      kinds.put("1 us" + at, seed -> new SimulatedClock(seed, period).ppm(seed + 0.5).tickNs(1000));
      kinds.put(
          "1 ms" + at, seed -> new SimulatedClock(seed, period).ppm(seed + 0.5).tickNs(1_000_000));
      kinds.put(
          "1 ms with jitter" + at,
          seed -> new SimulatedClock(seed, period).ppm(seed + 0.5).jitterNs(1e5).tickNs(1_000_000));
      kinds.put(
          "32,768 Hz ticks" + at,
          seed -> new SimulatedClock(seed, period).ppm(seed + 0.5).tickNs(30518));
      kinds.put("walking" + at, seed -> new SimulatedClock(seed, period).walkNs(0.001 * period));
    }
    for (Map.Entry<String, LongFunction<SimulatedClock>> kind : kinds.entrySet()) {
      for (long seed = 0; seed < 10; seed++) {
        EventLog log = EventLog.of(kind.getValue().apply(seed).stamps(3000));
        assertThat(log.lines()).as("%s, seed %d", kind.getKey(), seed).isEmpty();
      }
    }
  }

  @Test
  void hardlyEverSpeaksOnOneSidedLateness() {
    // Exponential lateness has no largest value: under ten false late stamps in a million.
    int events = 0;
    for (long seed = 0; seed < 100; seed++) {
      long[] stamps = new SimulatedClock(seed, 100 * MS).latenessNs(MS).stamps(3000);
      EventLog log = EventLog.of(stamps);
      assertThat(log.missingSlots()).as("seed %d", seed).isEmpty();
      events += log.lines().size();
    }
    assertThat(events).as("events in 300,000 messages").isLessThanOrEqualTo(6);
  }

  @Test
  void neverLocksOnEventDrivenStreams() {
    for (long seed = 0; seed < 40; seed++) {
      long[] stamps = SimulatedClock.poisson(seed, 3000, 20 * MS);
      LatticeTracker tracker = new LatticeTracker();
      tracker.accept(stamps, 0, stamps.length, new LatticeEvents() {});
      tracker.finish(new LatticeEvents() {});
      assertThat(tracker.everLocked()).as("seed %d", seed).isFalse();
      assertThat(tracker.unlocked()).as("seed %d", seed).isEqualTo(3000);
    }
  }

  @Test
  void findsEveryLateStampAndStepOfTwelveSigma() {
    for (long seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      int at = 300 + random.nextInt(900);
      long shift = Math.round(12 * 0.01 * 100 * MS);
      long[] late = new SimulatedClock(seed, 100 * MS).jitterNs(MS).stamps(1500);
      long[] stepped = late.clone();
      late[at] += shift;
      for (int i = at; i < stepped.length; i++) {
        stepped[i] += shift;
      }
      assertThat(EventLog.of(late).lines())
          .as("late, seed %d", seed)
          .singleElement()
          .asString()
          .matches("doublet " + at + " \\+\\d+\\.. ms");
      assertThat(EventLog.of(stepped).lines())
          .as("step, seed %d", seed)
          .singleElement()
          .asString()
          .matches("step " + at + " \\+1\\d\\.. ms");
    }
  }

  @Test
  void givesTheSameEventsForEverySplit() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      long[] stamps = wild(random);
      EventLog whole = EventLog.of(stamps);
      EventLog split = new EventLog();
      LatticeTracker tracker = new LatticeTracker();
      for (int i = 0; i < stamps.length; ) {
        int to = Math.min(stamps.length, i + random.nextInt(90));
        tracker.accept(stamps, i, to, split);
        i = to;
      }
      tracker.finish(split);
      assertThat(split.lines()).as("seed %d", seed).isEqualTo(whole.lines());
    }
  }

  @Test
  void survivesAnythingAndCountsEveryMessageOnce() {
    for (long seed = 0; seed < 3000; seed++) {
      long[] stamps = wild(new Random(seed));
      LatticeTracker tracker = new LatticeTracker();
      EventLog log = new EventLog();
      tracker.accept(stamps, 0, stamps.length, log);
      tracker.finish(log);
      assertThat(tracker.examined() + tracker.notRising() + tracker.unlocked())
          .as("seed %d", seed)
          .isEqualTo(stamps.length);
      Lattice lattice = tracker.lattice();
      if (lattice != null) {
        assertThat(lattice.periodNs()).as("seed %d", seed).isPositive().isFinite();
      }
      assertThat(log.lines()).as("seed %d", seed).noneMatch(line -> line.contains("Infinity"));
    }
  }

  /// A stream with every fault at once.
  private static long[] wild(Random random) {
    long[] stamps = new long[random.nextInt(700)];
    double period = Math.pow(10, 5 + random.nextInt(4));
    double jitter = period * Math.pow(10, -1 - random.nextInt(4));
    long now = random.nextInt(4) == 0 ? 0 : SimulatedClock.EPOCH_NS;
    for (int i = 0; i < stamps.length; i++) {
      now += (long) period;
      stamps[i] = now + (long) (random.nextGaussian() * jitter);
      switch (random.nextInt(100)) {
        case 0, 1 -> now += (long) (period * random.nextInt(20));
        case 2 -> now -= (long) (period * random.nextInt(5));
        case 3 -> period *= 0.5 + random.nextDouble();
        case 4 -> now += (long) (random.nextGaussian() * 1e12);
        case 5 -> stamps[i] = random.nextLong();
        case 6 -> stamps[i] = i > 0 ? stamps[i - 1] : 0;
        case 7, 8 -> stamps[i] = i > 0 ? stamps[i - 1] + (long) (0.3 * period) : 0;
        case 9 -> now = random.nextInt(20) == 0 ? random.nextLong() : now;
        default -> {
          // An ordinary message.
        }
      }
    }
    return stamps;
  }

  @Test
  void followsAThermalCycleToMicroseconds() {
    long[] stamps = new SimulatedClock(3, 100 * MS).thermalPpm(1).stamps(18_000);
    LatticeTracker tracker = new LatticeTracker();
    tracker.accept(stamps, 0, stamps.length, new LatticeEvents() {});
    tracker.finish(new LatticeEvents() {});
    // Within a window of 102 s the cycle bends by at most a tenth of a millisecond.
    assertThat(tracker.jitter().magnitudeNs(1)).isLessThan(100_000);
    assertThat(tracker.missing()).isZero();
  }

  @Test
  void learnsThePeriodWellEnoughToPredict() {
    // The claim of LEARN_STAMPS: jitter of a twelfth of the period, a fifth lost, 0.2 %.
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      TreeSet<Long> lost = new TreeSet<>();
      for (long slot = 1; slot < 120; slot++) {
        if (random.nextDouble() < 0.2) {
          lost.add(slot);
        }
      }
      long[] all = new SimulatedClock(seed, 100 * MS).jitterNs(100 * MS / 12).stamps(200);
      long[] kept = SimulatedClock.without(all, lost);
      LatticeFit.Outcome fit = LatticeFit.fit(kept, 0, LatticeTracker.LEARN_STAMPS);
      if (fit instanceof LatticeFit.Locked locked) {
        assertThat(locked.lattice().periodNs())
            .as("seed %d", seed)
            .isCloseTo(100 * MS, within(0.002 * 100 * MS));
      } else {
        assertThat(((LatticeFit.CannotLock) fit).reason())
            .as("seed %d", seed)
            .isEqualTo(LatticeFit.Reason.JITTER_TOO_WIDE);
      }
    }
  }

  @Test
  void allocatesNothingInSteadyTrackingAndLittleInAll() {
    long[] stamps = new SimulatedClock(1, 33 * MS).jitterNs(MS).stamps(400_000);
    LatticeEvents none = new LatticeEvents() {};
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    LatticeTracker tracker = new LatticeTracker();
    tracker.accept(stamps, 0, 3000, none);
    long learned = threads.getCurrentThreadAllocatedBytes();
    tracker.accept(stamps, 3000, stamps.length, none);
    long tracked = threads.getCurrentThreadAllocatedBytes();
    // What learning leaves behind as garbage is bounded too: three fits of 64 stamps.
    assertThat(learned - before).isLessThan(LatticeTracker.MAX_BYTES + 64 * 1024);
    assertThat(tracked - learned).isLessThan(1024);
  }
}
