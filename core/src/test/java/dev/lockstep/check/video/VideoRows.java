package dev.lockstep.check.video;

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
}
