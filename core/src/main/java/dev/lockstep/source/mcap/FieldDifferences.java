package dev.lockstep.source.mcap;

import java.util.ArrayList;
import java.util.List;

/// The fields in which two records differ, in words.
final class FieldDifferences {
  private final List<String> differences = new ArrayList<>();

  /// Compares an unsigned number.
  FieldDifferences compare(String field, long stored, long actual) {
    return compare(field, Long.toUnsignedString(stored), Long.toUnsignedString(actual));
  }

  /// Compares a text.
  FieldDifferences compare(String field, String stored, String actual) {
    if (!stored.equals(actual)) {
      differences.add(field + " " + stored + ", not " + actual);
    }
    return this;
  }

  /// Adds a difference.
  FieldDifferences add(String difference) {
    differences.add(difference);
    return this;
  }

  boolean isEmpty() {
    return differences.isEmpty();
  }

  String inWords() {
    return String.join("; ", differences);
  }
}
