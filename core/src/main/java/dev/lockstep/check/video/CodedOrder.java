package dev.lockstep.check.video;

import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.CodedFrames;
import dev.lockstep.model.FrameOrder;
import dev.lockstep.model.MessageBatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts the frames of a video in the order in which their coded bytes want them shown (picture
/// order counts). Shared by the rules of a stream; constant memory.
final class CodedOrder {
  /// A frame in its turn.
  ///
  /// @param order its order count
  /// @param begins whether nothing is known of what is shown in front of it
  record Frame(long index, long stampNs, int order, boolean begins) {}

  private final List<Frame> held = new ArrayList<>();
  private final List<Frame> fresh = new ArrayList<>();
  private boolean begins = true;
  private int last;
  private boolean ended;
  private long counted;
  private @Nullable MessageBatch batch;

  private CodedOrder() {}

  static CodedOrder of(SharedAnalyses shared) {
    return shared.get(CodedOrder.class, CodedOrder::new);
  }

  /// Takes the next messages, once however many rules hand them over.
  void accept(MessageBatch next) {
    if (next == batch) {
      return;
    }
    batch = next;
    fresh.clear();
    CodedFrames coded = next.codedFrames();
    int[] places = next.frameOrders();
    for (int row = 0; row < next.size(); row++) {
      int order = coded == null ? CodedFrames.NO_ORDER : coded.orders()[row];
      int place = places.length == 0 ? 0 : places[row];
      boolean lost = (next.flags()[row] & MessageBatch.AFTER_LOSS) != 0;
      boolean anew =
          FrameOrder.has(place, FrameOrder.RESETS)
              || FrameOrder.has(place, FrameOrder.KNOWN)
                  && FrameOrder.has(place, FrameOrder.RESTART);
      if (lost || anew || order == CodedFrames.NO_ORDER) {
        release(0);
        begins = true;
      }
      if (order != CodedFrames.NO_ORDER) {
        counted++;
        insert(new Frame(next.firstIndex() + row, next.stampsNs()[row], order, false));
        release(ShownOrder.MAX_REORDER + 1);
      }
    }
  }

  private void insert(Frame frame) {
    int at = held.size();
    while (at > 0 && held.get(at - 1).order() > frame.order()) {
      at--;
    }
    held.add(at, frame);
  }

  private void release(int kept) {
    while (held.size() > kept) {
      Frame next = held.removeFirst();
      // Behind a lost keyframe counts begin anew without a sign.
      boolean first = begins || next.order() < last;
      fresh.add(new Frame(next.index(), next.stampNs(), next.order(), first));
      begins = false;
      last = next.order();
    }
  }

  /// No more messages.
  void end() {
    if (!ended) {
      ended = true;
      fresh.clear();
      release(0);
    }
  }

  /// Frames whose turn has come since the last batch.
  List<Frame> fresh() {
    return fresh;
  }

  /// Frames of which an order count was read.
  long counted() {
    return counted;
  }
}
