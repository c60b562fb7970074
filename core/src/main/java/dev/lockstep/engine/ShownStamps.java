package dev.lockstep.engine;

import dev.lockstep.model.Times;

/// The first and the last frame of a video as it is shown: frames are stored as they are decoded,
/// so that the one that is stored last need not be the last one to see.
final class ShownStamps {
  /// Frames that may stand between a frame and its place in the order of showing (H.264, A.3.1, and
  /// H.265, A.4.2: at most 16 are held back).
  private static final int REORDERED = 16;

  private final long[] latest = new long[REORDERED + 1];
  private long seen;
  private long firstNs = Times.NONE;

  /// Adds the next stamp in the order of decoding.
  void add(long stampNs) {
    if (firstNs == Times.NONE || seen < latest.length) {
      firstNs = firstNs == Times.NONE ? stampNs : Math.min(firstNs, stampNs);
    }
    latest[(int) (seen % latest.length)] = stampNs;
    seen++;
  }

  /// Stamp of the first frame, [Times#NONE] where there is none.
  long firstNs() {
    return firstNs;
  }

  /// Stamp of the last frame, [Times#NONE] where there is none.
  long lastNs() {
    if (seen == 0) {
      return Times.NONE;
    }
    long last = latest[0];
    for (int i = 1; i < Math.min(seen, latest.length); i++) {
      last = Math.max(last, latest[i]);
    }
    return last;
  }
}
