package dev.lockstep.check;

import dev.lockstep.model.Severity;
import java.util.Locale;

/// The one word that stands for a recording.
public enum Verdict {
  /// Nothing at warning level or above was found, and everything could be examined.
  CLEAN,
  /// Warnings, no errors.
  SUSPICIOUS,
  /// At least one error.
  FAULTY;

  /// The verdict that `worst` leads to.
  public static Verdict of(Severity worst) {
    return switch (worst) {
      case INFO -> CLEAN;
      case WARNING -> SUSPICIOUS;
      case ERROR -> FAULTY;
    };
  }

  /// The name as it stands in reports: lower case.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
