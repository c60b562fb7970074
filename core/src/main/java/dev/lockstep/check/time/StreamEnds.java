package dev.lockstep.check.time;

import dev.lockstep.check.RecordingCheck;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.clock.WholeShift;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;

/// When the sensor streams of a recording begin and end, on one clock.
///
/// Log times serve where all streams have them, else stamps. A stream counts if it has enough
/// messages to have a period. One of a kind that is known to be periodic (LiDAR, camera, video,
/// radar, IMU) may miss an end by some periods; of any other, by a few of its own longest pauses,
/// so that a stream that is sent on events stays silent.
///
/// A stream that reaches further than the others by one long step only proves nothing: its clock
/// may have jumped.
final class StreamEnds {
  /// Fewest messages of a stream that is compared; judged.
  static final int LEAST_MESSAGES = 10;

  /// One stream.
  ///
  /// @param paceNs how long it may be silent as a matter of course, ns
  /// @param longestStepNs its longest step on the clock that serves
  record Extent(
      StreamSummary stream, long firstNs, long lastNs, double paceNs, long longestStepNs) {
    double lengthNs() {
      return (double) lastNs - firstNs;
    }

    /// Name of the stream; no two streams of a recording have the same.
    String name() {
      return stream.stream().name();
    }
  }

  /// A stream whose stamps are shifted as a whole, and which no rule about several streams looks
  /// at.
  ///
  /// @param either whether it is the only other one that may be shifted as well
  record Shifted(Extent extent, long shiftNs, boolean either) {}

  private final List<Extent> extents = new ArrayList<>();
  private final List<Shifted> shifted = new ArrayList<>();
  private final boolean logged;
  private long beginNs;
  private long endNs;

  StreamEnds(RecordingCheck.Summary summary) {
    List<StreamSummary> streams = summary.streams();
    List<StreamSummary> sensors = streams.stream().filter(StreamEnds::isComparable).toList();
    logged = sensors.stream().allMatch(s -> s.firstLogTimeNs() != Times.NONE);
    for (StreamSummary stream : sensors) {
      if (!logged && summary.wronglyStamped(stream) != null) {
        continue;
      }
      long first = logged ? stream.firstLogTimeNs() : stream.firstStampNs();
      long last = logged ? stream.lastLogTimeNs() : stream.lastStampNs();
      if (first != Times.NONE && last > first) {
        long longest = logged ? stream.longestLogStepNs() : stream.longestStampStepNs();
        extents.add(new Extent(stream, first, last, paceNs(stream, last - first), longest));
      }
    }
    leaveOutShifted(streams);
    if (!extents.isEmpty()) {
      setEnds();
    }
  }

  /// Takes out streams whose stamps are shifted as a whole: they neither start late nor end early,
  /// their clock differs, which is a matter of the rules about several streams where they compare
  /// such streams.
  private void leaveOutShifted(List<StreamSummary> streams) {
    if (logged) {
      return;
    }
    List<WholeShift.Extent> compared = new ArrayList<>();
    extents.forEach(e -> compared.add(new WholeShift.Extent(e.firstNs(), e.lastNs(), e.paceNs())));
    // Labels that bear the stamps of sweeps or images have a say, and are reported by other rules.
    for (StreamSummary set : streams) {
      if (set.stream().modality() == Modality.LABELS
          && set.stream().stampSource().measuredAtSensor()
          && set.messages() >= LEAST_MESSAGES
          && set.lastStampNs() > set.firstStampNs()) {
        double pace = paceNs(set, (double) set.lastStampNs() - set.firstStampNs());
        compared.add(new WholeShift.Extent(set.firstStampNs(), set.lastStampNs(), pace));
      }
    }
    WholeShift.Extent[] all = compared.toArray(WholeShift.Extent[]::new);
    int least = extents.size() == all.length ? 1 : 0;
    for (int i = extents.size() - 1; i >= 0; i--) {
      Long shift = isCompared(i) ? WholeShift.of(all, i) : null;
      // Of two streams the one within which a third lies is not the one that is shifted.
      boolean witnessed = all.length == 2 && holdsOther(extents.get(i), streams);
      if (shift != null && !witnessed) {
        Extent own = extents.remove(i);
        // Of two streams either may be the one that is wrong: the second is named.
        if (isOfMotion(own) && (all.length > 2 || i >= least)) {
          shifted.addFirst(new Shifted(own, shift, all.length == 2));
        }
      }
    }
  }

  /// Whether a sensor stream that is too short to be compared lies within this one.
  private static boolean holdsOther(Extent extent, List<StreamSummary> streams) {
    for (StreamSummary other : streams) {
      if (other.stream().modality() != Modality.LABELS
          && other.stream().stampSource().measuredAtSensor()
          && other.messages() < LEAST_MESSAGES
          && other.firstStampNs() != Times.NONE
          && other.firstStampNs() >= extent.firstNs() - extent.paceNs()
          && other.lastStampNs() <= extent.lastNs() + extent.paceNs()) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfMotion(Extent extent) {
    return switch (extent.stream().stream().modality()) {
      case IMU, GNSS, POSE -> true;
      case OTHER -> extent.stream().stream().stampSource().measuredAtSensor();
      case LIDAR, CAMERA, VIDEO, RADAR, LABELS -> false;
    };
  }

  /// Whether rules about several streams compare a stream with another one: not sound, nor a video
  /// that has only sound beside it.
  private boolean isCompared(int of) {
    if (isSound(extents.get(of))) {
      return false;
    }
    for (int i = 0; i < extents.size(); i++) {
      if (i != of && !isSound(extents.get(i))) {
        return true;
      }
    }
    return isOfMotion(extents.get(of));
  }

  /// Whether a stream is of no kind of sensor and nobody measured its stamps, as sound beside a
  /// video.
  private static boolean isSound(Extent extent) {
    StreamInfo stream = extent.stream().stream();
    return stream.modality() == Modality.OTHER && !stream.stampSource().measuredAtSensor();
  }

  private static double paceNs(StreamSummary stream, double lengthNs) {
    double period = lengthNs / (stream.messages() - 1);
    switch (stream.stream().modality()) {
      case LIDAR, CAMERA, VIDEO, RADAR, IMU -> {
        return period;
      }
      case GNSS, POSE, LABELS, OTHER -> {}
    }
    // The steadier of the two clocks tells how the stream is sent; the other one how it arrived.
    long log = stream.longestLogStepNs();
    long stamp = stream.longestStampStepNs();
    long pause = stamp == 0 ? log : log == 0 ? stamp : Math.min(log, stamp);
    return Math.max(period, pause);
  }

  private void setEnds() {
    // The longest stream is believed; it may be cut short by others that are not.
    beginNs = Long.MAX_VALUE;
    endNs = Long.MIN_VALUE;
    for (Extent extent : extents) {
      if (!reachesByJump(extent)) {
        beginNs = Math.min(beginNs, extent.firstNs());
        endNs = Math.max(endNs, trustedLastNs(extent));
      }
    }
    if (beginNs == Long.MAX_VALUE) {
      for (Extent extent : extents) {
        beginNs = Math.min(beginNs, extent.firstNs());
        endNs = Math.max(endNs, extent.lastNs());
      }
    }
  }

  /// The last log time of a stream, less what log times took longer than stamps: they jumped then,
  /// see [LogTimeMoves].
  private long trustedLastNs(Extent extent) {
    double stampedNs = stampedLengthNs(extent);
    boolean jumped = stampedNs > 0 && extent.lengthNs() - stampedNs >= LogTimeMoves.LEAST_NS;
    return logged && jumped ? extent.firstNs() + (long) stampedNs : extent.lastNs();
  }

  /// Whether a stream is as long as it is by one step. On log times, which one recorder gave, that
  /// step must be longer than all the rest.
  private boolean reachesByJump(Extent extent) {
    double rest = extent.lengthNs() - extent.longestStepNs();
    double others = 0;
    for (Extent other : extents) {
      if (!other.name().equals(extent.name())) {
        others = Math.max(others, other.lengthNs() - other.longestStepNs());
      }
    }
    // Steps differ by their jitter, far less than one of them.
    double step = rest / Math.max(1, extent.stream().messages() - 2);
    double pace = Math.min(extent.paceNs(), step);
    return extent.longestStepNs() > (logged ? extent.lengthNs() / 2 : 5 * pace)
        && extent.lengthNs() > others
        && rest <= others + step;
  }

  private static boolean isComparable(StreamSummary stream) {
    return stream.messages() >= LEAST_MESSAGES && stream.stream().modality() != Modality.LABELS;
  }

  /// The streams that can be compared; fewer than two cannot.
  List<Extent> extents() {
    return extents;
  }

  /// Streams of motion whose stamps are shifted as a whole, in order of ids.
  List<Shifted> shifted() {
    return shifted;
  }

  /// By how much a stream's last message comes before the end, ns; not above 0 where its stamps say
  /// that it goes on longer than its log times do.
  double missedEndNs(Extent extent) {
    return endNs - Math.max(extent.lastNs(), extent.firstNs() + stampedLengthNs(extent));
  }

  /// By how much a stream's first message comes after the beginning, ns.
  double missedBeginNs(Extent extent) {
    return Math.min(extent.firstNs(), extent.lastNs() - stampedLengthNs(extent)) - beginNs;
  }

  private static double stampedLengthNs(Extent extent) {
    StreamSummary stream = extent.stream();
    return stream.firstStampNs() == Times.NONE
        ? 0
        : Times.difference(stream.lastStampNs(), stream.firstStampNs());
  }

  /// From the beginning to the end, ns.
  double lengthNs() {
    return (double) endNs - beginNs;
  }

  /// Whether the streams share a clock: all lie within the longest of them, give or take its
  /// length. Tracks of one movie do in any case.
  boolean oneClock() {
    if (extents.stream()
        .allMatch(e -> e.stream().stream().stampSource() == StampSource.MEDIA_TIME)) {
      return true;
    }
    double longest = 0;
    for (Extent extent : extents) {
      longest = Math.max(longest, extent.lengthNs());
    }
    return lengthNs() <= 2 * longest;
  }
}
