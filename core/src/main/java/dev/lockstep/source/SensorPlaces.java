package dev.lockstep.source;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.Calibration.Intrinsics;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Pose;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.payload.PayloadFacts;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gathers from the messages of a bag where its sensors sit and how its cameras project, and gives
/// each stream of a sensor its calibration.
///
/// Transforms of a topic `tf_static` hold by themselves, those of others where no message ever says
/// anything else: what moves is no mounting. The first valid one wins. A camera belongs to the
/// images of its own frame of reference and, if there are several, to those nearest by name, as
/// `/front/camera_info` to `/front/image_raw/compressed`. Memory is bounded by the number of frames
/// of reference and streams, whatever the length of the bag.
public final class SensorPlaces {
  private static final String STATIC = "tf_static";

  /// Frames in a row from a sensor to the vehicle; more are a ring (judged).
  private static final int MAX_DEPTH = 64;

  /// What is known of one stream.
  private record Sensor(StreamInfo info, String frame) {}

  private final Map<String, Sensor> sensors = new LinkedHashMap<>();
  private final Map<String, GeometryNotes> notes = new LinkedHashMap<>();

  /// Nothing yet.
  public SensorPlaces() {}

  /// Adds what the messages of a range say; they are handed over in order.
  public void add(RowNotes rows, MessageBatch batch) {
    StreamInfo info = batch.stream();
    switch (info.modality()) {
      case LIDAR, CAMERA, VIDEO, RADAR, IMU, GNSS -> {
        Sensor known = sensors.get(info.name());
        String frame = batch.frameId();
        if (known == null || known.frame().isEmpty() && frame != null) {
          sensors.put(
              info.name(), new Sensor(info, frame == null ? "" : PayloadFacts.frameName(frame)));
        }
      }
      case LABELS, POSE, OTHER -> {}
    }
    GeometryNotes said = rows.geometry();
    if (said != null) {
      notes.computeIfAbsent(info.name(), name -> new GeometryNotes()).add(said);
    }
  }

  /// Hands over the calibration of each sensor of which anything is known.
  public void finish(RecordingSink sink) {
    if (notes.isEmpty()) {
      return;
    }
    sink.examined(
        DefectKind.CALIBRATION_INVALID,
        notes.values().stream().mapToLong(GeometryNotes::messages).sum());
    Map<String, GeometryNotes.Link> links = links(sink);
    for (Sensor sensor : sensors.values()) {
      PayloadFacts.Projection camera = projection(sensor);
      String frame = sensor.frame();
      if (frame.isEmpty() && camera != null) {
        frame = camera.frameId();
      }
      Mounting mounting = mounting(frame, links);
      @Nullable Intrinsics intrinsics = camera == null ? null : camera.intrinsics();
      if (mounting != null || intrinsics != null) {
        sink.calibration(
            new Calibration(
                sensor.info().name(),
                mounting == null ? frame : mounting.parent,
                mounting == null ? null : mounting.pose,
                intrinsics));
      }
    }
  }

  /// The transforms that hold for the whole recording, by child.
  private Map<String, GeometryNotes.Link> links(RecordingSink sink) {
    Map<String, GeometryNotes.Link> links = new LinkedHashMap<>();
    for (boolean fixed : new boolean[] {true, false}) {
      notes.forEach((stream, said) -> {
        if (fixed && said.projectionChanges()) {
          sink.note("calibration in " + stream + " changes: its first one is used");
        }
        if (stream.endsWith(STATIC) == fixed) {
          said.links()
              .forEach((child, link) -> {
                if (fixed && link.changes) {
                  sink.note(
                      "place of frame '"
                          + child
                          + "' in "
                          + stream
                          + " changes: its first one is used");
                }
                if (fixed || !link.changes && !FrameNames.isWorld(link.parent)) {
                  links.putIfAbsent(child, link);
                }
              });
        }
      });
    }
    return links;
  }

  private record Mounting(String parent, Pose pose) {}

  /// Where a frame lies in the vehicle, or in the last frame on the way there; null where nothing
  /// links it to another.
  private static @Nullable Mounting mounting(String frame, Map<String, GeometryNotes.Link> links) {
    String at = frame;
    Pose pose = Pose.IDENTITY;
    int depth = 0;
    GeometryNotes.Link link = links.get(at);
    while (link != null && !FrameNames.isEgo(at)) {
      if (++depth > MAX_DEPTH) {
        return null;
      }
      pose = placed(link.pose, pose);
      at = link.parent;
      link = links.get(at);
    }
    boolean linked = depth > 0 || isParent(frame, links);
    return linked ? new Mounting(at, pose) : null;
  }

  private static boolean isParent(String frame, Map<String, GeometryNotes.Link> links) {
    return links.values().stream().anyMatch(link -> link.parent.equals(frame));
  }

  /// `inner` seen from where `outer` leads to.
  private static Pose placed(Pose outer, Pose inner) {
    double[] at = turned(outer, inner.x(), inner.y(), inner.z());
    return new Pose(
        outer.qw() * inner.qw()
            - outer.qx() * inner.qx()
            - outer.qy() * inner.qy()
            - outer.qz() * inner.qz(),
        outer.qw() * inner.qx()
            + outer.qx() * inner.qw()
            + outer.qy() * inner.qz()
            - outer.qz() * inner.qy(),
        outer.qw() * inner.qy()
            - outer.qx() * inner.qz()
            + outer.qy() * inner.qw()
            + outer.qz() * inner.qx(),
        outer.qw() * inner.qz()
            + outer.qx() * inner.qy()
            - outer.qy() * inner.qx()
            + outer.qz() * inner.qw(),
        at[0] + outer.x(),
        at[1] + outer.y(),
        at[2] + outer.z());
  }

  /// A point turned by the quaternion of a pose: `p + 2 w (v x p) + 2 v x (v x p)`.
  private static double[] turned(Pose by, double x, double y, double z) {
    double ax = by.qy() * z - by.qz() * y;
    double ay = by.qz() * x - by.qx() * z;
    double az = by.qx() * y - by.qy() * x;
    return new double[] {
      x + 2 * (by.qw() * ax + by.qy() * az - by.qz() * ay),
      y + 2 * (by.qw() * ay + by.qz() * ax - by.qx() * az),
      z + 2 * (by.qw() * az + by.qx() * ay - by.qy() * ax)
    };
  }

  /// How a camera projects: as the message of its own frame of reference that is nearest by name
  /// says, else one right beside it.
  private PayloadFacts.@Nullable Projection projection(Sensor sensor) {
    switch (sensor.info().modality()) {
      case CAMERA, VIDEO -> {}
      default -> {
        return null;
      }
    }
    PayloadFacts.Projection best = null;
    int nearest = -1;
    boolean ownFrame = false;
    for (Map.Entry<String, GeometryNotes> entry : notes.entrySet()) {
      PayloadFacts.Projection seen = entry.getValue().projection();
      if (seen == null) {
        continue;
      }
      int near = shared(sensor.info().name(), entry.getKey());
      boolean same = !sensor.frame().isEmpty() && seen.frameId().equals(sensor.frame());
      boolean beside = isBeside(sensor.info().name(), entry.getKey());
      if ((same || beside) && (same && !ownFrame || same == ownFrame && near > nearest)) {
        best = seen;
        nearest = near;
        ownFrame = same;
      }
    }
    return best;
  }

  /// Whether the topic of a camera's messages stands beside that of its images or above it.
  private static boolean isBeside(String images, String camera) {
    int end = camera.lastIndexOf('/');
    return end > 0 && images.startsWith(camera.substring(0, end + 1));
  }

  /// Length of the part of two names that is the same, whole words only.
  private static int shared(String one, String other) {
    int same = 0;
    for (int i = 0; i < Math.min(one.length(), other.length()); i++) {
      if (one.charAt(i) != other.charAt(i)) {
        break;
      }
      if (one.charAt(i) == '/') {
        same = i + 1;
      }
    }
    return same;
  }
}
