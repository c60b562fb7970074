package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Order;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// SYN023: the log times of several streams jump together while their stamps go on, so that the
/// recorder's clock was set.
public final class LogClockMoves implements AlignmentCheck {
  private static final String LOG_TIMES = "TIM014";

  private static final CheckCard.Parameter TOGETHER =
      new CheckCard.Parameter(
          "max-apart", "s", 1, "judged: a clock is set between two messages of each stream");

  private static final CheckCard CARD =
      CheckCard.of(
          "SYN023",
          LogClockMoves.class,
          Severity.WARNING,
          "Log times of several streams jump, or change places with other times, at once while"
              + " stamps go on.",
          TOGETHER);

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public boolean readsAll() {
    return true;
  }

  /// Moves of a recording that are held against each other: a clock is not set more often.
  private static final int MOST = 1024;

  /// A log time that moved.
  ///
  /// @param exchanged whether it took the place of another time, and that its place
  private record Move(Alignment.Stream stream, int message, long stampNs, boolean exchanged) {}

  @Override
  public void examine(Alignment alignment, Results results) {
    List<Alignment.Stream> stamped =
        alignment.all().stream()
            .filter(s -> s.stampsNs().length > 1 && s.info().stampSource() == StampSource.HEADER)
            .toList();
    if (stamped.size() < 2) {
      return;
    }
    List<Move> moves = new ArrayList<>();
    for (Alignment.Stream stream : stamped) {
      addMoves(stream, moves);
    }
    results.of(
        stamped.getFirst().name(),
        sink -> {
          judge(moves, stamped.size(), sink);
          return Conclusion.examined(
              stamped.stream().mapToLong(s -> s.stampsNs().length - 1L).sum(), "");
        });
  }

  private static void addMoves(Alignment.Stream stream, List<Move> moves) {
    long[] stamps = stream.stampsNs();
    for (Alignment.Absence absence : stream.absences()) {
      long first = absence.after() + 1;
      if (moves.size() < MOST
          && absence.check().equals(LOG_TIMES)
          && first > 0
          && absence.before() <= first + 1
          && first < stamps.length
          && stamps[(int) first] != Times.NONE) {
        boolean exchanged = absence.before() > first;
        moves.add(new Move(stream, (int) first, stamps[(int) first], exchanged));
      }
    }
  }

  private static void judge(List<Move> moves, int streams, CheckSink sink) {
    moves.sort(Order.byLong(Move::stampNs));
    boolean[] told = new boolean[moves.size()];
    for (int i = 0; i < moves.size(); i++) {
      Move first = moves.get(i);
      List<Move> same = new ArrayList<>();
      for (int j = i; j < moves.size() && !told[i] && isTogether(first, moves.get(j)); j++) {
        if (!told[j] && moves.get(j).exchanged == first.exchanged) {
          same.add(moves.get(j));
        }
      }
      if (same.size() < 2) {
        continue;
      }
      for (int j = i; j < moves.size() && isTogether(first, moves.get(j)); j++) {
        told[j] |= moves.get(j).exchanged == first.exchanged;
      }
      same.sort(Order.byInt(move -> move.stream.info().id()));
      report(same.getFirst(), same, streams, sink);
    }
  }

  private static boolean isTogether(Move first, Move later) {
    return Times.difference(later.stampNs, first.stampNs) <= TOGETHER.value() * Times.SECOND;
  }

  private static void report(Move first, List<Move> same, int streams, CheckSink sink) {
    Location at = first.stream.location(first.message, first.message);
    String who = "log times of " + same.size() + " of " + streams + " streams";
    Long movedNs = movedNs(first);
    if (first.exchanged) {
      sink.report(
          Severity.ERROR,
          "log times change places with other times",
          at,
          new Evidence.Violation(who, "are exchanged from here on", "behind the other times"),
          new Cause("times-exchanged", "a writer exchanges the two"));
    } else {
      sink.report(
          Severity.WARNING,
          "the log clock jumps while stamps go on",
          at,
          new Evidence.Violation(
              who,
              movedNs == null ? "jump here" : "jump by " + Numbers.duration(movedNs) + " here",
              "to go on as their stamps do"),
          new Cause("recorder-clock", "the clock of the recorder was set"));
    }
    for (Move move : same) {
      sink.accountsFor(move.stream.name(), move.stampNs, move.stampNs);
    }
  }

  /// By how much log times moved against stamps, to a tenth of a second, or null where no messages
  /// on both sides were kept.
  private static @Nullable Long movedNs(Move move) {
    double before = latencyNs(move, false);
    double after = latencyNs(move, true);
    double seconds = Math.rint((after - before) / 1e8) / 10;
    return Double.isNaN(seconds) ? null : Math.round(seconds * Times.SECOND);
  }

  private static double latencyNs(Move move, boolean behind) {
    long[] latencies =
        move.stream.samples().stream()
            .filter(s -> s.message() >= move.message == behind && s.latencyNs() != Times.NONE)
            .mapToLong(Alignment.Sample::latencyNs)
            .toArray();
    Arrays.sort(latencies);
    return latencies.length == 0 ? Double.NaN : latencies[latencies.length / 2];
  }
}
