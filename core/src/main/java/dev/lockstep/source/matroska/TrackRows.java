package dev.lockstep.source.matroska;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.FrameOrder;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.payload.FrameHeads;
import dev.lockstep.payload.FrameNumbers;
import dev.lockstep.payload.PayloadProfile;
import dev.lockstep.source.FrameTimeList;
import dev.lockstep.source.RecordingSink;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// The frames of one track as a stream, in the order of the file. Used by one thread.
final class TrackRows {
  final Track track;
  final StreamInfo stream;
  private final FrameNumbers frameNumbers = new FrameNumbers();
  private long messages;
  private long lastNs;
  private long marks;

  /// Times that lie beside the file, to be held against this track; null where none do.
  @Nullable FrameTimeList times;

  /// Whether frames may have been lost in front of the next one.
  boolean afterLoss;

  TrackRows(Track track, int id, String name, long scaleNs) {
    this.track = track;
    this.stream =
        StreamInfo.of(
                id,
                name,
                track.isVideo() ? Modality.VIDEO : Modality.OTHER,
                StampSource.MEDIA_TIME,
                track.codec(),
                track.codecId())
            .withStampStep(scaleNs);
    track.parameters().forEach(frameNumbers::parameters);
  }

  /// Hands over rows that have been read; batches come in order.
  ///
  /// @param file name of the file
  /// @param syncs rows that the file marks as keyframes
  void commit(MessageBatch batch, FrameHeads heads, BitSet syncs, String file, RecordingSink sink) {
    frameNumbers.resolve(heads, batch);
    batch.setFirstIndex(messages);
    messages += batch.size();
    for (int row = 0; row < batch.size(); row++) {
      lastNs = Math.max(lastNs, batch.stampsNs()[row]);
    }
    FrameTimeList list = times;
    if (list != null) {
      list.frames(batch);
    }
    int[] orders = batch.frameOrders();
    for (int row = 0; row < orders.length && row < batch.size(); row++) {
      int order = orders[row];
      if (FrameOrder.has(order, FrameOrder.KNOWN)) {
        boolean restart = FrameOrder.has(order, FrameOrder.RESTART);
        boolean decodable = restart || FrameOrder.has(order, FrameOrder.INTRA);
        mark(batch, row, syncs.get(row), restart, decodable, file, sink);
      }
    }
  }

  /// Number of frames so far.
  long messages() {
    return messages;
  }

  /// Latest time of a frame so far, ns.
  long lastNs() {
    return lastNs;
  }

  /// Holds the mark of a frame against the frame.
  ///
  /// @param begins whether the frame is a keyframe
  /// @param decodable whether it may be marked as one
  void mark(
      MessageBatch batch,
      int row,
      boolean sync,
      boolean begins,
      boolean decodable,
      String file,
      RecordingSink sink) {
    marks++;
    boolean symptom = (batch.flags()[row] & MessageBatch.DOUBTFUL) != 0;
    if (sync && !decodable || begins && !sync) {
      sink.defect(
          new Defect(
              DefectKind.KEYFRAME_MARK,
              symptom ? Severity.INFO : sync ? Severity.ERROR : Severity.WARNING,
              batch.location(row).withFile(file),
              new Evidence.Violation(
                  "keyframe mark",
                  sync ? "set, on a frame that refers to others" : "absent, on a keyframe",
                  sync ? "a frame that decoding can begin at" : "a mark")));
    }
  }

  /// Whether frames are shown in the order in which they are decoded, so that times of blocks are
  /// those of decoding, too.
  boolean ordered() {
    return switch (track.codec()) {
      case "vp8", "vp9", "av1", "jpeg" -> true;
      default -> false;
    };
  }

  /// Whether the marks of frames that bear no numbers can be held against them.
  boolean tellsKeyframes() {
    return track.codec().equals("vp8") || track.codec().equals("vp9");
  }

  /// Tells what was examined.
  ///
  /// @param payloads whether frames were looked into
  void finish(RecordingSink sink, boolean payloads) {
    sink.examined(DefectKind.KEYFRAME_MARK, marks);
    PayloadProfile profile = track.profile();
    if (profile != null && payloads) {
      profile.examined().forEach(kind -> sink.examined(kind, messages));
    } else if (track.isVideo() && messages > 0) {
      sink.unexamined(
          DefectKind.VIDEO_MALFORMED,
          track.reason().isEmpty()
              ? "payloads are left out of this run"
              : stream.name() + ": " + track.reason());
    }
  }
}
