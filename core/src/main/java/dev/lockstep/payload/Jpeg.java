package dev.lockstep.payload;

import static dev.lockstep.payload.JpegLayout.*;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Checks the structure of a JPEG image without decoding it: from start to end marker, every
/// segment and every byte of the scans is seen.
///
/// An image that has its start and its end and neither a frame nor a scan between them holds no
/// picture; it is told, not judged: there is nothing whose damage could be seen.
final class Jpeg {
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private final MemorySegment bytes;
  private final long start;
  private final long end;
  private final PayloadFacts facts;
  private final Words words;

  private long next;
  private boolean frame;
  private boolean scan;
  private int restartInterval;
  private final @Nullable JpegScan followed;

  private Jpeg(MemorySegment bytes, long at, int lengthBytes, PayloadFacts facts) {
    this.bytes = bytes;
    this.start = at;
    this.end = at + lengthBytes;
    this.facts = facts;
    this.words = facts.scratch.words;
    words.over(bytes, end);
    this.followed = isFollowed(bytes, at, lengthBytes) ? facts.scratch.jpegScan() : null;
    if (followed != null) {
      followed.begin();
    }
  }

  /// Whether the codes of an image are followed: one in as many as it has shares, by its bytes, so
  /// that each way to read it chooses the same.
  private static boolean isFollowed(MemorySegment bytes, long at, int lengthBytes) {
    if (lengthBytes <= JpegScan.SMALL_BYTES) {
      return true;
    }
    long shares = lengthBytes / JpegScan.SHARE_BYTES;
    long middle = bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, at + lengthBytes / 2);
    long middleOfIt = Long.reverse(middle * 0x9E3779B97F4A7C15L) ^ lengthBytes;
    return Long.remainderUnsigned(middleOfIt * 0x9E3779B97F4A7C15L, shares) == 0;
  }

  /// Whether a range begins as a JPEG image.
  static boolean begins(MemorySegment bytes, long at, int lengthBytes) {
    return lengthBytes >= 2 && bytes.get(BYTE, at) == -1 && (bytes.get(BYTE, at + 1) & 0xFF) == SOI;
  }

  /// Examines the image in a range that lies within `bytes`.
  static void examine(MemorySegment bytes, long at, int lengthBytes, PayloadFacts facts) {
    new Jpeg(bytes, at, lengthBytes, facts).examine();
  }

  private void examine() {
    int length = (int) (end - start);
    if (!begins(bytes, start, length)) {
      if (length == 0) {
        truncated("image data", "0 bytes", "an image");
      } else {
        malformed(
            "image start", Texts.hex(bytes, start, Math.min(length, 4)), "FF D8 (JPEG start)");
      }
      return;
    }
    if (ZeroPages.report(bytes, start, length, facts)) {
      return;
    }
    next = start + 2;
    while (segment()) {}
  }

  /// Reads one segment, and the scan that it begins; whether there is another.
  private boolean segment() {
    if (next >= end) {
      truncated("JPEG end marker", "missing", "FF D9 at the end");
      return false;
    }
    long at = next;
    if (u8(at) != 0xFF) {
      return broken(
          "byte " + (at - start) + " after a segment", Texts.hex(bytes, at, 1), "FF of a marker");
    }
    while (next < end && u8(next) == 0xFF) {
      next++;
    }
    if (next >= end) {
      truncated("JPEG end marker", "missing", "FF D9 at the end");
      return false;
    }
    int marker = u8(next++);
    if (marker == EOI) {
      if (frame && scan) {
        judgeRest();
      } else if (frame || scan) {
        malformed("JPEG " + (frame ? "scan" : "frame"), "missing", "a frame, then a scan");
      } else {
        noPicture();
      }
      return false;
    }
    if (marker == 0 || marker == SOI || isRestart(marker) || (marker > TEM && marker < SOF_FIRST)) {
      return broken(
          "marker at byte " + (next - 2 - start),
          String.format(Locale.ROOT, "FF %02X", marker),
          "a segment or the end");
    }
    if (marker == TEM) {
      return true;
    }
    if (end - next < 2) {
      truncated("JPEG end marker", "missing", "FF D9 at the end");
      return false;
    }
    int length = u16(next);
    long body = next + 2;
    if (length < 2) {
      return broken(
          "length of " + segmentName(marker, body), Integer.toString(length), "at least 2");
    }
    if (length > end - next) {
      return brokenOrTruncated("length of " + segmentName(marker, body), length, end - next);
    }
    next += length;
    if (!contentFits(marker, body, length - 2)) {
      return broken(
          "content of " + segmentName(marker, body),
          length + " bytes",
          "tables that fill it exactly");
    }
    if (marker != SOS) {
      return true;
    }
    long dataAt = next;
    boolean whole = entropyCoded();
    if (whole && followed != null) {
      String damage = followed.damage(bytes, body, dataAt, next, restartInterval);
      if (damage != null) {
        malformed("codes of the scan", damage, "codes of all blocks, and none behind them");
        return false;
      }
    }
    return whole;
  }

  /// A segment in words. Asked for where there is something to say of it only: made for every
  /// segment, names take more time than all that is checked.
  private String segmentName(int marker, long body) {
    return String.format(
        Locale.ROOT, "segment FF %02X at byte %d", marker, body - SEGMENT_HEAD_BYTES - start);
  }

  private boolean contentFits(int marker, long body, int length) {
    if (isFrame(marker)) {
      frame = true;
      boolean whole =
          length >= SOF_FIXED_BYTES - 2
              && length >= SOF_FIXED_BYTES - 2 + SOF_COMPONENT_BYTES * u8(body + 5);
      if (followed != null && whole) {
        followed.frame(marker, bytes, body);
      }
      if (length >= SOF_FIXED_BYTES - 2) {
        facts.picture(u16(body + 3), u16(body + 1));
      }
      return length >= SOF_FIXED_BYTES - 2
          && length == SOF_FIXED_BYTES - 2 + SOF_COMPONENT_BYTES * u8(body + 5)
          && u8(body + 5) > 0
          && u16(body + 3) > 0;
    }
    return switch (marker) {
      case SOS -> {
        scan = true;
        yield length >= SOS_FIXED_BYTES - 2
            && u8(body) >= 1
            && u8(body) <= SOS_MAX_COMPONENTS
            && length == SOS_FIXED_BYTES - 2 + SOS_COMPONENT_BYTES * u8(body);
      }
      case DQT -> quantizationTables(body, length);
      case DHT -> huffmanTables(body, length);
      case DRI -> {
        if (length != DRI_BYTES - 2) {
          yield false;
        }
        restartInterval = u16(body);
        yield true;
      }
      default -> true;
    };
  }

  private boolean quantizationTables(long body, int length) {
    int used = 0;
    while (used < length) {
      int head = u8(body + used);
      if (head >> 4 > 1 || (head & 15) > 3) {
        return false;
      }
      used += 1 + DQT_ELEMENTS * (1 + (head >> 4));
    }
    return used == length;
  }

  private boolean huffmanTables(long body, int length) {
    int used = 0;
    while (used < length) {
      if (length - used < DHT_FIXED_BYTES) {
        return false;
      }
      int head = u8(body + used);
      if (head >> 4 > 1 || (head & 15) > 3) {
        return false;
      }
      int symbols = 0;
      for (int i = 1; i < DHT_FIXED_BYTES; i++) {
        symbols += u8(body + used + i);
      }
      boolean sound =
          followed == null
              || length - used < DHT_FIXED_BYTES + symbols
              || symbols > 256
              || followed.table(bytes, body + used);
      if (!sound) {
        return false;
      }
      used += DHT_FIXED_BYTES + symbols;
    }
    return used == length;
  }

  /// Passes over the data of a scan; whether segments follow.
  private boolean entropyCoded() {
    int restart = 0;
    while (true) {
      // FF 00 stands for a byte FF of the data.
      long ff = words.nextMarker(next);
      if (ff < 0 || ff + 1 >= end) {
        truncated("JPEG end marker", "missing", "FF D9 at the end");
        return false;
      }
      int marker = u8(ff + 1);
      if (marker == 0xFF) {
        next = ff + 1;
      } else if (isRestart(marker)) {
        if (restartInterval == 0 || marker - RST_FIRST != restart) {
          malformed(
              "restart marker at byte " + (ff - start),
              String.format(Locale.ROOT, "FF %02X", marker),
              restartInterval == 0
                  ? "none, no interval was defined"
                  : String.format(Locale.ROOT, "FF %02X", RST_FIRST + restart));
          return false;
        }
        restart = (restart + 1) & 7;
        next = ff + 2;
      } else if (mayFollowScan(marker)) {
        next = ff;
        return true;
      } else {
        malformed(
            "marker in the scan at byte " + (ff - start),
            String.format(Locale.ROOT, "FF %02X", marker),
            "FF 00, a restart or the end");
        return false;
      }
    }
  }

  private static boolean mayFollowScan(int marker) {
    return marker == EOI
        || marker == SOS
        || marker == DHT
        || marker == DQT
        || marker == DAC
        || marker == DRI
        || marker == DNL
        || marker == COM
        || (marker >= APP_FIRST && marker < APP_FIRST + 16);
  }

  /// Cameras pad with zeros or FF, and put a second image behind the first.
  private void judgeRest() {
    long rest = end - next;
    if (rest == 0 || begins(bytes, next, (int) rest)) {
      return;
    }
    long at = endOfPadding(next);
    if (at < end) {
      malformed("bytes behind the JPEG end marker", rest + " bytes", "none, or padding");
    }
  }

  private long endOfPadding(long from) {
    long at = from;
    while (at < end && (bytes.get(BYTE, at) == 0 || bytes.get(BYTE, at) == -1)) {
      at++;
    }
    return at;
  }

  private boolean brokenOrTruncated(String what, int value, long left) {
    if (endsWithEnd()) {
      return broken(what, value + " bytes", "at most " + left);
    }
    truncated(what, value + " bytes", "at most " + left);
    return false;
  }

  /// The segments cannot be followed further. Damage, if there is a picture; nothing to tell if the
  /// image never had one.
  private boolean broken(String what, String observed, String expected) {
    if (frame || scan || hasPicture()) {
      malformed(what, observed, expected);
    } else if (endsWithEnd()) {
      noPicture();
    } else {
      truncated("JPEG end marker", "missing", "FF D9 at the end");
    }
    return false;
  }

  /// Whether a frame or a scan begins anywhere.
  private boolean hasPicture() {
    for (long at = words.nextMarker(start + 2);
        at >= 0 && at + 1 < end;
        at = words.nextMarker(at + 1)) {
      int marker = u8(at + 1);
      if (isFrame(marker) || marker == SOS) {
        return true;
      }
    }
    return false;
  }

  private boolean endsWithEnd() {
    long at = end;
    while (at > start && bytes.get(BYTE, at - 1) == 0) {
      at--;
    }
    return at - start >= 4 && u8(at - 1) == EOI && u8(at - 2) == 0xFF;
  }

  private void noPicture() {
    facts.fault(
        DefectKind.IMAGE_WITHOUT_PICTURE,
        new Evidence.Violation("JPEG", "start and end only", "a frame and a scan between them"));
  }

  private void truncated(String what, String observed, String expected) {
    facts.fault(DefectKind.IMAGE_TRUNCATED, new Evidence.Violation(what, observed, expected));
  }

  private void malformed(String what, String observed, String expected) {
    facts.fault(DefectKind.IMAGE_MALFORMED, new Evidence.Violation(what, observed, expected));
  }

  private int u8(long at) {
    return words.byteAt(at);
  }

  private int u16(long at) {
    return u8(at) << 8 | u8(at + 1);
  }
}
