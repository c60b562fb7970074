package dev.lockstep.payload;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Modality;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.Set;

/// Looks at the first bytes of a VP8 or VP9 frame (RFC 6386, 9.1; VP9 Bitstream Specification,
/// 6.2): whether it is one, and whether it is a keyframe.
///
/// ```text
/// VP8   1 bit each from the lowest: not a keyframe | version 3 | shown 1 | size 19
///       keyframes go on with 9D 01 2A
/// VP9   from the highest: 10 | profile 2 (3) | shows an older frame 1 | not a keyframe 1 | ...
///       keyframes go on with 49 83 42
/// ```
final class Vpx implements PayloadReader {
  private static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
  private static final int VP8_CODE = 0x9D_01_2A;
  private static final int VP9_CODE = 0x49_83_42;

  private final boolean vp9;

  private Vpx(boolean vp9) {
    this.vp9 = vp9;
  }

  static PayloadProfile profile(boolean vp9) {
    return new PayloadProfile(
        Modality.VIDEO,
        false,
        false,
        new Vpx(vp9),
        Set.of(DefectKind.PAYLOAD_EMPTY, DefectKind.VIDEO_MALFORMED, DefectKind.ZERO_PAGES),
        null,
        null);
  }

  @Override
  public void read(MemorySegment bytes, long offsetBytes, int lengthBytes, PayloadFacts facts) {
    if (lengthBytes == 0) {
      facts.emptyPayload();
    } else if (!ZeroPages.report(bytes, offsetBytes, lengthBytes, facts)) {
      if (vp9) {
        vp9(bytes, offsetBytes, lengthBytes, facts);
      } else {
        vp8(bytes, offsetBytes, lengthBytes, facts);
      }
    }
  }

  private static void vp8(MemorySegment bytes, long at, int length, PayloadFacts facts) {
    if (length < 3) {
      wrong(facts, "head of the VP8 frame", length + " bytes", "at least 3");
      return;
    }
    facts.keyframe = (bytes.get(U8, at) & 1) == 0;
    if (facts.keyframe) {
      code(bytes, at + 3, length - 3, VP8_CODE, facts);
    }
  }

  private static void vp9(MemorySegment bytes, long at, int length, PayloadFacts facts) {
    int first = bytes.get(U8, at) & 0xFF;
    if (first >> 6 != 2) {
      wrong(
          facts,
          "frame marker of the VP9 frame",
          String.format(Locale.ROOT, "%02X", first),
          "80 to BF");
      return;
    }
    int profile = (first >> 5 & 1) | (first >> 4 & 1) << 1;
    // Profile 3 has one bit more.
    int shift = profile == 3 ? 1 : 0;
    boolean shows = (first >> (3 - shift) & 1) == 1;
    facts.keyframe = !shows && (first >> (2 - shift) & 1) == 0;
    if (facts.keyframe && profile < 3) {
      code(bytes, at + 1, length - 1, VP9_CODE, facts);
    }
  }

  private static void code(
      MemorySegment bytes, long at, int left, int expected, PayloadFacts facts) {
    int found = 0;
    for (int i = 0; i < Math.min(3, left); i++) {
      found = found << 8 | (bytes.get(U8, at + i) & 0xFF);
    }
    if (left < 3 || found != expected) {
      wrong(
          facts,
          "start code of the keyframe",
          left < 3 ? left + " bytes" : String.format(Locale.ROOT, "%06X", found),
          String.format(Locale.ROOT, "%06X", expected));
    }
  }

  private static void wrong(PayloadFacts facts, String what, String observed, String expected) {
    facts.fault(DefectKind.VIDEO_MALFORMED, new Evidence.Violation(what, observed, expected));
  }
}
