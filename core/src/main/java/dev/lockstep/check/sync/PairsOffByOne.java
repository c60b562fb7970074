package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.sync.SyncStreams.Pair;
import dev.lockstep.check.sync.SyncStreams.Timed;
import dev.lockstep.clock.PhaseLock;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.Times;
import org.jspecify.annotations.Nullable;

/// SYN003: messages that belong together by their number lie whole periods apart.
public final class PairsOffByOne implements AlignmentCheck {
  private static final double SAME_PERIOD = 0.05;

  private static final CheckCard.Parameter PHASE =
      new CheckCard.Parameter(
          "max-phase",
          "",
          0.4,
          "of the period; judged: nearer to half a period, which neighbour is meant is open");
  private static final CheckCard.Parameter RUN =
      new CheckCard.Parameter(
          "min-run", "messages", 3, "judged: one or two are late stamps, not another pairing");

  private static final CheckCard CARD =
      CheckCard.of(
          "SYN003",
          PairsOffByOne.class,
          Severity.ERROR,
          "Messages of the same number lie one or more periods apart: they are paired with a"
              + " neighbour.",
          PHASE,
          RUN);

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public void examine(Alignment alignment, Results results) {
    for (Pair pair : SyncStreams.of(alignment).pairs()) {
      results.of(pair.subject(), sink -> judge(pair, sink));
    }
  }

  private static @Nullable String undecided(Pair pair) {
    String why = pair.unusable();
    if (why != null) {
      return why;
    }
    for (Timed timed : new Timed[] {pair.first(), pair.second()}) {
      if (timed.stream().info().stampSource() != StampSource.LIST) {
        return "messages are paired by their stamps, not by their numbers";
      }
      if (timed.locked() == null) {
        return "messages of " + timed.name() + " follow no period";
      }
    }
    double ratio = pair.first().periodNs() / pair.second().periodNs();
    return Math.abs(ratio - 1) > SAME_PERIOD ? "the streams have different periods" : null;
  }

  private static Conclusion judge(Pair pair, CheckSink sink) {
    String why = undecided(pair);
    if (why != null) {
      return Conclusion.undecided(why);
    }
    double period = pair.first().periodNs();
    PhaseLock lock = PhaseLock.of(pair.second().stamps(), pair.first().stamps(), period, period);
    if (lock.count() < PhaseLock.MIN_COUNT || !lock.locked()) {
      return Conclusion.undecided("the streams do not keep a phase to each other");
    }
    if (Math.abs(lock.phaseNs()) > PHASE.value() * period) {
      return Conclusion.undecided(
          "the streams lie half a period apart: either neighbour may be meant");
    }
    long[] firsts = pair.first().stream().stampsNs();
    long[] seconds = pair.second().stream().stampsNs();
    int n = Math.min(firsts.length, seconds.length);
    int examined = 0;
    int run = 0;
    int runFrom = 0;
    long runOff = 0;
    for (int i = 0; i <= n; i++) {
      boolean known = i < n && firsts[i] != Times.NONE && seconds[i] != Times.NONE;
      if (i < n && !known) {
        continue;
      }
      double apart = known ? Times.difference(seconds[i], firsts[i]) - lock.phaseNs() : 0;
      long off = known ? Math.round(apart / period) : Long.MIN_VALUE;
      examined += known ? 1 : 0;
      if (off != runOff || i == n) {
        if (runOff != 0 && run >= RUN.value()) {
          report(pair, runFrom, i - 1, run, runOff, period, sink);
        }
        run = 0;
        runFrom = i;
        runOff = off;
      }
      run++;
    }
    return Conclusion.examined(examined, "no two messages have the same number");
  }

  private static void report(
      Pair pair, int from, int to, int count, long off, double periodNs, CheckSink sink) {
    Timed second = pair.second();
    String told = second.stream().reports().between(from - 1L, from);
    if (told == null) {
      told = pair.first().stream().reports().between(from - 1L, from);
    }
    String where = off > 0 ? "later" : "earlier";
    long periods = Math.abs(off);
    sink.report(
        told == null ? Severity.ERROR : Severity.INFO,
        periods == 1 ? "pairs are off by one" : "pairs are off by some messages",
        second.stream().location(from, to),
        new Evidence.Violation(
            second.stream().info().unit()
                + "s and "
                + pair.first().stream().info().unit()
                + "s of "
                + pair.first().name()
                + " of the same number",
            periods + (periods == 1 ? " period " : " periods ") + where + " (" + count + " pairs)",
            "within half a period of " + Numbers.duration(Math.round(periodNs / 1e4) * 10_000)),
        told == null
            ? new Cause(
                "off-by-one",
                from == 0
                    ? "one of the lists begins a message too early or too late"
                    : "a message was lost without its line, so that later numbers moved up")
            : new Cause("reported-loss", told + " reports messages that are missing there"));
  }
}
