package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.sync.SyncStreams.Shift;
import dev.lockstep.check.sync.SyncStreams.Timed;
import dev.lockstep.clock.NamedOffsets;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import org.jspecify.annotations.Nullable;

/// SYN007: a stream is shifted in time against the others as a whole.
public final class ClocksDiffer implements AlignmentCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "SYN007",
          ClocksDiffer.class,
          Severity.ERROR,
          "A stream begins and ends later or earlier than all others by the same time.",
          new CheckCard.Parameter(
              "min-shift", "s", 0.9, "judged: drivers that start late by less are no news"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public void examine(Alignment alignment, Results results) {
    SyncStreams streams = SyncStreams.of(alignment);
    if (streams.compared() < 2) {
      return;
    }
    for (Timed timed : streams.all()) {
      results.of(timed.name(), sink -> judge(timed, streams, sink));
    }
  }

  private static Conclusion judge(Timed timed, SyncStreams streams, CheckSink sink) {
    for (Shift shift : streams.shifts()) {
      if (shift.timed().name().equals(timed.name())) {
        report(shift, sink);
        return Conclusion.examined(timed.stamps().size(), "");
      }
    }
    String why = timed.unusable();
    return why == null ? Conclusion.examined(timed.stamps().size(), "") : Conclusion.undecided(why);
  }

  private static void report(Shift shift, CheckSink sink) {
    Timed timed = shift.timed();
    NamedOffsets.@Nullable Match named =
        NamedOffsets.nearest(shift.shiftNs(), timed.periodNs() / 5, 0);
    int last = timed.stamps().size() - 1;
    sink.measure("offset", shift.shiftNs() / 1e9, "s");
    sink.report(
        named == null ? Severity.WARNING : Severity.ERROR,
        "the stream is shifted against the others as a whole",
        Location.stream(timed.name())
            .withStamps(timed.stamps().stampsNs()[0], timed.stamps().stampsNs()[last]),
        new Evidence.Violation(
            "begin and end of the stream",
            Numbers.text(Math.abs(Math.rint(shift.shiftNs() / 1e7)) / 100)
                + (shift.shiftNs() > 0 ? " s later" : " s earlier")
                + (shift.either() == null
                    ? " than those of the others"
                    : " than those of " + shift.either() + ", or it is that one that is shifted"),
            "together with them"),
        named == null ? null : new Cause(named.id(), named.sentence()));
    sink.lacks(timed.name(), -1, Long.MAX_VALUE, 0);
  }
}
