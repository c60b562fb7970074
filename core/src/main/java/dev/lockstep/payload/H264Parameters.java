package dev.lockstep.payload;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What slice heads of H.264 depend on: fields of sequence and picture parameter sets (7.3.2.1,
/// 7.3.2.2).
final class H264Parameters {
  /// profile_idc values whose sets have chroma fields (7.3.2.1.1).
  private static final Set<Integer> CHROMA_PROFILES =
      Set.of(44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244);

  /// time_offset_length where nothing is told (E.2.2).
  private static final int DEFAULT_OFFSET_BITS = 24;

  private H264Parameters() {}

  /// A sequence parameter set.
  ///
  /// @param log2FrameNum bits of frame_num
  /// @param orderType pic_order_cnt_type
  /// @param log2OrderLsb bits of pic_order_cnt_lsb
  /// @param chromaArrayType 0 for gray or separate planes
  /// @param timing how time codes are told
  record Sequence(
      int id,
      int log2FrameNum,
      int orderType,
      int log2OrderLsb,
      boolean orderAlwaysZero,
      boolean gapsAllowed,
      boolean framesOnly,
      boolean separatePlanes,
      int chromaArrayType,
      StreamClock.Timing timing) {}

  /// A picture parameter set.
  ///
  /// @param defaultL0 references of a P slice that says nothing else
  /// @param weightedBi weighted_bipred_idc
  /// @param whole whether the fields behind the slice groups are known
  record Picture(
      int id,
      int sequence,
      boolean bottomOrder,
      int defaultL0,
      int defaultL1,
      boolean weighted,
      int weightedBi,
      boolean redundant,
      boolean whole) {}

  /// The set whose payload `in` begins, or null if it cannot be read.
  static @Nullable Sequence sequence(NalBits in) {
    int profile = in.bits(8);
    in.bits(16);
    int id = in.ue();
    int chroma = 1;
    boolean separate = false;
    if (CHROMA_PROFILES.contains(profile)) {
      chroma = in.ue();
      separate = chroma == 3 && in.flag();
      in.ue();
      in.ue();
      in.bit();
      if (in.flag()) {
        scalingLists(in, chroma == 3 ? 12 : 8);
      }
    }
    int log2FrameNum = in.ue() + 4;
    int orderType = in.ue();
    int log2Lsb = 0;
    boolean alwaysZero = false;
    if (orderType == 0) {
      log2Lsb = in.ue() + 4;
    } else if (orderType == 1) {
      alwaysZero = in.flag();
      in.se();
      in.se();
      int cycle = in.ue();
      for (int i = 0; i < cycle && !in.ended(); i++) {
        in.se();
      }
    }
    in.ue();
    boolean gaps = in.flag();
    in.ue();
    in.ue();
    boolean framesOnly = in.flag();
    boolean sane =
        !in.ended()
            && id >= 0
            && id < 32
            && log2FrameNum >= 4
            && log2FrameNum <= 16
            && orderType >= 0
            && orderType <= 2
            && log2Lsb <= 16
            && chroma >= 0
            && chroma <= 3;
    return sane
        ? new Sequence(
            id,
            log2FrameNum,
            orderType,
            log2Lsb,
            alwaysZero,
            gaps,
            framesOnly,
            separate,
            separate ? 0 : chroma,
            timing(in, framesOnly))
        : null;
  }

  /// What time codes rest on; `in` stands behind frame_mbs_only_flag (E.1.1).
  private static StreamClock.Timing timing(NalBits in, boolean framesOnly) {
    if (!framesOnly) {
      in.bit();
    }
    in.bit();
    if (in.flag()) {
      in.skipCodes(4);
    }
    if (!in.flag()) {
      return StreamClock.Timing.UNKNOWN;
    }
    in.skipPresentation();
    long unit = 0;
    long scale = 0;
    if (in.flag()) {
      unit = in.bits(32) & 0xFFFF_FFFFL;
      scale = in.bits(32) & 0xFFFF_FFFFL;
      in.bit();
    }
    int delayBits = 0;
    int offsetBits = DEFAULT_OFFSET_BITS;
    boolean hypothetical = false;
    for (int nalAndVcl = 0; nalAndVcl < 2; nalAndVcl++) {
      if (in.flag()) {
        hypothetical = true;
        int schedules = in.ue() + 1;
        in.bits(8);
        for (int i = 0; i < schedules && !in.ended(); i++) {
          in.skipCodes(2);
          in.bit();
        }
        in.bits(5);
        delayBits = in.bits(5) + 1 + in.bits(5) + 1;
        offsetBits = in.bits(5);
      }
    }
    if (hypothetical) {
      in.bit();
    }
    boolean structure = in.flag();
    return in.ended()
        ? StreamClock.Timing.UNKNOWN
        : new StreamClock.Timing(scale, unit, delayBits, structure, offsetBits);
  }

  private static void scalingLists(NalBits in, int lists) {
    for (int i = 0; i < lists; i++) {
      if (in.flag()) {
        int last = 8;
        int next = 8;
        for (int j = 0; j < (i < 6 ? 16 : 64) && !in.ended(); j++) {
          if (next != 0) {
            next = (last + in.se() + 256) & 0xFF;
          }
          last = next == 0 ? last : next;
        }
      }
    }
  }

  /// The set whose payload `in` begins, or null if it cannot be read.
  static @Nullable Picture picture(NalBits in) {
    int id = in.ue();
    int sequence = in.ue();
    in.bit();
    boolean bottomOrder = in.flag();
    int groups = in.ue();
    if (in.ended() || id < 0 || id > 255 || sequence < 0 || sequence > 31) {
      return null;
    }
    if (groups != 0) {
      return new Picture(id, sequence, bottomOrder, 0, 0, false, 0, false, false);
    }
    int l0 = in.ue() + 1;
    int l1 = in.ue() + 1;
    boolean weighted = in.flag();
    int weightedBi = in.bits(2);
    in.se();
    in.se();
    in.se();
    in.bits(2);
    boolean redundant = in.flag();
    return new Picture(
        id, sequence, bottomOrder, l0, l1, weighted, weightedBi, redundant, !in.ended());
  }
}
