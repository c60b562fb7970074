package dev.lockstep.bench.labels;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Finding;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps what rules report, one rule after the other.
final class FindingList implements CheckSink {
  private final List<Finding> findings = new ArrayList<>();
  private CheckCard card;

  /// @param card of the rule that reports first
  FindingList(CheckCard card) {
    this.card = card;
  }

  /// What comes now is of another rule.
  void take(CheckCard rule) {
    card = rule;
  }

  List<Finding> findings() {
    return findings;
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
  public void measure(String quantity, double value, String unit) {}
}
