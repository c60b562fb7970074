package dev.lockstep.check;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.Location;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.Times;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The streams of a recording side by side, once all have ended: their stamps, what their sweeps
/// look like, where their sensors sit.
///
/// @param streams streams of LiDAR, camera, video, radar and labels, in order of ids
/// @param calibrations where sensors sit, as far as known
/// @param poses poses of the vehicle, or null
/// @param shared analyses that rules share; a rule never changes one
public record Alignment(
    List<Stream> streams,
    List<Calibration> calibrations,
    @Nullable PoseSeries poses,
    SharedAnalyses shared) {

  /// Copies the lists.
  public Alignment {
    streams = List.copyOf(streams);
    calibrations = List.copyOf(calibrations);
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
  public record Absence(String check, long after, long before, long count) {}

  /// What was seen of the points of one sweep.
  ///
  /// @param message index of the sweep in its stream
  public record Sweep(int message, SweepProfile profile) {}

  /// One stream.
  ///
  /// @param info the stream
  /// @param stampsNs stamp of each message, or [Times#NONE]; not to be changed
  /// @param messages number of messages, also of those beyond the stamps that were kept
  /// @param sweeps profiles of some sweeps, thinned evenly, in order; empty where there are none
  /// @param absences where messages are missing or wrongly stamped as other rules report
  public record Stream(
      StreamInfo info, long[] stampsNs, long messages, List<Sweep> sweeps, List<Absence> absences) {
    /// Copies the lists.
    public Stream {
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
      Location at = Location.stream(name()).withMessages(first, last);
      long from = stampsNs[first];
      long to = stampsNs[last];
      return from == Times.NONE || to == Times.NONE ? at : at.withStamps(from, to);
    }

    /// Id of a rule that reports that messages are missing or wrongly stamped somewhere from
    /// message `first` to message `last`, or null.
    public @Nullable String reported(long first, long last) {
      for (Absence absence : absences) {
        if (absence.after() < last && absence.before() > first) {
          return absence.check();
        }
      }
      return null;
    }
  }
}
