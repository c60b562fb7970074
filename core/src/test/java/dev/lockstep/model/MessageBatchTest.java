package dev.lockstep.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MessageBatchTest {

  @Test
  void placeEndsWithTheCompressedRangeThatHoldsTheMessage() {
    StreamInfo stream =
        StreamInfo.of(0, "camera", Modality.CAMERA, StampSource.HEADER, "cdr", "Image");
    MessageBatch batch = new MessageBatch(stream, 2);
    batch.add(1, 1, 1, 500, 100);
    batch.add(2, 2, 2, 500, 40_000);
    assertThat(batch.location(1).bytes()).isEqualTo(new ByteRange(500, 40_000));
    batch.setStored(0, 300);
    batch.setStored(1, 300);
    assertThat(batch.location(0).bytes()).isEqualTo(new ByteRange(500, 100));
    assertThat(batch.location(1).bytes()).isEqualTo(new ByteRange(500, 300));
    assertThat(batch.slice(1, 2).location(0).bytes()).isEqualTo(new ByteRange(500, 300));
  }
}
