package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Span;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import org.junit.jupiter.api.Test;

class DoubtfulMessagesTest {
  private static final StreamInfo STREAM =
      StreamInfo.of(0, "/imu", Modality.IMU, StampSource.HEADER, "cdr", "");

  private static DoubtfulMessages messages(int from, int to) {
    DoubtfulMessages doubtful = new DoubtfulMessages();
    // In batches of three: how a stream is cut means nothing.
    for (int first = 0; first < 30; first += 3) {
      MessageBatch batch = new MessageBatch(STREAM, 3);
      batch.setFirstIndex(first);
      for (int i = first; i < first + 3; i++) {
        int row = batch.add(i, i, Times.NONE, i, 1);
        if (i >= from && i < to) {
          batch.addFlags(row, MessageBatch.DOUBTFUL);
        }
      }
      doubtful.take(batch);
    }
    return doubtful;
  }

  @Test
  void explainsWhatLiesInOneRun() {
    DoubtfulMessages doubtful = messages(10, 20);
    assertThat(doubtful.explain(new Span(10, 19))).isTrue();
    assertThat(doubtful.explain(new Span(9, 10))).as("the step into it").isTrue();
    assertThat(doubtful.explain(new Span(19, 20))).as("the step out of it").isTrue();
    assertThat(doubtful.explain(new Span(8, 12))).isFalse();
    assertThat(doubtful.explain(new Span(19, 21))).isFalse();
    assertThat(doubtful.explain(new Span(25, 25))).isFalse();
    assertThat(doubtful.explain(null)).isFalse();
  }

  @Test
  void explainsNothingWithoutSoundMessagesInFront() {
    assertThat(messages(0, 30).explain(new Span(12, 12))).isFalse();
    assertThat(messages(0, 10).explain(new Span(5, 5))).isFalse();
  }
}
