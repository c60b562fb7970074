package dev.lockstep.testing;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Finding;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.report.FindingText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A sink that keeps everything, for tests of single checks.
public final class RecordedFindings implements CheckSink {
  private final CheckCard card;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Double> measurements = new LinkedHashMap<>();

  public RecordedFindings(CheckCard card) {
    this.card = card;
  }

  @Override
  public void report(
      Severity severity,
      String title,
      Location location,
      Evidence evidence,
      @Nullable Cause cause) {
    findings.add(new Finding(card, title, severity, location, evidence, cause));
  }

  @Override
  public void measure(String quantity, double value, String unit) {
    measurements.put(quantity, value);
  }

  public List<Finding> findings() {
    return findings;
  }

  public Map<String, Double> measurements() {
    return measurements;
  }

  /// All findings as they are rendered, one after the other.
  public String text() {
    return findings.stream().map(FindingText::of).collect(Collectors.joining("\n"));
  }
}
