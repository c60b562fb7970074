package dev.lockstep.payload;

import dev.lockstep.model.Evidence;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a container says that H.264 or H.265 frames are to be decoded (ISO/IEC 14496-15, 5.3.3.1 and
/// 8.3.3.1), which MP4 and Matroska share.
///
/// ```text
/// avcC   version 1 | profile 3 | 111111, prefix length - 1 | 111, SPS count 5 | { length 2 | SPS }
///        PPS count 1 | { length 2 | PPS }
/// hvcC   21 bytes | ......, prefix length - 1 | arrays 1 | { type 1 | count 2 | { length 2 | set } }
/// ```
///
/// @param prefixBytes bytes of the length in front of each NAL unit
/// @param sets parameter sets, to be handed to [FrameNumbers#parameters]
/// @param fault a set that does not fit; those in front of it are kept
public record DecoderConfiguration(int prefixBytes, List<byte[]> sets, @Nullable Evidence fault) {
  /// Longest parameter set that is taken (judged).
  private static final int MAX_PARAMETERS = 1 << 16;

  private static final int AVC_HEAD_BYTES = 5;
  private static final int HEVC_HEAD_BYTES = 22;
  private static final ValueLayout.OfByte U8 = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /// Copies the list.
  public DecoderConfiguration {
    sets = List.copyOf(sets);
  }

  /// Fewest bytes of a configuration.
  public static int leastBytes(boolean h265) {
    return (h265 ? HEVC_HEAD_BYTES : AVC_HEAD_BYTES) + 1;
  }

  /// Reads the configuration in `body`, of at least [#leastBytes].
  public static DecoderConfiguration of(MemorySegment body, boolean h265) {
    int head = h265 ? HEVC_HEAD_BYTES : AVC_HEAD_BYTES;
    int prefix = (body.get(U8, head - 1) & 3) + 1;
    List<byte[]> sets = new ArrayList<>();
    long end = body.byteSize();
    long at = head;
    int lists = h265 ? body.get(U8, at++) & 0xFF : 2;
    for (int list = 0; list < lists; list++) {
      int count;
      if (h265) {
        count = end - at < 3 ? 0 : body.get(U16, at + 1) & 0xFFFF;
        at += 3;
      } else {
        if (at >= end) {
          break;
        }
        count = body.get(U8, at++) & (list == 0 ? 0x1F : 0xFF);
      }
      for (int i = 0; i < count; i++) {
        int length = end - at < 2 ? -1 : body.get(U16, at) & 0xFFFF;
        if (length < 0 || length > end - at - 2) {
          String what = "parameter set " + i + " in " + (h265 ? "hvcC" : "avcC");
          Evidence fault = new Evidence.OutOfRange(what, length, 0, end - at - 2, "bytes");
          return new DecoderConfiguration(prefix, sets, fault);
        }
        at += 2;
        byte[] set = body.asSlice(at, Math.min(length, MAX_PARAMETERS)).toArray(U8);
        sets.add(h265 ? FrameNumbers.h265(set) : set);
        at += length;
      }
    }
    return new DecoderConfiguration(prefix, sets, null);
  }
}
