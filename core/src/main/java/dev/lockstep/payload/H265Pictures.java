package dev.lockstep.payload;

import static dev.lockstep.payload.AnnexBLayout.*;

import dev.lockstep.model.CodedFrames;
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

  /// Whether what a keyframe in the midst of the stream names was there, so that frames that are
  /// shown in front of it can be decoded.
  private boolean goesOn;

  private int orderCount = CodedFrames.NO_ORDER;
  private final StreamClock clock;

  H265Pictures(StreamClock clock) {
    this.clock = clock;
  }

  /// Order count of the picture taken last, or [CodedFrames#NO_ORDER].
  int orderCount() {
    return orderCount;
  }

  /// Takes one unit, from its header on; of a picture's first slice, gives its order.
  int take(byte[] bytes, int from, int to) {
    orderCount = CodedFrames.NO_ORDER;
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
      case H265_PREFIX_SEI -> {
        clock.supplement(bytes, from, to);
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
    clock.picture(sequence.timing(), true);
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
      goesOn = true;
      orderCount = 0;
      return in.ended()
          ? 0
          : FrameOrder.of(0, 0, FrameOrder.REFERENCES | FrameOrder.RESTART | FrameOrder.RESETS);
    }
    int modulus = 1 << sequence.log2OrderLsb();
    int lsb = in.bits(sequence.log2OrderLsb());
    H265Parameters.References references = H265Parameters.ofSlice(in, sequence);
    if (references == null || in.ended()) {
      return 0;
    }
    boolean cut = irap && type <= H265_BLA_LAST;
    boolean rasl = type > H265_RADL_LAST && type <= H265_RASL_LAST;
    boolean leading = rasl || type >= H265_RADL_FIRST && type <= H265_RADL_LAST;
    int order = cut ? lsb : FrameNumbers.wholeOrder(anchor, lsb, modulus);
    if (irap) {
      goesOn = !cut && references.deltas().length > 0 && missing(order, references, false) == 0;
    }
    // Where a video was cut, frames that are shown in front of a keyframe lack what came before it.
    int absent = irap || rasl && !goesOn ? 0 : missing(order, references, true);
    hold(order, references);
    boolean subLayer = type <= H265_LAST_SUB_LAYER && type % 2 == 0;
    if (temporalIdPlus1 == 1 && !leading && !subLayer) {
      anchor = order;
    }
    orderCount = order;
    if (cut) {
      return FrameOrder.of(0, 0, FrameOrder.REFERENCES | FrameOrder.RESTART | FrameOrder.RESETS);
    }
    return FrameOrder.of(absent, 0, FrameOrder.REFERENCES | (irap ? FrameOrder.RESTART : 0));
  }

  /// Pictures of the set that are not held.
  ///
  /// @param used only those that the picture itself refers to
  private int missing(int order, H265Parameters.References references, boolean used) {
    int missing = 0;
    for (int i = 0; i < references.deltas().length; i++) {
      boolean here = held.contains(order + references.deltas()[i]);
      missing += (references.used()[i] || !used) && !here ? 1 : 0;
    }
    return missing;
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
