package dev.lockstep.payload;

import dev.lockstep.model.Calibration.Intrinsics;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.PointColumns;
import dev.lockstep.model.Pose;
import dev.lockstep.model.Readings;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.Times;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a [PayloadReader] found in one message. One object serves a thread: it is reset for each
/// message, and costs nothing where a message holds no fault and no box.
public final class PayloadFacts {
  /// When the sensor measured, ns; [Times#NONE] where the payload says nothing.
  public long stampNs;

  /// Number of points, -1 where the message is no point cloud.
  public int points;

  /// Points with a coordinate that is no finite number, -1 where unknown.
  public int nonFinitePoints;

  /// Pixels of an image in a row, 0 where unknown.
  public int pictureWidth;

  /// Rows of an image, 0 where unknown or told later than its head.
  public int pictureHeight;

  /// What a look at the points gave, null where nobody looked.
  public @Nullable SweepProfile sweep;

  /// What the message says of the turn of its sensor, if anything: rates about x, y and z in rad/s
  /// and NaN, or a quaternion, x, y, z, w. Meaningful where [#turns].
  public final double[] turn = new double[MessageBatch.TURN_STRIDE];

  /// Whether the message says how its sensor turned or stood.
  public boolean turns;

  /// Acceleration along x, y and z, m/s²; meaningful where [#accelerates].
  public final double[] acceleration = new double[Readings.AXES];

  /// Whether the message has an acceleration.
  public boolean accelerates;

  /// Position; meaningful where [#placed].
  public final double[] position = new double[Readings.AXES];

  /// What the position is: [Readings#POSITION], [Readings#GEODETIC], 0 for none.
  public int placed;

  /// Whether a video frame begins a group that can be decoded on its own.
  public boolean keyframe;

  /// Heads of the parameter sets and pictures of a video frame, for [FrameNumbers].
  final HeadBytes heads = new HeadBytes();

  /// Where the sensor's data lies in the message, from its first byte: an image's or cloud's bytes
  /// without the header, so that a frozen sensor shows even though its stamps go on. -1 stands for
  /// the whole message.
  public long contentOffsetBytes;

  /// Length of the sensor's data; meaningless where [#contentOffsetBytes] is -1.
  public long contentLengthBytes;

  /// Whether damage keeps stamp and features from being read.
  public boolean unreadable;

  /// Whether the message has a place for the name of its frame of reference, or holds labels, and
  /// names none.
  public boolean unplaced;

  /// Whether the frame of reference is wanted (it costs a string).
  public boolean wantFrameId;

  /// Frame of reference that the header names, if [#wantFrameId] and there is one.
  public @Nullable String frameId;

  /// Takes the points of a sweep if they are wanted; null where they are not.
  public @Nullable PointColumns cloud;

  /// Whether calibration and transforms are wanted (they cost a tree).
  public boolean wantGeometry;

  /// Whether the message was looked into for them.
  public boolean geometryRead;

  /// How the camera projects, if [#wantGeometry] and the message says so.
  public @Nullable Projection projection;

  /// Room that readers work in.
  final Scratch scratch = new Scratch();

  private final List<Fault> faults = new ArrayList<>();
  private final List<Box> boxes = new ArrayList<>();
  private final List<Transform> transforms = new ArrayList<>();

  /// Facts about nothing yet.
  public PayloadFacts() {
    reset();
  }

  /// Forgets the last message.
  public void reset() {
    stampNs = Times.NONE;
    points = -1;
    nonFinitePoints = -1;
    pictureWidth = 0;
    pictureHeight = 0;
    sweep = null;
    turns = false;
    accelerates = false;
    placed = 0;
    keyframe = false;
    heads.clear();
    contentOffsetBytes = -1;
    contentLengthBytes = 0;
    unreadable = false;
    unplaced = false;
    frameId = null;
    cloud = null;
    geometryRead = false;
    projection = null;
    clear(transforms);
    clear(faults);
    clear(boxes);
  }

  private static void clear(List<?> list) {
    if (!list.isEmpty()) {
      list.clear();
    }
  }

  /// Adds something wrong with the message.
  public void fault(DefectKind kind, Evidence evidence) {
    faults.add(new Fault(kind, evidence));
  }

  /// Notes how the sensor turned, rad/s about its axes.
  public void turnRate(double x, double y, double z) {
    turn(x, y, z, Double.NaN);
  }

  /// Notes how the sensor stood.
  public void orientation(double qw, double qx, double qy, double qz) {
    turn(qx, qy, qz, qw);
  }

  private void turn(double x, double y, double z, double w) {
    turn[0] = x;
    turn[1] = y;
    turn[2] = z;
    turn[3] = w;
    turns = true;
  }

  private void turnTo(MessageBatch batch, int row) {
    if (turns && Double.isNaN(turn[3])) {
      batch.setTurnRate(row, turn[0], turn[1], turn[2]);
    } else if (turns) {
      batch.setOrientation(row, turn[3], turn[0], turn[1], turn[2]);
    }
  }

  /// Notes what the sensor measured along its axes, m/s².
  public void acceleration(double x, double y, double z) {
    acceleration[0] = x;
    acceleration[1] = y;
    acceleration[2] = z;
    accelerates = true;
  }

  /// Notes where the sensor was.
  ///
  /// @param kind [Readings#POSITION] or [Readings#GEODETIC]
  public void position(double x, double y, double z, int kind) {
    position[0] = x;
    position[1] = y;
    position[2] = z;
    placed = kind;
  }

  /// Whether the message tells how its sensor moved.
  public boolean tellsMotion() {
    return turns || accelerates || placed != 0;
  }

  /// Hands over how the sensor of a message moved, where it says so.
  public void motionTo(MessageBatch batch, int row) {
    turnTo(batch, row);
    if (accelerates) {
      batch.setAcceleration(row, acceleration[0], acceleration[1], acceleration[2]);
    }
    if (placed != 0) {
      boolean geodetic = placed == Readings.GEODETIC;
      batch.setPosition(row, position[0], position[1], position[2], geodetic);
    }
  }

  /// Notes the size of the message's picture, in pixels.
  void picture(long width, long height) {
    boolean fits =
        width > 0 && height > 0 && width <= Integer.MAX_VALUE && height <= Integer.MAX_VALUE;
    pictureWidth = fits ? (int) width : 0;
    pictureHeight = fits ? (int) height : 0;
  }

  /// Says that the message has no bytes where it should have some.
  void emptyPayload() {
    unreadable = true;
    fault(DefectKind.PAYLOAD_EMPTY, new Evidence.Violation("payload", "0 bytes", "a message"));
  }

  /// Keeps the head of the NAL unit in `[unit, unitEnd)`.
  void head(MemorySegment bytes, long unit, long unitEnd, boolean h265) {
    heads.add(bytes, unit, unitEnd, h265);
  }

  /// Keeps supplemental information if it tells times.
  void supplement(MemorySegment bytes, long unit, long unitEnd, boolean h265) {
    if (heads.add(bytes, unit, unitEnd, h265) && !heads.lastTellsTime(h265)) {
      heads.removeLast();
    }
  }

  /// Notes where the sensor's data lies in the message that begins at `messageAt`.
  void content(long messageAt, Scratch parts) {
    if (parts.at[Scratch.DATA] >= 0) {
      contentOffsetBytes = parts.at[Scratch.DATA] - messageAt;
      contentLengthBytes = parts.count[Scratch.DATA];
    }
  }

  /// Sums up sweeps.
  public SweepProfiler profiler() {
    return scratch.profiler();
  }

  /// Adds a transform.
  void transform(Transform transform) {
    transforms.add(transform);
  }

  /// Transforms of the message; valid until the next reset.
  public List<Transform> transforms() {
    return transforms;
  }

  /// A frame of reference by the name that all messages share: ROS 1 put a slash in front.
  public static String frameName(String name) {
    return name.startsWith("/") ? name.substring(1) : name;
  }

  /// Adds a labelled box.
  public void box(Box box) {
    boxes.add(box);
  }

  /// What is wrong with the message; valid until the next reset.
  public List<Fault> faults() {
    return faults;
  }

  /// Labelled boxes of the message; valid until the next reset.
  public List<Box> boxes() {
    return boxes;
  }

  /// Whether the message tells of its place among the frames of a video, see [FrameHeads].
  public boolean holdsFrame() {
    return !heads.isEmpty();
  }

  /// The flag bits that a [MessageBatch] keeps of the message.
  public byte flags() {
    return (byte)
        ((keyframe ? MessageBatch.KEYFRAME : 0)
            | (unreadable ? MessageBatch.UNREADABLE : 0)
            | (unplaced ? MessageBatch.UNPLACED : 0));
  }

  /// How a camera projects.
  ///
  /// @param frameId name of the camera's frame of reference, empty where none is given
  public record Projection(String frameId, Intrinsics intrinsics) {}

  /// Where one frame of reference lies in another.
  ///
  /// @param pose `parent_SE3_child`, a unit quaternion
  public record Transform(String parent, String child, Pose pose) {}

  /// Something wrong with a message.
  public record Fault(DefectKind kind, Evidence evidence) {}

  /// A labelled box inside a message; absent numbers are NaN. 3D: centre and size in meters, size
  /// along the box's own axes, quaternion w first. 2D: edges in pixels.
  ///
  /// @param said what the message says of it besides its place
  public record Box(
      Said said,
      double x,
      double y,
      double z,
      double length,
      double width,
      double height,
      double qw,
      double qx,
      double qy,
      double qz,
      double left,
      double top,
      double right,
      double bottom) {}

  /// What a message says of a box besides its place.
  ///
  /// @param stampNs stamp of the box itself, or [Times#NONE] where it has the message's
  /// @param frame frame number, or -1
  /// @param editedNs when it was last changed, or [Times#NONE]
  /// @param frameId frame of reference of the box itself, or null where it has the message's
  /// @param score how sure its maker was, or NaN
  /// @param attributes what else is said, in order
  public record Said(
      long stampNs,
      long frame,
      @Nullable String track,
      String category,
      @Nullable String annotator,
      long editedNs,
      @Nullable String frameId,
      double score,
      List<Attribute> attributes) {
    /// Copies the list.
    public Said {
      attributes = List.copyOf(attributes);
    }
  }
}
