package dev.lockstep.labels;

import dev.lockstep.model.Times;

/// The time of frames that stand apart evenly.
///
/// @param hertz frames a second, above 0
public record FrameRate(double hertz) {
  /// Largest frame number. Judged: five weeks at 30 Hz; above, a file is damaged.
  public static final long MAX_FRAME = 100_000_000;

  /// Usual rate of video where a format gives none; judged.
  public static final double VIDEO_HERTZ = 30;

  /// Time of a frame, ns; frame 0 is at 0.
  public long stampNs(long frame) {
    return Math.round(frame * (Times.SECOND / hertz));
  }
}
