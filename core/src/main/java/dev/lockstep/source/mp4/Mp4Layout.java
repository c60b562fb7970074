package dev.lockstep.source.mp4;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.Set;

/// Layout of MP4 files (ISO/IEC 14496-12 and -15; QuickTime File Format): boxes in boxes, all
/// numbers big-endian.
///
/// ```text
/// box      size 4 | type 4 | [size 8, where size is 1] | [16, where type is uuid] | body
///          size 0: up to the end of the file
/// full box  ... | version 1 | flags 3 | body
///
/// ftyp  moov ┬ mvhd                                     mdat   (progressive)
///            ├ trak ┬ tkhd
///            │      ├ edts ─ elst
///            │      └ mdia ┬ mdhd  hdlr
///            │             └ minf ┬ dinf ─ dref
///            │                    └ stbl ─ stsd stts ctts stsc stsz stco stss
///            └ mvex ─ trex
/// [styp] [sidx] moof ┬ mfhd                             mdat   (fragmented, again and again)
///                    └ traf ─ tfhd tfdt trun...
///
/// stts  count 4 | { samples 4 | delta 4 }           when frames are decoded, in ticks of mdhd
/// ctts  count 4 | { samples 4 | offset 4 }          how much later they are shown
/// stsc  count 4 | { first chunk 4 | samples a chunk 4 | description 4 }
/// stsz  size 4 (0: each its own) | count 4 | { size 4 }
/// stz2  reserved 3 | bits 1 | count 4 | { size, that many bits }
/// stco  count 4 | { offset 4 }           co64  count 4 | { offset 8 }
/// stss  count 4 | { number of a sync sample, from 1, 4 }
/// elst  count 4 | { duration 4/8 | media time 4/8, -1: nothing | rate 4 }
/// ```
final class Mp4Layout {
  static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
  static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  static final int HEAD_BYTES = 8;
  static final int LARGE_HEAD_BYTES = 16;
  static final int UUID_BYTES = 16;

  /// Version and flags of a full box.
  static final int FULL_BYTES = 4;

  /// Count in front of the entries of a table.
  static final int COUNT_BYTES = 4;

  static final int FTYP = type("ftyp");
  static final int STYP = type("styp");
  static final int MOOV = type("moov");
  static final int MVHD = type("mvhd");
  static final int TRAK = type("trak");
  static final int TKHD = type("tkhd");
  static final int EDTS = type("edts");
  static final int ELST = type("elst");
  static final int MDIA = type("mdia");
  static final int MDHD = type("mdhd");
  static final int HDLR = type("hdlr");
  static final int MINF = type("minf");
  static final int DINF = type("dinf");
  static final int DREF = type("dref");
  static final int STBL = type("stbl");
  static final int STSD = type("stsd");
  static final int STTS = type("stts");
  static final int CTTS = type("ctts");
  static final int STSC = type("stsc");
  static final int STSZ = type("stsz");
  static final int STZ2 = type("stz2");
  static final int STCO = type("stco");
  static final int CO64 = type("co64");
  static final int STSS = type("stss");
  static final int MVEX = type("mvex");
  static final int TREX = type("trex");
  static final int MOOF = type("moof");
  static final int MFHD = type("mfhd");
  static final int TRAF = type("traf");
  static final int TFHD = type("tfhd");
  static final int TFDT = type("tfdt");
  static final int TRUN = type("trun");
  static final int SIDX = type("sidx");
  static final int MDAT = type("mdat");
  static final int UUID = type("uuid");
  static final int AVCC = type("avcC");
  static final int HVCC = type("hvcC");

  /// Handler types (hdlr).
  static final int VIDEO = type("vide");

  static final int SOUND = type("soun");

  /// Types that a file may begin with.
  static final Set<Integer> FIRST_TYPES =
      Set.of(
          FTYP,
          STYP,
          MOOV,
          MOOF,
          MDAT,
          SIDX,
          type("wide"),
          type("free"),
          type("skip"),
          type("pnot"));

  /// Major brands of still images in the same boxes (ISO/IEC 23008-12, AVIF).
  static final Set<Integer> IMAGE_BRANDS =
      Set.of(type("heic"), type("heix"), type("mif1"), type("avif"));

  static final Set<Integer> AVC = Set.of(type("avc1"), type("avc3"));
  static final Set<Integer> HEVC = Set.of(type("hvc1"), type("hev1"), type("dvh1"), type("dvhe"));
  static final Set<Integer> JPEG = Set.of(type("jpeg"), type("mjpg"));
  static final int ENCRYPTED_VIDEO = type("encv");

  /// Bytes of a video sample entry in front of its boxes (12.1.3), from the box's begin.
  static final int VISUAL_ENTRY_BYTES = 86;

  /// Where a sample entry names its data reference, from the box's begin.
  static final int ENTRY_REFERENCE_OFFSET = 14;

  /// dref entry: the media is in this file.
  static final int SELF_CONTAINED = 1;

  static final int STTS_BYTES = 8;
  static final int CTTS_BYTES = 8;
  static final int STSC_BYTES = 12;

  // tfhd flags (8.8.7)
  static final int TFHD_BASE_OFFSET = 0x1;
  static final int TFHD_DESCRIPTION = 0x2;
  static final int TFHD_DURATION = 0x8;
  static final int TFHD_SIZE = 0x10;
  static final int TFHD_FLAGS = 0x20;
  static final int TFHD_BASE_IS_MOOF = 0x20000;

  // trun flags (8.8.8)
  static final int TRUN_OFFSET = 0x1;
  static final int TRUN_FIRST_FLAGS = 0x4;
  static final int TRUN_DURATION = 0x100;
  static final int TRUN_SIZE = 0x200;
  static final int TRUN_FLAGS = 0x400;
  static final int TRUN_COMPOSITION = 0x800;

  /// sample_is_non_sync_sample (8.8.3.1).
  static final int NON_SYNC = 0x10000;

  static final int SIDX_REFERENCE_BYTES = 12;

  private Mp4Layout() {}

  /// A type as a number.
  static int type(String name) {
    return (name.charAt(0) << 24) | (name.charAt(1) << 16) | (name.charAt(2) << 8) | name.charAt(3);
  }

  /// A type in words: its letters, or hexadecimal where they are none.
  static String name(int type) {
    return isPlausible(type)
        ? new String(
            new char[] {letter(type >>> 24), letter(type >>> 16), letter(type >>> 8), letter(type)})
        : String.format(Locale.ROOT, "0x%08X", type);
  }

  private static char letter(int value) {
    return (char) (value & 0xFF);
  }

  /// Whether a type consists of letters, as all that are in use do (0xA9 is a QuickTime letter).
  static boolean isPlausible(int type) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      int letter = (type >>> shift) & 0xFF;
      if ((letter < 0x20 || letter > 0x7E) && letter != 0xA9) {
        return false;
      }
    }
    return true;
  }

  static long u32(MemorySegment file, long at) {
    return Integer.toUnsignedLong(file.get(U32, at));
  }

  static int u16(MemorySegment file, long at) {
    return Short.toUnsignedInt(file.get(U16, at));
  }

  static int u8(MemorySegment file, long at) {
    return Byte.toUnsignedInt(file.get(U8, at));
  }
}
