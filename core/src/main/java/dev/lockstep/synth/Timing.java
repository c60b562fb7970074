package dev.lockstep.synth;

import dev.lockstep.synth.scene.Noise;

/// When the messages of one stream are measured, sent and recorded.
///
/// Stamps lie on a lattice `start + phase + k period` with a jitter of some microseconds. A message
/// is recorded a latency after its stamp, which varies by less than a period so that order is kept,
/// and was sent a little before.
///
/// @param seed seed of the drive
/// @param lane number of the stream, so that streams differ
/// @param startNs begin of the drive
/// @param phaseNs stamp of message 0 after the begin
/// @param periodNs step, ns
/// @param jitterNs standard deviation of a stamp
/// @param latencyNs least time from stamp to recording
/// @param spreadNs how much longer it may take
record Timing(
    long seed,
    long lane,
    long startNs,
    long phaseNs,
    long periodNs,
    long jitterNs,
    long latencyNs,
    long spreadNs) {

  /// Keeps the numbers of stamps, recording and sending apart, and clear of those of the scene.
  private static final long STAMP_LANE = 1L << 40;

  private static final long LOG_LANE = 2L << 40;
  private static final long PUBLISH_LANE = 3L << 40;

  /// Share of the latency before sending.
  private static final double SENT_AFTER = 0.7;

  private static final double SENT_SPREAD = 0.2;

  /// Stamp of message `k`.
  long stampNs(long k) {
    return startNs
        + phaseNs
        + k * periodNs
        + Math.round(jitterNs * Noise.bell(seed, STAMP_LANE + lane, k));
  }

  /// When message `k` was recorded.
  long logTimeNs(long k) {
    double part = Noise.uniform(seed, LOG_LANE + lane, k);
    // Mostly short, now and then long, as queues are.
    return stampNs(k) + latencyNs + Math.round(spreadNs * part * part * part);
  }

  /// When message `k` was sent.
  long publishTimeNs(long k) {
    double part = SENT_AFTER + SENT_SPREAD * Noise.uniform(seed, PUBLISH_LANE + lane, k);
    return stampNs(k) + Math.round(latencyNs * part);
  }

  /// Number of messages whose lattice point lies within `durationNs`.
  long count(long durationNs) {
    return durationNs <= phaseNs ? 0 : (durationNs - phaseNs + periodNs - 1) / periodNs;
  }
}
