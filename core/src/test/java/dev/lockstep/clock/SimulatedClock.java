package dev.lockstep.clock;

import java.util.Random;

/// A seeded stamping clock: ideal slots seen through drift, temperature, a walking phase, jitter
/// and quantisation, in that order.
final class SimulatedClock {

  /// 2023-11-14, with odd low digits.
  static final long EPOCH_NS = 1_700_000_000_123_456_789L;

  /// Length of one thermal cycle: ten minutes.
  private static final double CYCLE_NS = 600e9;

  private final Random random;
  private final double periodNs;
  private double ppm;
  private double thermalPpm;
  private double jitterNs;
  private double latenessNs;
  private double walkNs;
  private long tickNs = 1;

  SimulatedClock(long seed, double periodNs) {
    this.random = new Random(seed);
    this.periodNs = periodNs;
  }

  SimulatedClock ppm(double value) {
    ppm = value;
    return this;
  }

  /// Peak frequency error of a ten-minute cycle.
  SimulatedClock thermalPpm(double value) {
    thermalPpm = value;
    return this;
  }

  /// Standard deviation of Gaussian jitter.
  SimulatedClock jitterNs(double value) {
    jitterNs = value;
    return this;
  }

  /// Mean of exponential lateness.
  SimulatedClock latenessNs(double value) {
    latenessNs = value;
    return this;
  }

  /// Standard deviation of one step of a walking phase.
  SimulatedClock walkNs(double value) {
    walkNs = value;
    return this;
  }

  /// Resolution of the clock.
  SimulatedClock tickNs(long value) {
    tickNs = value;
    return this;
  }

  /// The stamps of the first `n` slots.
  long[] stamps(int n) {
    long[] stamps = new long[n];
    double walked = 0;
    double start = random.nextDouble() * 2 * Math.PI;
    for (int k = 0; k < n; k++) {
      double ideal = k * periodNs;
      double x = ideal * (1 + ppm * 1e-6);
      double turn = 2 * Math.PI * ideal / CYCLE_NS;
      x += thermalPpm * 1e-6 * CYCLE_NS / (2 * Math.PI) * Math.sin(start + turn);
      walked += walkNs == 0 ? 0 : random.nextGaussian() * walkNs;
      x += walked;
      x += jitterNs == 0 ? 0 : random.nextGaussian() * jitterNs;
      x += latenessNs == 0 ? 0 : -Math.log(1 - random.nextDouble()) * latenessNs;
      long base = EPOCH_NS / tickNs * tickNs;
      stamps[k] = base + Math.round(x / tickNs) * tickNs;
    }
    return stamps;
  }

  /// Steps of an event-driven stream: exponential with the given mean.
  static long[] poisson(long seed, int n, double meanNs) {
    Random random = new Random(seed);
    long[] stamps = new long[n];
    long now = EPOCH_NS;
    for (int i = 0; i < n; i++) {
      now += 1 + Math.round(-Math.log(1 - random.nextDouble()) * meanNs);
      stamps[i] = now;
    }
    return stamps;
  }

  /// The stamps without those of some slots.
  static long[] without(long[] stamps, java.util.Set<Long> slots) {
    long[] kept = new long[stamps.length - slots.size()];
    int n = 0;
    for (int i = 0; i < stamps.length; i++) {
      if (!slots.contains((long) i)) {
        kept[n++] = stamps[i];
      }
    }
    return kept;
  }
}
