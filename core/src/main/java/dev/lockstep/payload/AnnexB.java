package dev.lockstep.payload;

import static dev.lockstep.payload.AnnexBLayout.*;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Locale;

/// Checks one H.264 or H.265 frame in Annex B form without decoding it: start codes, NAL unit
/// headers, forbidden byte sequences, and parameter sets in front of a keyframe. Every byte is
/// seen.
final class AnnexB {
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfInt INT_BE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGHS = 0x8080_8080_8080_8080L;

  private final MemorySegment bytes;
  private final long start;
  private final long end;
  private final boolean h265;
  private final boolean needsParameters;
  private final PayloadFacts facts;

  private boolean vps;
  private boolean sps;
  private boolean pps;
  private boolean slice;

  private AnnexB(
      MemorySegment bytes,
      long at,
      int lengthBytes,
      boolean h265,
      boolean needsParameters,
      PayloadFacts facts) {
    this.bytes = bytes;
    this.start = at;
    this.end = at + lengthBytes;
    this.h265 = h265;
    this.needsParameters = needsParameters;
    this.facts = facts;
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
    new AnnexB(bytes, at, lengthBytes, h265, needsParameters, facts).examine();
  }

  private void examine() {
    if (end == start) {
      wrong("frame data", "0 bytes", "a NAL unit");
      return;
    }
    if (ZeroPages.report(bytes, start, (int) (end - start), facts)) {
      return;
    }
    long unit = firstUnit();
    if (unit < 0) {
      wrong(
          "frame start",
          isLengthPrefixed()
              ? "length-prefixed NAL units"
              : Texts.hex(bytes, start, (int) Math.min(4, end - start)),
          "an Annex B start code, 00 00 01");
      return;
    }
    // Who cuts a stream into frames may leave the start code of the next frame at the end.
    while (unit >= 0 && unit < end) {
      if (!header(unit)) {
        return;
      }
      unit = nextUnit(unit);
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

  private boolean header(long unit) {
    int headerBytes = h265 ? 2 : 1;
    // A start code right behind this one leaves no unit between them.
    if (end - unit < headerBytes || isStartCode(unit)) {
      wrong("NAL unit at byte " + (unit - start), "empty", "a header and a payload");
      return false;
    }
    int first = bytes.get(BYTE, unit) & 0xFF;
    if ((first & FORBIDDEN_BIT) != 0) {
      wrong(
          "NAL unit header at byte " + (unit - start),
          String.format(Locale.ROOT, "%02X", first),
          "forbidden_zero_bit 0");
      return false;
    }
    if (h265 && (bytes.get(BYTE, unit + 1) & H265_TEMPORAL_ID_MASK) == 0) {
      wrong("temporal id of the NAL unit at byte " + (unit - start), "0", "at least 1");
      return false;
    }
    return h265 ? h265(unit, (first >> H265_TYPE_SHIFT) & H265_TYPE_MASK) : h264(unit, first);
  }

  private boolean h264(long unit, int first) {
    int type = first & H264_TYPE_MASK;
    switch (type) {
      case H264_SPS -> sps = true;
      case H264_PPS -> pps = true;
      default -> {
        if (type >= H264_SLICE && type <= H264_IDR) {
          return slice(unit, type == H264_IDR, sps);
        }
      }
    }
    return true;
  }

  private boolean h265(long unit, int type) {
    switch (type) {
      case H265_VPS -> vps = true;
      case H265_SPS -> sps = true;
      case H265_PPS -> pps = true;
      default -> {
        if (type <= H265_LAST_SLICE) {
          boolean irap = type >= H265_IRAP_FIRST && type <= H265_IRAP_LAST;
          return slice(unit, irap, vps && sps && pps);
        }
      }
    }
    return true;
  }

  private boolean slice(long unit, boolean key, boolean parameters) {
    boolean first = !slice;
    slice = true;
    facts.keyframe |= key;
    if (key && first && needsParameters && !parameters) {
      wrong(
          "keyframe slice at byte " + (unit - start),
          "no parameter sets before it",
          h265 ? "VPS, SPS and PPS in the same message" : "an SPS in the same message");
      return false;
    }
    return true;
  }

  /// Where the NAL unit after the one at `unit` begins, or -1 at the end or at a byte sequence that
  /// no unit can hold, which is reported.
  private long nextUnit(long unit) {
    long at = unit;
    while ((at = nextZero(at)) >= 0 && end - at >= 3) {
      if (bytes.get(BYTE, at + 1) != 0) {
        at += 2;
        continue;
      }
      int third = bytes.get(BYTE, at + 2) & 0xFF;
      if (third > EMULATION_PREVENTION) {
        at += 3;
      } else if (third == EMULATION_PREVENTION) {
        if (end - at > 3 && (bytes.get(BYTE, at + 3) & 0xFF) > EMULATION_PREVENTION) {
          return forbidden(at, 4);
        }
        at += 3;
      } else if (third == 1) {
        return at + 3;
      } else if (third == 2) {
        return forbidden(at, 3);
      } else {
        long zeros = at;
        while (at < end && bytes.get(BYTE, at) == 0) {
          at++;
        }
        if (at == end) {
          return -1;
        }
        return bytes.get(BYTE, at) == 1 ? at + 1 : forbidden(zeros, (int) Math.min(4, end - zeros));
      }
    }
    return -1;
  }

  private long forbidden(long at, int lengthBytes) {
    wrong(
        "bytes at " + (at - start),
        Texts.hex(bytes, at, lengthBytes),
        "no such sequence in a NAL unit");
    return -1;
  }

  private boolean isStartCode(long at) {
    long zeros = at;
    while (zeros < end && bytes.get(BYTE, zeros) == 0) {
      zeros++;
    }
    return zeros == end || (zeros - at >= 2 && bytes.get(BYTE, zeros) == 1);
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

  /// The first zero byte at or after `from`, eight bytes at a time, or -1.
  private long nextZero(long from) {
    long at = from;
    for (long last = end - 8; at <= last; at += 8) {
      long word = bytes.get(LONG, at);
      long zero = (word - ONES) & ~word & HIGHS;
      if (zero != 0) {
        return at + (Long.numberOfTrailingZeros(zero) >> 3);
      }
    }
    for (; at < end; at++) {
      if (bytes.get(BYTE, at) == 0) {
        return at;
      }
    }
    return -1;
  }

  private void wrong(String what, String observed, String expected) {
    facts.fault(DefectKind.VIDEO_MALFORMED, new Evidence.Violation(what, observed, expected));
  }
}
