package dev.lockstep.check.video;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class ShownTimesCollideTest implements StreamCheckContract {
  /// Decoded in the order I P B B, P B B ...
  private static double shownMs(int i) {
    int place = i == 0 ? 0 : i % 3 == 1 ? i + 2 : i - 1;
    return 40.0 * place;
  }

  @Override
  public StreamCheck check() {
    return new ShownTimesCollide();
  }

  @Override
  public MessageBatch clean() {
    return VideoRows.timed(61, i -> 40 * i, ShownTimesCollideTest::shownMs);
  }

  @Override
  public MessageBatch violating() {
    return VideoRows.timed(
        61, i -> 40 * i, i -> i == 20 ? shownMs(19) : i == 55 ? 100 : shownMs(i));
  }

  @Override
  public String expected() {
    return """
    error VID003 shown-times-collide: two frames are shown at one time: shown at 840000000 ns 2 times in a row
      at video/1, messages 19..20, stamp 840000000 ns
    error VID003 shown-times-collide: frame is shown far from its turn: time at which the frame is shown 100000000 ns (expected above 1480000000 ns)
      at video/1, message 55, stamp 100000000 ns\
    """;
  }

  @Test
  void measuresHowFarFramesAreReordered() {
    assertThat(StreamCheckContract.run(check(), clean()).findings().measurements().toString())
        .contains("reordered-frames", "1.0");
  }
}
