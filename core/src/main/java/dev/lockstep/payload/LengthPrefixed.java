package dev.lockstep.payload;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Modality;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;

/// Checks one H.264 or H.265 frame as MP4 files hold it (ISO/IEC 14496-15): each NAL unit behind
/// its length, of 1 to 4 bytes, big-endian. The lengths must sum up to the frame.
final class LengthPrefixed implements PayloadReader {
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private final boolean h265;
  private final int prefixBytes;

  private LengthPrefixed(boolean h265, int prefixBytes) {
    this.h265 = h265;
    this.prefixBytes = prefixBytes;
  }

  /// How frames with prefixes of that length are read.
  static PayloadProfile profile(boolean h265, int prefixBytes) {
    return new PayloadProfile(
        Modality.VIDEO,
        false,
        false,
        new LengthPrefixed(h265, prefixBytes),
        Set.of(DefectKind.PAYLOAD_EMPTY, DefectKind.VIDEO_MALFORMED, DefectKind.ZERO_PAGES),
        null,
        null);
  }

  @Override
  public void read(MemorySegment bytes, long offsetBytes, int lengthBytes, PayloadFacts facts) {
    if (lengthBytes == 0) {
      facts.emptyPayload();
      return;
    }
    if (ZeroPages.report(bytes, offsetBytes, lengthBytes, facts)) {
      return;
    }
    long end = offsetBytes + lengthBytes;
    NalUnits units = new NalUnits(bytes, offsetBytes, end, h265, false, facts);
    long at = offsetBytes;
    while (at < end) {
      String where = "length of the NAL unit at byte " + (at - offsetBytes);
      if (end - at < prefixBytes) {
        units.wrong(where, end - at + " bytes", prefixBytes + " bytes");
        return;
      }
      long length = 0;
      for (int i = 0; i < prefixBytes; i++) {
        length = (length << 8) | (bytes.get(BYTE, at + i) & 0xFF);
      }
      long unit = at + prefixBytes;
      if (length < units.headerBytes() || length > end - unit) {
        units.wrong(where, length + " bytes", units.headerBytes() + " to " + (end - unit));
        return;
      }
      if (!units.header(unit, unit + length)) {
        return;
      }
      if (units.scan(unit, unit + length) == NalUnits.Stop.START_CODE) {
        units.wrong(
            "bytes before " + (units.found() - offsetBytes),
            "00 00 01",
            "no such sequence in a NAL unit");
        return;
      }
      at = unit + length;
    }
    if (!units.hasPicture()) {
      units.wrong("frame", "no slice", "a picture");
    }
  }
}
