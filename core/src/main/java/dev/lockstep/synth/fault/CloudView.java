package dev.lockstep.synth.fault;

import dev.lockstep.synth.encode.CdrWriter;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// A `sensor_msgs/msg/PointCloud2` in little-endian CDR, edited in place.
final class CloudView {
  private static final int UINT8 = 2;
  private static final int UINT16 = 4;
  private static final int FLOAT32 = 7;

  private final ByteBuffer bytes;
  private final int[] coordinates = {-1, -1, -1};
  private final Map<String, Field> fields = new HashMap<>();
  private int widthAt;
  private int pointStep;
  private int rowStepAt;
  private int dataAt;
  private int dataBytes;

  private CloudView(byte[] payload) {
    bytes = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// @throws InapplicableFaultException if the payload is no such cloud
  static CloudView of(byte[] payload) {
    CloudView view = new CloudView(payload);
    try {
      view.parse();
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new InapplicableFaultException("sweep is no little-endian PointCloud2: " + e);
    }
    return view;
  }

  private void parse() {
    if (bytes.getInt() != 0x100) {
      throw new IllegalArgumentException("encapsulation");
    }
    u32();
    u32();
    string();
    u32();
    widthAt = bytes.position();
    u32();
    int count = u32();
    for (int i = 0; i < count; i++) {
      String name = string();
      int offset = u32();
      int datatype = bytes.get();
      u32();
      fields.put(name, new Field(offset, datatype));
      int axis = name.length() == 1 ? "xyz".indexOf(name) : -1;
      if (axis >= 0 && datatype == FLOAT32) {
        coordinates[axis] = offset;
      }
    }
    bytes.get();
    pointStep = u32();
    rowStepAt = aligned();
    u32();
    dataBytes = u32();
    dataAt = bytes.position();
    if (pointStep <= 0 || dataBytes > bytes.remaining() || dataBytes < 0) {
      throw new IllegalArgumentException("layout");
    }
    for (int offset : coordinates) {
      if (offset < 0 || offset + Float.BYTES > pointStep) {
        throw new IllegalArgumentException("coordinates are no float32");
      }
    }
  }

  private int aligned() {
    int past = (bytes.position() - CdrWriter.HEADER_BYTES) % Integer.BYTES;
    if (past > 0) {
      bytes.position(bytes.position() + Integer.BYTES - past);
    }
    return bytes.position();
  }

  private int u32() {
    aligned();
    return bytes.getInt();
  }

  private String string() {
    byte[] text = new byte[Math.clamp(u32(), 0, bytes.remaining())];
    bytes.get(text);
    return new String(text, 0, Math.max(0, text.length - 1), StandardCharsets.UTF_8);
  }

  int points() {
    return dataBytes / pointStep;
  }

  int rowStep() {
    return bytes.getInt(rowStepAt);
  }

  void setRowStep(int value) {
    bytes.putInt(rowStepAt, value);
  }

  void setCoordinate(int point, int axis, float value) {
    bytes.putFloat(dataAt + point * pointStep + coordinates[axis], value);
  }

  float coordinate(int point, int axis) {
    return bytes.getFloat(dataAt + point * pointStep + coordinates[axis]);
  }

  /// A field of the points, by name.
  ///
  /// @throws InapplicableFaultException if points have none, or of a type that is not known here
  Field field(String name) {
    Field field = fields.get(name);
    if (field == null || field.type < UINT8 || field.type > FLOAT32) {
      throw new InapplicableFaultException(
          "points have no field "
              + name
              + " (expected a whole number or float32; fields: "
              + String.join(", ", new TreeMap<>(fields).keySet())
              + ")");
    }
    return field;
  }

  double number(Field field, int point) {
    int at = dataAt + point * pointStep + field.offset;
    return switch (field.type) {
      case UINT8 -> bytes.get(at) & 0xFF;
      case UINT16 -> bytes.getShort(at) & 0xFFFF;
      case FLOAT32 -> bytes.getFloat(at);
      default -> bytes.getInt(at);
    };
  }

  void setNumber(Field field, int point, double value) {
    int at = dataAt + point * pointStep + field.offset;
    switch (field.type) {
      case UINT8 -> bytes.put(at, (byte) value);
      case UINT16 -> bytes.putShort(at, (short) value);
      case FLOAT32 -> bytes.putFloat(at, (float) value);
      default -> bytes.putInt(at, (int) (long) value);
    }
  }

  /// The message with the points that `keep` accepts, in one row, and all numbers right.
  byte[] only(IntPredicate keep) {
    int[] kept = IntStream.range(0, points()).filter(keep).toArray();
    return with(kept.length, i -> kept[i]);
  }

  /// Where a number lies in a point.
  ///
  /// @param type as numbered by `sensor_msgs/PointField`
  record Field(int offset, int type) {}

  /// The message with `kept` points, evenly chosen, in one row, and all numbers right.
  byte[] thinnedTo(int kept) {
    int points = points();
    return with(kept, i -> (int) ((long) i * points / kept));
  }

  /// The message without `count` points in a row, in one row, and all numbers right.
  byte[] without(int first, int count) {
    return with(points() - count, i -> i < first ? i : i + count);
  }

  private byte[] with(int kept, IntUnaryOperator origin) {
    byte[] source = bytes.array();
    int gone = dataBytes - kept * pointStep;
    byte[] thin = Arrays.copyOf(source, source.length - gone);
    for (int i = 0; i < kept; i++) {
      int from = origin.applyAsInt(i);
      System.arraycopy(source, dataAt + from * pointStep, thin, dataAt + i * pointStep, pointStep);
    }
    System.arraycopy(
        source,
        dataAt + dataBytes,
        thin,
        dataAt + kept * pointStep,
        source.length - dataAt - dataBytes);
    ByteBuffer view = ByteBuffer.wrap(thin).order(ByteOrder.LITTLE_ENDIAN);
    view.putInt(widthAt - Integer.BYTES, 1);
    view.putInt(widthAt, kept);
    view.putInt(rowStepAt, kept * pointStep);
    view.putInt(dataAt - Integer.BYTES, kept * pointStep);
    return thin;
  }
}
