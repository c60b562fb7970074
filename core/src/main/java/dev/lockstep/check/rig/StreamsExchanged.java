package dev.lockstep.check.rig;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.rig.RigPhases.Phased;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// SYN016: streams lie at each other's phases.

public final class StreamsExchanged extends RigRule {
  private static final CheckCard CARD =
      CheckCard.of(
          "SYN016",
          StreamsExchanged.class,
          Severity.ERROR,
          "Streams lie at the phases that others of them had on the good drives.");

  /// A rule without a profile.
  public StreamsExchanged() {
    this(null);
  }

  private StreamsExchanged(@Nullable RigProfile profile) {
    super(CARD, profile);
  }

  @Override
  public StreamsExchanged with(RigProfile profile) {
    return new StreamsExchanged(profile);
  }

  @Override
  String nothingKnown() {
    return "the rig profile knows no phases of two streams that are there";
  }

  @Override
  void examine(RigSurvey survey, RigProfile profile, Results results) {
    RigPhases phases = RigPhases.of(survey, profile);
    if (phases.streams().size() > 1) {
      results.of(profile.reference(), sink -> judge(phases, sink));
    }
  }

  private static Conclusion judge(RigPhases phases, CheckSink sink) {
    List<Phased> known = phases.streams().stream().filter(p -> p.lock() != null).toList();
    if (known.size() < 2) {
      return Conclusion.undecided(phases.streams().getFirst().why());
    }
    int told = 0;
    for (Phased a : known) {
      told += known.stream().anyMatch(b -> distinct(a, b)) ? 1 : 0;
    }
    for (List<String> ring : phases.rings()) {
      sink.report(
          Severity.ERROR,
          ring.size() == 2 ? "two streams are exchanged" : "streams are exchanged in a ring",
          Location.stream(ring.getFirst()),
          new Evidence.Violation(
              "phases",
              "in the order " + String.join(" -> ", ring) + " -> " + ring.getFirst(),
              "each stream at its own"),
          new Cause("swapped-channels", "cables, drivers or names of these are exchanged"));
    }
    return Conclusion.examined(told, "all streams lie at the same phase: none can be told apart");
  }

  private static boolean distinct(Phased a, Phased b) {
    double apart = Math.abs(a.phase().off(b.phase().phaseNs()));
    return apart > a.phase().toleranceNs() + b.phase().toleranceNs();
  }
}
