package dev.lockstep.check.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.testing.StreamCheckContract;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class PicturesChangeTest implements StreamCheckContract {
  private static MessageBatch images(int count, IntUnaryOperator width, IntUnaryOperator bytes) {
    StreamInfo stream = StreamInfo.of(0, "/camera", Modality.CAMERA, StampSource.HEADER, "cdr", "");
    MessageBatch batch = new MessageBatch(stream, count);
    for (int i = 0; i < count; i++) {
      long stampNs = 1_700_000_000_000_000_000L + i * 50 * Times.MILLISECOND;
      int row = batch.add(stampNs, Times.NONE, Times.NONE, i * 9000L, bytes.applyAsInt(i));
      batch.setPicture(row, width.applyAsInt(i), 480);
    }
    return batch;
  }

  @Override
  public StreamCheck check() {
    return new PicturesChange();
  }

  @Override
  public MessageBatch clean() {
    // A street, then a dark tunnel.
    return images(100, i -> 640, i -> (i < 60 ? 9000 : 3500) + i % 7 * 100);
  }

  @Override
  public MessageBatch violating() {
    return images(
        100, i -> i >= 30 && i < 40 ? 320 : 640, i -> i >= 60 && i < 70 ? 700 : 9000 + i % 7 * 100);
  }

  @Override
  public String expected() {
    return """
    warning INT047 pictures-change: images have another size: pixels of an image 320 x 480 (expected 640 x 480)
      at /camera, messages 30..39, stamps 1700000001500000000..1700000001950000000 ns
    warning INT047 pictures-change: images hold nearly nothing: bytes of an image where 9300 are usual 700 (expected at least 1860)
      at /camera, messages 60..69, stamps 1700000003000000000..1700000003450000000 ns\
    """;
  }

  @Test
  void saysNothingWhereLengthsVaryByThemselves() {
    assertThat(
            StreamCheckContract.run(check(), images(100, i -> 640, i -> i % 3 == 0 ? 700 : 9000))
                .findings()
                .text())
        .isEmpty();
  }

  @Test
  void findsASizeThatStays() {
    assertThat(
            StreamCheckContract.run(check(), images(100, i -> i < 50 ? 640 : 800, i -> 9000))
                .findings()
                .text())
        .contains("800 x 480 (expected 640 x 480)", "messages 50..99");
  }
}
