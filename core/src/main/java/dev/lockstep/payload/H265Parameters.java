package dev.lockstep.payload;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What slice heads of H.265 depend on: fields of sequence and picture parameter sets (7.3.2.2,
/// 7.3.2.3, 7.3.7), and the pictures that a slice refers to.
final class H265Parameters {
  /// Most reference picture sets of a sequence (7.4.3.2.1).
  private static final int MAX_SETS = 64;

  /// Most pictures of a set: as many as a decoder can hold (A.4.2).
  private static final int MAX_PICTURES = 16;

  /// Bits of the general profile, tier and constraints in front of the level (7.3.3).
  private static final int PROFILE_BITS = 88;

  private static final int LEVEL_BITS = 8;

  private H265Parameters() {}

  /// The pictures that a picture refers to, by their distance in the order of showing.
  ///
  /// @param deltas first those in front, nearest first, then those behind, nearest first
  /// @param used whether the picture itself refers to them, or only a later one
  /// @param negative number of those in front
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record References(int[] deltas, boolean[] used, int negative) {}

  /// A sequence parameter set.
  ///
  /// @param log2OrderLsb bits of slice_pic_order_cnt_lsb
  /// @param timing how time codes are told
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Sequence(
      int id,
      boolean separatePlanes,
      int log2OrderLsb,
      References[] sets,
      StreamClock.Timing timing) {}

  /// A picture parameter set.
  record Picture(int id, int sequence, boolean outputFlag, int extraBits) {}

  /// The set whose payload `in` begins, or null if it cannot be read.
  static @Nullable Sequence sequence(NalBits in) {
    in.bits(4);
    int layers = in.bits(3);
    in.bit();
    profile(in, layers);
    int id = in.ue();
    boolean separate = in.ue() == 3 && in.flag();
    in.ue();
    in.ue();
    if (in.flag()) {
      in.skipCodes(4);
    }
    in.skipCodes(2);
    int log2Lsb = in.ue() + 4;
    for (int i = in.flag() ? 0 : layers; i <= layers; i++) {
      in.skipCodes(3);
    }
    in.skipCodes(6);
    boolean scales = in.flag();
    if (scales && in.flag()) {
      scalingLists(in);
    }
    in.bits(2);
    if (in.flag()) {
      in.bits(8);
      in.skipCodes(2);
      in.bit();
    }
    int count = in.ue();
    if (in.ended() || id < 0 || id > 15 || log2Lsb > 16 || count < 0 || count > MAX_SETS) {
      return null;
    }
    References[] sets = new References[count];
    for (int i = 0; i < count; i++) {
      References set = references(in, i, sets);
      if (set == null) {
        return null;
      }
      sets[i] = set;
    }
    return new Sequence(id, separate, log2Lsb, sets, timing(in, log2Lsb));
  }

  /// What time codes rest on; `in` stands behind the reference picture sets (7.3.2.2.1, E.2.1).
  private static StreamClock.Timing timing(NalBits in, int log2Lsb) {
    if (in.flag()) {
      int pictures = in.ue();
      for (int i = 0; i < pictures && !in.ended(); i++) {
        in.bits(log2Lsb);
        in.bit();
      }
    }
    in.bits(2);
    if (!in.flag()) {
      return StreamClock.Timing.UNKNOWN;
    }
    in.skipPresentation();
    in.bits(3);
    if (in.flag()) {
      in.skipCodes(4);
    }
    if (!in.flag()) {
      return StreamClock.Timing.UNKNOWN;
    }
    long unit = in.bits(32) & 0xFFFF_FFFFL;
    long scale = in.bits(32) & 0xFFFF_FFFFL;
    return in.ended()
        ? StreamClock.Timing.UNKNOWN
        : new StreamClock.Timing(scale, unit, 0, true, 0);
  }

  private static void profile(NalBits in, int layers) {
    in.skipBits(PROFILE_BITS + LEVEL_BITS);
    boolean[] profiles = new boolean[layers];
    boolean[] levels = new boolean[layers];
    for (int i = 0; i < layers; i++) {
      profiles[i] = in.flag();
      levels[i] = in.flag();
    }
    if (layers > 0) {
      in.skipBits(2 * (8 - layers));
    }
    for (int i = 0; i < layers; i++) {
      in.skipBits((profiles[i] ? PROFILE_BITS : 0) + (levels[i] ? LEVEL_BITS : 0));
    }
  }

  private static void scalingLists(NalBits in) {
    for (int size = 0; size < 4; size++) {
      for (int matrix = 0; matrix < 6 && !in.ended(); matrix += size == 3 ? 3 : 1) {
        if (!in.flag()) {
          in.ue();
        } else {
          if (size > 1) {
            in.se();
          }
          in.skipCodes(Math.min(64, 1 << (4 + 2 * size)));
        }
      }
    }
  }

  /// The set whose payload `in` begins, or null if it cannot be read.
  static @Nullable Picture picture(NalBits in) {
    int id = in.ue();
    int sequence = in.ue();
    in.bit();
    boolean outputFlag = in.flag();
    int extraBits = in.bits(3);
    return in.ended() || id < 0 || id > 63 || sequence < 0 || sequence > 15
        ? null
        : new Picture(id, sequence, outputFlag, extraBits);
  }

  /// The reference pictures of a slice that is no IDR slice; null if they cannot be read. `in`
  /// stands in front of short_term_ref_pic_set_sps_flag.
  static @Nullable References ofSlice(NalBits in, Sequence sequence) {
    References[] sets = sequence.sets();
    if (!in.flag()) {
      return references(in, sets.length, sets);
    }
    int bits = sets.length <= 1 ? 0 : 32 - Integer.numberOfLeadingZeros(sets.length - 1);
    int index = in.bits(bits);
    return in.ended() || index >= sets.length ? null : sets[index];
  }

  /// Set number `index`: one of the sequence's, or the one behind them (7.3.7).
  private static @Nullable References references(NalBits in, int index, References[] sets) {
    if (index > 0 && in.flag()) {
      int back = index == sets.length ? in.ue() + 1 : 1;
      if (back < 1 || back > index) {
        return null;
      }
      return predicted(in, sets[index - back]);
    }
    int negative = in.ue();
    int positive = in.ue();
    if (negative < 0 || positive < 0 || negative + positive > MAX_PICTURES) {
      return null;
    }
    int[] deltas = new int[negative + positive];
    boolean[] used = new boolean[deltas.length];
    int delta = 0;
    for (int i = 0; i < deltas.length; i++) {
      delta = i == negative ? 0 : delta;
      int step = in.ue() + 1;
      delta += i < negative ? -step : step;
      deltas[i] = delta;
      used[i] = in.flag();
    }
    return in.ended() ? null : new References(deltas, used, negative);
  }

  /// A set that is another one, moved (7.4.8, equations 7-61 and 7-62).
  private static @Nullable References predicted(NalBits in, References from) {
    boolean back = in.flag();
    int step = in.ue() + 1;
    int move = back ? -step : step;
    int count = from.deltas().length;
    boolean[] usedBy = new boolean[count + 1];
    boolean[] kept = new boolean[count + 1];
    for (int i = 0; i <= count; i++) {
      usedBy[i] = in.flag();
      kept[i] = usedBy[i] || in.flag();
    }
    int[] deltas = new int[count + 1];
    boolean[] used = new boolean[count + 1];
    int n = 0;
    int negative = 0;
    for (int sign = -1; sign <= 1; sign += 2) {
      // Nearest first: of the far side from its far end, the moved picture itself, the near side.
      int farFrom = sign < 0 ? count - 1 : from.negative() - 1;
      int farEnd = sign < 0 ? from.negative() : 0;
      for (int i = farFrom; i >= farEnd; i--) {
        n = add(deltas, used, n, from.deltas()[i] + move, sign, kept[i], usedBy[i]);
      }
      n = add(deltas, used, n, move, sign, kept[count], usedBy[count]);
      int nearFrom = sign < 0 ? 0 : from.negative();
      int nearEnd = sign < 0 ? from.negative() : count;
      for (int i = nearFrom; i < nearEnd; i++) {
        n = add(deltas, used, n, from.deltas()[i] + move, sign, kept[i], usedBy[i]);
      }
      negative = sign < 0 ? n : negative;
    }
    if (in.ended() || n > MAX_PICTURES) {
      return null;
    }
    return new References(Arrays.copyOf(deltas, n), Arrays.copyOf(used, n), negative);
  }

  private static int add(
      int[] deltas, boolean[] used, int n, int delta, int sign, boolean kept, boolean usedBy) {
    if (!kept || delta * sign <= 0 || n == deltas.length) {
      return n;
    }
    deltas[n] = delta;
    used[n] = usedBy;
    return n + 1;
  }
}
