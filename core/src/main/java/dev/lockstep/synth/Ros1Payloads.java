package dev.lockstep.synth;

import dev.lockstep.synth.encode.CdrWriter;
import dev.lockstep.synth.encode.Schema;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns the messages of a synthetic drive from CDR into the wire form of ROS 1: packed, without
/// header and terminators, with a counter in front of the stamp.
final class Ros1Payloads {
  /// Layouts: `h` header, `s` text, `b` list of bytes, `f` list of point fields, digits numbers of
  /// so many bytes.
  private static final Map<String, String> LAYOUTS =
      Map.of(
          "sensor_msgs/msg/PointCloud2",
          "h44f144b1",
          "sensor_msgs/msg/CompressedImage",
          "hsb",
          "sensor_msgs/msg/Imu",
          "h" + "8".repeat(37),
          "geometry_msgs/msg/PoseStamped",
          "h" + "8".repeat(7));

  private static final String SEPARATOR = "=".repeat(80);

  private Ros1Payloads() {}

  /// Whether messages of that type can be turned.
  static boolean fits(Schema schema) {
    return schema.messageEncoding().equals("cdr") && LAYOUTS.containsKey(schema.name());
  }

  /// Name of the type in ROS 1.
  static String type(Schema schema) {
    return schema.name().replace("/msg/", "/");
  }

  /// The definition as ROS 1 has it.
  static String definition(Schema schema) {
    StringBuilder out = new StringBuilder();
    String text = new String(schema.data(), StandardCharsets.UTF_8);
    for (String section : text.split("={20,}\n", -1)) {
      if (section.startsWith("MSG: builtin_interfaces/")) {
        continue;
      }
      if (!out.isEmpty()) {
        out.append(SEPARATOR).append('\n');
      }
      out.append(
          section.startsWith("MSG: std_msgs/Header")
              ? "MSG: std_msgs/Header\nuint32 seq\ntime stamp\nstring frame_id\n"
              : section);
    }
    return out.toString();
  }

  /// A message.
  ///
  /// @return null if it is too short for its type
  static byte @Nullable [] turn(Schema schema, int sequence, byte[] cdr) {
    String layout = LAYOUTS.getOrDefault(schema.name(), "");
    ByteBuffer in = ByteBuffer.wrap(cdr).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer out = ByteBuffer.allocate(cdr.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    try {
      in.position(CdrWriter.HEADER_BYTES);
      for (int at = 0; at < layout.length(); at++) {
        char part = layout.charAt(at);
        switch (part) {
          case 'h' -> {
            out.putInt(sequence);
            copy(in, out, 4);
            copy(in, out, 4);
            text(in, out);
          }
          case 's' -> text(in, out);
          case 'b' -> bytes(in, out);
          case 'f' -> {
            int count = number(in);
            out.putInt(count);
            for (int i = 0; i < count; i++) {
              text(in, out);
              copy(in, out, 4);
              copy(in, out, 1);
              copy(in, out, 4);
            }
          }
          default -> copy(in, out, part - '0');
        }
      }
    } catch (java.nio.BufferUnderflowException | IllegalArgumentException e) {
      return null;
    }
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  private static void align(ByteBuffer in, int size) {
    int position = in.position() - CdrWriter.HEADER_BYTES;
    in.position(in.position() + Math.floorMod(-position, size));
  }

  private static int number(ByteBuffer in) {
    align(in, 4);
    return in.getInt();
  }

  private static void copy(ByteBuffer in, ByteBuffer out, int size) {
    align(in, size);
    for (int i = 0; i < size; i++) {
      out.put(in.get());
    }
  }

  private static void text(ByteBuffer in, ByteBuffer out) {
    int length = Math.max(0, number(in) - 1);
    out.putInt(length);
    for (int i = 0; i < length; i++) {
      out.put(in.get());
    }
    in.get();
  }

  private static void bytes(ByteBuffer in, ByteBuffer out) {
    int length = number(in);
    out.putInt(length);
    for (int i = 0; i < length; i++) {
      out.put(in.get());
    }
  }
}
