package dev.lockstep.lineage;

import dev.lockstep.source.MessageAt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A label and everything that it rests on.
///
/// @param label the label
/// @param basis the sensor message that it was made on, null where the recording has none
/// @param why how the basis was found, or why there is none
/// @param paired messages of other sensors, each the nearest to the basis, which is the nearest to
///   it
/// @param unpaired sensors without such a message
/// @param findings findings that touch label or basis, null where nobody looked
public record LabelTrace(
    LabelRow label,
    @Nullable Rest basis,
    String why,
    List<Rest> paired,
    List<String> unpaired,
    @Nullable List<ReportedFinding> findings) {
  /// Copies the lists.
  public LabelTrace {
    paired = List.copyOf(paired);
    unpaired = List.copyOf(unpaired);
    findings = findings == null ? null : List.copyOf(findings);
  }

  /// A message, how far it lies from what it is compared with, and what a manifest says of it.
  ///
  /// @param message the message
  /// @param offsetNs its stamp less that of the label or basis; meaningless unless `timed`
  /// @param timed whether both have stamps of one kind
  /// @param crc32c CRC-32C of its payload, computed now
  /// @param sealed what the manifest stores, null where there is none
  public record Rest(
      MessageAt message, long offsetNs, boolean timed, int crc32c, @Nullable Sealed sealed) {}

  /// What the manifest stores of a message.
  ///
  /// @param block index of its block in the stream
  /// @param crc32c CRC-32C of its payload
  public record Sealed(long block, int crc32c) {}
}
