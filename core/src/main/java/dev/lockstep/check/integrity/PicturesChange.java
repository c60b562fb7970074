package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.MessageRun;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// INT047: the images of a camera change their size, or hold nearly nothing for a while.
public final class PicturesChange implements StreamCheck {
  /// Images that what is usual is the middle of; judged: a second or two.
  private static final int WINDOW = 21;

  private static final CheckCard.Parameter LEFT =
      new CheckCard.Parameter(
          "min-bytes",
          "",
          0.2,
          "of the usual ones; judged: a black or grey image has a tenth, a dark street half");
  private static final CheckCard.Parameter STEADY =
      new CheckCard.Parameter(
          "steady-ratio",
          "",
          0.6,
          "of the middle that the lower quarter must have; judged: else the length says nothing");

  private static final CheckCard CARD =
      CheckCard.of(
          "INT047",
          PicturesChange.class,
          Severity.WARNING,
          "The images of a camera change their size, or hold nearly nothing for a while.",
          LEFT,
          STEADY);

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public @Nullable String notApplicable(StreamInfo stream) {
    return stream.modality() == Modality.CAMERA ? null : "stream has no images";
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Pictures(stream, sink);
  }

  /// Images in a row that differ from what was usual, and how the first does.
  private record Fault(Evidence evidence, MessageRun images) {}

  private static final class Pictures implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private int width;
    private int height;
    private @Nullable Fault resized;
    private @Nullable Fault emptied;
    private final int[] lengths = new int[WINDOW];
    private long usual;
    private long examined;

    Pictures(StreamInfo stream, CheckSink sink) {
      this.stream = stream;
      this.sink = sink;
    }

    @Override
    public void onBatch(MessageBatch batch) {
      int[] widths = batch.pictureWidths();
      if (widths.length == 0) {
        return;
      }
      for (int row = 0; row < batch.size(); row++) {
        if (widths[row] <= 0 || batch.pictureHeights()[row] <= 0) {
          continue;
        }
        long message = batch.firstIndex() + row;
        long stampNs = batch.stampsNs()[row];
        if (isNewCapture(batch, row)) {
          begin();
        }
        examined++;
        size(message, stampNs, widths[row], batch.pictureHeights()[row]);
        length(message, stampNs, batch.lengthsBytes()[row]);
      }
    }

    private static boolean isNewCapture(MessageBatch batch, int row) {
      return (batch.flags()[row] & MessageBatch.NEW_CAPTURE) != 0;
    }

    private void begin() {
      close(resized, "images have another size");
      close(emptied, "images hold nearly nothing");
      resized = null;
      emptied = null;
      width = 0;
      usual = 0;
    }

    /// The first size is the right one; how long another lasts is one finding.
    private void size(long message, long stampNs, int across, int down) {
      if (width == 0) {
        width = across;
        height = down;
      }
      if (across == width && down == height) {
        close(resized, "images have another size");
        resized = null;
      } else if (resized == null) {
        resized =
            new Fault(
                new Evidence.Violation(
                    "pixels of an image", across + " x " + down, width + " x " + height),
                new MessageRun(stream, message, stampNs));
      } else {
        resized.images.extend(message, stampNs);
      }
    }

    private void length(long message, long stampNs, int bytes) {
      int known = (int) Math.min(usual, WINDOW);
      int[] sorted = Arrays.copyOf(lengths, known);
      Arrays.sort(sorted);
      int middle = known == 0 ? 0 : sorted[known / 2];
      boolean steady = known == WINDOW && sorted[known / 4] >= STEADY.value() * middle;
      if (resized == null && steady && bytes < LEFT.value() * middle) {
        if (emptied == null) {
          emptied =
              new Fault(
                  new Evidence.OutOfRange(
                      "bytes of an image where " + middle + " are usual",
                      bytes,
                      (int) Math.ceil(LEFT.value() * middle),
                      null,
                      ""),
                  new MessageRun(stream, message, stampNs));
        } else {
          emptied.images.extend(message, stampNs);
        }
        return;
      }
      close(emptied, "images hold nearly nothing");
      emptied = null;
      if (resized == null) {
        lengths[(int) (usual++ % WINDOW)] = bytes;
      }
    }

    private void close(@Nullable Fault fault, String title) {
      if (fault != null) {
        sink.report(Severity.WARNING, title, fault.images.location(), fault.evidence);
      }
    }

    @Override
    public Conclusion onEnd() {
      begin();
      return Conclusion.examined(examined, "no image tells its size");
    }
  }
}
