package dev.lockstep.bench.ingest;

import dev.lockstep.check.Finding;
import dev.lockstep.report.JsonReport;
import java.util.regex.Pattern;

/// Findings as lines that can be compared across doors.
public final class Findings {
  private static final Pattern RECORDING = Pattern.compile("\"recording\":\"[^\"]*\",");

  private Findings() {}

  /// A finding without the name of its recording.
  public static String line(Finding finding) {
    return ofJson(JsonReport.line("", finding));
  }

  /// The same from a JSON object that ends with the fields of a finding.
  public static String ofJson(String json) {
    return RECORDING.matcher(json.substring(json.indexOf("\"id\":\""))).replaceFirst("");
  }
}
