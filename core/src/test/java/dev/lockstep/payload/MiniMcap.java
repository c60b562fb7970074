package dev.lockstep.payload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The least reading of MCAP that gives messages with their schemas: uncompressed chunks of sound
/// files only.
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
final class MiniMcap {
  record Channel(String topic, String encoding, String schema, String schemaEncoding, byte[] data) {
    PayloadProfile profile() {
      return PayloadProfile.of(topic, encoding, schema, schemaEncoding, data);
    }
  }

  record Message(Channel channel, byte[] payload) {}

  private record Schema(String name, String encoding, byte[] data) {}

  private final Map<Integer, Schema> schemas = new HashMap<>();
  private final Map<Integer, Channel> channels = new HashMap<>();
  private final List<Message> messages = new ArrayList<>();

  static List<Message> messages(Path file) {
    MiniMcap mcap = new MiniMcap();
    try {
      byte[] all = Files.readAllBytes(file);
      mcap.records(ByteBuffer.wrap(all, 8, all.length - 16).order(ByteOrder.LITTLE_ENDIAN));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return mcap.messages;
  }

  private void records(ByteBuffer in) {
    while (in.remaining() >= 9) {
      int opcode = in.get();
      long length = in.getLong();
      ByteBuffer body = in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
      in.position(in.position() + (int) length);
      switch (opcode) {
        case 3 -> {
          int id = body.getShort();
          schemas.put(id, new Schema(text(body), text(body), bytes(body, body.getInt())));
        }
        case 4 -> {
          int id = body.getShort();
          Schema schema =
              schemas.getOrDefault((int) body.getShort(), new Schema("", "", new byte[0]));
          String topic = text(body);
          channels.put(
              id, new Channel(topic, text(body), schema.name, schema.encoding, schema.data));
        }
        case 5 -> {
          Channel channel = channels.get((int) body.getShort());
          body.position(22);
          messages.add(new Message(channel, bytes(body, body.remaining())));
        }
        case 6 -> {
          body.position(28);
          if (text(body).isEmpty()) {
            body.getLong();
            records(body.slice().order(ByteOrder.LITTLE_ENDIAN));
          }
        }
        default -> {}
      }
    }
  }

  private static String text(ByteBuffer in) {
    return new String(bytes(in, in.getInt()), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer in, int length) {
    byte[] out = new byte[length];
    in.get(out);
    return out;
  }
}
