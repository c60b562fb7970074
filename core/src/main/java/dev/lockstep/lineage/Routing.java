package dev.lockstep.lineage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/// Who answers for a finding, and by when: a short YAML file, `routing.schema.json` in the
/// resources of this package says how it looks.
///
/// @param owners owner by id of a check, or by the beginning of it; `default` for all others
/// @param hours hours until it is due, by severity
public record Routing(Map<String, String> owners, Map<String, Long> hours) {
  private static final String DEFAULT = "default";
  private static final Set<String> SEVERITIES = Set.of("error", "warning", "info");
  private static final int MAX_BYTES = 1 << 20;

  /// Longest time: ten years.
  private static final long MAX_HOURS = 87_600;

  /// Copies the maps.
  public Routing {
    owners = Map.copyOf(owners);
    hours = Map.copyOf(hours);
  }

  /// Reads a file.
  ///
  /// @throws IOException if it cannot be read
  /// @throws IllegalArgumentException if it is no routing; the message says what is wrong
  public static Routing read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw wrong(file, "length", Files.size(file) + " bytes", "at most " + MAX_BYTES);
    }
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(0);
    Object root;
    try {
      root = new Yaml(new SafeConstructor(options)).load(Files.readString(file));
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw new IllegalArgumentException(
          file + ": line " + line + ": no YAML: " + e.getProblem(), e);
    } catch (YAMLException e) {
      throw new IllegalArgumentException(file + ": no YAML: " + e.getMessage(), e);
    }
    Map<String, Object> members = map(file, "routing", root);
    for (String key : members.keySet()) {
      if (!key.equals("owners") && !key.equals("hours")) {
        throw wrong(file, "key", key, "owners, hours");
      }
    }
    Map<String, String> owners = new TreeMap<>();
    map(file, "owners", members.getOrDefault("owners", Map.of()))
        .forEach((rule, owner) -> owners.put(rule, owner(file, rule, owner)));
    Map<String, Long> hours = new TreeMap<>();
    map(file, "hours", members.getOrDefault("hours", Map.of()))
        .forEach((severity, count) -> hours.put(severity, hours(file, severity, count)));
    return new Routing(owners, hours);
  }

  private static String owner(Path file, String rule, @Nullable Object owner) {
    if (!rule.equals(DEFAULT) && !rule.matches("[A-Z]{1,3}|[A-Z]{3}\\d{1,3}")) {
      throw wrong(file, "owners", rule, "an id of a check, its beginning (TIM, LAB0), or default");
    }
    if (!(owner instanceof String name) || name.isBlank()) {
      throw wrong(file, "owners: " + rule, String.valueOf(owner), "a name");
    }
    return name;
  }

  private static long hours(Path file, String severity, @Nullable Object count) {
    if (!SEVERITIES.contains(severity)) {
      throw wrong(file, "hours", severity, "error, warning, info");
    }
    if (!(count instanceof Integer hours) || hours < 1 || hours > MAX_HOURS) {
      throw wrong(
          file, "hours: " + severity, String.valueOf(count), "a whole number, 1 to " + MAX_HOURS);
    }
    return hours;
  }

  private static Map<String, Object> map(Path file, String what, @Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong(file, what, String.valueOf(value), "keys and values");
    }
    Map<String, Object> members = new TreeMap<>();
    map.forEach((key, member) -> members.put(String.valueOf(key), member));
    return members;
  }

  private static IllegalArgumentException wrong(
      Path file, String what, String observed, String expected) {
    return new IllegalArgumentException(
        file + ": " + what + ": " + observed + " (expected " + expected + ")");
  }

  /// Who answers for findings of a check: the owner of the longest beginning of its id; null where
  /// nobody does.
  public @Nullable String owner(String check) {
    List<String> beginnings = new ArrayList<>(owners.keySet());
    beginnings.removeIf(key -> !check.startsWith(key));
    beginnings.sort((a, b) -> b.length() - a.length());
    return owners.get(beginnings.isEmpty() ? DEFAULT : beginnings.getFirst());
  }

  /// Hours until findings of a severity are due; null where nobody says.
  public @Nullable Long hoursFor(String severity) {
    return hours.get(severity);
  }
}
