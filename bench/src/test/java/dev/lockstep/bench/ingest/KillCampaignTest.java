package dev.lockstep.bench.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillCampaignTest {
  @TempDir private Path folder;

  @Test
  void acknowledgedBytesSurviveAKilledServer() throws Exception {
    int rounds = KillCampaign.Trouble.values().length;
    assertThat(KillCampaign.play(folder, rounds, 42))
        .hasSize(rounds)
        .allSatisfy((trouble, tally) -> assertThat(tally.rounds).isEqualTo(1));
  }
}
