package dev.lockstep.check.video;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class DecodeTimesDisorderedTest implements StreamCheckContract {
  @Override
  public StreamCheck check() {
    return new DecodeTimesDisordered();
  }

  @Override
  public MessageBatch clean() {
    return VideoRows.timed(40, i -> 40 * i, i -> 40 * i + 80);
  }

  @Override
  public MessageBatch violating() {
    return VideoRows.timed(
        40, i -> i == 12 || i == 13 ? 440 : i >= 30 ? 40 * i - 100 : 40 * i, i -> 40 * i);
  }

  @Override
  public String expected() {
    return """
    error VID002 decode-times-disordered: decode time repeats: decode time 440000000 ns (expected above 440000000 ns)
      at video/1, messages 12..13
    error VID002 decode-times-disordered: decode time goes back: decode time 1100000000 ns (expected above 1160000000 ns)
      at video/1, message 30\
    """;
  }

  @Test
  void doesNotApplyWhereAFormatKeepsNoDecodeTimes() {
    assertThat(check().notApplicable(VideoRows.STAMPED))
        .isEqualTo("format keeps no times at which frames are decoded and shown");
  }
}
