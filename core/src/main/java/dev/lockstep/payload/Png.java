package dev.lockstep.payload;

import static dev.lockstep.payload.PngLayout.*;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Checks the structure of a PNG image without decoding it: order and lengths of its chunks, and
/// the CRC of every one of them.
final class Png {
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private Png() {}

  /// Whether a range begins as a PNG image.
  static boolean begins(MemorySegment bytes, long at, int lengthBytes) {
    return lengthBytes >= SIGNATURE_BYTES && bytes.get(LONG, at) == SIGNATURE;
  }

  /// Examines the image in a range that lies within `bytes`.
  static void examine(MemorySegment bytes, long at, int lengthBytes, PayloadFacts facts) {
    if (!begins(bytes, at, lengthBytes)) {
      if (lengthBytes < SIGNATURE_BYTES) {
        truncated(facts, "image data", lengthBytes + " bytes", "a PNG signature");
      } else {
        malformed(
            facts, "image start", Texts.hex(bytes, at, SIGNATURE_BYTES), "89 50 4E 47 0D 0A 1A 0A");
      }
      return;
    }
    long end = at + lengthBytes;
    long next = at + SIGNATURE_BYTES;
    boolean data = false;
    boolean dataEnded = false;
    while (true) {
      long left = end - next;
      if (left < CHUNK_FIXED_BYTES) {
        truncated(facts, "PNG end chunk", "missing", "IEND at the end");
        return;
      }
      long length = Integer.toUnsignedLong(bytes.get(INT, next));
      int type = bytes.get(INT, next + 4);
      String name = "chunk " + typeName(type) + " at byte " + (next - at);
      if (!isType(type)) {
        malformed(facts, "type of the chunk at byte " + (next - at), typeName(type), "4 letters");
        return;
      }
      if (length > MAX_CHUNK_BYTES) {
        malformed(facts, "length of " + name, length + " bytes", "at most " + MAX_CHUNK_BYTES);
        return;
      }
      if (length > left - CHUNK_FIXED_BYTES) {
        truncated(
            facts, "length of " + name, length + " bytes", "at most " + (left - CHUNK_FIXED_BYTES));
        return;
      }
      int stored = bytes.get(INT, next + 8 + length);
      int computed = Crc32.of(bytes, next + 4, 4 + length);
      if (stored != computed) {
        facts.fault(
            DefectKind.IMAGE_MALFORMED,
            Evidence.Mismatch.ofCrc("CRC-32 of " + name, stored, computed));
        return;
      }
      boolean first = next == at + SIGNATURE_BYTES;
      if (first && type == IHDR && length == IHDR_BYTES) {
        facts.picture(bytes.get(INT, next + 8), bytes.get(INT, next + 12));
      }
      if (first != (type == IHDR) || (first && !headerFits(bytes, next + 8, length))) {
        malformed(facts, name, length + " bytes", "a valid IHDR first, and nowhere else");
        return;
      }
      if (type == IDAT) {
        if (dataEnded) {
          malformed(facts, name, "after another chunk", "all IDAT one after the other");
          return;
        }
        data = true;
      } else {
        dataEnded = data;
      }
      next += CHUNK_FIXED_BYTES + length;
      if (type == IEND) {
        judgeEnd(bytes, next, end, length, data, facts);
        return;
      }
    }
  }

  private static boolean headerFits(MemorySegment bytes, long body, long length) {
    if (length != IHDR_BYTES || bytes.get(INT, body) <= 0 || bytes.get(INT, body + 4) <= 0) {
      return false;
    }
    int depth = bytes.get(BYTE, body + 8);
    return switch (bytes.get(BYTE, body + 9)) {
      case 0 -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
      case 3 -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
      case 2, 4, 6 -> depth == 8 || depth == 16;
      default -> false;
    };
  }

  private static void judgeEnd(
      MemorySegment bytes, long next, long end, long length, boolean data, PayloadFacts facts) {
    if (length != 0) {
      malformed(facts, "length of chunk IEND", length + " bytes", "0");
    } else if (!data) {
      malformed(facts, "chunks IDAT", "none", "at least one");
    } else {
      long at = next;
      while (at < end && bytes.get(BYTE, at) == 0) {
        at++;
      }
      if (at < end) {
        malformed(
            facts, "bytes behind the PNG end chunk", (end - next) + " bytes", "none, or zeros");
      }
    }
  }

  private static boolean isType(int type) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      int c = (type >>> shift) & 0xDF;
      if (c < 'A' || c > 'Z') {
        return false;
      }
    }
    return true;
  }

  private static String typeName(int type) {
    StringBuilder name = new StringBuilder();
    for (int shift = 24; shift >= 0; shift -= 8) {
      name.append((char) ((type >>> shift) & 0xFF));
    }
    return isType(type) ? name.toString() : Texts.quoted(name.toString());
  }

  private static void truncated(PayloadFacts facts, String what, String observed, String expected) {
    facts.fault(DefectKind.IMAGE_TRUNCATED, new Evidence.Violation(what, observed, expected));
  }

  private static void malformed(PayloadFacts facts, String what, String observed, String expected) {
    facts.fault(DefectKind.IMAGE_MALFORMED, new Evidence.Violation(what, observed, expected));
  }
}
