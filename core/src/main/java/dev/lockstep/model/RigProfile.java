package dev.lockstep.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a set of sensors is expected to record: learned from good drives, written by hand, or both.
///
/// What an entry leaves out is not judged. Times are nanoseconds, `NaN` stands for unknown.
///
/// @param reference stream that phases and offsets are counted from, empty where there is none
/// @param complete whether a stream that no entry describes is a fault
/// @param streams the expected streams
public record RigProfile(String reference, boolean complete, List<Stream> streams) {
  /// Share by which a period may be off before that is worth a warning, in percent; judged.
  public static final double PERIOD_WARN_PERCENT = 1;

  /// Share from which on it is a fault, in percent: the limit of NVIDIA's greenwave monitor.
  public static final double PERIOD_ERROR_PERCENT = 5;

  /// Copies the list.
  public RigProfile {
    streams = List.copyOf(streams);
  }

  /// An expected stream.
  ///
  /// @param name name of the stream, or a pattern with `*` and `?` that at least one must fit
  /// @param optional whether it may be absent
  /// @param modality kind of sensor, null where any will do
  /// @param period its period, or null
  /// @param jitterNs robust standard deviation of the stamps around their slots
  /// @param jitterMaxNs largest distance of a stamp from its slot
  /// @param phase where its stamps lie against the reference, or null
  /// @param pairOffsetNs median of a message's stamp minus that of the reference's message of the
  ///   same number
  /// @param latencyNs median of the time from stamp to log time
  /// @param latencySpreadNs its robust standard deviation
  /// @param sizeBytes median length of a message, 0 where unknown
  /// @param leastBytes length of the shortest message that was seen, 0 where unknown
  /// @param points median number of points of a sweep, 0 where unknown
  /// @param width pixels of an image, 0 where unknown
  /// @param height pixels of an image, 0 where unknown
  /// @param blind directions in which a LiDAR never sees a point
  /// @param seen directions in which each sweep of a LiDAR has points
  /// @param calibration where the sensor sits and how it projects, or null
  public record Stream(
      String name,
      boolean optional,
      @Nullable Modality modality,
      @Nullable Period period,
      double jitterNs,
      double jitterMaxNs,
      @Nullable Phase phase,
      double pairOffsetNs,
      double latencyNs,
      double latencySpreadNs,
      int sizeBytes,
      int leastBytes,
      int points,
      int width,
      int height,
      List<Sector> blind,
      List<Sector> seen,
      @Nullable Calibration calibration) {
    /// Copies the lists.
    public Stream {
      blind = List.copyOf(blind);
      seen = List.copyOf(seen);
    }

    /// A stream of which only the period is known.
    public static Stream of(String name, Period period) {
      return new Stream(
          name,
          false,
          null,
          period,
          Double.NaN,
          Double.NaN,
          null,
          Double.NaN,
          Double.NaN,
          Double.NaN,
          0,
          0,
          0,
          0,
          0,
          List.of(),
          List.of(),
          null);
    }

    /// Whether the name is a pattern.
    public boolean isPattern() {
      return name.indexOf('*') >= 0 || name.indexOf('?') >= 0;
    }

    /// Whether the entry describes the stream of that name.
    public boolean fits(String stream) {
      return name.equals(stream) || (isPattern() && regex().matcher(stream).matches());
    }

    private Pattern regex() {
      StringBuilder regex = new StringBuilder();
      for (int i = 0; i < name.length(); i++) {
        char c = name.charAt(i);
        regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
      }
      return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
  }

  /// A period and how far it may be off.
  public record Period(double periodNs, double warnPercent, double errorPercent) {
    /// A period with the usual limits.
    public static Period of(double periodNs) {
      return new Period(periodNs, PERIOD_WARN_PERCENT, PERIOD_ERROR_PERCENT);
    }
  }

  /// Where the stamps of a stream lie against those of the reference.
  ///
  /// @param phaseNs stamp minus that of the reference in front of it, folded to `foldNs`
  /// @param foldNs the period that phases repeat with
  /// @param toleranceNs how far the phase may be off; five times that is a fault
  public record Phase(double phaseNs, double foldNs, double toleranceNs) {
    /// How far a measured phase is off, folded to half a period on either side.
    public double off(double measuredNs) {
      double off = measuredNs - phaseNs;
      return off - Math.rint(off / foldNs) * foldNs;
    }
  }

  /// Directions of a LiDAR, as in [SweepProfile]: degrees counter-clockwise from its x axis.
  ///
  /// @param beam number of the LiDAR in the sweep
  /// @param fromDegrees first direction, -180 to 179
  /// @param toDegrees direction behind the last, above `fromDegrees`, at most 180
  public record Sector(int beam, int fromDegrees, int toDegrees) {}

  /// The first entry that describes the stream of that name and fits `knows`, or null; one of that
  /// very name comes in front of patterns.
  public @Nullable Stream entry(String stream, Predicate<Stream> knows) {
    Stream best = null;
    for (Stream entry : streams) {
      if (entry.fits(stream)
          && knows.test(entry)
          && (best == null || (best.isPattern() && !entry.isPattern()))) {
        best = entry;
      }
    }
    return best;
  }

  /// The same with other streams expected in front: of two entries that fit a stream the first
  /// counts for its period.
  public RigProfile withRequired(List<Stream> required) {
    List<Stream> all = new ArrayList<>(required);
    all.addAll(streams);
    return new RigProfile(reference, complete, all);
  }

  /// Nothing expected.
  public static final RigProfile NOTHING = new RigProfile("", false, List.of());
}
