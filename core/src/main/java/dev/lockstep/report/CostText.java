package dev.lockstep.report;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.lockstep.check.RunCost;
import java.io.IOException;
import java.util.Locale;

/// What a run cost, for people and for programs.
final class CostText {
  private CostText() {}

  /// The section of a text report.
  static String of(RunCost cost) {
    StringBuilder text = new StringBuilder("cost, and for a million messages\n");
    cpu(text, cost, "scan", cost.scanCpuNs());
    cpu(text, cost, "order", cost.orderCpuNs());
    cpu(text, cost, "labels", cost.labelsCpuNs());
    if (cost.shadowCpuNs() > 0) {
      cpu(text, cost, "shadow", cost.shadowCpuNs());
    }
    cpu(text, cost, "findings", cost.findingsCpuNs());
    bytes(text, cost, "manifest", cost.manifestBytes());
    bytes(text, cost, "findings", cost.findingsBytes());
    text.append("  audit log: none is kept by a check; 'watch' keeps the findings\n");
    RunCost.Month month = cost.month();
    if (month != null) {
      text.append(
          String.format(
              Locale.ROOT,
              "  30 days of %d streams: %.0f messages, manifest %.0f bytes, findings %.0f bytes%n",
              month.ratesHertz().size(),
              month.messages(),
              month.manifestBytes(),
              month.findingsBytes()));
    }
    return text.toString().replace(System.lineSeparator(), "\n");
  }

  private static void cpu(StringBuilder text, RunCost cost, String what, long ns) {
    text.append(
        String.format(
            Locale.ROOT,
            "  %s: %.3f CPU seconds, %.3f%n",
            what,
            ns / 1e9,
            cost.perMillion(ns / 1e9)));
  }

  private static void bytes(StringBuilder text, RunCost cost, String what, long bytes) {
    text.append(
        String.format(Locale.ROOT, "  %s: %d bytes, %.0f%n", what, bytes, cost.perMillion(bytes)));
  }

  /// The field `cost`.
  static void write(JsonGenerator json, RunCost cost) throws IOException {
    json.writeObjectFieldStart("cost");
    json.writeNumberField("messages", cost.messages());
    json.writeNumberField("scan_cpu_ns", cost.scanCpuNs());
    json.writeNumberField("order_cpu_ns", cost.orderCpuNs());
    json.writeNumberField("labels_cpu_ns", cost.labelsCpuNs());
    json.writeNumberField("shadow_cpu_ns", cost.shadowCpuNs());
    json.writeNumberField("manifest_bytes", cost.manifestBytes());
    json.writeNumberField("findings", cost.findings());
    json.writeNumberField("findings_bytes", cost.findingsBytes());
    json.writeNumberField("findings_cpu_ns", cost.findingsCpuNs());
    RunCost.Month month = cost.month();
    if (month != null) {
      json.writeObjectFieldStart("month");
      json.writeArrayFieldStart("rates_hertz");
      for (double rate : month.ratesHertz()) {
        json.writeNumber(rate);
      }
      json.writeEndArray();
      json.writeNumberField("messages", Math.round(month.messages()));
      json.writeNumberField("manifest_bytes", Math.round(month.manifestBytes()));
      json.writeNumberField("findings_bytes", Math.round(month.findingsBytes()));
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
