package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.clock.PhaseLock;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Order;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// SYN025: from some message on two streams hold each other's messages, or one message stands among
/// those of another stream.
///
/// Both are told by what rules about single streams report: where two of one kind leave their phase
/// at once and each goes on at the other's, and where one lacks a message whose stamp another has
/// too many. What those rules report there is a symptom then.
public final class StreamsCrossed implements AlignmentCheck {
  private static final CheckCard.Parameter SHARE =
      new CheckCard.Parameter(
          "max-off",
          "%",
          12.5,
          "judged: how near the other's phase a stream must go on, of what the two lie apart");

  private static final CheckCard CARD =
      CheckCard.of(
          "SYN025",
          StreamsCrossed.class,
          Severity.ERROR,
          "Messages are stored in the stream of another: those of two from some message on, or a"
              + " single one.",
          SHARE);

  /// Messages on either side that tell a phase, and fewest of them; judged.
  private static final int LOOK = 24;

  private static final int LEAST = 5;

  /// Ratio up to which two periods are the same.
  private static final double SAME_PERIOD = 1.01;

  /// Places of a recording that are looked at: more are no single messages.
  private static final int MOST = 32;

  /// Part of its own period within which the stamp that a stream lacks must be found.
  private static final double NEAR = 0.02;

  /// Share of the steps of a stream that must be alike for one message too many to show; judged.
  private static final double STEADY = 0.9;

  /// Steps between the neighbours of a message that is one too many.
  private static final double SURPLUS = 1.5;

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public boolean readsAll() {
    return true;
  }

  /// Where a stream leaves its phase, or lacks messages.
  ///
  /// @param message first message behind
  /// @param stepNs median step of the stream
  /// @param missing messages that are missing in front of it, 0 where that is not known
  private record Break(Alignment.Stream stream, int message, double stepNs, long missing) {
    long stampNs() {
      return stream.stampsNs()[message];
    }
  }

  /// Two streams that go on in each other's place.
  private record Crossing(Break one, Break other, double apartNs) {}

  @Override
  public void examine(Alignment alignment, Results results) {
    List<Alignment.Stream> streams =
        alignment.all().stream().filter(s -> s.stampsNs().length > 2 * LEAST).toList();
    if (streams.size() < 2) {
      return;
    }
    List<Break> breaks = new ArrayList<>();
    for (Alignment.Stream stream : streams) {
      addBreaks(stream, breaks);
    }
    results.of(
        streams.getFirst().name(),
        sink -> {
          judge(streams, breaks, sink);
          return Conclusion.examined(streams.size(), "");
        });
  }

  private static void addBreaks(Alignment.Stream stream, List<Break> breaks) {
    long[] stamps = stream.stampsNs();
    double step = stream.absences().isEmpty() ? 0 : step(stream);
    for (Alignment.Absence absence : stream.absences()) {
      long first = absence.after() + 1;
      if (absence.check().startsWith("TIM")
          && first >= 1
          && first < stamps.length
          && stamps[(int) first] != Times.NONE
          && stamps[(int) first - 1] != Times.NONE) {
        breaks.add(new Break(stream, (int) first, step, absence.count()));
      }
    }
  }

  private static void judge(List<Alignment.Stream> streams, List<Break> breaks, CheckSink sink) {
    breaks.sort(Order.byLong(Break::stampNs));
    List<Crossing> crossings = new ArrayList<>();
    Set<Break> crossed = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < breaks.size() && crossings.size() < MOST; i++) {
      Break one = breaks.get(i);
      for (int j = i + 1; j < breaks.size() && isNear(one, breaks.get(j)); j++) {
        Break other = breaks.get(j);
        if (crossed.contains(one) || crossed.contains(other)) {
          continue;
        }
        boolean inOrder = one.stream.info().id() <= other.stream.info().id();
        Crossing crossing = inOrder ? crossing(one, other) : crossing(other, one);
        if (crossing != null) {
          crossings.add(crossing);
          crossed.add(one);
          crossed.add(other);
        }
      }
    }
    for (int i = 0; i < crossings.size(); i++) {
      Crossing first = crossings.get(i);
      List<Crossing> same =
          crossings.subList(i, crossings.size()).stream().filter(c -> isBeside(c, first)).toList();
      if (crossings.subList(0, i).stream().noneMatch(c -> isBeside(c, first))) {
        report(same, sink);
      }
    }
    breaks.removeIf(crossed::contains);
    if (!breaks.isEmpty() && breaks.size() <= MOST) {
      List<Alignment.Stream> steady = streams.stream().filter(StreamsCrossed::isSteady).toList();
      breaks.forEach(gap -> findMisplaced(gap, steady, sink));
    }
  }

  /// Whether two streams break at about the same time.
  private static boolean isNear(Break a, Break b) {
    return Math.abs(Times.difference(b.stampNs(), a.stampNs())) <= 2 * a.stepNs;
  }

  private static boolean isBeside(Crossing a, Crossing b) {
    double reach = 2 * Math.max(a.one.stepNs, b.one.stepNs);
    return Math.abs(Times.difference(a.one.stampNs(), b.one.stampNs())) <= reach;
  }

  /// Whether two streams that leave their phase together go on at each other's; null where not.
  private static @Nullable Crossing crossing(Break a, Break b) {
    StreamInfo one = a.stream.info();
    StreamInfo other = b.stream.info();
    double period = a.stepNs;
    if (a.stream.equals(b.stream)
        || one.modality() != other.modality()
        || !one.schema().equals(other.schema())
        || !(period > 0)
        || !isNear(a, b)
        || Math.max(period, b.stepNs) > SAME_PERIOD * Math.min(period, b.stepNs)) {
      return null;
    }
    long anchor = a.stampNs();
    Phase aBefore = Phase.of(a, false, anchor, period);
    Phase aAfter = Phase.of(a, true, anchor, period);
    Phase bBefore = Phase.of(b, false, anchor, period);
    Phase bAfter = Phase.of(b, true, anchor, period);
    if (aBefore == null || aAfter == null || bBefore == null || bAfter == null) {
      return null;
    }
    double apart = PhaseLock.fold(bBefore.ns - aBefore.ns, period);
    double most = Math.abs(apart) * SHARE.value() / 100;
    boolean crossed =
        Math.abs(PhaseLock.fold(aAfter.ns - bBefore.ns, period)) <= most
            && Math.abs(PhaseLock.fold(bAfter.ns - aBefore.ns, period)) <= most;
    boolean sharp =
        Math.max(aBefore.spreadNs, aAfter.spreadNs) <= most
            && Math.max(bBefore.spreadNs, bAfter.spreadNs) <= most;
    return crossed && sharp ? new Crossing(a, b, apart) : null;
  }

  /// Where the stamps on one side of a place lie in their period.
  private record Phase(double ns, double spreadNs) {
    static @Nullable Phase of(Break at, boolean behind, long anchorNs, double periodNs) {
      long[] stamps = at.stream.stampsNs();
      int from = behind ? at.message : Math.max(0, at.message - LOOK);
      int to = behind ? Math.min(stamps.length, at.message + LOOK) : at.message;
      if (to - from < LEAST) {
        return null;
      }
      double[] phases = new double[to - from];
      double centre = PhaseLock.fold(Times.difference(stamps[from], anchorNs), periodNs);
      for (int i = from; i < to; i++) {
        double off = Times.difference(stamps[i], anchorNs) - centre;
        phases[i - from] = stamps[i] == Times.NONE ? 0 : PhaseLock.fold(off, periodNs);
      }
      double middle = Beam.median(phases);
      for (int i = 0; i < phases.length; i++) {
        phases[i] = Math.abs(phases[i] - middle);
      }
      return new Phase(centre + middle, Beam.median(phases));
    }
  }

  /// Median step of a stream, ns.
  private static double step(Alignment.Stream stream) {
    long[] stamps = stream.stampsNs();
    int n = Math.min(stamps.length - 1, 255);
    double[] steps = new double[n];
    for (int i = 0; i < n; i++) {
      steps[i] = Times.difference(stamps[i + 1], stamps[i]);
    }
    return Beam.median(steps);
  }

  private static void report(List<Crossing> same, CheckSink sink) {
    Crossing first = same.getFirst();
    List<String> pairs =
        same.stream().map(c -> c.one.stream.name() + " and " + c.other.stream.name()).toList();
    sink.report(
        Severity.ERROR,
        "from here on two streams hold each other's messages",
        first.one.stream.location(first.one.message, first.one.message),
        new Evidence.Violation(
            "stamps of " + String.join(", ", pairs),
            "lie at each other's phase, "
                + Numbers.duration(Math.round(first.apartNs / 1e4) * 10_000L)
                + " from their own",
            "each at its own, as before"),
        new Cause("swapped-channels", "names, cables or drivers of these streams were exchanged"));
    for (Crossing crossing : same) {
      account(crossing.one, sink);
      account(crossing.other, sink);
    }
  }

  private static void account(Break at, CheckSink sink) {
    sink.accountsForMessages(at.stream.name(), at.message - 1L, at.message + 1L);
  }

  /// Looks for the message that a stream lacks among those of the others.
  private static void findMisplaced(Break gap, List<Alignment.Stream> streams, CheckSink sink) {
    if (gap.missing != 1) {
      return;
    }
    long beforeNs = gap.stream.stampsNs()[gap.message - 1];
    long holeNs = Times.difference(gap.stampNs(), beforeNs);
    long wantedNs = beforeNs + holeNs / 2;
    for (Alignment.Stream other : streams) {
      int found =
          other.equals(gap.stream) || !isSteady(other)
              ? -1
              : surplus(other, wantedNs, NEAR * holeNs / 2);
      if (found >= 0) {
        sink.report(
            Severity.ERROR,
            "a message stands among those of another stream",
            other.location(found, found),
            new Evidence.Violation(
                "the message",
                "has the stamp that " + gap.stream.name() + " lacks, and is one too many here",
                "in " + gap.stream.name() + " behind message " + (gap.message - 1)),
            new Cause("wrong-channel", "a message was recorded under another stream's name"));
        account(gap, sink);
        sink.accountsForMessages(other.name(), found - 1L, found + 1L);
        return;
      }
    }
  }

  /// Whether steps of a stream are so alike that one message too many shows.
  private static boolean isSteady(Alignment.Stream stream) {
    long[] stamps = stream.stampsNs();
    double step = step(stream);
    int like = 0;
    for (int i = 1; i < stamps.length; i++) {
      double own = Times.difference(stamps[i], stamps[i - 1]);
      like += Math.abs(own - step) <= step / 4 ? 1 : 0;
    }
    return like >= STEADY * (stamps.length - 1);
  }

  /// The message of a stream that has about that stamp and whose neighbours are no further apart
  /// than those of none, or -1.
  private static int surplus(Alignment.Stream stream, long wantedNs, double nearNs) {
    long[] stamps = stream.stampsNs();
    double step = step(stream);
    for (int i = 1; i + 1 < stamps.length; i++) {
      if (Math.abs((double) stamps[i] - wantedNs) <= nearNs
          && stamps[i - 1] != Times.NONE
          && stamps[i + 1] != Times.NONE
          && Math.abs((double) stamps[i + 1] - stamps[i - 1]) <= SURPLUS * step) {
        return i;
      }
    }
    return -1;
  }
}
