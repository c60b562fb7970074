package dev.lockstep.follow;

import dev.lockstep.model.Span;
import dev.lockstep.model.Times;
import java.util.List;

/// How one stream goes, for whoever looks on; findings, not these figures, are what counts.
///
/// @param name name of the stream
/// @param modality kind of sensor, as reports call it
/// @param messages messages so far
/// @param bytes payload bytes so far
/// @param rateHertz rate over the last messages, 0 while unknown
/// @param firstStampNs first stamp (log time where there are no stamps), or [Times#NONE]
/// @param lastStampNs last stamp (log time where there are no stamps), or [Times#NONE]
/// @param lastLogTimeNs last log time, or [Times#NONE]
/// @param gaps steps so far that were over 1.75 times the usual one
/// @param longestGapNs longest of them, 0 where there was none
/// @param recentGaps the last of them, from the last stamp before to the first behind, oldest first
/// @param offsetNs log time less stamp, smoothed, or [Times#NONE] where either is missing
public record StreamProgress(
    String name,
    String modality,
    long messages,
    long bytes,
    double rateHertz,
    long firstStampNs,
    long lastStampNs,
    long lastLogTimeNs,
    long gaps,
    long longestGapNs,
    List<Span> recentGaps,
    long offsetNs) {
  /// Copies the list.
  public StreamProgress {
    recentGaps = List.copyOf(recentGaps);
  }
}
