package dev.lockstep.synth.labels;

import com.google.protobuf.CodedOutputStream;
import dev.lockstep.model.LabelSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// Writes labels as frames of the Waymo Open Dataset, by numbers of its published definition and
/// with the checksum of the Java platform: nothing is shared with the reader.
public final class WaymoFile {
  private WaymoFile() {}

  /// Writes the fields of a message.
  public interface Part {
    /// Writes them.
    void write(CodedOutputStream out) throws IOException;
  }

  /// The bytes of a message.
  public static byte[] message(Part part) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    part.write(out);
    out.flush();
    return bytes.toByteArray();
  }

  /// A record of a TFRecord file.
  public static byte[] record(byte[] payload) {
    ByteBuffer out = ByteBuffer.allocate(16 + payload.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(payload.length);
    out.putInt(masked(out.array(), 0, 8));
    out.put(payload);
    out.putInt(masked(payload, 0, payload.length));
    return out.array();
  }

  private static int masked(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    long value = crc.getValue();
    return (int) ((value >>> 15 | value << 17) + 0xA282EAD8L);
  }

  /// The 3D boxes of a set, a record an instant; 2D boxes as labels of the front camera.
  public static byte[] of(LabelSet labels, String segment) throws IOException {
    return of(labels, segment, new byte[64]);
  }

  /// The same with `image` in every frame, which is passed over.
  public static byte[] of(LabelSet labels, String segment, byte[] image) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    int row = 0;
    while (row < labels.size()) {
      int end = row;
      while (end < labels.size() && labels.stampsNs()[end] == labels.stampsNs()[row]) {
        end++;
      }
      file.write(record(frame(labels, segment, image, row, end)));
      row = end;
    }
    return file.toByteArray();
  }

  private static byte[] frame(LabelSet labels, String segment, byte[] image, int from, int to)
      throws IOException {
    return message(out -> {
      out.writeByteArray(1, message(context -> context.writeString(1, segment)));
      out.writeInt64(2, labels.stampsNs()[from] / 1000);
      out.writeByteArray(4, message(camera -> camera.writeByteArray(2, image)));
      for (int row = from; row < to; row++) {
        out.writeByteArray(6, label(labels, row, false));
      }
      byte[][] flat = new byte[to - from][];
      for (int row = from; row < to; row++) {
        flat[row - from] = label(labels, row, true);
      }
      out.writeByteArray(
          8,
          message(camera -> {
            camera.writeEnum(1, 1);
            for (byte[] label : flat) {
              camera.writeByteArray(2, label);
            }
          }));
    });
  }

  private static byte[] label(LabelSet labels, int row, boolean flat) throws IOException {
    String category = labels.categoryName(labels.categories()[row]);
    int type = category.equals("cyclist") ? 4 : category.equals("pedestrian") ? 2 : 1;
    return message(out -> {
      out.writeByteArray(1, flat ? flat(labels, row) : solid(labels, row));
      if (!flat) {
        out.writeByteArray(2, message(m -> m.writeDouble(1, 0.5)));
      }
      out.writeEnum(3, type);
      out.writeString(4, labels.trackName(labels.tracks()[row]));
      if (!flat) {
        out.writeEnum(5, 1);
        out.writeInt32(7, row);
      }
    });
  }

  private static byte[] solid(LabelSet labels, int row) throws IOException {
    double[] b = labels.boxes3d();
    int at = row * LabelSet.BOX_3D;
    return message(out -> {
      out.writeDouble(1, b[at]);
      out.writeDouble(2, b[at + 1]);
      out.writeDouble(3, b[at + 2]);
      out.writeDouble(4, b[at + 4]);
      out.writeDouble(5, b[at + 3]);
      out.writeDouble(6, b[at + 5]);
      out.writeDouble(7, 2 * StrictMath.atan2(b[at + 9], b[at + 6]));
    });
  }

  private static byte[] flat(LabelSet labels, int row) throws IOException {
    float[] b = labels.boxes2d();
    int at = row * LabelSet.BOX_2D;
    return message(out -> {
      out.writeDouble(1, ((double) b[at] + b[at + 2]) / 2);
      out.writeDouble(2, ((double) b[at + 1] + b[at + 3]) / 2);
      out.writeDouble(4, (double) b[at + 3] - b[at + 1]);
      out.writeDouble(5, (double) b[at + 2] - b[at]);
    });
  }
}
