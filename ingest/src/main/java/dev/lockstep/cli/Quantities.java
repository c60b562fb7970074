package dev.lockstep.cli;

import dev.lockstep.model.Severity;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads lengths of time and numbers of bytes as people write them.
final class Quantities {
  private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
  private static final Pattern SIZE = Pattern.compile("([0-9]+)\\s*(B|KB|MB|GB|TB)?");

  private Quantities() {}

  /// Reads `500ms`, `5s`, `2m` or `1h`.
  ///
  /// @throws IllegalArgumentException if it is none of these
  static Duration time(String option, String text) {
    Matcher parts = TIME.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          option + ": " + text + " (expected a time such as 500ms, 5s, 2m or 1h)");
    }
    long count = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      default -> Duration.ofHours(count);
    };
  }

  /// Reads `1000`, `500MB` or `2 GB`, in powers of ten.
  ///
  /// @throws IllegalArgumentException if it is none of these
  static long bytes(String option, String text) {
    Matcher matcher = SIZE.matcher(text.toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          option + ": " + text + " (expected a number with B, kB, MB, GB or TB)");
    }
    String unit = matcher.group(2) == null ? "B" : matcher.group(2);
    long factor =
        switch (unit) {
          case "KB" -> 1_000L;
          case "MB" -> 1_000_000L;
          case "GB" -> 1_000_000_000L;
          case "TB" -> 1_000_000_000_000L;
          default -> 1L;
        };
    try {
      return Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException(option + ": " + text + " (expected less than 8 EiB)", e);
    }
  }

  /// A severity, in letters of either case.
  ///
  /// @throws IllegalArgumentException if there is none of that name
  static Severity severity(String option, String text) {
    for (Severity severity : Severity.values()) {
      if (severity.label().equalsIgnoreCase(text)) {
        return severity;
      }
    }
    throw new IllegalArgumentException(option + ": " + text + " (expected error, warning or info)");
  }
}
