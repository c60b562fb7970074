package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment.Sweep;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SweepKeeperTest {
  private static final StreamInfo LIDAR =
      StreamInfo.of(0, "/lidar", Modality.LIDAR, StampSource.HEADER, "", "");

  private static List<Sweep> kept(int sweeps, Random cuts) {
    SweepKeeper keeper = new SweepKeeper();
    int at = 0;
    while (at < sweeps) {
      int size = Math.min(sweeps - at, cuts == null ? sweeps : 1 + cuts.nextInt(40));
      MessageBatch batch = new MessageBatch(LIDAR, size);
      batch.setFirstIndex(at);
      for (int i = 0; i < size; i++) {
        batch.setSweep(batch.add(at + i, 0, 0, 0, 1), SweepProfile.ofSpan(at + i, at + i + 1));
      }
      keeper.accept(batch);
      at += size;
    }
    return keeper.kept();
  }

  @Test
  void keepsTheSameSweepsHoweverTheyAreCutIntoBatches() {
    for (int sweeps : new int[] {0, 1, 511, 512, 513, 1024, 1025, 5000, 100_000}) {
      List<Sweep> whole = kept(sweeps, null);
      assertThat(kept(sweeps, new Random(sweeps))).isEqualTo(whole);
      assertThat(whole.size()).isBetween(Math.min(sweeps, 256), SweepKeeper.KEPT);
    }
  }

  @Test
  void keepsThemEvenlyOverTheWholeStream() {
    List<Sweep> kept = kept(100_000, null);
    int step = kept.get(1).message();
    for (int i = 0; i < kept.size(); i++) {
      assertThat(kept.get(i).message()).isEqualTo(i * step);
      assertThat(kept.get(i).profile().firstNs()).isEqualTo(i * step);
    }
    assertThat(kept.getLast().message()).isGreaterThan(99_000);
  }
}
