package dev.lockstep.check;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.Location;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.SpanIndex;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.Times;
import dev.lockstep.model.TurnTrack;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The streams of a recording side by side, once all have ended: their stamps, what their sweeps
/// look like, where their sensors sit.
///
/// @param streams streams of LiDAR, camera, video, radar and labels, in order of ids
/// @param others streams of other kinds, where a rule [AlignmentCheck#readsAll]
/// @param turning streams that show how their sensors turned, in order of ids, where a rule
///   [AlignmentCheck#readsTurns]
/// @param calibrations where sensors sit, as far as known
/// @param poses poses of the vehicle, or null
/// @param shared analyses that rules share; a rule never changes one
public record Alignment(
    List<Stream> streams,
    List<Stream> others,
    List<Turning> turning,
    List<Calibration> calibrations,
    @Nullable PoseSeries poses,
    SharedAnalyses shared) {

  /// Copies the lists.
  public Alignment {
    streams = List.copyOf(streams);
    others = List.copyOf(others);
    turning = List.copyOf(turning);
    calibrations = List.copyOf(calibrations);
  }

  /// Streams of which no rule reads all.
  public Alignment(
      List<Stream> streams,
      List<Calibration> calibrations,
      @Nullable PoseSeries poses,
      SharedAnalyses shared) {
    this(streams, List.of(), List.of(), calibrations, poses, shared);
  }

  /// Every stream, in order of ids.
  public List<Stream> all() {
    List<Stream> all = new ArrayList<>(streams);
    all.addAll(others);
    all.sort((a, b) -> Integer.compare(a.info().id(), b.info().id()));
    return all;
  }

  /// Calibration of the sensor of that name, or null.
  public @Nullable Calibration calibration(String sensor) {
    for (Calibration calibration : calibrations) {
      if (calibration.sensor().equals(sensor)) {
        return calibration;
      }
    }
    return null;
  }

  /// No usable message between two of a stream, which another rule of this run reports.
  ///
  /// @param check id of that rule
  /// @param after index of the last usable message in front, -1 if there is none
  /// @param before index of the first usable message behind, [Long#MAX_VALUE] if there is none
  /// @param count messages missing in equal steps, 0 where that is not known
  /// @param symptom whether that follows from what is reported elsewhere
  public record Absence(String check, long after, long before, long count, boolean symptom) {
    /// A fault of its own.
    public Absence(String check, long after, long before, long count) {
      this(check, after, before, count, false);
    }

    boolean isAboutStamps() {
      return check.startsWith("TIM");
    }

    /// Whether it leaves none of so many messages with a stamp that could be held against others:
    /// its rule is one about stamps, or tells that lists and names contradict each other.
    boolean isAboutAllStamps(long messages) {
      return (isAboutStamps() || check.equals("INT026")) && after < 0 && before >= messages;
    }

    /// Id of a rule that reports the stamps of all of so many messages as wrong, or null.
    public static @Nullable String ofAllStamps(List<Absence> absences, long messages) {
      String by = null;
      for (Absence absence : absences) {
        if (absence.isAboutAllStamps(messages)) {
          by = absence.check;
        }
      }
      return by;
    }
  }

  /// What was seen of the points of one sweep.
  ///
  /// @param message index of the sweep in its stream
  public record Sweep(int message, SweepProfile profile) {}

  /// How large one message is and how long it was under way.
  ///
  /// @param message index of the message in its stream
  /// @param lengthBytes length of its payload
  /// @param points its points, -1 where unknown
  /// @param width pixels of its image in a row, 0 where unknown
  /// @param height rows of its image, 0 where unknown
  /// @param latencyNs log time minus stamp, [Times#NONE] where either is unknown
  public record Sample(
      long message, int lengthBytes, int points, int width, int height, long latencyNs) {}

  /// A stream that shows how its sensor turned.
  ///
  /// @param track its turns
  /// @param absences where messages are missing or wrongly stamped as other rules report
  public record Turning(StreamInfo info, TurnTrack track, List<Absence> absences) {
    /// Copies the list.
    public Turning {
      absences = List.copyOf(absences);
    }

    /// Id of a rule that reports stamps of the stream as wrong, or null.
    public @Nullable String wronglyStamped() {
      for (Absence absence : absences) {
        if (absence.isAboutStamps() && absence.count() == 0) {
          return absence.check();
        }
      }
      return null;
    }
  }

  /// One stream.
  ///
  /// @param info the stream
  /// @param stampsNs stamp of each message, or [Times#NONE]; not to be changed
  /// @param messages number of messages, also of those beyond the stamps that were kept
  /// @param sweeps profiles of some sweeps, thinned evenly, in order; empty where there are none
  /// @param samples some messages, thinned evenly, in order, where a rule [AlignmentCheck#readsAll]
  /// @param absences where messages are missing or wrongly stamped as other rules report
  public record Stream(
      StreamInfo info,
      long[] stampsNs,
      long messages,
      List<Sweep> sweeps,
      List<Sample> samples,
      List<Absence> absences) {
    /// A stream without samples.
    public Stream(
        StreamInfo info,
        long[] stampsNs,
        long messages,
        List<Sweep> sweeps,
        List<Absence> absences) {
      this(info, stampsNs, messages, sweeps, List.of(), absences);
    }

    /// Copies the lists.
    public Stream {
      samples = List.copyOf(samples);
      sweeps = List.copyOf(sweeps);
      absences = List.copyOf(absences);
    }

    /// Name of the stream.
    public String name() {
      return info.name();
    }

    /// Whether stamps of some messages were left out because there are too many of them.
    public boolean cut() {
      return messages > stampsNs.length;
    }

    /// Where messages `first` to `last` of the stream are.
    public Location location(int first, int last) {
      return Location.stream(name())
          .withMessages(first, last)
          .withKnownStamps(stampsNs[first], stampsNs[last]);
    }

    /// Which messages have stamps that no other rule reports as wrong, or null where all have. A
    /// message whose data is missing or broken still has its stamp.
    public @Nullable IntPredicate rightlyStamped() {
      List<Absence> wrong = absences.stream().filter(Absence::isAboutStamps).toList();
      if (wrong.isEmpty()) {
        return null;
      }
      BitSet right = new BitSet(stampsNs.length);
      right.set(0, stampsNs.length);
      for (Absence absence : wrong) {
        long from = Math.max(0, absence.after() + 1);
        long to = Math.min(stampsNs.length, absence.before());
        if (from < to) {
          right.clear((int) from, (int) to);
        }
      }
      return right::get;
    }

    /// Id of a rule that reports the stamps of all messages as wrong, or null.
    public @Nullable String allWronglyStamped() {
      return Absence.ofAllStamps(absences, messages);
    }

    /// Which rule reports what of the stream.
    public Reports reports() {
      return new Reports(absences);
    }
  }

  /// Rules that report messages of one stream as missing or wrongly stamped, for many questions.
  public static final class Reports {
    private final List<Absence> absences;
    private final SpanIndex spans;

    /// Indexes what is reported.
    public Reports(List<Absence> absences) {
      this.absences = List.copyOf(absences);
      spans =
          new SpanIndex(
              this.absences.stream().mapToLong(Absence::after).toArray(),
              this.absences.stream().mapToLong(Absence::before).toArray());
    }

    /// Id of a rule that reports something somewhere from message `first` to message `last`, or
    /// null.
    public @Nullable String between(long first, long last) {
      int number = spans.latest(first, last, absence -> true);
      return number < 0 ? null : absences.get(number).check();
    }

    /// Whether a rule about sweeps reports that the points of one are not where or when they say.
    public boolean pointsAreFalse(long message) {
      return spans.latest(
              message, message, number -> absences.get(number).check().startsWith("LID"))
          >= 0;
    }
  }
}
