package dev.lockstep.check;

import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import org.jspecify.annotations.Nullable;

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
/// @param logStep where the log time first jumped against the stamps and stayed there, or null
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
    @Nullable LogStep logStep,
    int pictureWidth,
    int pictureHeight) {

  /// A jump of the log time against the stamps that lasts.
  ///
  /// @param message index of the first message behind it
  /// @param stampNs stamp of that message
  /// @param stepNs by how much the log time moved ahead
  public record LogStep(long message, long stampNs, long stepNs) {}

  /// A stream without images whose log time did not jump.
  public StreamSummary(
      StreamInfo stream,
      long messages,
      long bytes,
      long firstStampNs,
      long lastStampNs,
      long firstLogTimeNs,
      long lastLogTimeNs,
      long longestStampStepNs,
      long longestLogStepNs,
      String frameId) {
    this(
        stream,
        messages,
        bytes,
        firstStampNs,
        lastStampNs,
        firstLogTimeNs,
        lastLogTimeNs,
        longestStampStepNs,
        longestLogStepNs,
        frameId,
        null,
        0,
        0);
  }

  /// Mean step between stamps, ns; 0 where fewer than two messages have one.
  public long meanPeriodNs() {
    if (messages < 2 || firstStampNs == Times.NONE || lastStampNs == Times.NONE) {
      return 0;
    }
    return Math.max(0, Times.difference(lastStampNs, firstStampNs) / (messages - 1));
  }
}
