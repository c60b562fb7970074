package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Order;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// SYN020: all streams have a hole at the same time, so that it is one of the recording.
public final class RecordingPaused implements AlignmentCheck {
  private static final String HOLES = "TIM008";

  private static final CheckCard.Parameter PERIODS =
      new CheckCard.Parameter(
          "min-periods",
          "periods",
          2,
          "judged: of the stream itself; two triggered sensors may lose one message together");
  private static final CheckCard.Parameter SHARE =
      new CheckCard.Parameter(
          "min-share", "%", 50, "judged: slow streams cannot show a hole; most have to");

  private static final CheckCard CARD =
      CheckCard.of(
          "SYN020",
          RecordingPaused.class,
          Severity.ERROR,
          "All streams have a hole at the same time: the recording itself paused.",
          PERIODS,
          SHARE);

  @Override
  public CheckCard card() {
    return CARD;
  }

  /// A stream whose stamps as a rule rise. What needs them sorted waits until a hole asks for it.
  private static final class Paced {
    private final Alignment.Stream stream;
    private final long[] stamps;

    /// Messages in front of a hole, by their stamps.
    private final int[] holes;

    private double usualNs;
    private long[] sorted = {};

    Paced(Alignment.Stream stream) {
      this.stream = stream;
      stamps = stream.stampsNs();
      holes =
          stream.absences().stream()
              .filter(absence -> isHole(absence, stamps))
              .map(absence -> (int) absence.after())
              .sorted(Order.byLong(after -> stamps[after]))
              .mapToInt(Integer::intValue)
              .toArray();
    }

    /// Whether what lacks lies between two stamps.
    private static boolean isHole(Alignment.Absence absence, long[] stamps) {
      return absence.check().equals(HOLES)
          && !absence.symptom()
          && absence.after() >= 0
          && absence.before() == absence.after() + 1
          && absence.before() < stamps.length
          && stamps[(int) absence.after()] != Times.NONE
          && stamps[(int) absence.before()] != Times.NONE;
    }

    /// Message in front of the hole in which an instant lies, or -1.
    int holeAround(long ns) {
      int low = 0;
      int high = holes.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (stamps[holes[middle]] < ns) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low > 0 && stamps[holes[low - 1] + 1] > ns ? holes[low - 1] : -1;
    }

    /// Whether a message has a stamp between two instants.
    boolean anyBetween(long fromNs, long toNs) {
      if (sorted.length == 0) {
        sorted = stamps.clone();
        Arrays.sort(sorted);
      }
      int at = Arrays.binarySearch(sorted, fromNs);
      at = at < 0 ? -at - 1 : at;
      while (at < sorted.length && sorted[at] == fromNs) {
        at++;
      }
      return at < sorted.length && sorted[at] < toNs;
    }

    /// Median step of the stamps, ns.
    double usualNs() {
      if (usualNs == 0) {
        usualNs = RecordingPaused.usualNs(stamps);
      }
      return usualNs;
    }
  }

  /// Time without a message of any stream.
  ///
  /// @param streams those that report a hole there
  private record Pause(
      Alignment.Stream first, int after, long fromNs, long toNs, long lost, int streams) {}

  @Override
  public void examine(Alignment alignment, Results results) {
    List<Paced> streams = new ArrayList<>();
    for (Alignment.Stream stream : alignment.all()) {
      if (stream.info().modality() != Modality.LABELS && rises(stream.stampsNs())) {
        streams.add(new Paced(stream));
      }
    }
    if (streams.size() < 2) {
      return;
    }
    results.of(
        streams.getFirst().stream.name(),
        sink -> {
          judge(streams, sink);
          return Conclusion.examined(
              streams.stream().mapToLong(s -> s.stream.stampsNs().length - 1L).sum(), "");
        });
  }

  /// Whether the median step of the stamps is above 0.
  private static boolean rises(long[] stamps) {
    int steps = 0;
    int still = 0;
    for (int i = 1; i < stamps.length; i++) {
      if (stamps[i] != Times.NONE && stamps[i - 1] != Times.NONE) {
        steps++;
        still += stamps[i] > stamps[i - 1] ? 0 : 1;
      }
    }
    return steps > 0 && still <= steps / 2;
  }

  /// Median step of the stamps; 0 where there is none.
  private static double usualNs(long[] stamps) {
    double[] steps = new double[Math.max(0, stamps.length - 1)];
    int count = 0;
    for (int i = 1; i < stamps.length; i++) {
      if (stamps[i] != Times.NONE && stamps[i - 1] != Times.NONE) {
        steps[count++] = Times.difference(stamps[i], stamps[i - 1]);
      }
    }
    Arrays.sort(steps, 0, count);
    return count == 0 ? 0 : steps[count / 2];
  }

  private static void judge(List<Paced> streams, CheckSink sink) {
    long toldToNs = Long.MIN_VALUE;
    for (int s = 0; s < streams.size(); s++) {
      Paced paced = streams.get(s);
      for (int after : paced.holes) {
        Pause pause = paced.stamps[after] < toldToNs ? null : pause(streams, s, after);
        if (pause != null) {
          report(pause, streams.size(), sink);
          toldToNs = pause.toNs;
        }
      }
    }
  }

  /// The pause to which the hole behind message `after` of a stream belongs, or null if some stream
  /// went on during it. It is told with the first stream that shows it.
  private static @Nullable Pause pause(List<Paced> streams, int of, int after) {
    long[] own = streams.get(of).stamps;
    long middleNs = own[after] + Times.difference(own[after + 1], own[after]) / 2;
    long fromNs = own[after];
    long toNs = own[after + 1];
    double slowestNs = 0;
    long lost = 0;
    int holes = 0;
    for (int s = 0; s < streams.size(); s++) {
      Paced paced = streams.get(s);
      int at = paced.holeAround(middleNs);
      if (at >= 0 && s < of) {
        return null;
      }
      if (at >= 0) {
        long[] stamps = paced.stamps;
        fromNs = Math.max(fromNs, stamps[at]);
        toNs = Math.min(toNs, stamps[at + 1]);
        slowestNs = Math.max(slowestNs, paced.usualNs());
        lost += Math.round(Times.difference(stamps[at + 1], stamps[at]) / paced.usualNs()) - 1;
        holes++;
      }
    }
    double lengthNs = Times.difference(toNs, fromNs);
    if (holes < 2
        || holes * 100.0 < SHARE.value() * streams.size()
        || lengthNs < PERIODS.value() * slowestNs) {
      return null;
    }
    for (Paced paced : streams) {
      if (paced.anyBetween(fromNs, toNs)) {
        return null;
      }
    }
    return new Pause(streams.get(of).stream, after, fromNs, toNs, lost, holes);
  }

  private static void report(Pause pause, int streams, CheckSink sink) {
    Location at =
        pause.first.location(pause.after, pause.after + 1).withStamps(pause.fromNs, pause.toNs);
    sink.report(
        Severity.ERROR,
        "no stream has messages: the recording paused",
        at,
        new Evidence.Violation(
            "all " + streams + " streams, " + pause.streams + " of them with holes",
            "nothing for "
                + Numbers.duration(Times.difference(pause.toNs, pause.fromNs))
                + " ("
                + pause.lost
                + " messages)",
            "holes of single streams"),
        new Cause(
            "recorder",
            "the recorder or its disk stood still, a chunk was lost, or the clock of all streams"
                + " jumped"));
    sink.accountsForAll(pause.fromNs, pause.toNs);
  }
}
