package dev.lockstep.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.clock.LatticeFit.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What the tracker calls each fault, on a 10 Hz stream with 0.5 ms jitter.
class LatticeTrackerTest {

  private static final long MS = 1_000_000;

  private static long[] tenHertz(int n) {
    return new SimulatedClock(42, 100 * MS).jitterNs(0.5 * MS).ppm(30).stamps(n);
  }

  private static List<String> events(long[] stamps) {
    return EventLog.of(stamps).lines();
  }

  private static long[] shifted(long[] stamps, int from, int to, long byNs) {
    for (int i = from; i < to; i++) {
      stamps[i] += byNs;
    }
    return stamps;
  }

  private static long[] with(long[] stamps, int at, long stampNs) {
    long[] longer = new long[stamps.length + 1];
    System.arraycopy(stamps, 0, longer, 0, at);
    longer[at] = stampNs;
    System.arraycopy(stamps, at, longer, at + 1, stamps.length - at);
    return longer;
  }

  @Test
  void staysSilentOnACleanStream() {
    assertThat(events(tenHertz(3000))).isEmpty();
  }

  @Test
  void reportsDroppedMessagesWithExactSlots() {
    long[] stamps = SimulatedClock.without(tenHertz(300), Set.of(20L, 100L, 101L, 102L, 250L));
    assertThat(events(stamps))
        .containsExactly(
            "dropped 20 x1 after 19", "dropped 100 x3 after 98", "dropped 250 x1 after 245");
  }

  /// A message that comes behind others by its stamp may itself show that the clock jumped: found
  /// by the mutation campaign in stamps of a file spliced from two.
  @Test
  void aJumpThatShowsInAMessageOutOfOrderIsLearnedAnew() {
    long[] stamps = {
      0,
      98_049_824,
      146_987_431,
      196_653_578,
      246_888_408,
      301_251_709,
      346_664_423,
      648_331_061,
      697_240_730,
      747_835_187,
      797_805_474,
      846_598_841,
      129_600_896_653_094L,
      129_600_896_653_099L,
      129_600_896_653_105L,
      129_600_896_653_106L,
      129_600_896_653_108L,
      129_600_896_653_112L,
      129_600_896_653_113L,
      129_600_896_653_113L,
      129_600_896_654_314L
    };
    for (int i = 0; i < stamps.length; i++) {
      stamps[i] += 129_606_500_922_447L;
    }
    assertThat(events(stamps))
        .containsExactly(
            "dropped 1 x1 after 0", "dropped 8 x5 after 6", "unlocked 12 x8 TOO_FEW_STAMPS");
  }

  @Test
  void reportsADropOneMessageAfterTheHole() {
    long[] stamps = SimulatedClock.without(tenHertz(300), Set.of(200L));
    EventLog log = new EventLog();
    LatticeTracker tracker = new LatticeTracker();
    tracker.accept(stamps, 0, 201, log);
    assertThat(log.lines()).isEmpty();
    tracker.accept(stamps[201], log);
    assertThat(log.lines()).containsExactly("dropped 200 x1 after 199");
  }

  @Test
  void reportsADropBeforeTheLastMessageAtTheEnd() {
    long[] stamps = SimulatedClock.without(tenHertz(300), Set.of(298L));
    assertThat(events(stamps)).containsExactly("dropped 298 x1 after 297");
  }

  @Test
  void callsALateStampADoubletAndNotALoss() {
    assertThat(events(shifted(tenHertz(156), 91, 92, 8 * MS)))
        .singleElement()
        .asString()
        .startsWith("doublet 91 +");
    assertThat(events(shifted(tenHertz(156), 91, 92, -70 * MS)))
        .singleElement()
        .asString()
        .startsWith("doublet 91 -");
  }

  @Test
  void findsTheDoubletAmongStepsCutOnPackets() {
    long[] stamps = new long[156];
    for (int i = 0; i < stamps.length; i++) {
      stamps[i] = Math.ceilDiv(i * 100_000_000L, 663_552L) * 663_552L;
    }
    stamps[91] += 3 * MS;
    assertThat(events(stamps)).singleElement().asString().startsWith("doublet 91 +3.");
  }

  @Test
  void callsAStampThatLeapsAheadADoublet() {
    assertThat(events(shifted(tenHertz(300), 150, 151, 37_000 * MS)))
        .singleElement()
        .asString()
        .matches("doublet 150 \\+(36999|37000)\\.. ms");
    assertThat(events(shifted(tenHertz(300), 0, 1, 37_000 * MS)))
        .singleElement()
        .asString()
        .matches("doublet 0 \\+(36999|37000)\\.. ms");
  }

  @Test
  void callsAPhaseThatPersistsAStep() {
    assertThat(events(shifted(tenHertz(300), 150, 300, 20 * MS)))
        .singleElement()
        .asString()
        .startsWith("step 150 +");
    assertThat(events(shifted(tenHertz(300), 150, 300, -70 * MS)))
        .singleElement()
        .asString()
        .matches("step 150 -(69|70)\\.. ms");
  }

  @Test
  void jitterBehindAStepDoesNotMoveItsPlace() {
    long[] stamps = shifted(tenHertz(300), 150, 300, 20 * MS);
    shifted(stamps, 152, 153, 4 * MS);
    shifted(stamps, 154, 155, 4 * MS);
    // Two late stamps leave the one between them early.
    assertThat(events(stamps))
        .filteredOn(event -> !event.startsWith("doublet"))
        .singleElement()
        .asString()
        .startsWith("step 150 +");
  }

  @Test
  void callsAClockThatWentBackAStep() {
    assertThat(events(shifted(tenHertz(300), 150, 300, -3_600_000 * MS)))
        .singleElement()
        .asString()
        .matches("step 150 -(3599999|3600000)\\.. ms");
  }

  @Test
  void callsAJumpOverMoreThanADayAStepAndNoLoss() {
    assertThat(events(shifted(tenHertz(300), 150, 300, 315_964_800_000L * MS)))
        .singleElement()
        .asString()
        .matches("step 150 \\+(315964799999|315964800000)\\.. ms");
  }

  @Test
  void findsAStepAmongTheLearnedMessages() {
    assertThat(events(shifted(tenHertz(300), 40, 300, 30 * MS)))
        .singleElement()
        .asString()
        .startsWith("step 40 +");
    assertThat(events(shifted(tenHertz(300), 20, 300, 30 * MS)))
        .singleElement()
        .asString()
        .startsWith("step 20 +");
  }

  @Test
  void tellsAReconnectAtAnotherPhaseFromALossInTheSamePhase() {
    assertThat(events(shifted(tenHertz(300), 150, 300, 5_030 * MS)))
        .singleElement()
        .asString()
        .startsWith("reconnected 150 x50 after 149 +");
    assertThat(events(shifted(tenHertz(300), 150, 300, 5_000 * MS)))
        .containsExactly("dropped 150 x50 after 149");
  }

  @Test
  void callsASecondMessageInASlotExtra() {
    long[] stamps = tenHertz(300);
    assertThat(events(with(stamps, 151, stamps[150] + 1000))).containsExactly("extra 151");
    assertThat(events(with(stamps, 151, stamps[150] + 40 * MS))).containsExactly("extra 151");
  }

  @Test
  void callsAJamAnExcursionAndNotALoss() {
    long[] stamps = tenHertz(300);
    for (int i = 0; i < 4; i++) {
      stamps[150 + i] = stamps[154] - 3 * MS + i * MS / 10;
    }
    assertThat(events(stamps)).singleElement().asString().startsWith("excursion 150 x4 +39");
  }

  @Test
  void letsMessagesWithUselessStampsTakeTheirSlots() {
    long[] equal = tenHertz(300);
    equal[150] = equal[149];
    equal[151] = equal[149];
    long[] back = shifted(tenHertz(300), 150, 151, -37_000 * MS);
    long[] swapped = tenHertz(300);
    long first = swapped[150];
    swapped[150] = swapped[151];
    swapped[151] = first;
    long[] unusable = tenHertz(300);
    unusable[150] = Long.MAX_VALUE;
    unusable[151] = Long.MIN_VALUE;
    for (long[] stamps : List.of(equal, back, swapped, unusable)) {
      assertThat(events(stamps)).isEmpty();
    }
  }

  @Test
  void countsEveryMessageOnce() {
    long[] stamps = tenHertz(300);
    stamps[150] = stamps[149];
    stamps[200] += 20 * MS;
    LatticeTracker tracker = new LatticeTracker();
    tracker.accept(stamps, 0, 300, new LatticeEvents() {});
    tracker.finish(new LatticeEvents() {});
    assertThat(tracker.messages()).isEqualTo(300);
    assertThat(tracker.examined()).isEqualTo(299);
    assertThat(tracker.notRising()).isEqualTo(1);
    assertThat(tracker.unlocked()).isZero();
    assertThat(tracker.missing()).isZero();
  }

  @Test
  void callsAnotherRateARateAndNotALoss() {
    long[] half = tenHertz(600);
    for (int i = 301; i < 600; i++) {
      half[i] = half[300] + (i - 300) * 200L * MS;
    }
    assertThat(events(half)).containsExactly("rate 301 100.0 to 200.0 ms");
    long[] twice = tenHertz(600);
    for (int i = 301; i < 600; i++) {
      twice[i] = twice[300] + (i - 300) * 50L * MS;
    }
    assertThat(events(twice)).containsExactly("rate 301 100.0 to 50.0 ms");
    long[] slower = tenHertz(600);
    for (int i = 301; i < 600; i++) {
      slower[i] = slower[300] + (i - 300) * 110L * MS;
    }
    assertThat(events(slower)).containsExactly("rate 301 100.0 to 110.0 ms");
  }

  @Test
  void saysThatAnEventDrivenStreamCannotBeDecided() {
    long[] stamps = SimulatedClock.poisson(7, 20_000, 50 * MS);
    LatticeTracker tracker = new LatticeTracker();
    EventLog log = new EventLog();
    tracker.accept(stamps, 0, stamps.length, log);
    tracker.finish(log);
    assertThat(log.lines()).containsExactly("unlocked 0 x20000 EVENT_DRIVEN");
    assertThat(tracker.everLocked()).isFalse();
    assertThat(tracker.lattice()).isNull();
    assertThat(tracker.cannotLock()).isEqualTo(Reason.EVENT_DRIVEN);
    assertThat(tracker.longSteps()).isBetween(6_000L, 8_500L);
  }

  @Test
  void locksWhereAStreamBecomesRegularAndSaysWhatItPassedOver() {
    long[] loose = SimulatedClock.poisson(7, 64, 50 * MS);
    long[] firm = tenHertz(300);
    long[] stamps = new long[364];
    System.arraycopy(loose, 0, stamps, 0, 64);
    for (int i = 0; i < 300; i++) {
      stamps[64 + i] = loose[63] + 100 * MS + firm[i] - firm[0];
    }
    EventLog log = new EventLog();
    LatticeTracker tracker = new LatticeTracker();
    tracker.accept(stamps, 0, 364, log);
    tracker.finish(log);
    assertThat(log.lines()).singleElement().asString().matches("unlocked 0 x(64|32) .*");
    assertThat(tracker.examined()).isEqualTo(364 - tracker.unlocked());
  }

  @Test
  void learnsFromFewMessagesAtTheEndButNotFromTooFew() {
    long[] stamps = tenHertz(LatticeFit.MIN_STAMPS + 1);
    assertThat(events(SimulatedClock.without(stamps, Set.of(5L))))
        .containsExactly("dropped 5 x1 after 4");
    assertThat(events(Arrays.copyOf(stamps, LatticeFit.MIN_STAMPS - 1)))
        .containsExactly("unlocked 0 x11 TOO_FEW_STAMPS");
    assertThat(events(new long[0])).isEmpty();
    assertThat(events(new long[500])).containsExactly("unlocked 0 x500 ALL_EQUAL");
  }

  @Test
  void agreesWithTheBatchFit() {
    long[] stamps = new SimulatedClock(9, 33.333 * MS).jitterNs(MS).ppm(-40).stamps(20_000);
    LatticeTracker tracker = new LatticeTracker();
    tracker.accept(stamps, 0, stamps.length, new LatticeEvents() {});
    tracker.finish(new LatticeEvents() {});
    Lattice streamed = tracker.lattice();
    LatticeFit.Outcome batch = LatticeFit.fit(stamps, 0, stamps.length);
    assertThat(batch).isInstanceOf(LatticeFit.Locked.class);
    Lattice fitted = ((LatticeFit.Locked) batch).lattice();
    assertThat(streamed).isNotNull();
    // Plain against Huber least squares: a third of a standard error of the period, in ppm.
    double error = 1e6 * MS * Math.sqrt(12) / Math.pow(20_000, 1.5) / fitted.periodNs();
    double ppm = (streamed.periodNs() / fitted.periodNs() - 1) * 1e6;
    assertThat(ppm).isCloseTo(0, within(error / 3));
    assertThat(streamed.anchorNs()).isCloseTo(fitted.anchorNs(), within(MS / 100));
    assertThat(fitted.ppmAgainst(1e9 / (33.333 * MS))).isCloseTo(40, within(5 * error));
  }

  @Test
  void measuresJitterAroundTheLattice() {
    long[] stamps = tenHertz(20_000);
    LatticeTracker tracker = new LatticeTracker();
    tracker.accept(stamps, 0, stamps.length, new LatticeEvents() {});
    tracker.finish(new LatticeEvents() {});
    Jitter jitter = tracker.jitter();
    assertThat(jitter.count()).isEqualTo(20_000);
    assertThat(jitter.sigmaNs()).isCloseTo(0.5 * MS, within(0.02 * MS));
    assertThat(jitter.wanderNs(1)).isCloseTo(0.5 * MS, within(0.02 * MS));
    assertThat(jitter.wanderNs(100)).isCloseTo(0.5 * MS, within(0.02 * MS));
    assertThat(jitter.skewness()).isCloseTo(0, within(0.1));
    assertThat(jitter.lagOneCorrelation()).isCloseTo(0, within(0.05));
  }

  @Test
  void refusesAStampAfterTheEnd() {
    LatticeTracker tracker = new LatticeTracker();
    tracker.finish(new LatticeEvents() {});
    tracker.finish(new LatticeEvents() {});
    assertThatThrownBy(() -> tracker.accept(1, new LatticeEvents() {}))
        .hasMessage("stream: a stamp after its end");
  }

  @Test
  void reportsBothFaultsThatLieCloseTogether() {
    long[] stamps = shifted(tenHertz(300), 106, 107, 20 * MS);
    List<String> lines = new ArrayList<>(events(SimulatedClock.without(stamps, Set.of(100L))));
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).isEqualTo("dropped 100 x1 after 99");
    assertThat(lines.get(1)).startsWith("doublet 105 +");
  }
}
