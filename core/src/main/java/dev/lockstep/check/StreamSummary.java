package dev.lockstep.check;

import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;

/// One stream at the end of its recording.
///
/// @param stream the stream
/// @param messages number of messages
/// @param bytes payload bytes
/// @param firstStampNs stamp of the first message that has one, or [Times#NONE]
/// @param lastStampNs stamp of the last message that has one, or [Times#NONE]
/// @param firstLogTimeNs log time of the first message that has one, or [Times#NONE]
/// @param lastLogTimeNs log time of the last message that has one, or [Times#NONE]
/// @param longestStampStepNs longest step ahead from one stamp to the next; 0 where there is none
/// @param longestLogStepNs longest step ahead from one log time to the next; 0 where there is none
/// @param frameId frame of reference that the first header names, empty if none
/// @param pictureWidth pixels in a row of its first image, 0 where unknown
/// @param pictureHeight rows of its first image, 0 where unknown
public record StreamSummary(
    StreamInfo stream,
    long messages,
    long bytes,
    long firstStampNs,
    long lastStampNs,
    long firstLogTimeNs,
    long lastLogTimeNs,
    long longestStampStepNs,
    long longestLogStepNs,
    String frameId,
    int pictureWidth,
    int pictureHeight) {

  /// Mean step between stamps, ns; 0 where fewer than two messages have one.
  public long meanPeriodNs() {
    if (messages < 2 || firstStampNs == Times.NONE || lastStampNs == Times.NONE) {
      return 0;
    }
    return Math.max(0, Times.difference(lastStampNs, firstStampNs) / (messages - 1));
  }
}
