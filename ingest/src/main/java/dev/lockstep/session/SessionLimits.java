package dev.lockstep.session;

import dev.lockstep.wire.McapFraming;

/// What a connection may cost.
///
/// @param helloNs time for the whole hello line
/// @param idleNs time within which a record must end or [#PROGRESS_BYTES] must come
/// @param settleNs time that a newer connection waits for the older one's bytes to become durable
/// @param resumeNs how long a part waits for its client to come back before it is sealed as it is
/// @param parkNs how long the checks of such a part stay open meanwhile
/// @param records what a record may claim
public record SessionLimits(
    long helloNs,
    long idleNs,
    long settleNs,
    long resumeNs,
    long parkNs,
    McapFraming.Limits records) {
  /// So many bytes are progress even in the middle of a record. Judged.
  static final long PROGRESS_BYTES = 64 << 10;

  private static final long SECOND_NS = 1_000_000_000L;

  /// Hello within 5 s, progress every 5 minutes, a day to come back.
  public static final SessionLimits DEFAULT =
      new SessionLimits(
          5 * SECOND_NS,
          300 * SECOND_NS,
          30 * SECOND_NS,
          86_400 * SECOND_NS,
          60 * SECOND_NS,
          McapFraming.Limits.DEFAULT);

  /// The same with other limits of records.
  public SessionLimits withRecords(McapFraming.Limits records) {
    return new SessionLimits(helloNs, idleNs, settleNs, resumeNs, parkNs, records);
  }

  /// The same with another time to come back.
  public SessionLimits withResume(long resumeNs) {
    return new SessionLimits(helloNs, idleNs, settleNs, resumeNs, parkNs, records);
  }

  /// The same with other times for the hello line and for progress.
  public SessionLimits withTimes(long helloNs, long idleNs) {
    return new SessionLimits(helloNs, idleNs, settleNs, resumeNs, parkNs, records);
  }
}
