package dev.lockstep.source;

import dev.lockstep.model.Pose;
import dev.lockstep.payload.PayloadFacts;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the messages of one stream, or of a part of it, say about where sensors sit and how a
/// camera projects: the first of each, and whether it stays the same.
final class GeometryNotes {
  /// Messages of a range that are looked into; judged: a transform that moves does so within them,
  /// and what stays is repeated or stands in front.
  static final int MAX_MESSAGES = 256;

  /// Frames of reference that are kept; judged: a large robot has some hundred.
  private static final int MAX_FRAMES = 4096;

  /// Largest difference of transforms that are the same, meters and parts of a quaternion; judged:
  /// above what printing and single precision leave, below what any motion gives.
  private static final double SAME = 1e-6;

  /// Where a frame of reference lies.
  static final class Link {
    final String parent;
    final Pose pose;

    /// Whether some message says otherwise.
    boolean changes;

    Link(String parent, Pose pose) {
      this.parent = parent;
      this.pose = pose;
    }

    private boolean agrees(String otherParent, Pose other) {
      // A quaternion and its negative are one rotation.
      double dot =
          pose.qw() * other.qw()
              + pose.qx() * other.qx()
              + pose.qy() * other.qy()
              + pose.qz() * other.qz();
      return parent.equals(otherParent)
          && Math.abs(Math.abs(dot) - 1) < SAME
          && Math.abs(pose.x() - other.x()) < SAME
          && Math.abs(pose.y() - other.y()) < SAME
          && Math.abs(pose.z() - other.z()) < SAME;
    }
  }

  private final Map<String, Link> links = new LinkedHashMap<>();
  private PayloadFacts.@Nullable Projection projection;
  private boolean projectionChanges;
  private long messages;

  /// Adds what a message says.
  void add(PayloadFacts facts) {
    messages++;
    PayloadFacts.Projection seen = facts.projection;
    if (seen != null) {
      add(seen);
    }
    for (PayloadFacts.Transform transform : facts.transforms()) {
      link(transform.child(), transform.parent(), transform.pose(), false);
    }
  }

  /// Adds what later messages of the same stream say.
  void add(GeometryNotes later) {
    messages += later.messages;
    if (later.projection != null) {
      add(later.projection);
      projectionChanges |= later.projectionChanges;
    }
    later.links.forEach((child, link) -> link(child, link.parent, link.pose, link.changes));
  }

  private void add(PayloadFacts.Projection seen) {
    projection = projection == null ? seen : projection;
    projectionChanges |= !projection.equals(seen);
  }

  private void link(String child, String parent, Pose pose, boolean changes) {
    Link known = links.get(child);
    if (known == null) {
      if (links.size() >= MAX_FRAMES) {
        return;
      }
      known = new Link(parent, pose);
      links.put(child, known);
    }
    known.changes |= changes || !known.agrees(parent, pose);
  }

  /// Number of messages that were looked into.
  long messages() {
    return messages;
  }

  /// Where frames of reference lie, by their names.
  Map<String, Link> links() {
    return links;
  }

  /// How the camera projects, null where no message says so.
  PayloadFacts.@Nullable Projection projection() {
    return projection;
  }

  /// Whether messages say different things of the camera.
  boolean projectionChanges() {
    return projectionChanges;
  }
}
