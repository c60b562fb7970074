package dev.lockstep.check;

import dev.lockstep.model.Severity;
import java.util.List;

/// What identifies a check and what it can be asked.
///
/// @param id family and three digits (`TIM001`); never reused
/// @param name the fault in words, kebab case (`stamps-decrease`); follows from the class name
/// @param severity worst severity of its findings
/// @param summary one sentence: what is wrong where this check finds something
/// @param parameters limits that it judges by
public record CheckCard(
    String id, String name, Severity severity, String summary, List<Parameter> parameters) {
  private static final List<String> FAMILIES =
      List.of("TIM", "LID", "SYN", "VID", "INT", "LAB", "ANN", "SHA");

  /// @throws IllegalArgumentException if the id is not well formed
  public CheckCard {
    if (id.length() != 6 || !FAMILIES.contains(id.substring(0, 3)) || !hasThreeDigits(id)) {
      throw new IllegalArgumentException(
          "check id: " + id + " (expected " + FAMILIES + " and three digits)");
    }
    parameters = List.copyOf(parameters);
  }

  /// A card for `type`, its name made from the class name: `StampsDecrease` is `stamps-decrease`.
  public static CheckCard of(
      String id, Class<?> type, Severity severity, String summary, Parameter... parameters) {
    return new CheckCard(id, kebab(type.getSimpleName()), severity, summary, List.of(parameters));
  }

  private static boolean hasThreeDigits(String id) {
    for (int i = 3; i < 6; i++) {
      if (id.charAt(i) < '0' || id.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  // Every run makes the cards of all checks, before it reads anything: no regular expressions.
  private static String kebab(String name) {
    StringBuilder text = new StringBuilder(name.length() + 8);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (isCapital(c)) {
        if (i > 0 && !isCapital(name.charAt(i - 1))) {
          text.append('-');
        }
        text.append((char) (c - 'A' + 'a'));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static boolean isCapital(char c) {
    return c >= 'A' && c <= 'Z';
  }

  /// Family of the id: its letters.
  public String family() {
    return id.substring(0, 3);
  }

  /// A limit that a check judges by.
  ///
  /// @param name kebab case
  /// @param unit unit of the value, empty for counts and ratios
  /// @param value default
  /// @param source where the default comes from: a derivation, a measurement, or `judged`
  public record Parameter(String name, String unit, double value, String source) {}
}
