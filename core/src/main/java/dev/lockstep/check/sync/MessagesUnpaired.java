package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.sync.SyncStreams.Pair;
import dev.lockstep.check.sync.SyncStreams.Timed;
import dev.lockstep.clock.LatticeFit;
import dev.lockstep.clock.MutualPairs;
import dev.lockstep.clock.PhaseLock;
import dev.lockstep.clock.Select;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;

/// SYN006: messages of one stream have no partner in the other.
public final class MessagesUnpaired implements AlignmentCheck {
  /// Part of the shorter period within which a partner must lie. Never half of it: a neighbour
  /// would do as well.
  private static final double WINDOW = 0.45;

  /// Jitter of a step beyond which none of a million lies.
  private static final double JITTER_SIGMAS = 6;

  /// Pairs whose distances are sorted: of more, every nth.
  private static final int MAX_SORTED = 1 << 14;

  /// Ratio up to which two periods are the same; judged.
  private static final double SAME_PERIOD = 1.05;

  private static final CheckCard.Parameter WARN =
      new CheckCard.Parameter(
          "max-unpaired", "%", 1, "judged: what field teams accept is 1 % to 5 %");
  private static final CheckCard.Parameter ERROR =
      new CheckCard.Parameter("error-unpaired", "%", 5, "judged: the same");
  private static final CheckCard.Parameter MINIMUM =
      new CheckCard.Parameter("min-unpaired", "messages", 3, "judged: fewer are an accident");

  private static final CheckCard CARD =
      CheckCard.of(
          "SYN006",
          MessagesUnpaired.class,
          Severity.ERROR,
          "Messages of a stream have no partner in another, although none is known to be missing.",
          WARN,
          ERROR,
          MINIMUM);

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

  private static Conclusion judge(Pair pair, CheckSink sink) {
    String why = pair.unusable();
    if (why != null) {
      return Conclusion.undecided(why);
    }
    if (pair.first().locked() == null || pair.second().locked() == null) {
      Timed loose = pair.first().locked() == null ? pair.first() : pair.second();
      return Conclusion.undecided("messages of " + loose.name() + " follow no period");
    }
    // Of equal periods each message of the reference needs a partner.
    boolean secondIsSlow = pair.second().periodNs() > SAME_PERIOD * pair.first().periodNs();
    Timed slow = secondIsSlow ? pair.second() : pair.first();
    Timed fast = secondIsSlow ? pair.first() : pair.second();
    PhaseLock lock = PhaseLock.of(slow.stamps(), fast.stamps(), fast.periodNs(), fast.periodNs());
    // Minus the phase: from a message of the slow stream to its partner.
    double offsetNs = lock.locked() ? -lock.phaseNs() : 0;
    double windowNs = lock.locked() ? WINDOW * fast.periodNs() : reachNs(fast);
    MutualPairs pairs = MutualPairs.of(slow.stamps(), fast.stamps(), offsetNs, windowNs);
    int overlap = pairs.overlapTo() - pairs.overlapFrom();
    if (overlap < PhaseLock.MIN_COUNT) {
      return Conclusion.undecided("the streams hardly overlap in time");
    }
    Unpaired unpaired =
        pairs.pairs() == overlap
            ? new Unpaired(slow, fast)
            : new Unpaired(slow, fast, pairs, Math.round(offsetNs));
    Unpaired worse = unpaired;
    if (slow.periodNs() < SAME_PERIOD * fast.periodNs()) {
      // Of equal periods each message of the other stream needs a partner as well.
      Unpaired other =
          pairs.takesAll(slow.stamps(), fast.stamps(), offsetNs, windowNs)
              ? new Unpaired(fast, slow)
              : new Unpaired(
                  fast,
                  slow,
                  pairs.reversed(slow.stamps(), fast.stamps(), offsetNs, windowNs),
                  -Math.round(offsetNs));
      worse = other.count > unpaired.count ? other : unpaired;
    }
    measure(slow, fast, pairs, worse, offsetNs, sink);
    double share = 100.0 * worse.count / overlap;
    if (worse.count >= MINIMUM.value() && share > WARN.value()) {
      report(worse, share, sink);
    }
    return Conclusion.examined(overlap, "");
  }

  /// How far the nearest message may lie where all phases occur: half a step, which may be longer
  /// than the period by jitter.
  private static double reachNs(Timed fast) {
    LatticeFit.Locked fit = fast.locked();
    double jitter = fit == null ? 0 : JITTER_SIGMAS * fit.jitterNs();
    return 0.5 * fast.periodNs() + Math.min(jitter, fast.periodNs() / 4);
  }

  private static void measure(
      Timed slow,
      Timed fast,
      MutualPairs pairs,
      Unpaired unpaired,
      double offsetNs,
      CheckSink sink) {
    int stride = Math.max(1, pairs.first().length / MAX_SORTED) | 1;
    double[] off = new double[pairs.first().length / stride + 1];
    int n = 0;
    for (int i = 0; i < pairs.first().length; i += stride) {
      int partner = pairs.first()[i];
      if (partner >= 0) {
        off[n++] =
            Math.abs(fast.stamps().stampsNs()[partner] - slow.stamps().stampsNs()[i] - offsetNs);
      }
    }
    sink.measure("pairs", pairs.pairs(), "");
    sink.measure("ratio", slow.periodNs() / fast.periodNs(), "");
    sink.measure("unpaired", unpaired.count, "");
    sink.measure("unpaired-reported", unpaired.reported, "");
    if (n > 0) {
      sink.measure("pair-deviation-p50", Select.at(off, 0, n, n / 2) / Times.MILLISECOND, "ms");
      double rare = Select.at(off, 0, n, (int) (0.99 * (n - 1)));
      sink.measure("pair-deviation-p99", rare / Times.MILLISECOND, "ms");
    }
  }

  private static void report(Unpaired unpaired, double share, CheckSink sink) {
    Timed slow = unpaired.own;
    Timed fast = unpaired.other;
    int first = slow.stamps().messages()[unpaired.runFirst];
    int last = slow.stamps().messages()[unpaired.runLast];
    Location at =
        first < 0 || last < 0
            ? Location.stream(slow.name())
                .withStamps(
                    slow.stamps().stampsNs()[unpaired.runFirst],
                    slow.stamps().stampsNs()[unpaired.runLast])
            : slow.stream().location(first, last);
    sink.report(
        share > ERROR.value() ? Severity.ERROR : Severity.WARNING,
        "messages have no partner, most of them in a row here",
        at,
        Evidence.OutOfRange.rounded(
            "share of "
                + slow.stream().info().unit()
                + "s without "
                + fast.stream().info().unit()
                + " of "
                + fast.name()
                + " ("
                + unpaired.count
                + ")",
            share,
            null,
            WARN.value(),
            2,
            "%"));
  }

  /// Messages without a partner, and which of them a loss that is reported explains.
  private static final class Unpaired {
    private final Timed own;
    private final Timed other;
    private final Alignment.Reports ownReports;
    private final Alignment.Reports otherReports;
    private int count;
    private int reported;
    private int runFirst = -1;
    private int runLast = -1;

    /// All have partners.
    Unpaired(Timed slow, Timed fast) {
      own = slow;
      other = fast;
      ownReports = slow.stream().reports();
      otherReports = fast.stream().reports();
    }

    Unpaired(Timed slow, Timed fast, MutualPairs pairs, long offsetNs) {
      this(slow, fast);
      int run = 0;
      for (int i = pairs.overlapFrom(); i < pairs.overlapTo(); i++) {
        if (pairs.first()[i] >= 0) {
          run = 0;
        } else if (isReported(i, offsetNs)) {
          reported++;
        } else {
          count++;
          run++;
          if (runFirst < 0 || run > runLast - runFirst + 1) {
            runFirst = i - run + 1;
            runLast = i;
          }
        }
      }
    }

    private boolean isReported(int place, long offsetNs) {
      int message = own.stamps().messages()[place];
      if (message >= 0 && ownReports.between(message - 1L, message + 1L) != null) {
        return true;
      }
      int at = other.stamps().floor(own.stamps().stampsNs()[place] + offsetNs);
      int[] messages = other.stamps().messages();
      long before = at < 0 ? -1 : messages[at];
      long after = at + 1 < messages.length ? messages[at + 1] : Long.MAX_VALUE;
      // What is missing may have left a late or early neighbour behind.
      return otherReports.between(before - 1, after == Long.MAX_VALUE ? after : after + 1) != null;
    }
  }
}
