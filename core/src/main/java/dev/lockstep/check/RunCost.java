package dev.lockstep.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a run cost, and what keeping its results costs. It differs from run to run, so it is part
/// of a report only where somebody asks for it.
///
/// @param messages messages that were checked
/// @param scanCpuNs CPU time of scanning: decompression, checksums, payloads
/// @param orderCpuNs CPU time of rules about streams, and of blocks
/// @param labelsCpuNs CPU time of rules about labels and whole recordings
/// @param shadowCpuNs CPU time of second reads and their comparison
/// @param manifestBytes bytes of the manifests beside the recordings
/// @param findings number of findings
/// @param findingsBytes bytes of the findings as JSON Lines, which is also what a log of them keeps
/// @param findingsCpuNs CPU time of writing those
/// @param month what a month stores, null where nobody gave rates
public record RunCost(
    long messages,
    long scanCpuNs,
    long orderCpuNs,
    long labelsCpuNs,
    long shadowCpuNs,
    long manifestBytes,
    long findings,
    long findingsBytes,
    long findingsCpuNs,
    @Nullable Month month) {

  /// Seconds of a month of 30 days.
  private static final double MONTH_SECONDS = 30 * 24 * 3600.0;

  /// What 30 days of streams at given rates store.
  ///
  /// @param ratesHertz rate of each stream
  /// @param messages number of their messages
  /// @param manifestBytes bytes of their manifests
  /// @param findingsBytes bytes of their findings, if they have as many a message as this run
  public record Month(
      List<Double> ratesHertz, double messages, double manifestBytes, double findingsBytes) {
    /// Copies the list.
    public Month {
      ratesHertz = List.copyOf(ratesHertz);
    }
  }

  /// A number of this run for a million messages; 0 where there were none.
  public double perMillion(double value) {
    return messages == 0 ? 0 : value * 1e6 / messages;
  }

  /// The same with what a month of streams at these rates stores.
  ///
  /// @param manifestBytesPerMessage bytes that a manifest takes for a message
  public RunCost withMonth(List<Double> ratesHertz, double manifestBytesPerMessage) {
    double count = ratesHertz.stream().mapToDouble(rate -> rate * MONTH_SECONDS).sum();
    return new RunCost(
        messages,
        scanCpuNs,
        orderCpuNs,
        labelsCpuNs,
        shadowCpuNs,
        manifestBytes,
        findings,
        findingsBytes,
        findingsCpuNs,
        new Month(
            ratesHertz,
            count,
            count * manifestBytesPerMessage,
            count * perMillion(findingsBytes) / 1e6));
  }
}
