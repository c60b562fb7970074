package dev.lockstep.bench.robustness;

import dev.lockstep.codec.Compressor;
import dev.lockstep.codec.Decompressors;
import dev.lockstep.codec.Lz4FrameEncoder;
import dev.lockstep.codec.MalformedCompressionException;
import dev.lockstep.codec.ZstdEncoder;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/// Damages MCAP where it hurts. Knows the layout of the records by itself, without our reader.
final class McapMutation {
  private static final int RECORD_HEAD_BYTES = 9;
  private static final int MAGIC_BYTES = 8;
  private static final int CHUNK = 6;

  /// Bytes of a chunk's body in front of the name of its compression.
  private static final int CHUNK_FIXED_BYTES = 28;

  private final SplittableRandom random;
  private final Consumer<String> told;

  McapMutation(SplittableRandom random, Consumer<String> told) {
    this.random = random;
    this.told = told;
  }

  /// A record.
  private record Item(int opcode, int at, int body, int end) {}

  /// A field that holds a length, an offset or a count.
  private record Field(int at, int width) {}

  /// Fields of a record by opcode: `c w i q` are 1, 2, 4, 8 bytes of no interest, `I Q` lengths,
  /// offsets or counts, `s` and `b` bytes behind a length of 32 or 64 bits.
  private static String layout(int opcode) {
    return switch (opcode) {
      case 1 -> "ss";
      case 2 -> "QQi";
      case 3 -> "wsss";
      case 4 -> "wwsss";
      case 5 -> "wIqq";
      case CHUNK -> "qqQisb";
      case 7 -> "ws";
      case 8 -> "qqQQsQsQQ";
      case 9 -> "qqssbi";
      case 10 -> "QQqqQss";
      case 11 -> "QwIIIIqqs";
      case 12 -> "ss";
      case 13 -> "QQs";
      case 14 -> "cQQ";
      default -> "";
    };
  }

  byte[] apply(MutationKind kind, byte[] bytes) {
    List<Item> items = new ArrayList<>();
    walk(bytes, MAGIC_BYTES, bytes.length, items);
    List<Item> chunks = items.stream().filter(item -> item.opcode == CHUNK).toList();
    if (items.isEmpty() || bytes.length < 64) {
      bytes[random.nextInt(bytes.length)] ^= (byte) 0xFF;
      told.accept("a byte, for want of records");
      return bytes;
    }
    return switch (kind) {
      case MCAP_OPCODE -> opcode(bytes, items);
      case MCAP_FRAME -> chunks.isEmpty() ? length(bytes, items) : frame(bytes, pick(chunks));
      case MCAP_CHUNK_CONTENT ->
          chunks.isEmpty() ? length(bytes, items) : content(bytes, pick(chunks));
      default -> length(bytes, items);
    };
  }

  private Item pick(List<Item> items) {
    return items.get(random.nextInt(items.size()));
  }

  /// Of all opcodes alike: else nearly all would be messages.
  private Item pickByOpcode(List<Item> items) {
    int[] opcodes = items.stream().mapToInt(Item::opcode).distinct().toArray();
    int opcode = opcodes[random.nextInt(opcodes.length)];
    return pick(items.stream().filter(item -> item.opcode == opcode).toList());
  }

  /// Records from `from` on, and those in chunks that are not compressed.
  private static void walk(byte[] bytes, int from, int to, List<Item> items) {
    ByteBuffer view = Bytes.view(bytes);
    int at = from;
    while (at + RECORD_HEAD_BYTES <= to) {
      long length = view.getLong(at + 1);
      int body = at + RECORD_HEAD_BYTES;
      if (length < 0 || length > to - body) {
        return;
      }
      int end = body + (int) length;
      int opcode = bytes[at] & 0xFF;
      items.add(new Item(opcode, at, body, end));
      if (opcode == CHUNK && length >= CHUNK_FIXED_BYTES + 12) {
        int name = view.getInt(body + CHUNK_FIXED_BYTES);
        if (name == 0) {
          walk(bytes, body + CHUNK_FIXED_BYTES + 12, end, items);
        }
      }
      at = end;
    }
  }

  private byte[] opcode(byte[] bytes, List<Item> items) {
    Item item = pickByOpcode(items);
    int value = random.nextInt(4) == 0 ? random.nextInt(256) : random.nextInt(17);
    bytes[item.at] = (byte) value;
    told.accept("opcode at " + item.at + ": " + item.opcode + " -> " + value);
    return bytes;
  }

  private byte[] length(byte[] bytes, List<Item> items) {
    Item item = pickByOpcode(items);
    List<Field> fields = new ArrayList<>();
    fields.add(new Field(item.at + 1, Long.BYTES));
    fields(bytes, item, fields);
    Field field = fields.get(random.nextInt(fields.size()));
    told.accept(
        "record " + item.opcode + ", " + Bytes.attack(bytes, field.at, field.width, random));
    return bytes;
  }

  private static void fields(byte[] bytes, Item item, List<Field> fields) {
    ByteBuffer view = Bytes.view(bytes);
    long at = item.body;
    for (char type : layout(item.opcode).toCharArray()) {
      int width =
          switch (type) {
            case 'c' -> 1;
            case 'w' -> 2;
            case 'i', 'I', 's' -> Integer.BYTES;
            default -> Long.BYTES;
          };
      if (at < 0 || at + width > item.end) {
        return;
      }
      boolean prefix = type == 's' || type == 'b';
      if (prefix || type == 'I' || type == 'Q') {
        fields.add(new Field((int) at, width));
      }
      long content =
          !prefix ? 0 : width == Long.BYTES ? view.getLong((int) at) : view.getInt((int) at);
      if (type == 's' && content >= 8 && at + 12 <= item.end) {
        // Maps and arrays: their first entry.
        fields.add(new Field((int) at + 4, item.opcode == 7 ? Long.BYTES : Integer.BYTES));
      }
      at += width + content;
    }
  }

  private byte[] frame(byte[] bytes, Item chunk) {
    ByteBuffer view = Bytes.view(bytes);
    if (chunk.end - chunk.body < CHUNK_FIXED_BYTES + 12) {
      return length(bytes, List.of(chunk));
    }
    long name = view.getInt(chunk.body + CHUNK_FIXED_BYTES) & 0xFFFF_FFFFL;
    long from = chunk.body + CHUNK_FIXED_BYTES + Integer.BYTES + name + Long.BYTES;
    if (random.nextInt(5) == 0) {
      String[] names = {"lz4", "zstd", "", "none", "\0\0\0", "LZ4", "zst"};
      byte[] other = names[random.nextInt(names.length)].getBytes(StandardCharsets.UTF_8);
      int at = chunk.body + CHUNK_FIXED_BYTES + Integer.BYTES;
      System.arraycopy(other, 0, bytes, at, Math.min(other.length, chunk.end - at));
      told.accept("compression of the chunk at " + chunk.at);
      return bytes;
    }
    int reach = (int) Math.min(24, chunk.end - from);
    if (from >= chunk.end || reach < 1) {
      return length(bytes, List.of(chunk));
    }
    int count = random.nextInt(1, 4);
    for (int i = 0; i < count; i++) {
      int at = (int) from + random.nextInt(reach);
      bytes[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) -random.nextInt(2);
      told.accept("byte " + (at - from) + " of the frame in the chunk at " + chunk.at);
    }
    return bytes;
  }

  /// Reads the chunk's records, damages them and puts them back as a sound writer would.
  private byte[] content(byte[] bytes, Item chunk) {
    ByteBuffer view = Bytes.view(bytes);
    int length = chunk.end - chunk.body;
    int name = length < CHUNK_FIXED_BYTES + 12 ? -1 : view.getInt(chunk.body + CHUNK_FIXED_BYTES);
    int at = chunk.body + CHUNK_FIXED_BYTES + Integer.BYTES;
    long size = view.getLong(chunk.body + 16);
    if (name < 0 || name > chunk.end - at - Long.BYTES || size < 32 || size > 1 << 22) {
      return length(bytes, List.of(chunk));
    }
    String compression = new String(bytes, at, name, StandardCharsets.UTF_8);
    byte[] packed = Arrays.copyOfRange(bytes, at + name + Long.BYTES, chunk.end);
    byte[] records = compression.isEmpty() ? Arrays.copyOf(packed, (int) size) : null;
    try (Decompressors codecs = new Decompressors()) {
      if (records == null) {
        ByteBuffer plain = ByteBuffer.allocateDirect((int) size);
        codecs.decompress(
            compression, MemorySegment.ofArray(packed), MemorySegment.ofBuffer(plain));
        records = new byte[(int) size];
        plain.get(records);
      }
    } catch (MalformedCompressionException | IllegalArgumentException e) {
      return length(bytes, List.of(chunk));
    }
    List<Item> items = new ArrayList<>();
    walk(records, 0, records.length, items);
    told.accept("in the chunk at " + chunk.at);
    records = inside(records, items);
    CRC32 crc = new CRC32();
    crc.update(records);
    byte[] repacked = compression.isEmpty() ? records : compress(compression, records);
    byte[] head = new byte[RECORD_HEAD_BYTES + CHUNK_FIXED_BYTES + 12 + name];
    Bytes.view(head)
        .put((byte) CHUNK)
        .putLong(CHUNK_FIXED_BYTES + 12L + name + repacked.length)
        .put(bytes, chunk.body, 16)
        .putLong(records.length)
        .putInt((int) crc.getValue())
        .putInt(name)
        .put(bytes, at, name)
        .putLong(repacked.length);
    return Bytes.replace(bytes, chunk.at, chunk.end, Bytes.concat(head, repacked));
  }

  private byte[] inside(byte[] records, List<Item> items) {
    if (items.isEmpty()) {
      return Bytes.noise(records.length, random);
    }
    Item item = pickByOpcode(items);
    return switch (random.nextInt(7)) {
      case 0 -> opcode(records, items);
      case 1 -> length(records, items);
      case 2 -> Bytes.replace(records, item.at, item.end, new byte[0]);
      case 3 ->
          Bytes.replace(records, item.at, item.at, Arrays.copyOfRange(records, item.at, item.end));
      default -> payload(records, item);
    };
  }

  /// The body of one record: mostly a message, whose payload is a format of its own.
  private byte[] payload(byte[] records, Item item) {
    int length = item.end - item.body;
    if (length < Long.BYTES) {
      return records;
    }
    int count = random.nextInt(1, 4);
    for (int i = 0; i < count; i++) {
      // Headers and counts stand in front.
      int reach = random.nextBoolean() ? Math.min(length, 160) : length;
      int at = item.body + random.nextInt(Math.max(1, reach - Long.BYTES));
      switch (random.nextInt(3)) {
        case 0 -> records[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> records[at] = (byte) random.nextInt();
        default ->
            told.accept(
                Bytes.attack(
                    records, at, random.nextBoolean() ? Integer.BYTES : Long.BYTES, random));
      }
      told.accept("byte " + (at - item.at) + " of record " + item.opcode + " at " + item.at);
    }
    return records;
  }

  private static byte[] compress(String compression, byte[] records) {
    try (Compressor codec =
        compression.equals("lz4")
            ? new Lz4FrameEncoder(Lz4FrameEncoder.Options.DEFAULT)
            : new ZstdEncoder(1, true)) {
      ByteBuffer packed =
          ByteBuffer.allocateDirect(Math.toIntExact(codec.maxCompressedBytes(records.length)));
      long length = codec.compress(MemorySegment.ofArray(records), MemorySegment.ofBuffer(packed));
      byte[] frame = new byte[(int) length];
      packed.get(frame);
      return frame;
    }
  }
}
