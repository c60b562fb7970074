package dev.lockstep.check.time;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import org.jspecify.annotations.Nullable;

/// A rule that judges what [StampWatch] saw. Rules of this sort differ in the steps that they
/// claim; each step is claimed by at most one.
abstract class StampRule implements StreamCheck {
  private final CheckCard card;

  StampRule(CheckCard card) {
    this.card = card;
  }

  @Override
  public final CheckCard card() {
    return card;
  }

  @Override
  public final @Nullable String notApplicable(StreamInfo stream) {
    return unmeasured(stream);
  }

  /// Why rules about measured times do not apply to a stream, or null where they do.
  static @Nullable String unmeasured(StreamInfo stream) {
    return switch (stream.stampSource()) {
      case FRAME_NUMBER -> "stamps are frame numbers, nobody measured them";
      case MEDIA_TIME -> "stamps are media times, nobody measured them";
      default -> null;
    };
  }

  /// How bad a fault of the order of messages is: an error where the stamps of a known kind of
  /// sensor show it, a warning where a stream is of unknown kind (several senders may share it), a
  /// mere fact where only the recorder's log time does.
  static Severity severity(StreamInfo stream) {
    if (!stream.stampSource().measuredAtSensor()) {
      return Severity.INFO;
    }
    return isUnknown(stream) ? Severity.WARNING : Severity.ERROR;
  }

  /// Whether several senders may share a stream, or one may send when it likes: it is of no kind of
  /// sensor, or holds poses as messages, which goals and fixes are as well.
  static boolean isUnknown(StreamInfo stream) {
    return stream.modality() == Modality.OTHER
        || stream.modality() == Modality.POSE && stream.stampSource() == StampSource.HEADER;
  }

  /// Reports `step` if it is this rule's.
  abstract void judge(Step step, StreamInfo stream, CheckSink sink);

  /// Judges the stream as a whole, of which `watch` has seen everything.
  void conclude(StampWatch watch, StreamInfo stream, CheckSink sink) {}

  @Override
  public final Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    StampWatch watch = StampWatch.of(stream, shared);
    return new Observer() {
      @Override
      public void onBatch(MessageBatch batch) {
        watch.accept(batch);
        judgeFresh();
      }

      @Override
      public Conclusion onEnd() {
        watch.end();
        judgeFresh();
        conclude(watch, stream, sink);
        return Conclusion.examined(watch.compared(), "fewer than two stamps");
      }

      private void judgeFresh() {
        for (Step step : watch.fresh()) {
          judge(step, stream, sink);
        }
      }
    };
  }
}
