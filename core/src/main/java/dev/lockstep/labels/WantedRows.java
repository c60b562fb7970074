package dev.lockstep.labels;

import org.jspecify.annotations.Nullable;

/// Which rows of a label file are wanted: those that answer to all of it.
///
/// @param fromNs first stamp
/// @param toNs last stamp
/// @param position line from 1 or row of a table from 0, or -1 for any
/// @param frame number of the frame, or -1 for any
/// @param track track, or null for any
public record WantedRows(
    long fromNs, long toNs, long position, long frame, @Nullable String track) {
  /// Whether nothing is left out.
  public boolean all() {
    return fromNs == Long.MIN_VALUE
        && toNs == Long.MAX_VALUE
        && position < 0
        && frame < 0
        && track == null;
  }

  /// Whether a stamp is wanted.
  public boolean wantsStamp(long stampNs) {
    return stampNs >= fromNs && stampNs <= toNs;
  }
}
