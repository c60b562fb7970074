package dev.lockstep.payload;

import static dev.lockstep.payload.AnnexBLayout.*;

import dev.lockstep.model.CodedFrames;
import dev.lockstep.model.FrameOrder;
import dev.lockstep.model.MessageBatch;
import org.jspecify.annotations.Nullable;

/// Follows the parameter sets of one H.264 or H.265 stream and gives each frame its [FrameOrder].
/// Used in the order of decoding, by one thread.
public final class FrameNumbers {
  private final H264Parameters.@Nullable Sequence[] sequences =
      new H264Parameters.@Nullable Sequence[32];
  private final H264Parameters.@Nullable Picture[] pictures =
      new H264Parameters.@Nullable Picture[256];

  private final StreamClock clock = new StreamClock();
  private final H265Pictures h265 = new H265Pictures(clock);

  /// Order count of the picture taken last.
  private int orderCount = CodedFrames.NO_ORDER;

  /// Order count of the last reference picture, and whether it is known.
  private int anchor;

  private boolean anchored;

  /// A parameter set of H.265, marked as such for [#parameters].
  public static byte[] h265(byte[] unit) {
    byte[] marked = unit.clone();
    if (marked.length > 0) {
      marked[0] |= (byte) FORBIDDEN_BIT;
    }
    return marked;
  }

  /// Takes a parameter set that stands outside of the frames (`avcC`), from its NAL unit header on.
  public void parameters(byte[] unit) {
    if (unit.length > 0) {
      take(unit, 0, unit.length);
    }
  }

  /// Sets the frame order of every row of `batch` that `heads` tells of.
  public void resolve(FrameHeads heads, MessageBatch batch) {
    byte[] bytes = heads.bytes();
    for (int i = 0; i < heads.size(); i++) {
      int order = 0;
      int count = CodedFrames.NO_ORDER;
      int at = heads.from(i);
      clock.begin();
      while (at < heads.to(i)) {
        int length = bytes[at] & 0xFF;
        int picture = take(bytes, at + 1, at + 1 + length);
        if (picture != 0) {
          count = order == 0 ? orderCount : CodedFrames.NO_ORDER;
          order = joined(order, picture);
        }
        at += 1 + length;
      }
      if (order != 0) {
        batch.setFrameOrder(heads.row(i), order);
        batch.setCodedFrame(heads.row(i), count, clock.timeNs(), clock.marks());
      }
    }
  }

  /// The order of a message that holds several pictures.
  private static int joined(int before, int next) {
    if (before == 0) {
      return next;
    }
    if ((before & next & FrameOrder.REFERENCES) != 0) {
      int absent = FrameOrder.number(before) + FrameOrder.number(next);
      int begins = (before | next) & (FrameOrder.RESTART | FrameOrder.RESETS);
      return FrameOrder.of(absent, 0, FrameOrder.REFERENCES | begins);
    }
    int known = before & next & FrameOrder.KNOWN;
    boolean sameFrame =
        known != 0
            && FrameOrder.number(before) == FrameOrder.number(next)
            && FrameOrder.has(before, FrameOrder.FIELD)
            && FrameOrder.has(next, FrameOrder.FIELD);
    int flags =
        (before | next)
            & (FrameOrder.PARAMETERS_MISSING | FrameOrder.RESETS | FrameOrder.MAY_RESET);
    if (sameFrame) {
      // Both fields are here, so none is to come.
      int kept = (before | next) & (FrameOrder.REFERENCE | FrameOrder.RESTART);
      return (next & ~FrameOrder.FIELD) | flags | kept;
    }
    return next | flags | FrameOrder.SEVERAL;
  }

  /// Takes one unit; of a picture, gives its order.
  private int take(byte[] bytes, int from, int to) {
    int header = bytes[from] & 0xFF;
    orderCount = CodedFrames.NO_ORDER;
    if ((header & FORBIDDEN_BIT) != 0) {
      int order = h265.take(bytes, from, to);
      orderCount = h265.orderCount();
      return order;
    }
    NalBits in = new NalBits(bytes, from + 1, to);
    switch (header & H264_TYPE_MASK) {
      case H264_SPS -> {
        H264Parameters.Sequence set = H264Parameters.sequence(in);
        if (set != null) {
          sequences[set.id()] = set;
        }
      }
      case H264_PPS -> {
        H264Parameters.Picture set = H264Parameters.picture(in);
        if (set != null) {
          pictures[set.id()] = set;
        }
      }
      case H264_SEI -> clock.supplement(bytes, from, to);
      case H264_SLICE, H264_PARTITION_A, H264_IDR -> {
        return slice(header, in);
      }
      default -> {}
    }
    return 0;
  }

  private int slice(int header, NalBits in) {
    in.ue();
    int type = in.ue() % 5;
    int id = in.ue();
    if (in.ended() || id < 0 || id >= pictures.length || type < 0) {
      return 0;
    }
    H264Parameters.Picture picture = pictures[id];
    H264Parameters.Sequence sequence = picture == null ? null : sequences[picture.sequence()];
    if (picture == null || sequence == null) {
      return FrameOrder.PARAMETERS_MISSING;
    }
    if (sequence.separatePlanes()) {
      in.bits(2);
    }
    int number = in.bits(sequence.log2FrameNum());
    boolean field = !sequence.framesOnly() && in.flag();
    if (field) {
      in.bit();
    }
    if (in.ended()) {
      return 0;
    }
    clock.picture(sequence.timing(), false);
    boolean idr = (header & H264_TYPE_MASK) == H264_IDR;
    boolean reference = (header & H264_REFERENCE_MASK) != 0;
    int flags = FrameOrder.KNOWN;
    flags |= idr ? FrameOrder.RESTART : 0;
    flags |= reference ? FrameOrder.REFERENCE : 0;
    flags |= field ? FrameOrder.FIELD : 0;
    flags |= sequence.gapsAllowed() ? FrameOrder.GAPS_ALLOWED : 0;
    flags |= type == SLICE_I || type == SLICE_SI ? FrameOrder.INTRA : 0;
    if (idr) {
      in.ue();
    }
    int lsb = sequence.orderType() == 0 ? in.bits(sequence.log2OrderLsb()) : 0;
    boolean counts = sequence.orderType() == 0 && !field && !in.ended();
    if (sequence.orderType() == 0 && picture.bottomOrder() && !field) {
      in.se();
    }
    if (reference && !idr) {
      boolean resets = picture.whole() && resets(in, type, field, picture, sequence);
      flags |= resets ? FrameOrder.RESETS : 0;
      flags |= !picture.whole() || in.ended() ? FrameOrder.MAY_RESET : 0;
    }
    count(counts, lsb, sequence.log2OrderLsb(), flags);
    return FrameOrder.of(number, sequence.log2FrameNum(), flags);
  }

  /// Follows the order count of which the lowest bits are known (8.2.1.1).
  private void count(boolean counts, int lsb, int log2Lsb, int flags) {
    boolean begins = FrameOrder.has(flags, FrameOrder.RESTART);
    boolean resets = FrameOrder.has(flags, FrameOrder.RESETS);
    if (!counts || FrameOrder.has(flags, FrameOrder.MAY_RESET)) {
      anchored = false;
      return;
    }
    // Where reading begins in the midst of a stream, the upper bits stay unknown but equal.
    int order = begins || !anchored ? lsb : wholeOrder(anchor, lsb, 1 << log2Lsb);
    // Behind operation 5 counting goes on from the picture itself.
    order = resets ? 0 : order;
    anchored = true;
    orderCount = order;
    if (FrameOrder.has(flags, FrameOrder.REFERENCE)) {
      anchor = order;
    }
  }

  /// The order count nearest to `anchor` of which the lowest bits are known (H.264, 8.2.1.1; H.265,
  /// 8.3.1).
  static int wholeOrder(int anchor, int lsb, int modulus) {
    int before = anchor & (modulus - 1);
    int high = anchor - before;
    if (lsb < before && before - lsb >= modulus / 2) {
      return high + modulus + lsb;
    }
    return lsb > before && lsb - before > modulus / 2 ? high - modulus + lsb : high + lsb;
  }

  /// Whether the marking of references holds operation 5; `in` stands behind the order counts of
  /// type 0 of a slice that is no IDR slice (7.3.3).
  private static boolean resets(
      NalBits in,
      int type,
      boolean field,
      H264Parameters.Picture picture,
      H264Parameters.Sequence sequence) {
    boolean inter = type == SLICE_P || type == SLICE_B || type == SLICE_SP;
    if (sequence.orderType() == 1 && !sequence.orderAlwaysZero()) {
      in.se();
      if (picture.bottomOrder() && !field) {
        in.se();
      }
    }
    if (picture.redundant()) {
      in.ue();
    }
    if (type == SLICE_B) {
      in.bit();
    }
    int l0 = picture.defaultL0();
    int l1 = picture.defaultL1();
    if (inter && in.flag()) {
      l0 = in.ue() + 1;
      l1 = type == SLICE_B ? in.ue() + 1 : 0;
    }
    if (inter) {
      skipModification(in);
    }
    if (type == SLICE_B) {
      skipModification(in);
    }
    boolean weights = type == SLICE_B ? picture.weightedBi() == 1 : inter && picture.weighted();
    if (weights) {
      boolean chroma = sequence.chromaArrayType() != 0;
      in.ue();
      if (chroma) {
        in.ue();
      }
      skipWeights(in, l0, chroma);
      if (type == SLICE_B) {
        skipWeights(in, l1, chroma);
      }
    }
    if (!in.flag()) {
      return false;
    }
    while (!in.ended()) {
      switch (in.ue()) {
        case 0 -> {
          return false;
        }
        case 3 -> {
          in.ue();
          in.ue();
        }
        case 5 -> {
          return true;
        }
        default -> in.ue();
      }
    }
    return false;
  }

  private static void skipModification(NalBits in) {
    if (in.flag()) {
      while (in.ue() != 3 && !in.ended()) {
        in.ue();
      }
    }
  }

  private static void skipWeights(NalBits in, int references, boolean chroma) {
    for (int i = 0; i < references && !in.ended(); i++) {
      if (in.flag()) {
        in.se();
        in.se();
      }
      if (chroma && in.flag()) {
        in.se();
        in.se();
        in.se();
        in.se();
      }
    }
  }
}
