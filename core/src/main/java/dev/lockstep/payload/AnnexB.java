package dev.lockstep.payload;

import static dev.lockstep.payload.AnnexBLayout.LENGTH_PREFIX_BYTES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Checks one H.264 or H.265 frame in Annex B form without decoding it: start codes, NAL unit
/// headers, forbidden byte sequences, and parameter sets in front of a keyframe. Every byte is
/// seen.
final class AnnexB {
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfInt INT_BE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final MemorySegment bytes;
  private final long start;
  private final long end;
  private final NalUnits units;

  private AnnexB(MemorySegment bytes, long start, long end, NalUnits units) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.units = units;
  }

  /// Examines the frame in a range that lies within `bytes`.
  ///
  /// @param needsParameters whether a keyframe must bring its parameter sets (foxglove's messages)
  static void examine(
      MemorySegment bytes,
      long at,
      int lengthBytes,
      boolean h265,
      boolean needsParameters,
      PayloadFacts facts) {
    long end = at + lengthBytes;
    NalUnits units = new NalUnits(bytes, at, end, h265, needsParameters, facts);
    if (lengthBytes == 0) {
      units.wrong("frame data", "0 bytes", "a NAL unit");
    } else if (!ZeroPages.report(bytes, at, lengthBytes, facts)) {
      new AnnexB(bytes, at, end, units).examine();
    }
  }

  private void examine() {
    long unit = firstUnit();
    if (unit < 0) {
      units.wrong(
          "frame start",
          isLengthPrefixed()
              ? "length-prefixed NAL units"
              : Texts.hex(bytes, start, (int) Math.min(4, end - start)),
          "an Annex B start code, 00 00 01");
      return;
    }
    // Who cuts a stream into frames may leave the start code of the next frame at the end.
    while (unit >= 0 && unit < end) {
      // A start code right behind this one leaves no unit between them.
      if (end - unit < units.headerBytes() || units.isStartCode(unit)) {
        units.wrong("NAL unit at byte " + (unit - start), "empty", "a header and a payload");
        return;
      }
      if (!units.header(unit, end)) {
        return;
      }
      unit = units.scan(unit, end) == NalUnits.Stop.START_CODE ? units.found() : -1;
    }
  }

  /// Where the first NAL unit begins, behind its start code and any zeros before it; -1 if the
  /// frame begins with something else.
  private long firstUnit() {
    long at = start;
    while (at < end && bytes.get(BYTE, at) == 0) {
      at++;
    }
    return at - start >= 2 && at < end && bytes.get(BYTE, at) == 1 ? at + 1 : -1;
  }

  /// Whether the frame is a chain of NAL units with their lengths in front, as MP4 files hold them.
  private boolean isLengthPrefixed() {
    long at = start;
    while (end - at > LENGTH_PREFIX_BYTES) {
      long length = Integer.toUnsignedLong(bytes.get(INT_BE, at));
      if (length == 0 || length > end - at - LENGTH_PREFIX_BYTES) {
        return false;
      }
      at += LENGTH_PREFIX_BYTES + length;
    }
    return at == end;
  }
}
