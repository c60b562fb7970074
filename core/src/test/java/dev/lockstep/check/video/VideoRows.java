package dev.lockstep.check.video;

import dev.lockstep.model.CodedFrames;
import dev.lockstep.model.FrameOrder;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;

/// Rows of a video stream, made by hand.
final class VideoRows {
  static final StreamInfo FILE =
      StreamInfo.of(0, "video/1", Modality.VIDEO, StampSource.MEDIA_TIME, "h264", "avc1");
  static final StreamInfo STAMPED =
      StreamInfo.of(0, "/cam/video", Modality.VIDEO, StampSource.HEADER, "cdr", "");

  static final int REFERENCE = FrameOrder.KNOWN | FrameOrder.REFERENCE;

  private VideoRows() {}

  /// Times of one row, ms.
  interface Millis {
    double at(int row);
  }

  /// Rows that are decoded and shown at these times.
  static MessageBatch timed(int count, Millis decodeMs, Millis shownMs) {
    MessageBatch batch = new MessageBatch(FILE, count);
    for (int i = 0; i < count; i++) {
      long shownNs = Math.round(shownMs.at(i) * Times.MILLISECOND);
      int row = batch.add(shownNs, Times.NONE, Times.NONE, 1000L * i, 1000);
      batch.setDecodeTime(row, Math.round(decodeMs.at(i) * Times.MILLISECOND));
      batch.setDigest(row, i);
    }
    return batch;
  }

  /// Rows with these frame orders, 50 ms apart.
  static MessageBatch ordered(StreamInfo stream, int... orders) {
    MessageBatch batch = new MessageBatch(stream, orders.length);
    for (int i = 0; i < orders.length; i++) {
      int row = batch.add(50L * i * Times.MILLISECOND, Times.NONE, Times.NONE, 1000L * i, 1000);
      batch.setDigest(row, i);
      batch.setFrameOrder(row, orders[i]);
    }
    return batch;
  }

  /// Orders of reference frames with these numbers, modulo 16; 0 is a keyframe.
  static int[] references(int... numbers) {
    int[] orders = new int[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      int restart = numbers[i] == 0 ? FrameOrder.RESTART : 0;
      orders[i] = FrameOrder.of(numbers[i], 4, REFERENCE | restart);
    }
    return orders;
  }

  /// Rows with these order counts, shown in that order 50 ms apart; 0 is a keyframe.
  static MessageBatch counted(int... counts) {
    MessageBatch batch = new MessageBatch(FILE, counts.length);
    int keyframe = 0;
    for (int i = 0; i < counts.length; i++) {
      keyframe = counts[i] == 0 ? i : keyframe;
      int turn = keyframe;
      for (int j = keyframe; j < counts.length && (j == keyframe || counts[j] != 0); j++) {
        turn += counts[j] < counts[i] ? 1 : 0;
      }
      int row = batch.add(50L * turn * Times.MILLISECOND, Times.NONE, Times.NONE, 1000L * i, 1000);
      int begins = counts[i] == 0 ? FrameOrder.RESTART : 0;
      batch.setDigest(row, i);
      batch.setFrameOrder(row, FrameOrder.of(0, 4, FrameOrder.KNOWN | begins));
      batch.setCodedFrame(row, counts[i], Times.NONE, (byte) 0);
    }
    return batch;
  }

  /// Rows that are stamped and bear times by the clock in the video.
  static MessageBatch clocked(StreamInfo stream, int count, Millis stampMs, Millis clockMs) {
    MessageBatch batch = new MessageBatch(stream, count);
    for (int i = 0; i < count; i++) {
      long stampNs = Math.round(stampMs.at(i) * Times.MILLISECOND);
      int row = batch.add(stampNs, Times.NONE, Times.NONE, 1000L * i, 1000);
      batch.setDigest(row, i);
      batch.setFrameOrder(row, FrameOrder.of(0, 4, FrameOrder.KNOWN));
      long clockNs = CLOCK_NS + Math.round(clockMs.at(i) * Times.MILLISECOND);
      batch.setCodedFrame(row, CodedFrames.NO_ORDER, clockNs, CodedFrames.ABSOLUTE);
    }
    return batch;
  }

  private static final long CLOCK_NS = 1_700_000_000L * Times.SECOND;
}
