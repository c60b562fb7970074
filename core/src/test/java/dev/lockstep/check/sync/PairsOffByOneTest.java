package dev.lockstep.check.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.model.StampSource;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import org.junit.jupiter.api.Test;

class PairsOffByOneTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new PairsOffByOne();
  }

  @Override
  public Alignment clean() {
    return listed().build();
  }

  @Override
  public Alignment violating() {
    return listed().shift("/left", RigScene.TURN_NS).build();
  }

  @Override
  public String expected() {
    return """
    error SYN003 pairs-off-by-one: pairs are off by one: images and sweeps of /lidar of the same number 1 period later (60 pairs) (expected within half a period of 100 ms)
      at /left, messages 0..59, stamps 1700000000130586788..1700000006030564875 ns
      likely cause: one of the lists begins a message too early or too late\
    """;
  }

  /// Cameras of the rate of the LiDAR, as lists of stamps give them.
  private static RigScene listed() {
    return RigScene.of(60).camera("/left", 70, 1).camera("/right", 110, 1).source(StampSource.LIST);
  }

  @Test
  void tellsFromWhichMessageOnNumbersMovedUp() {
    String text =
        AlignmentCheckContract.run(check(), listed().drop("/left", 30, 30).build()).text();
    assertThat(text)
        .contains("pairs are off by one", "at /left, messages 30..58")
        .contains("a message was lost without its line");
  }

  @Test
  void onlyMentionsWhatALossExplains() {
    Alignment lost =
        listed()
            .drop("/left", 30, 30)
            .reported("/left", new Alignment.Absence("TIM008", 29, 30, 1))
            .build();
    assertThat(AlignmentCheckContract.run(check(), lost).text())
        .startsWith("info SYN003 ")
        .endsWith("likely cause: TIM008 reports messages that are missing there");
  }

  @Test
  void saysNothingWherePairsAreMadeByStamp() {
    Alignment stamped =
        listed().shift("/left", RigScene.TURN_NS).source(StampSource.HEADER).build();
    AlignmentCheckContract.Run run = AlignmentCheckContract.run(check(), stamped);
    assertThat(run.text()).isEmpty();
    assertThat(run.reason("/lidar ~ /left")).contains("by their stamps");
  }

  @Test
  void leavesHalfAPeriodOpen() {
    Alignment half = listed().shift("/left", 17_000_000).build();
    AlignmentCheckContract.Run run = AlignmentCheckContract.run(check(), half);
    assertThat(run.text()).isEmpty();
    assertThat(run.reason("/lidar ~ /left")).contains("half a period");
  }
}
