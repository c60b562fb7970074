package dev.lockstep.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Finding;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AlertBookTest {
  private final FakeClock clock = new FakeClock();
  private final ServiceMonitor monitor = new ServiceMonitor("watch", clock);
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void listen() {
    monitor.alerts().addReceiver(alert -> told.add((alert.raised() ? "+" : "-") + alert.name()));
  }

  private void pass(long millis) {
    clock.advance(millis);
    monitor.alerts().tick();
  }

  @Test
  void raisesAConditionOnceItHasHeldAndClearsItOnceItIsGone() {
    monitor.raise(Samples.diskLow());
    pass(0);
    assertThat(told).isEmpty();
    pass(2000);
    monitor.raise(Samples.diskLow());
    pass(1000);
    assertThat(told).containsExactly("+disk-low");
    monitor.clear(Samples.diskLow().key());
    pass(59_000);
    assertThat(told).containsExactly("+disk-low");
    pass(1000);
    assertThat(told).containsExactly("+disk-low", "-disk-low");
    assertThat(monitor.alerts().standing()).isEmpty();
  }

  @Test
  void doesNotRingTwiceForWhatFlickers() {
    for (int i = 0; i < 20; i++) {
      monitor.raise(Samples.diskLow());
      pass(3000);
      monitor.clear(Samples.diskLow().key());
      pass(3000);
    }
    assertThat(told).containsExactly("+disk-low");
  }

  @Test
  void neverRaisesWhatIsGoneBeforeItHasHeld() {
    monitor.raise(Samples.diskLow());
    pass(1000);
    monitor.clear(Samples.diskLow().key());
    pass(100_000);
    assertThat(told).isEmpty();
  }

  @Test
  void raisesAFindingOnceForItsFingerprint() {
    monitor.finding("a.mcap", Samples.finding("/lidar", Severity.ERROR, 30), "network");
    monitor.finding("a.mcap", Samples.finding("/lidar", Severity.ERROR, 30), "network");
    monitor.finding("a.mcap", Samples.finding("/lidar", Severity.INFO, 90), "");
    pass(0);
    assertThat(told).containsExactly("+messages-dropped");
    pass(60_000);
    assertThat(told).containsExactly("+messages-dropped", "-messages-dropped");
  }

  @Test
  void clearsAtOnceWhatIsTakenBackAndNeverRaisesWhatWasTakenBackBefore() {
    Finding first = Samples.finding("/lidar", Severity.ERROR, 30);
    monitor.finding("a.mcap", first, "");
    monitor.finding("b.mcap", first, "");
    monitor.finding("c.mcap", first, "");
    monitor.retracted("c.mcap", first.fingerprint());
    pass(0);
    assertThat(told).containsExactly("+messages-dropped", "+messages-dropped");
    told.clear();
    monitor.retracted("a.mcap", first.fingerprint());
    pass(0);
    assertThat(told).containsExactly("-messages-dropped");
    assertThat(monitor.alerts().standing()).hasSize(1);
    monitor.partGone("b.mcap");
    pass(0);
    assertThat(monitor.alerts().standing()).isEmpty();
    monitor.finding("a.mcap", first, "");
    pass(0);
    assertThat(monitor.alerts().standing()).hasSize(1);
  }

  @Test
  void boundsWhatStandsAndCountsTheRest() {
    for (int i = 0; i < AlertBook.MAX_ALERTS + 7; i++) {
      monitor.finding("a.mcap", Samples.finding("/lidar", Severity.ERROR, i), "");
    }
    pass(0);
    assertThat(told).hasSize(AlertBook.MAX_ALERTS);
    assertThat(monitor.alerts().suppressed()).isEqualTo(7);
  }
}
