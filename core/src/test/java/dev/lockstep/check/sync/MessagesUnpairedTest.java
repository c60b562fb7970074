package dev.lockstep.check.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessagesUnpairedTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new MessagesUnpaired();
  }

  @Override
  public Alignment clean() {
    return RigScene.fourCameras(200).build();
  }

  @Override
  public Alignment violating() {
    return RigScene.fourCameras(200).drop("/left", 100, 107).build();
  }

  @Override
  public String expected() {
    return """
    warning SYN006 messages-unpaired: messages have no partner, most of them in a row here: share of sweeps without image of /left (4) 2.01 % (expected at most 1 %)
      at /lidar, messages 51..54, stamps 1700000005100000000..1700000005400000000 ns\
    """;
  }

  @Test
  void leavesLossesToTheRuleThatReportsThem() {
    Alignment lost =
        RigScene.fourCameras(200)
            .drop("/left", 100, 107)
            .reported("/left", new Alignment.Absence("TIM008", 99, 100, 8))
            .build();
    AlignmentCheckContract.Run run = AlignmentCheckContract.run(check(), lost);
    assertThat(run.text()).isEmpty();
    assertThat(run.measured("/lidar ~ /left", "unpaired-reported")).isEqualTo(4);
  }

  @Test
  void expectsFewerPartnersOfASlowerCamera() {
    Alignment slow = RigScene.of(200).camera("/front", 30, 1).drop("/lidar", 50, 50).build();
    AlignmentCheckContract.Run run = AlignmentCheckContract.run(check(), slow);
    assertThat(run.text()).isEmpty();
    assertThat(run.measured("/lidar ~ /front", "unpaired")).isEqualTo(1);
    assertThat(AlignmentCheckContract.run(check(), clean()).measured("/lidar ~ /front", "ratio"))
        .isCloseTo(2, org.assertj.core.api.Assertions.within(1e-3));
  }

  @Test
  void pairsCamerasThatRunFree() {
    Alignment free = RigScene.fourCameras(600).drift("/left", 300, RigScene.EPOCH_NS).build();
    assertThat(AlignmentCheckContract.run(check(), free).text()).isEmpty();
  }

  /// As radar at 4 Hz beside sweeps at 10 Hz: every other message lies half a step from two sweeps.
  @Test
  void pairsWhatMeetsAFasterStreamAtEveryPhase() {
    long[] slow = RigScene.of(80).camera("/front", 30, 1).build().streams().get(1).stampsNs();
    Random random = new Random(5);
    for (int i = 0; i < slow.length; i++) {
      slow[i] = RigScene.EPOCH_NS + i * 250_000_000L + Math.round(random.nextGaussian() * 200_000);
    }
    Alignment rig = RigScene.of(200).camera("/front", 30, 1).stamps("/front", slow).build();
    assertThat(AlignmentCheckContract.run(check(), rig).text()).isEmpty();
  }

  @Test
  void isUndecidedWithoutOverlap() {
    Alignment apart = RigScene.fourCameras(60).shift("/left", 600_000_000_000L).build();
    assertThat(AlignmentCheckContract.run(check(), apart).reason("/lidar ~ /left"))
        .isEqualTo("SYN007 reports the stamps of /left");
  }
}
