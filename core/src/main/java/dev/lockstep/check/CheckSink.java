package dev.lockstep.check;

import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import org.jspecify.annotations.Nullable;

/// Takes what one check finds and measures on one subject (a stream, a label set, a recording).
///
/// Findings are bounded: all are counted, the first ones and the last are kept.
public interface CheckSink {
  /// Reports a fault.
  ///
  /// @param title the fault in words; the same words for the same fault
  void report(
      Severity severity, String title, Location location, Evidence evidence, @Nullable Cause cause);

  /// Reports a fault without a known cause.
  default void report(Severity severity, String title, Location location, Evidence evidence) {
    report(severity, title, location, evidence, null);
  }

  /// Records a measured value, whether or not anything is judged by it. A quantity measured twice
  /// on one subject keeps the last value.
  ///
  /// @param quantity kebab case (`period`, `jitter-p99`)
  /// @param unit unit of the value, empty for counts and ratios
  void measure(String quantity, double value, String unit);
}
