package dev.lockstep.check;

import dev.lockstep.model.Severity;
import java.util.List;
import java.util.regex.Pattern;

/// What identifies a check and what it can be asked.
///
/// @param id family and three digits (`TIM001`); never reused
/// @param name the fault in words, kebab case (`stamps-decrease`); follows from the class name
/// @param severity worst severity of its findings
/// @param summary one sentence: what is wrong where this check finds something
/// @param parameters limits that it judges by
public record CheckCard(
    String id, String name, Severity severity, String summary, List<Parameter> parameters) {
  private static final Pattern ID = Pattern.compile("(TIM|LID|SYN|VID|INT|LAB|ANN|SHA)[0-9]{3}");

  /// @throws IllegalArgumentException if the id is not well formed
  public CheckCard {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("check id: " + id + " (expected " + ID + ")");
    }
    parameters = List.copyOf(parameters);
  }

  /// A card for `type`, its name made from the class name: `StampsDecrease` is `stamps-decrease`.
  public static CheckCard of(
      String id, Class<?> type, Severity severity, String summary, Parameter... parameters) {
    String name = type.getSimpleName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-");
    return new CheckCard(
        id, name.toLowerCase(java.util.Locale.ROOT), severity, summary, List.of(parameters));
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
