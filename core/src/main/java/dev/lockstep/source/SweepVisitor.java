package dev.lockstep.source;

import dev.lockstep.model.PointColumns;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.payload.PayloadFacts;
import org.jspecify.annotations.Nullable;

/// Sees the points of every sweep of a recording.
///
/// Called on the threads that scan, for several sweeps at a time and in no order.
public interface SweepVisitor {
  /// Room for the points of a sweep, empty; [#sweep] gives it back.
  PointColumns room();

  /// A sweep.
  ///
  /// @param stream name of its stream
  /// @param stampNs its stamp, or [dev.lockstep.model.Times#NONE]
  /// @param points what [#room] gave, filled
  /// @param profile what a look at the points gave, or null
  void sweep(String stream, long stampNs, PointColumns points, @Nullable SweepProfile profile);

  /// Hands over a sweep that was read into `facts` with room of this visitor; one that could not be
  /// read has no points.
  default void read(String stream, long stampNs, PayloadFacts facts) {
    PointColumns points = facts.cloud;
    if (points != null) {
      if (facts.unreadable) {
        points.clear(0);
      }
      sweep(stream, stampNs, points, facts.sweep);
    }
  }
}
