package dev.lockstep.session;

/// When a connection last came on: by a whole record, or by [SessionLimits#PROGRESS_BYTES] of one.
/// Single bytes now and then are no progress.
final class Progress {
  private long lastNs;
  private long bytes;
  private long records;

  Progress(long nowNs) {
    lastNs = nowNs;
  }

  /// Bytes are expected from now on.
  void begin(long nowNs) {
    lastNs = nowNs;
  }

  /// Bytes came.
  ///
  /// @param recordsSoFar whole records, of all that came
  void came(int count, long recordsSoFar, long nowNs) {
    bytes += count;
    if (recordsSoFar != records || bytes >= SessionLimits.PROGRESS_BYTES) {
      records = recordsSoFar;
      bytes = 0;
      lastNs = nowNs;
    }
  }

  /// How long there has been none, ns.
  long lackedFor(long nowNs) {
    return nowNs - lastNs;
  }
}
