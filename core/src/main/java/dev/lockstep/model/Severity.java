package dev.lockstep.model;

import java.util.Locale;

/// How bad a finding is; ordered, worst last.
public enum Severity {
  /// A fact about the recording that a reader of its data should know.
  INFO,
  /// Suspicious, or a rule of the format is broken without loss of data.
  WARNING,
  /// Data is wrong, lost or cannot be trusted.
  ERROR;

  /// The name as it stands in reports: lower case.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
