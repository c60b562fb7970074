package dev.lockstep.check.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.testing.StreamCheckContract;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

class ReferenceMissingTest implements StreamCheckContract {
  private static final StreamInfo LABELS =
      StreamInfo.of(0, "/labels", Modality.LABELS, StampSource.HEADER, "json", "");

  private static MessageBatch messages(IntPredicate unstamped, IntPredicate unplaced) {
    MessageBatch batch = new MessageBatch(LABELS, 20);
    for (int i = 0; i < 20; i++) {
      long ns = 100L * i * Times.MILLISECOND;
      int row = batch.add(unstamped.test(i) ? Times.NONE : ns, ns, ns, i * 1000L, 170);
      if (unplaced.test(i)) {
        batch.addFlags(row, MessageBatch.UNPLACED);
      }
    }
    return batch;
  }

  @Override
  public StreamCheck check() {
    return new ReferenceMissing();
  }

  @Override
  public MessageBatch clean() {
    return messages(i -> false, i -> false);
  }

  @Override
  public MessageBatch violating() {
    return messages(i -> i == 7 || i == 8, i -> i == 12);
  }

  @Override
  public String expected() {
    return """
    warning INT029 reference-missing: message without a stamp: stamp missing in 2 of 20 messages (expected one, as in the others)
      at /labels, messages 7..8
    warning INT029 reference-missing: message without a frame of reference: frame of reference missing in 1 of 20 messages (expected one, as in the others)
      at /labels, message 12\
    """;
  }

  @Test
  void staysSilentWhereNoMessageHasAStamp() {
    assertThat(
            StreamCheckContract.run(check(), messages(i -> true, i -> true)).findings().findings())
        .isEmpty();
  }

  @Test
  void leavesDamagedAndEmptyMessagesToOtherRules() {
    MessageBatch batch = messages(i -> i == 3, i -> false);
    batch.addFlags(3, MessageBatch.UNREADABLE);
    assertThat(StreamCheckContract.run(check(), batch).findings().findings()).isEmpty();
  }
}
