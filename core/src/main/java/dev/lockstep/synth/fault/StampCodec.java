package dev.lockstep.synth.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.lockstep.model.Times;
import dev.lockstep.synth.encode.CdrWriter;
import dev.lockstep.synth.encode.Messages;
import dev.lockstep.synth.encode.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Where the stamp lies in the messages of a stream.
enum StampCodec {
  /// Messages hold no stamp that is known here.
  NONE {
    @Override
    long read(byte[] payload) {
      return Times.NONE;
    }

    @Override
    byte[] write(byte[] payload, long stampNs) {
      throw new IllegalStateException("message without a stamp");
    }
  },

  /// A CDR message that begins with `std_msgs/Header`: int32 seconds, uint32 ns.
  CDR {
    @Override
    long read(byte[] payload) {
      return payload.length < CdrWriter.HEADER_BYTES + STAMP_BYTES
          ? Times.NONE
          : seconds(view(payload), CdrWriter.HEADER_BYTES);
    }

    @Override
    byte[] write(byte[] payload, long stampNs) {
      putSeconds(view(payload), CdrWriter.HEADER_BYTES, stampNs);
      return payload;
    }

    private ByteBuffer view(byte[] payload) {
      // The second byte of the encapsulation header names the byte order (1: little-endian).
      boolean little = (payload[1] & 1) == 1;
      return ByteBuffer.wrap(payload)
          .order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    }
  },

  /// A ROS 1 message that begins with `Header`: uint32 counter, uint32 seconds, uint32 ns.
  ROS1 {
    @Override
    long read(byte[] payload) {
      return payload.length < Integer.BYTES + STAMP_BYTES
          ? Times.NONE
          : seconds(ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN), Integer.BYTES);
    }

    @Override
    byte[] write(byte[] payload, long stampNs) {
      putSeconds(ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN), Integer.BYTES, stampNs);
      return payload;
    }
  },

  /// A `foxglove.*` protobuf message whose field 1 is a `google.protobuf.Timestamp`.
  PROTOBUF {
    @Override
    long read(byte[] payload) {
      try {
        CodedInputStream in = CodedInputStream.newInstance(payload);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
          if (tag == STAMP_TAG) {
            return timestamp(in.readByteArray());
          }
          in.skipField(tag);
        }
      } catch (IOException malformed) {
        return Times.NONE;
      }
      return Times.NONE;
    }

    @Override
    byte[] write(byte[] payload, long stampNs) {
      try {
        ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 16);
        CodedInputStream in = CodedInputStream.newInstance(payload);
        int start = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
          in.skipField(tag);
          int end = in.getTotalBytesRead();
          if (tag == STAMP_TAG) {
            CodedOutputStream field = CodedOutputStream.newInstance(out);
            field.writeByteArray(1, Messages.protoTimestamp(stampNs));
            field.flush();
          } else {
            out.write(payload, start, end - start);
          }
          start = end;
        }
        return out.toByteArray();
      } catch (IOException e) {
        throw new UncheckedIOException("stamp of a malformed message", e);
      }
    }

    private long timestamp(byte[] message) throws IOException {
      CodedInputStream in = CodedInputStream.newInstance(message);
      long seconds = 0;
      long nanos = 0;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case 1 -> seconds = in.readInt64();
          case 2 -> nanos = in.readInt32();
          default -> in.skipField(tag);
        }
      }
      return seconds * NS_PER_SECOND + nanos;
    }
  },

  /// A JSON object with `timestamp` of `sec` and `nsec`.
  JSON {
    @Override
    long read(byte[] payload) {
      JsonNode stamp = Json.read(payload).path(TIMESTAMP);
      return stamp.path(SEC).isIntegralNumber() && stamp.path(NSEC).isIntegralNumber()
          ? stamp.path(SEC).asLong() * NS_PER_SECOND + stamp.path(NSEC).asLong()
          : Times.NONE;
    }

    @Override
    byte[] write(byte[] payload, long stampNs) {
      JsonNode root = Json.read(payload);
      if (root.path(TIMESTAMP) instanceof ObjectNode stamp) {
        stamp.put(SEC, Math.floorDiv(stampNs, NS_PER_SECOND));
        stamp.put(NSEC, Math.floorMod(stampNs, NS_PER_SECOND));
      }
      return Json.write(root);
    }
  };

  private static final long NS_PER_SECOND = 1_000_000_000L;
  private static final int STAMP_BYTES = 8;

  /// Field 1, length-delimited.
  private static final int STAMP_TAG = (1 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED;

  private static final String TIMESTAMP = "timestamp";
  private static final String SEC = "sec";
  private static final String NSEC = "nsec";

  /// The stamp in a message, or [Times#NONE].
  abstract long read(byte[] payload);

  /// The message with another stamp; may be the same array.
  abstract byte[] write(byte[] payload, long stampNs);

  /// How the messages of a schema are stamped.
  static StampCodec of(Schema schema) {
    String text = new String(schema.data(), StandardCharsets.ISO_8859_1);
    return switch (schema.messageEncoding()) {
      case "cdr" -> startsWithHeader(text) ? CDR : NONE;
      case "ros1" -> startsWithHeader(text) ? ROS1 : NONE;
      case "protobuf" -> schema.name().startsWith("foxglove.") ? PROTOBUF : NONE;
      case "json" -> JSON;
      default -> NONE;
    };
  }

  private static boolean startsWithHeader(String definition) {
    for (String line : definition.split("\n", -1)) {
      String field = line.replaceFirst("#.*", "").strip();
      if (!field.isEmpty()) {
        return field.matches("(std_msgs/(msg/)?)?Header\\s+\\w+");
      }
    }
    return false;
  }

  private static long seconds(ByteBuffer view, int at) {
    return view.getInt(at) * NS_PER_SECOND
        + Integer.toUnsignedLong(view.getInt(at + Integer.BYTES));
  }

  private static void putSeconds(ByteBuffer view, int at, long stampNs) {
    view.putInt(at, (int) Math.floorDiv(stampNs, NS_PER_SECOND));
    view.putInt(at + Integer.BYTES, (int) Math.floorMod(stampNs, NS_PER_SECOND));
  }
}
