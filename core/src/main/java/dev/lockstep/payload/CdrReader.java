package dev.lockstep.payload;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Readings;
import dev.lockstep.model.Times;
import dev.lockstep.payload.CdrLayout.Members;
import dev.lockstep.payload.CdrProgram.Coding;
import dev.lockstep.payload.RosType.Field;
import dev.lockstep.payload.RosType.Kind;
import dev.lockstep.payload.RosType.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads messages of one ROS type, coded as CDR (ROS 2) or packed (ROS 1): walks each one whole by
/// its schema, takes the stamp of its header, and examines what it holds.
final class CdrReader implements PayloadReader {
  /// Bytes of a message that are not all zero by themselves: a stamped one names at least a frame
  /// or a time. Judged.
  private static final int LEAST_ZEROS = 32;

  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  /// Name, offset, type and count, whatever a schema calls them; foxglove has no count.
  private static final int FIELD_PARTS_WITH_COUNT = 4;

  private final MessageKind kind;
  private final boolean foxglove;
  private final @Nullable RosType type;
  private final @Nullable CdrProgram xcdr1;
  private final @Nullable CdrProgram xcdr2;
  private final @Nullable CdrProgram packed;
  private final DefectKind malformed;
  private final boolean ros1;
  private final boolean stamped;
  private final boolean placed;

  /// Whether elements of a cloud's list of fields end with a count (ROS) or not (foxglove).
  private final boolean fieldCounts;

  /// Whether all behind a header in front is what the sensor measured.
  private final boolean readings;

  private final boolean cloud;

  /// A reader for messages of `type`, or of a type that is not known (then only the encapsulation
  /// header is examined).
  ///
  /// @param ros1 whether messages are packed as in ROS 1
  CdrReader(MessageKind kind, String typeName, @Nullable RosType type, boolean ros1) {
    this.malformed = ros1 ? DefectKind.ROS1_MALFORMED : DefectKind.CDR_MALFORMED;
    this.ros1 = ros1;
    this.kind = kind;
    this.foxglove = MessageKind.isFoxglove(typeName);
    this.type = type;
    if (type == null) {
      xcdr1 = null;
      xcdr2 = null;
      packed = null;
      stamped = false;
      placed = false;
      fieldCounts = false;
      readings = false;
      cloud = false;
      return;
    }
    Map<String, Integer> slots = slots(type, kind);
    stamped =
        kind.stamped() && (slots.containsValue(Scratch.STAMP) || kind.finder().stampsInside());
    placed = slots.containsValue(Scratch.FRAME_ID);
    xcdr1 = ros1 ? null : CdrProgram.of(type, Coding.XCDR1, slots);
    xcdr2 = ros1 ? null : CdrProgram.of(type, Coding.XCDR2, slots);
    packed = ros1 ? CdrProgram.of(type, Coding.ROS1, slots) : null;
    Field fields = type.field("fields");
    RosType element = fields == null ? null : fields.type();
    cloud = kind.content() == MessageKind.Content.CLOUD && element != null && isFieldList(element);
    readings =
        kind.content() == MessageKind.Content.PLAIN
            && placed
            && slots.containsKey(type.fields().getFirst().name() + ".frame_id");
    fieldCounts = element != null && element.fields().size() == FIELD_PARTS_WITH_COUNT;
  }

  /// Whether messages carry a stamp.
  boolean stamped() {
    return stamped;
  }

  private static Map<String, Integer> slots(RosType type, MessageKind kind) {
    Map<String, Integer> slots = new HashMap<>();
    for (Field field : type.fields()) {
      RosType inner = field.type();
      if (inner == null || field.shape() != Shape.ONE) {
        continue;
      }
      Field stamp = inner.field("stamp");
      Field frame = inner.field("frame_id");
      if (inner.name().equals(RosType.HEADER) && stamp != null && stamp.isOne(RosType.TIME)) {
        slots.put(field.name() + ".stamp", Scratch.STAMP);
        if (frame != null && frame.isOne(Kind.STRING)) {
          slots.put(field.name() + ".frame_id", Scratch.FRAME_ID);
        }
        break;
      }
      boolean named = field.name().equals("stamp") || field.name().equals("timestamp");
      if (named && field.isOne(RosType.TIME)) {
        slots.put(field.name(), Scratch.STAMP);
        Field own = type.field("frame_id");
        if (own != null && own.isOne(Kind.STRING)) {
          slots.put("frame_id", Scratch.FRAME_ID);
        }
        break;
      }
    }
    turns(slots, type);
    if (kind.content().needsBytes()) {
      place(slots, type, "height", Kind.UINT32, Scratch.HEIGHT);
      place(slots, type, "width", Kind.UINT32, Scratch.WIDTH);
      place(slots, type, "point_step", Kind.UINT32, Scratch.POINT_STEP);
      place(slots, type, "point_stride", Kind.UINT32, Scratch.POINT_STEP);
      place(slots, type, "row_step", Kind.UINT32, Scratch.ROW_STEP);
      place(slots, type, "step", Kind.UINT32, Scratch.ROW_STEP);
      place(slots, type, "is_bigendian", Kind.BOOL, Scratch.BIG_ENDIAN);
      place(slots, type, "is_dense", Kind.BOOL, Scratch.DENSE);
      place(slots, type, "format", Kind.STRING, Scratch.FORMAT);
      place(slots, type, "encoding", Kind.STRING, Scratch.FORMAT);
      Field data = type.field("data");
      if (data != null && data.kind().sizeBytes == 1 && data.shape() == Shape.SEQUENCE) {
        slots.put("data", Scratch.DATA);
      }
      Field fields = type.field("fields");
      if (fields != null && fields.kind() == Kind.STRUCT && fields.shape() == Shape.SEQUENCE) {
        slots.put("fields", Scratch.FIELDS);
      }
    }
    return slots;
  }

  /// Rates of an inertial unit, orientation of a pose or an odometry.
  private static void turns(Map<String, Integer> slots, RosType type) {
    Field rates = type.field("angular_velocity");
    if (rates != null && isOfDoubles(rates, "x", "y", "z")) {
      slots.put("angular_velocity.x", Scratch.RATES);
      Field force = type.field("linear_acceleration");
      if (force != null && isOfDoubles(force, "x", "y", "z")) {
        slots.put("linear_acceleration.x", Scratch.ACCELERATION);
      }
      return;
    }
    if (isDouble(type, "latitude") && isDouble(type, "longitude") && isDouble(type, "altitude")) {
      slots.put("latitude", Scratch.GEODETIC);
      return;
    }
    String path = "pose";
    Field field = type.field(path);
    for (int depth = 0; depth < 2 && field != null && field.shape() == Shape.ONE; depth++) {
      RosType inner = field.type();
      Field orientation = inner == null ? null : inner.field("orientation");
      if (orientation != null && isOfDoubles(orientation, "x", "y", "z", "w")) {
        slots.put(path + ".orientation.x", Scratch.QUATERNION);
        Field position = inner == null ? null : inner.field("position");
        if (position != null && isOfDoubles(position, "x", "y", "z")) {
          slots.put(path + ".position.x", Scratch.POSITION);
        }
        return;
      }
      // With a covariance beside it, the pose lies a level deeper.
      field = inner == null ? null : inner.field("pose");
      path += ".pose";
    }
  }

  private static boolean isDouble(RosType type, String name) {
    Field field = type.field(name);
    return field != null && field.isOne(Kind.FLOAT64);
  }

  private static boolean isOfDoubles(Field field, String... names) {
    RosType type = field.type();
    if (type == null || field.shape() != Shape.ONE || type.fields().size() != names.length) {
      return false;
    }
    for (int i = 0; i < names.length; i++) {
      Field member = type.fields().get(i);
      if (!member.name().equals(names[i]) || !member.isOne(Kind.FLOAT64)) {
        return false;
      }
    }
    return true;
  }

  private static void place(
      Map<String, Integer> slots, RosType type, String name, Kind kind, int slot) {
    Field field = type.field(name);
    if (field != null && field.isOne(kind)) {
      slots.put(name, slot);
    }
  }

  private static boolean isFieldList(RosType element) {
    int size = element.fields().size();
    return (size == FIELD_PARTS_WITH_COUNT - 1
            || (size == FIELD_PARTS_WITH_COUNT && element.fields().get(3).isOne(Kind.UINT32)))
        && element.fields().get(0).isOne(Kind.STRING)
        && element.fields().get(1).isOne(Kind.UINT32)
        && element.fields().get(2).isOne(Kind.UINT8);
  }

  @Override
  public void read(MemorySegment bytes, long offsetBytes, int lengthBytes, PayloadFacts facts) {
    if (ros1) {
      // An empty message has no bytes.
      walk(packed, bytes, offsetBytes, lengthBytes, true, facts);
      return;
    }
    if (lengthBytes == 0) {
      facts.emptyPayload();
      return;
    }
    if (lengthBytes < CdrLayout.HEADER_BYTES) {
      malformed(
          facts,
          new Evidence.OutOfRange(
              "message length", lengthBytes, CdrLayout.HEADER_BYTES, null, "bytes"));
      return;
    }
    if (kind.stamped()
        && lengthBytes >= LEAST_ZEROS
        && ZeroRuns.isZero(bytes, offsetBytes, offsetBytes + lengthBytes)) {
      facts.unreadable = true;
      facts.fault(
          DefectKind.PAYLOAD_EMPTY,
          new Evidence.Violation("payload", lengthBytes + " zero bytes", "a message"));
      return;
    }
    byte kindByte = bytes.get(BYTE, offsetBytes + CdrLayout.KIND_AT);
    Members members = CdrLayout.members(bytes.get(BYTE, offsetBytes), kindByte);
    long origin = offsetBytes + CdrLayout.HEADER_BYTES;
    long length = (long) lengthBytes - CdrLayout.HEADER_BYTES;
    switch (members) {
      case PLAIN_1 -> {
        boolean little = (kindByte & 1) != 0;
        walk(xcdr1, bytes, origin, length, little, facts);
        if (!little && !facts.faults().isEmpty()) {
          ifLittleEndian(bytes, offsetBytes, lengthBytes, facts);
        }
      }
      case PLAIN_2 -> walk(xcdr2, bytes, origin, length, (kindByte & 1) != 0, facts);
      case TAGGED -> ifLittleEndian(bytes, offsetBytes, lengthBytes, facts);
      case UNKNOWN -> {
        // Damage to the header alone leaves the rest readable: nearly everyone writes XCDR1,
        // little-endian.
        walk(xcdr1, bytes, origin, length, true, facts);
        if (facts.faults().isEmpty() && xcdr1 != null) {
          facts.unreadable = false;
        } else {
          facts.reset();
          facts.unreadable = true;
        }
        wrongHeader(bytes, offsetBytes, "00 00 or 00 01 (XCDR1), 00 06 to 00 0B (XCDR2)", facts);
      }
    }
  }

  /// Reads a message once more that does not read as its header says: what reads as little-endian
  /// XCDR1 down to the last byte is that, and only its header is wrong. Otherwise all stays as it
  /// was.
  private void ifLittleEndian(
      MemorySegment bytes, long offsetBytes, int lengthBytes, PayloadFacts facts) {
    if (xcdr1 == null) {
      return;
    }
    PayloadFacts trial = new PayloadFacts();
    long origin = offsetBytes + CdrLayout.HEADER_BYTES;
    long length = (long) lengthBytes - CdrLayout.HEADER_BYTES;
    walk(xcdr1, bytes, origin, length, true, trial);
    if (trial.faults().isEmpty()) {
      facts.reset();
      walk(xcdr1, bytes, origin, length, true, facts);
      wrongHeader(bytes, offsetBytes, "00 01: the message is little-endian XCDR1", facts);
    }
  }

  private static void wrongHeader(
      MemorySegment bytes, long offsetBytes, String rule, PayloadFacts facts) {
    facts.fault(
        DefectKind.CDR_MALFORMED,
        new Evidence.Violation(
            "encapsulation header at byte 0",
            Texts.hex(bytes, offsetBytes, CdrLayout.HEADER_BYTES),
            rule));
  }

  private void walk(
      @Nullable CdrProgram program,
      MemorySegment bytes,
      long origin,
      long lengthBytes,
      boolean littleEndian,
      PayloadFacts facts) {
    if (program == null) {
      return;
    }
    Scratch scratch = facts.scratch;
    scratch.clear();
    CdrWalk walk = scratch.walk;
    if (walk == null) {
      walk = new CdrWalk();
      scratch.walk = walk;
    }
    Evidence wrong = walk.run(program, bytes, origin, lengthBytes, littleEndian, scratch);
    header(bytes, scratch, littleEndian, facts);
    if (wrong != null) {
      malformed(facts, wrong);
      return;
    }
    facts.content(origin - program.coding.headerBytes, scratch);
    if (readings && scratch.at[Scratch.FRAME_ID] >= 0) {
      long from = scratch.at[Scratch.FRAME_ID] + scratch.count[Scratch.FRAME_ID];
      facts.contentOffsetBytes = from - (origin - program.coding.headerBytes);
      facts.contentLengthBytes = origin + lengthBytes - from;
    }
    content(program, bytes, origin, scratch, littleEndian, facts);
  }

  private void header(
      MemorySegment bytes, Scratch scratch, boolean littleEndian, PayloadFacts facts) {
    long at = scratch.at[Scratch.STAMP];
    if (stamped && at >= 0) {
      int seconds = CdrLayout.int32(bytes, at, littleEndian);
      long nanoseconds = CdrLayout.uint(bytes, at + CdrLayout.TIME_NANOSEC_AT, littleEndian);
      if (nanoseconds < Times.SECOND) {
        facts.stampNs = seconds * Times.SECOND + nanoseconds;
      }
    }
    long frame = scratch.at[Scratch.FRAME_ID];
    if (placed && frame >= 0) {
      int length = scratch.count[Scratch.FRAME_ID];
      facts.unplaced = length == 0;
      if (facts.wantFrameId && length > 0) {
        facts.frameId = Texts.utf8(bytes, frame, length);
      }
    }
  }

  private void content(
      CdrProgram program,
      MemorySegment bytes,
      long origin,
      Scratch scratch,
      boolean littleEndian,
      PayloadFacts facts) {
    switch (kind.content()) {
      case PLAIN -> {
        turn(bytes, scratch, littleEndian, facts);
        motion(bytes, scratch, littleEndian, facts);
      }
      case CLOUD -> {
        if (cloud && scratch.at[Scratch.DATA] >= 0 && scratch.at[Scratch.FIELDS] >= 0) {
          pointFields(program.coding, bytes, origin, scratch, littleEndian);
          PointCloudContent.examine(
              bytes,
              scratch,
              number(bytes, scratch, Scratch.HEIGHT, littleEndian),
              number(bytes, scratch, Scratch.WIDTH, littleEndian),
              number(bytes, scratch, Scratch.POINT_STEP, littleEndian),
              number(bytes, scratch, Scratch.ROW_STEP, littleEndian),
              flag(bytes, scratch, Scratch.BIG_ENDIAN),
              flag(bytes, scratch, Scratch.DENSE),
              facts);
        }
      }
      case IMAGE -> {
        if (scratch.at[Scratch.DATA] >= 0) {
          RawImage.examine(
              bytes,
              scratch,
              number(bytes, scratch, Scratch.HEIGHT, littleEndian),
              number(bytes, scratch, Scratch.WIDTH, littleEndian),
              number(bytes, scratch, Scratch.ROW_STEP, littleEndian),
              facts);
        }
      }
      case COMPRESSED_IMAGE -> CodedMedia.image(bytes, scratch, facts);
      case VIDEO -> CodedMedia.frame(bytes, scratch, foxglove, facts);
      case BOXES -> {
        if (type != null && program != xcdr2) {
          kind.finder()
              .find(new CdrTree(bytes, origin, littleEndian, program.coding).read(type), facts);
        }
      }
      case PROJECTION -> {
        if (facts.wantGeometry && type != null && program != xcdr2) {
          SensorGeometry.camera(
              new CdrTree(bytes, origin, littleEndian, program.coding).read(type), facts);
        }
      }
      case TRANSFORMS -> {
        if (facts.wantGeometry && type != null && program != xcdr2) {
          SensorGeometry.transforms(
              new CdrTree(bytes, origin, littleEndian, program.coding).read(type), facts);
        }
      }
    }
  }

  private static void turn(
      MemorySegment bytes, Scratch scratch, boolean littleEndian, PayloadFacts facts) {
    long at = scratch.at[Scratch.RATES];
    if (at >= 0) {
      facts.turnRate(
          CdrLayout.float64(bytes, at, littleEndian),
          CdrLayout.float64(bytes, at + 8, littleEndian),
          CdrLayout.float64(bytes, at + 16, littleEndian));
    }
    at = scratch.at[Scratch.QUATERNION];
    if (at >= 0) {
      facts.orientation(
          CdrLayout.float64(bytes, at + 24, littleEndian),
          CdrLayout.float64(bytes, at, littleEndian),
          CdrLayout.float64(bytes, at + 8, littleEndian),
          CdrLayout.float64(bytes, at + 16, littleEndian));
    }
  }

  private static void motion(
      MemorySegment bytes, Scratch scratch, boolean littleEndian, PayloadFacts facts) {
    long at = scratch.at[Scratch.ACCELERATION];
    if (at >= 0) {
      facts.acceleration(
          CdrLayout.float64(bytes, at, littleEndian),
          CdrLayout.float64(bytes, at + 8, littleEndian),
          CdrLayout.float64(bytes, at + 16, littleEndian));
    }
    boolean geodetic = scratch.at[Scratch.GEODETIC] >= 0;
    at = geodetic ? scratch.at[Scratch.GEODETIC] : scratch.at[Scratch.POSITION];
    if (at >= 0) {
      facts.position(
          CdrLayout.float64(bytes, at, littleEndian),
          CdrLayout.float64(bytes, at + 8, littleEndian),
          CdrLayout.float64(bytes, at + 16, littleEndian),
          geodetic ? Readings.GEODETIC : Readings.POSITION);
    }
  }

  /// Reads the descriptions of a point's fields, which the walk has found sound.
  private void pointFields(
      Coding coding, MemorySegment bytes, long origin, Scratch scratch, boolean littleEndian) {
    int count = Math.min(scratch.count[Scratch.FIELDS], Scratch.MAX_POINT_FIELDS);
    int align = Math.min(Integer.BYTES, coding.maxAlign);
    long at = scratch.at[Scratch.FIELDS];
    for (int i = 0; i < count; i++) {
      at = aligned(at, origin, align);
      long length = CdrLayout.uint(bytes, at, littleEndian);
      scratch.fieldName[i] = CloudProfile.nameCode(bytes, at + 4, coding.characters(length));
      at = aligned(at + 4 + length, origin, align);
      scratch.fieldOffset[i] = (int) CdrLayout.uint(bytes, at, littleEndian);
      scratch.fieldType[i] = bytes.get(BYTE, at + 4) & 0xFF;
      at += 5;
      scratch.fieldCount[i] = 1;
      if (fieldCounts) {
        at = aligned(at, origin, align);
        scratch.fieldCount[i] = (int) CdrLayout.uint(bytes, at, littleEndian);
        at += 4;
      }
    }
    scratch.fields = count;
  }

  private static long aligned(long at, long origin, int align) {
    return origin + ((at - origin + align - 1) & -(long) align);
  }

  private static long number(MemorySegment bytes, Scratch scratch, int slot, boolean littleEndian) {
    long at = scratch.at[slot];
    return at < 0 ? -1 : CdrLayout.uint(bytes, at, littleEndian);
  }

  private static boolean flag(MemorySegment bytes, Scratch scratch, int slot) {
    long at = scratch.at[slot];
    return at >= 0 && bytes.get(BYTE, at) != 0;
  }

  private void malformed(PayloadFacts facts, Evidence evidence) {
    facts.unreadable = true;
    facts.fault(malformed, evidence);
  }
}
