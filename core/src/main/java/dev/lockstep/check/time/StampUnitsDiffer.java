package dev.lockstep.check.time;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.RecordingCheck;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;

/// TIM021: all stamps of a stream count in another unit than those of the others.
///
/// For clocks that count from no known beginning, where [StampUnitWrong] cannot tell the unit of
/// one stream by itself: begin and length are both a power of 1,000 of what they are for most
/// others.
public final class StampUnitsDiffer implements RecordingCheck {
  private static final CheckCard.Parameter RATIO =
      new CheckCard.Parameter(
          "max-ratio-error",
          "%",
          10,
          "judged: streams of one recording begin and end within a tenth of its length");

  private static final CheckCard CARD =
      CheckCard.of(
          "TIM021",
          StampUnitsDiffer.class,
          Severity.ERROR,
          "All stamps of a stream count in another unit than those of the others.",
          RATIO);

  /// Stamps beyond this count from 1970 or 1980, and tell their unit by themselves: three years.
  private static final long EPOCHS_NS = 100_000_000 * Times.SECOND;

  /// Fewest streams of which one can be told apart.
  private static final int LEAST_STREAMS = 3;

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public Observer open(CheckSink sink) {
    return summary -> {
      List<StreamSummary> streams = new ArrayList<>();
      for (StreamSummary stream : summary.streams()) {
        // Where there are log times, and on clocks that count from 1970, each stream tells by
        // itself.
        if (stream.stream().stampSource().measuredAtSensor()
            && stream.messages() >= StreamEnds.LEAST_MESSAGES
            && stream.firstLogTimeNs() == Times.NONE
            && stream.firstStampNs() > 0
            && stream.lastStampNs() > stream.firstStampNs()) {
          streams.add(stream);
        }
      }
      if (streams.size() < 2) {
        return Conclusion.undecided("fewer than two streams with stamps and no log times");
      }
      for (int i = 0; i < streams.size(); i++) {
        StreamSummary stream = streams.get(i);
        // Streams may share a list of stamps.
        if (streams.subList(0, i).stream().noneMatch(s -> isOfSameStamps(s, stream))) {
          judge(stream, streams, sink);
        }
      }
      return Conclusion.examined(streams.size(), "");
    };
  }

  private static void judge(StreamSummary own, List<StreamSummary> streams, CheckSink sink) {
    int slip = 0;
    int agree = 0;
    for (StreamSummary other : streams) {
      boolean known = own.lastStampNs() < EPOCHS_NS && isUntold(own);
      boolean compares = !other.equals(own) && (known || other.lastStampNs() < EPOCHS_NS);
      int slips = compares ? slip(own, other) : 0;
      if (slips != 0 && (slip == 0 || slips == slip)) {
        slip = slips;
        agree++;
      }
    }
    boolean alone = streams.size() < LEAST_STREAMS && (slip > 0 || !isUntold(own));
    if (slip != 0 && !alone && 2 * agree > streams.size() - 1) {
      sink.report(
          Severity.ERROR,
          "all stamps count in another unit than those of the other streams",
          Location.stream(own.stream().name()).withStamps(own.firstStampNs(), own.lastStampNs()),
          new Evidence.Violation(
              "begin and length of the stream",
              (slip > 0 ? "10^" + slip : "10^-" + -slip) + " of those of " + agree + " others",
              "about theirs, "
                  + Numbers.duration(own.lastStampNs() - own.firstStampNs())
                  + " being its length"),
          new Cause("unit-slip", "its stamps were read in another unit than they are written in"));
      sink.lacks(own.stream().name(), -1, Long.MAX_VALUE, 0);
      // Digits that a coarser unit has no room for are lost: stamps repeat.
      sink.accountsForMessages(own.stream().name(), 0, Long.MAX_VALUE);
    }
  }

  private static boolean isOfSameStamps(StreamSummary a, StreamSummary b) {
    return a.firstStampNs() == b.firstStampNs()
        && a.lastStampNs() == b.lastStampNs()
        && a.messages() == b.messages();
  }

  /// Whether a stream is of a kind whose steps may be so short that they do not tell its unit.
  private static boolean isUntold(StreamSummary stream) {
    return switch (stream.stream().modality()) {
      case IMU, POSE, OTHER -> true;
      case LIDAR, CAMERA, VIDEO, RADAR, GNSS, LABELS -> false;
    };
  }

  /// Powers of ten by which begin and length of a stream are those of another, 0 where they are
  /// not.
  private static int slip(StreamSummary own, StreamSummary other) {
    double begin = (double) own.firstStampNs() / other.firstStampNs();
    double length =
        (double) (own.lastStampNs() - own.firstStampNs())
            / (other.lastStampNs() - other.firstStampNs());
    for (int power = 3; power <= 9; power += 3) {
      double scale = Math.pow(10, power);
      if (isAbout(begin, scale) && isAbout(length, scale)) {
        return power;
      }
      if (isAbout(begin * scale, 1) && isAbout(length * scale, 1)) {
        return -power;
      }
    }
    return 0;
  }

  private static boolean isAbout(double value, double expected) {
    return Math.abs(value / expected - 1) <= RATIO.value() / 100;
  }
}
