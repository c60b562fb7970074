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

  /// Tells those who cannot wait of a fault that will be reported as it is, at its turn, by
  /// [#reportAnnounced].
  ///
  /// @return whether they were told
  default boolean announce(Severity severity, String title, Location location, Evidence evidence) {
    return false;
  }

  /// Reports a fault that was announced in the same words: nobody is told again.
  default void reportAnnounced(
      Severity severity, String title, Location location, Evidence evidence) {
    report(severity, title, location, evidence);
  }

  /// Says of the fault reported last that it leaves `stream` without usable messages between two of
  /// them, so that what others miss there is no fault of its own.
  ///
  /// @param after index of the last usable message in front, -1 if there is none
  /// @param before index of the first usable message behind, [Long#MAX_VALUE] if there is none
  /// @param count messages that are missing in equal steps, 0 where that is not known
  default void lacks(String stream, long after, long before, long count) {}

  /// Says of the fault reported last that it accounts for what [StreamCheck#yieldsToLabels] rules
  /// see of the stamps of `stream` from one stamp to another.
  default void accountsFor(String stream, long firstStampNs, long lastStampNs) {}

  /// The same of messages `first` to `last` of `stream`, for findings without stamps, too.
  default void accountsForMessages(String stream, long first, long last) {}

  /// Says of the fault reported last that it accounts for what [StreamCheck#yieldsToLabels] rules
  /// report of any stream that has no message from one stamp to another.
  default void accountsForAll(long firstStampNs, long lastStampNs) {}

  /// Records a measured value, whether or not anything is judged by it. A quantity measured twice
  /// on one subject keeps the last value.
  ///
  /// @param quantity kebab case (`period`, `jitter-p99`)
  /// @param unit unit of the value, empty for counts and ratios
  void measure(String quantity, double value, String unit);
}
