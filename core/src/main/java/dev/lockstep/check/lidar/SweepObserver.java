package dev.lockstep.check.lidar;

import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.MessageRun;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.Times;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Looks at the profiles of a stream's sweeps and merges neighbours that have the same fault.
abstract class SweepObserver implements StreamCheck.Observer {
  final StreamInfo stream;
  final CheckSink sink;
  private @Nullable Run run;

  SweepObserver(StreamInfo stream, CheckSink sink) {
    this.stream = stream;
    this.sink = sink;
  }

  /// The next sweep that has a profile.
  ///
  /// @param stampNs its stamp, or [Times#NONE]
  abstract void sweep(long message, long stampNs, SweepProfile profile);

  /// Whether sweeps with this fault tell others wrongly when the beam was where.
  boolean misleads() {
    return false;
  }

  /// How the rule ended.
  abstract Conclusion conclude();

  @Override
  public final void onBatch(MessageBatch batch) {
    for (int row = 0; row < batch.size(); row++) {
      SweepProfile profile = batch.sweep(row);
      if (profile != null) {
        sweep(batch.firstIndex() + row, batch.stampsNs()[row], profile);
      }
    }
  }

  @Override
  public final Conclusion onEnd() {
    Conclusion conclusion = conclude();
    close();
    return conclusion;
  }

  /// One fault of sweeps in a row; the worst of them gives the evidence.
  private static final class Run {
    final String title;
    final MessageRun sweeps;
    Severity severity;
    Evidence worst;
    double size;

    Run(String title, MessageRun sweeps, Severity severity, Evidence worst, double size) {
      this.title = title;
      this.sweeps = sweeps;
      this.severity = severity;
      this.worst = worst;
      this.size = size;
    }
  }

  /// Reports a fault of a sweep, with the same one of its neighbours.
  ///
  /// @param size how bad it is; of a run the worst is told
  final void fault(
      String title, long message, long stampNs, Severity severity, double size, Evidence evidence) {
    Run open = run;
    if (open != null && open.title.equals(title) && open.sweeps.isFollowedBy(message)) {
      open.sweeps.extend(message, stampNs);
      if (size > open.size) {
        open.size = size;
        open.worst = evidence;
      }
      if (severity.compareTo(open.severity) > 0) {
        open.severity = severity;
      }
      return;
    }
    close();
    run = new Run(title, new MessageRun(stream, message, stampNs), severity, evidence, size);
  }

  private void close() {
    Run open = run;
    run = null;
    if (open == null) {
      return;
    }
    sink.report(open.severity, open.title, open.sweeps.location(), open.worst);
    if (misleads()) {
      open.sweeps.disown(sink);
    }
  }

  /// Learns what is usual from the first values.
  static final class Usual {
    private final double[] values;
    private int count;

    /// @param of values that are learned from
    Usual(int of) {
      values = new double[of];
    }

    /// Adds a value; further ones than wanted are left out.
    void add(double value) {
      if (count < values.length) {
        values[count++] = value;
      }
    }

    boolean isKnown() {
      return count == values.length;
    }

    int count() {
      return count;
    }

    /// Median of what was added.
    double median() {
      double[] sorted = Arrays.copyOf(values, count);
      Arrays.sort(sorted);
      return count == 0 ? Double.NaN : sorted[count / 2];
    }

    /// Robust standard deviation of what was added.
    double sigma() {
      double median = median();
      double[] off = new double[count];
      for (int i = 0; i < count; i++) {
        off[i] = Math.abs(values[i] - median);
      }
      Arrays.sort(off);
      return count == 0 ? 0 : 1.4826 * off[count / 2];
    }
  }
}
