package dev.lockstep.synth.fault;

import dev.lockstep.synth.encode.CdrWriter;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/// A `sensor_msgs/msg/PointCloud2` in little-endian CDR, edited in place.
final class CloudView {
  private static final int FLOAT32 = 7;

  private final ByteBuffer bytes;
  private final int[] coordinates = {-1, -1, -1};
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
    int fields = u32();
    for (int i = 0; i < fields; i++) {
      String name = string();
      int offset = u32();
      int datatype = bytes.get();
      u32();
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
