package dev.lockstep.payload;

import static dev.lockstep.payload.AnnexBLayout.*;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Locale;

/// The NAL units of one H.264 or H.265 frame, however they are told apart: their headers, forbidden
/// byte sequences, parameter sets in front of a keyframe, and the heads from which frames are
/// counted.
final class NalUnits {
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
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

  /// The units of a frame in `[start, end)` of `bytes`.
  ///
  /// @param needsParameters whether a keyframe must bring its parameter sets
  NalUnits(
      MemorySegment bytes,
      long start,
      long end,
      boolean h265,
      boolean needsParameters,
      PayloadFacts facts) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.h265 = h265;
    this.needsParameters = needsParameters;
    this.facts = facts;
  }

  /// Bytes of a unit's header.
  int headerBytes() {
    return h265 ? 2 : 1;
  }

  /// Whether any unit was part of a picture.
  boolean hasPicture() {
    return slice;
  }

  /// Judges the header of the unit at `unit`, which has one, and ends at `unitEnd` or before.
  ///
  /// @return whether it is sound
  boolean header(long unit, long unitEnd) {
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
    return h265
        ? h265(unit, unitEnd, (first >> H265_TYPE_SHIFT) & H265_TYPE_MASK)
        : h264(unit, unitEnd, first);
  }

  private boolean h264(long unit, long unitEnd, int first) {
    int type = first & H264_TYPE_MASK;
    switch (type) {
      case H264_SPS -> {
        sps = true;
        facts.head(bytes, unit, unitEnd, h265);
      }
      case H264_PPS -> {
        pps = true;
        facts.head(bytes, unit, unitEnd, h265);
      }
      case H264_SEI -> facts.supplement(bytes, unit, unitEnd, h265);
      default -> {
        if (type >= H264_SLICE && type <= H264_IDR) {
          if (type <= H264_PARTITION_A || type == H264_IDR) {
            picture(unit, unitEnd);
          }
          return slice(unit, type == H264_IDR, sps);
        }
      }
    }
    return true;
  }

  /// Keeps the head of a slice that begins a picture: first_mb_in_slice 0 is a single 1 bit.
  private void picture(long unit, long unitEnd) {
    if (unitEnd - unit > 1 && bytes.get(BYTE, unit + 1) < 0) {
      facts.head(bytes, unit, unitEnd, h265);
    }
  }

  private boolean h265(long unit, long unitEnd, int type) {
    switch (type) {
      case H265_VPS -> vps = true;
      case H265_SPS -> {
        sps = true;
        facts.head(bytes, unit, unitEnd, true);
      }
      case H265_PPS -> {
        pps = true;
        facts.head(bytes, unit, unitEnd, true);
      }
      case H265_PREFIX_SEI -> facts.supplement(bytes, unit, unitEnd, true);
      default -> {
        if (type <= H265_LAST_SLICE) {
          if (unitEnd - unit > 2 && bytes.get(BYTE, unit + 2) < 0) {
            // first_slice_segment_in_pic_flag
            facts.head(bytes, unit, unitEnd, true);
          }
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

  /// What [#scan] came upon at [#found()].
  enum Stop {
    /// The end of the bytes, or nothing but zeros up to it.
    END,
    /// A start code.
    START_CODE,
    /// A sequence that no unit can hold, which was reported.
    FORBIDDEN
  }

  private long found;

  /// Where the last [#scan] stopped: the byte behind a start code.
  long found() {
    return found;
  }

  /// Scans the payload of a unit from `from` up to `to` for what cannot be in it.
  Stop scan(long from, long to) {
    long at = from;
    while ((at = nextZero(at, to)) >= 0 && to - at >= 3) {
      if (bytes.get(BYTE, at + 1) != 0) {
        at += 2;
        continue;
      }
      int third = bytes.get(BYTE, at + 2) & 0xFF;
      if (third > EMULATION_PREVENTION) {
        at += 3;
      } else if (third == EMULATION_PREVENTION) {
        if (to - at > 3 && (bytes.get(BYTE, at + 3) & 0xFF) > EMULATION_PREVENTION) {
          return forbidden(at, 4);
        }
        at += 3;
      } else if (third == 1) {
        found = at + 3;
        return Stop.START_CODE;
      } else if (third == 2) {
        return forbidden(at, 3);
      } else {
        long zeros = at;
        while (at < to && bytes.get(BYTE, at) == 0) {
          at++;
        }
        if (at == to) {
          return Stop.END;
        }
        if (bytes.get(BYTE, at) != 1) {
          return forbidden(zeros, (int) Math.min(4, to - zeros));
        }
        found = at + 1;
        return Stop.START_CODE;
      }
    }
    return Stop.END;
  }

  private Stop forbidden(long at, int lengthBytes) {
    wrong(
        "bytes at " + (at - start),
        Texts.hex(bytes, at, lengthBytes),
        "no such sequence in a NAL unit");
    return Stop.FORBIDDEN;
  }

  /// Whether zeros up to the end or a start code stand at `at`.
  boolean isStartCode(long at) {
    long zeros = at;
    while (zeros < end && bytes.get(BYTE, zeros) == 0) {
      zeros++;
    }
    return zeros == end || (zeros - at >= 2 && bytes.get(BYTE, zeros) == 1);
  }

  /// The first zero byte in `[from, to)`, eight bytes at a time, or -1.
  private long nextZero(long from, long to) {
    long at = from;
    for (long last = to - 8; at <= last; at += 8) {
      long word = bytes.get(LONG, at);
      long zero = (word - ONES) & ~word & HIGHS;
      if (zero != 0) {
        return at + (Long.numberOfTrailingZeros(zero) >> 3);
      }
    }
    for (; at < to; at++) {
      if (bytes.get(BYTE, at) == 0) {
        return at;
      }
    }
    return -1;
  }

  /// Reports something wrong with the frame.
  void wrong(String what, String observed, String expected) {
    facts.fault(DefectKind.VIDEO_MALFORMED, new Evidence.Violation(what, observed, expected));
  }
}
