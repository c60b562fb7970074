package dev.lockstep.shadow;

import dev.lockstep.check.Cause;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.labels.LabelCapabilities.Visibility;
import dev.lockstep.labels.LabelField;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Compares what pairs of rows say besides their boxes: categories, and fields of the label.
final class Values {
  /// Fields that are compared value by value, attributes apart.
  static final List<LabelField> COMPARED =
      List.of(
          LabelField.TRUNCATED,
          LabelField.OCCLUDED,
          LabelField.SCORE,
          LabelField.POINTS,
          LabelField.KEYFRAME,
          LabelField.IGNORED,
          LabelField.ANNOTATOR);

  /// Values of one attribute that are told apart; judged: above, it holds measurements.
  private static final int MOST_VALUES = 64;

  /// Pairs of values in an explanation.
  private static final int LISTED = 4;

  /// Cause of fields that the export does not hold.
  static final String LOST = "attribute-lost";

  /// A flag that is not set.
  private static final String UNSET = "none";

  private Values() {}

  /// Rows whose values differ, and how.
  ///
  /// @param explanation what explains them, or null
  /// @param what what differs
  /// @param change the most frequent change
  /// @param rows rows of the export
  record Difference(
      @Nullable Explanation explanation, String what, String change, List<Integer> rows) {}

  /// A value as text, as coarse as the coarser of both formats has it; empty where there is none.
  static String text(
      Side side, int row, LabelField field, LabelCapabilities p, LabelCapabilities q) {
    LabelSet labels = side.labels();
    return switch (field) {
      case TRUNCATED -> visibility(labels.truncated()[row], p, q);
      case OCCLUDED -> visibility(labels.occluded()[row], p, q);
      case SCORE -> {
        float score = labels.details().score(row);
        yield Float.isNaN(score) ? "" : Numbers.text(Math.rint(score * 1e4) / 1e4);
      }
      case POINTS -> labels.points()[row] < 0 ? "" : Integer.toString(labels.points()[row]);
      case KEYFRAME ->
          labels.details().has(row, LabelDetails.INTERPOLATED)
              ? "interpolated"
              : labels.details().has(row, LabelDetails.KEYFRAME) ? "keyframe" : "";
      case IGNORED -> labels.details().has(row, LabelDetails.IGNORED) ? "ignored" : "counted";
      case ANNOTATOR -> {
        String annotator = labels.annotator(row);
        yield annotator == null ? "" : annotator;
      }
      default -> "";
    };
  }

  private static String visibility(float share, LabelCapabilities p, LabelCapabilities q) {
    Visibility coarser =
        p.visibility().compareTo(q.visibility()) < 0 ? p.visibility() : q.visibility();
    if (Float.isNaN(share)) {
      return coarser == Visibility.FLAG ? UNSET : "";
    }
    return switch (coarser) {
      case NONE -> "";
      case FLAG -> share > 0 ? "some" : UNSET;
      case LEVELS -> Long.toString(Math.round(2.0 * share));
      case SHARE -> Numbers.text(Math.rint(share * 1e4) / 1e4);
    };
  }

  /// Categories that are others in the export.
  ///
  /// @param settled rows by category that are known to be the same
  static List<Difference> categories(Side a, Side b, Pairs pairs, Map<String, Long> settled) {
    Table table = new Table();
    settled.forEach((category, rows) -> table.add(category, category, -1, rows));
    // Where ids are exchanged or merged, categories that go with the ids are no fault of their own.
    Map<String, Set<String>> tracks = new HashMap<>();
    Map<String, Set<String>> categories = new HashMap<>();
    for (int k = 0; k < pairs.size(); k++) {
      int original = pairs.original()[k];
      String track = b.track(pairs.export()[k]);
      tracks.computeIfAbsent(track, t -> new HashSet<>()).add(a.track(original));
      categories.computeIfAbsent(track, t -> new HashSet<>()).add(a.category(original));
    }
    for (int k = 0; k < pairs.size(); k++) {
      int export = pairs.export()[k];
      String before = a.category(pairs.original()[k]);
      String after = b.category(export);
      String track = b.track(export);
      boolean follows =
          b.tracked(export)
              && tracks.getOrDefault(track, Set.of()).size() > 1
              && categories.getOrDefault(track, Set.of()).contains(after);
      table.add(before, follows ? before : after, export, 1);
    }
    if (table.changed.isEmpty()) {
      return List.of();
    }
    Map<String, String> function = table.function();
    Explanation explanation = null;
    if (function != null && table.changed.size() >= Explanation.FEWEST_ROWS) {
      Set<String> targets = new HashSet<>(function.values());
      boolean merged = targets.size() < function.size();
      String list = list(function);
      boolean spelling =
          function.entrySet().stream().allMatch(e -> plain(e.getKey()).equals(plain(e.getValue())));
      explanation =
          new Explanation(
              Kind.RECATEGORISED,
              merged ? Severity.ERROR : spelling ? Severity.INFO : Severity.WARNING,
              "categories",
              function.size() + " in the original",
              list,
              table.changed.size(),
              new Cause(
                  merged ? "categories-merged" : "categories-renamed",
                  merged
                      ? "several categories of the original are one in the export: " + list
                      : "each category has one other name in the export: " + list));
    }
    return List.of(new Difference(explanation, "category", table.mostFrequent(), table.changed));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  private static String list(Map<String, String> function) {
    List<String> changes = new ArrayList<>();
    function.forEach((from, to) -> {
      if (!from.equals(to)) {
        changes.add(from + " -> " + to);
      }
    });
    String shown = String.join(", ", changes.subList(0, Math.min(LISTED, changes.size())));
    return changes.size() > LISTED ? shown + ", ..." : shown;
  }

  /// Fields and attributes that are gone or different.
  static List<Difference> fields(Side a, Side b, Pairs pairs) {
    List<Difference> found = new ArrayList<>();
    for (LabelField field : COMPARED) {
      if (!a.can().carries(field) || !b.can().carries(field)) {
        continue;
      }
      // A flag that is never set and one that is not there are told apart by the whole set.
      boolean absent = true;
      for (int row = 0; row < b.size() && absent; row++) {
        absent = !b.has(row, field) && field != LabelField.IGNORED;
      }
      Table table = new Table();
      for (int k = 0; k < pairs.size(); k++) {
        if (unknown(a, pairs.original()[k], field) && b.can().visibility() == Visibility.FLAG) {
          // A flag has no word for "unknown", so that either value is right.
          continue;
        }
        String before = text(a, pairs.original()[k], field, a.can(), b.can());
        String after = absent ? "" : text(b, pairs.export()[k], field, a.can(), b.can());
        if (!before.isEmpty() && !(absent && before.equals(UNSET))) {
          table.add(before, after, pairs.export()[k], 1);
        }
      }
      add(found, field.label(), table, pairs);
    }
    if (a.can().carries(LabelField.ATTRIBUTES) && b.can().carries(LabelField.ATTRIBUTES)) {
      attributes(a, b, pairs, found);
    }
    return found;
  }

  private static boolean unknown(Side side, int row, LabelField field) {
    return switch (field) {
      case TRUNCATED -> Float.isNaN(side.labels().truncated()[row]);
      case OCCLUDED -> Float.isNaN(side.labels().occluded()[row]);
      default -> false;
    };
  }

  private static void attributes(Side a, Side b, Pairs pairs, List<Difference> found) {
    Map<String, Table> tables = new TreeMap<>();
    for (int k = 0; k < pairs.size(); k++) {
      for (Attribute attribute : a.labels().details().attributes(pairs.original()[k])) {
        String after = b.labels().details().attribute(pairs.export()[k], attribute.name());
        tables
            .computeIfAbsent(attribute.name(), name -> new Table())
            .add(attribute.value(), after == null ? "" : after, pairs.export()[k], 1);
      }
    }
    tables.forEach((name, table) -> add(found, "attribute " + name, table, pairs));
  }

  private static void add(List<Difference> found, String what, Table table, Pairs pairs) {
    if (!table.changed.isEmpty()) {
      Explanation explanation =
          table.changed.size() < Explanation.FEWEST_ROWS
              ? null
              : explanation(what, table, pairs.equal());
      found.add(new Difference(explanation, what, table.mostFrequent(), table.changed));
    }
  }

  /// Fields that an export does not hold are one fault of it.
  static Explanation lost(List<Explanation> each) {
    Explanation first = each.getFirst();
    if (each.size() == 1) {
      return first;
    }
    String names = String.join(", ", each.stream().map(Explanation::what).toList());
    return new Explanation(
        first.kind(),
        first.severity(),
        names,
        first.before(),
        "absent",
        each.stream().mapToLong(Explanation::rows).max().orElse(0),
        new Cause(LOST, "the export does not hold " + names + ", which its format can"));
  }

  private static @Nullable Explanation explanation(String what, Table table, long equal) {
    String id;
    String sentence;
    if (table.allLost()) {
      id = LOST;
      sentence = "the export does not hold " + what + ", which its format can";
    } else if (what.equals(LabelField.KEYFRAME.label()) && table.always("keyframe")) {
      id = "all-keyframes";
      sentence = "the export takes every box for a keyframe";
    } else if (equal == 0 && table.function() != null && table.values() > 1) {
      Double shift = table.shift();
      id = shift == null ? "attribute-renamed" : "attribute-shifted";
      sentence =
          shift == null
              ? "each value of " + what + " has one other in the export"
              : what + " is " + (shift > 0 ? "+" : "") + Numbers.text(shift) + " off everywhere";
    } else {
      return null;
    }
    return new Explanation(
        Kind.ATTRIBUTE,
        Severity.ERROR,
        what,
        "as labelled",
        table.mostFrequent(),
        table.changed.size(),
        new Cause(id, sentence));
  }

  /// How often which value became which.
  private static final class Table {
    private final Map<String, Map<String, Long>> counts = new LinkedHashMap<>();
    final List<Integer> changed = new ArrayList<>();
    private long total;
    private boolean lost = true;

    void add(String before, String after, int row, long rows) {
      total += rows;
      if (counts.size() <= MOST_VALUES || counts.containsKey(before)) {
        counts.computeIfAbsent(before, k -> new TreeMap<>()).merge(after, rows, Long::sum);
      }
      lost &= after.isEmpty();
      if (!before.equals(after)) {
        changed.add(row);
      }
    }

    boolean allLost() {
      return lost;
    }

    int values() {
      return counts.size();
    }

    /// Whether all that changed became `value`.
    boolean always(String value) {
      return counts.entrySet().stream()
          .allMatch(from ->
              from.getValue().keySet().stream()
                  .allMatch(to -> to.equals(value) || to.equals(from.getKey())));
    }

    /// What each value becomes nearly always, or null if it depends on something else.
    @Nullable Map<String, String> function() {
      if (counts.size() > MOST_VALUES) {
        return null;
      }
      Map<String, String> function = new LinkedHashMap<>();
      long kept = 0;
      for (Map.Entry<String, Map<String, Long>> from : counts.entrySet()) {
        long all = 0;
        String most = "";
        long of = 0;
        for (Map.Entry<String, Long> to : from.getValue().entrySet()) {
          all += to.getValue();
          if (to.getValue() > of) {
            most = to.getKey();
            of = to.getValue();
          }
        }
        if (of < Explanation.NEARLY_ALL * all) {
          return null;
        }
        kept += of;
        function.put(from.getKey(), most);
      }
      boolean identity =
          function.entrySet().stream().allMatch(e -> e.getKey().equals(e.getValue()));
      return identity || kept < Explanation.NEARLY_ALL * total ? null : function;
    }

    /// By how much whole numbers are shifted, the same for all; or null.
    @Nullable Double shift() {
      Map<String, String> function = function();
      if (function == null) {
        return null;
      }
      Set<Double> shifts = new TreeSet<>();
      int shifted = 0;
      for (Map.Entry<String, String> change : function.entrySet()) {
        if (change.getKey().isEmpty() || change.getValue().isEmpty()) {
          // Shifted to where there is no value.
          continue;
        }
        try {
          shifts.add(Double.parseDouble(change.getValue()) - Double.parseDouble(change.getKey()));
          shifted++;
        } catch (NumberFormatException e) {
          return null;
        }
      }
      return shifts.size() == 1 && shifted > 1 ? shifts.iterator().next() : null;
    }

    String mostFrequent() {
      String most = "";
      long of = 0;
      for (Map.Entry<String, Map<String, Long>> from : counts.entrySet()) {
        for (Map.Entry<String, Long> to : from.getValue().entrySet()) {
          if (!from.getKey().equals(to.getKey()) && to.getValue() > of) {
            of = to.getValue();
            most = from.getKey() + " -> " + (to.getKey().isEmpty() ? "absent" : to.getKey());
          }
        }
      }
      return most + " (" + of + " rows)";
    }
  }
}
