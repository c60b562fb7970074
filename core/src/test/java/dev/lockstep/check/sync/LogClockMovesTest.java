package dev.lockstep.check.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.model.StampSource;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import org.junit.jupiter.api.Test;

class LogClockMovesTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new LogClockMoves();
  }

  @Override
  public Alignment clean() {
    return scene().build();
  }

  @Override
  public Alignment violating() {
    return moved(100, 100, 1).build();
  }

  @Override
  public String expected() {
    return """
    warning SYN023 log-clock-moves: the log clock jumps while stamps go on: log times of 2 of 5 streams jump here (expected to go on as their stamps do)
      at /left, message 100, stamp 1700000005030540579 ns
      likely cause: the clock of the recorder was set\
    """;
  }

  private static RigScene scene() {
    return RigScene.fourCameras(100).source(StampSource.HEADER);
  }

  /// Log times that move in front of one message of either of two streams.
  ///
  /// @param reach 1 for a jump, 2 for an exchange
  private static RigScene moved(int left, int back, int reach) {
    return scene()
        .reported("/left", new Alignment.Absence("TIM014", left - 1L, left - 1L + reach, 0))
        .reported("/back", new Alignment.Absence("TIM014", back - 1L, back - 1L + reach, 0));
  }

  @Test
  void tellsTimesThatAreExchanged() {
    assertThat(AlignmentCheckContract.run(check(), moved(100, 100, 2).build()).text())
        .startsWith(
            "error SYN023 log-clock-moves: log times change places with other times: log times of"
                + " 2 of 5 streams are exchanged from here on");
  }

  @Test
  void leavesMovesOfSingleStreamsToTheRuleAboutThem() {
    assertThat(AlignmentCheckContract.run(check(), moved(100, 150, 1).build()).text()).isEmpty();
  }
}
