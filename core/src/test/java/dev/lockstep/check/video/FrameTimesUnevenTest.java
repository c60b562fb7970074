package dev.lockstep.check.video;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.StreamCheckContract;
import org.junit.jupiter.api.Test;

class FrameTimesUnevenTest implements StreamCheckContract {
  private static MessageBatch shown(int count, VideoRows.Millis ms) {
    return VideoRows.timed(count, i -> 40 * i, ms);
  }

  @Override
  public StreamCheck check() {
    return new FrameTimesUneven();
  }

  /// 29.97 Hz on a timescale of 1 ms: 33, 34, 33 ...
  @Override
  public MessageBatch clean() {
    return shown(90, i -> Math.floor(i * 33.3667));
  }

  @Override
  public MessageBatch violating() {
    return shown(90, i -> 40 * i + (i >= 30 ? 40 : 0) + (i >= 60 ? 120 : 0));
  }

  @Override
  public String expected() {
    return """
    warning VID004 frame-times-uneven: frames missing from a constant frame rate: 4 frames missing (a frame each 40.000 ms; 2 holes, the longest of 160.000 ms)
      at video/1, message 30, stamps 1160000000..1240000000 ns\
    """;
  }

  @Test
  void mentionsARateThatVaries() {
    assertThat(
            StreamCheckContract.run(check(), shown(90, i -> 40 * i + i * i % 29)).findings().text())
        .startsWith("info VID004 frame-times-uneven: frame rate varies: steps between frames ");
  }

  @Test
  void isUndecidedWithFewFrames() {
    assertThat(StreamCheckContract.run(check(), shown(9, i -> 40 * i)).conclusion())
        .isEqualTo(Conclusion.undecided("fewer than 10 frames"));
  }

  @Test
  void staysBoundedWhereEveryStepIsAnother() {
    String text =
        StreamCheckContract.run(check(), shown(5000, i -> 40 * i + 0.003 * i * i))
            .findings()
            .text();
    assertThat(text).contains("more than 1024 different");
  }
}
