package dev.lockstep.check.time;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.RecordingCheck;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// A rule about one end of the sensor streams of a recording. Streams that miss it together are one
/// finding.
abstract class EndsRule implements RecordingCheck {
  /// Limit of a warning: half a second, and five periods of the stream.
  static final CheckCard.Parameter SECONDS =
      new CheckCard.Parameter(
          "max-difference", "s", 0.5, "judged: drivers start and stop within this");

  static final CheckCard.Parameter PERIODS =
      new CheckCard.Parameter("max-periods", "periods", 5, "judged: slow streams need more room");

  /// Names that a finding about several streams lists.
  private static final int LISTED = 5;

  private final CheckCard card;
  private final String verb;

  /// A rule with `card`; `verb` says in two words what streams do (`ends early`).
  EndsRule(CheckCard card, String verb) {
    this.card = card;
    this.verb = verb;
  }

  @Override
  public final CheckCard card() {
    return card;
  }

  /// By how much `extent` misses the recording's end that this rule is about, ns.
  abstract double missedNs(StreamEnds.Extent extent, StreamEnds ends);

  /// What the streams miss, in words.
  abstract String end();

  /// Index of the message at that end.
  abstract long message(StreamEnds.Extent extent);

  /// Tells the sink where messages are missing.
  abstract void tellAbsence(StreamEnds.Extent extent, CheckSink sink);

  /// What may be missing without being an error even of a short recording, ns.
  double leastErrorNs() {
    return 0;
  }

  /// Reports what else the ends of streams tell.
  void judgeOthers(StreamEnds ends, CheckSink sink) {}

  private record Missed(StreamEnds.Extent extent, double ns) {
    String stream() {
      return extent.stream().stream().name();
    }

    boolean isOff() {
      return ns > limitSeconds() * 1e9;
    }

    double limitSeconds() {
      return Math.max(SECONDS.value(), PERIODS.value() * extent.paceNs() / 1e9);
    }

    Severity severity(StreamEnds ends, double leastErrorNs) {
      boolean unknown =
          extent.stream().stream().modality() == Modality.OTHER
              && !extent.stream().stream().stampSource().measuredAtSensor();
      if (unknown) {
        return Severity.INFO;
      }
      return ns > Math.max(ends.lengthNs() / 2, leastErrorNs) ? Severity.ERROR : Severity.WARNING;
    }
  }

  @Override
  public final Observer open(CheckSink sink) {
    return summary -> {
      StreamEnds ends = new StreamEnds(summary);
      judgeOthers(ends, sink);
      if (ends.extents().size() < 2) {
        return Conclusion.undecided("fewer than two periodic sensor streams to compare");
      }
      if (!ends.oneClock()) {
        return Conclusion.undecided("the streams do not share a clock");
      }
      List<Missed> missed = new ArrayList<>();
      for (StreamEnds.Extent extent : ends.extents()) {
        Missed miss = new Missed(extent, missedNs(extent, ends));
        if (miss.isOff() && !isHandedOver(miss, ends)) {
          missed.add(miss);
        }
      }
      missed.sort((a, b) -> Double.compare(a.ns, b.ns));
      int from = 0;
      for (int i = 1; i <= missed.size(); i++) {
        if (i == missed.size() || missed.get(i).ns - missed.get(i - 1).ns > SECONDS.value() * 1e9) {
          report(missed.subList(from, i), ends, sink);
          from = i;
        }
      }
      return Conclusion.examined(ends.extents().size(), "no streams");
    };
  }

  /// Whether a stream of the same topic fills what is missed without a pause: a sender that was
  /// started anew gets a channel of its own.
  private boolean isHandedOver(Missed miss, StreamEnds ends) {
    StreamEnds.Extent own = miss.extent;
    double pauseNs = miss.limitSeconds() * 1e9;
    for (StreamEnds.Extent other : ends.extents()) {
      if (!other.name().equals(own.name())
          && topicOf(other).equals(topicOf(own))
          && Times.difference(other.firstNs(), own.lastNs()) <= pauseNs
          && Times.difference(own.firstNs(), other.lastNs()) <= pauseNs
          && !new Missed(other, missedNs(other, ends)).isOff()) {
        return true;
      }
    }
    return false;
  }

  /// Name of the topic; further channels of one bear their number behind it.
  private static String topicOf(StreamEnds.Extent extent) {
    int number = extent.name().endsWith(")") ? extent.name().lastIndexOf(" (channel ") : -1;
    return number < 0 ? extent.name() : extent.name().substring(0, number);
  }

  /// Reports streams that missed the end at about the same time.
  private void report(List<Missed> together, StreamEnds ends, CheckSink sink) {
    Missed worst = together.getLast();
    Severity severity =
        together.stream()
            .map(m -> m.severity(ends, leastErrorNs()))
            .max(Comparator.naturalOrder())
            .orElseThrow();
    String of = "";
    String title = "the stream " + verb;
    if (together.size() > 1) {
      title = "several streams " + verb.replaceFirst("s ", " ") + " together";
      of =
          " of "
              + together.stream()
                  .limit(LISTED)
                  .map(Missed::stream)
                  .collect(Collectors.joining(", "))
              + (together.size() > LISTED ? " and " + (together.size() - LISTED) + " more" : "");
      if (2 * together.size() > ends.extents().size() && severity == Severity.ERROR) {
        // Most streams cannot be the exception.
        severity = Severity.WARNING;
      }
    }
    long message = message(worst.extent);
    sink.report(
        severity,
        title,
        Location.stream(worst.stream()).withMessages(message, message),
        new Evidence.OutOfRange(
            "distance from the " + end() + of, worst.ns / 1e9, null, worst.limitSeconds(), "s"));
    for (Missed missed : together) {
      tellAbsence(missed.extent, sink);
    }
  }
}
