package dev.lockstep.payload;

import static dev.lockstep.payload.AnnexBLayout.*;

import dev.lockstep.model.FrameOrder;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Follows the pictures of one H.265 stream: which of those that a picture refers to never came
/// (8.3.1, 8.3.2). Used in the order of decoding, by one thread.
final class H265Pictures {
  private final H265Parameters.@Nullable Sequence[] sequences =
      new H265Parameters.@Nullable Sequence[16];
  private final H265Parameters.@Nullable Picture[] pictures =
      new H265Parameters.@Nullable Picture[64];

  /// Order counts of the pictures that a decoder holds; at most 17.
  private Set<Integer> held = new HashSet<>();

  /// Order count of the last picture that others are counted from.
  private int anchor;

  /// Takes one unit, from its header on; of a picture's first slice, gives its order.
  int take(byte[] bytes, int from, int to) {
    if (to - from <= 2) {
      return 0;
    }
    int type = (bytes[from] >> H265_TYPE_SHIFT) & H265_TYPE_MASK;
    int layer = (bytes[from] & 1) << 5 | (bytes[from + 1] & 0xF8) >> 3;
    if (layer != 0) {
      return 0;
    }
    NalBits in = new NalBits(bytes, from + 2, to);
    switch (type) {
      case H265_SPS -> {
        H265Parameters.Sequence set = H265Parameters.sequence(in);
        if (set != null) {
          sequences[set.id()] = set;
        }
        return 0;
      }
      case H265_PPS -> {
        H265Parameters.Picture set = H265Parameters.picture(in);
        if (set != null) {
          pictures[set.id()] = set;
        }
        return 0;
      }
      default -> {
        return type <= H265_IRAP_LAST
            ? slice(type, bytes[from + 1] & H265_TEMPORAL_ID_MASK, in)
            : 0;
      }
    }
  }

  private int slice(int type, int temporalIdPlus1, NalBits in) {
    if (!in.flag()) {
      return 0;
    }
    boolean irap = type >= H265_IRAP_FIRST;
    if (irap) {
      in.bit();
    }
    int id = in.ue();
    H265Parameters.Picture picture = id < 0 || id >= pictures.length ? null : pictures[id];
    H265Parameters.Sequence sequence = picture == null ? null : sequences[picture.sequence()];
    if (picture == null || sequence == null) {
      return 0;
    }
    in.bits(picture.extraBits());
    in.ue();
    if (picture.outputFlag()) {
      in.bit();
    }
    if (sequence.separatePlanes()) {
      in.bits(2);
    }
    if (type == H265_IDR_W_RADL || type == H265_IDR_N_LP) {
      held = new HashSet<>(Set.of(0));
      anchor = 0;
      return in.ended() ? 0 : FrameOrder.of(0, 0, FrameOrder.REFERENCES | FrameOrder.RESTART);
    }
    int modulus = 1 << sequence.log2OrderLsb();
    int lsb = in.bits(sequence.log2OrderLsb());
    H265Parameters.References references = H265Parameters.ofSlice(in, sequence);
    if (references == null || in.ended()) {
      return 0;
    }
    if (type >= H265_IRAP_FIRST && type <= H265_BLA_LAST) {
      anchor = 0;
    }
    int order = irap && type <= H265_BLA_LAST ? lsb : count(lsb, modulus);
    boolean leading = type >= H265_RADL_FIRST && type <= H265_RASL_LAST;
    // Those behind in the order of decoding of a stream's begin may lack what came before it.
    int absent = irap || leading ? 0 : absent(order, references);
    hold(order, references);
    boolean subLayer = type <= H265_LAST_SUB_LAYER && type % 2 == 0;
    if (temporalIdPlus1 == 1 && !leading && !subLayer) {
      anchor = order;
    }
    return FrameOrder.of(absent, 0, FrameOrder.REFERENCES | (irap ? FrameOrder.RESTART : 0));
  }

  /// The whole order count of which the lowest bits are known (8.3.1).
  private int count(int lsb, int modulus) {
    int before = anchor & (modulus - 1);
    int high = anchor - before;
    if (lsb < before && before - lsb >= modulus / 2) {
      return high + modulus + lsb;
    }
    return lsb > before && lsb - before > modulus / 2 ? high - modulus + lsb : high + lsb;
  }

  private int absent(int order, H265Parameters.References references) {
    int absent = 0;
    for (int i = 0; i < references.deltas().length; i++) {
      boolean here = held.contains(order + references.deltas()[i]);
      absent += references.used()[i] && !here ? 1 : 0;
    }
    return absent;
  }

  /// Keeps what the picture names, and itself. What is absent counts as there from now on: it is
  /// told once.
  private void hold(int order, H265Parameters.References references) {
    held.clear();
    for (int delta : references.deltas()) {
      held.add(order + delta);
    }
    held.add(order);
  }
}
