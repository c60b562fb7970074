package dev.lockstep.shadow;

import dev.lockstep.check.Cause;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.labels.LabelField;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What became of the tracks of pairs of rows.
///
/// @param explanations what explains it
/// @param exchanged pairs that are on another track without a rule, by both tracks
/// @param given rows whose tracks only the export has, in words; empty if there are none
record Identity(
    List<Explanation> explanations, Map<String, List<Integer>> exchanged, List<Integer> given) {
  /// Names listed in an explanation.
  private static final int LISTED = 6;

  /// Labels of a track on average, from which on ids of single labels are none of objects; judged.
  private static final long MANY_LABELS = 2;

  static Identity of(Side a, Side b, Pairs pairs) {
    Map<String, Map<String, List<Integer>>> moves = new TreeMap<>();
    List<Integer> given = new ArrayList<>();
    List<Integer> lost = new ArrayList<>();
    long tracked = 0;
    for (int k = 0; k < pairs.size(); k++) {
      int row = pairs.export()[k];
      boolean before = a.tracked(pairs.original()[k]);
      boolean after = b.tracked(row);
      tracked += before ? 1 : 0;
      if (before && after) {
        moves
            .computeIfAbsent(a.track(pairs.original()[k]), t -> new TreeMap<>())
            .computeIfAbsent(b.track(row), t -> new ArrayList<>())
            .add(row);
      } else if (before) {
        lost.add(row);
      } else if (after) {
        given.add(row);
      }
    }
    List<Explanation> explanations = new ArrayList<>();
    Map<String, List<Integer>> exchanged = new TreeMap<>();
    if (!lost.isEmpty()) {
      if (lost.size() >= Explanation.NEARLY_ALL * (tracked + pairs.equal())
          && lost.size() >= Explanation.FEWEST_ROWS) {
        boolean can = b.can().carries(LabelField.TRACK);
        explanations.add(
            new Explanation(
                Kind.REIDENTIFIED,
                can ? Severity.ERROR : Severity.INFO,
                "tracks",
                "an id for each label",
                "none",
                lost.size(),
                new Cause(
                    "track-ids-lost",
                    can
                        ? "the export does not hold the track ids"
                        : "its format cannot hold track ids")));
      } else {
        exchanged.put("a track -> none", lost);
      }
    }
    if (isSplit(moves)) {
      long rows =
          moves.values().stream().flatMap(to -> to.values().stream()).mapToLong(List::size).sum();
      explanations.add(
          Explanation.error(
                  Kind.REIDENTIFIED,
                  "tracks",
                  "an id for each object",
                  "an id for each label",
                  "track-ids-lost",
                  "the export does not hold the track ids: each label has an id of its own")
              .ofRows(rows));
    } else {
      renamed(moves, explanations, exchanged);
    }
    return new Identity(explanations, exchanged, given);
  }

  /// Whether every label has another id, where those of the original have many labels.
  private static boolean isSplit(Map<String, Map<String, List<Integer>>> moves) {
    long rows = 0;
    Set<String> ids = new HashSet<>();
    for (Map<String, List<Integer>> to : moves.values()) {
      for (Map.Entry<String, List<Integer>> id : to.entrySet()) {
        rows += id.getValue().size();
        ids.add(id.getKey());
      }
    }
    return rows >= Explanation.FEWEST_ROWS
        && rows >= MANY_LABELS * moves.size()
        && ids.size() >= Explanation.NEARLY_ALL * rows;
  }

  private static void renamed(
      Map<String, Map<String, List<Integer>>> moves,
      List<Explanation> explanations,
      Map<String, List<Integer>> exchanged) {
    Map<String, TreeSet<String>> sources = new TreeMap<>();
    Map<String, String> whole = new TreeMap<>();
    moves.forEach((from, to) -> {
      long all = to.values().stream().mapToLong(List::size).sum();
      to.forEach((name, rows) -> {
        if (rows.size() >= Explanation.NEARLY_ALL * all) {
          whole.put(from, name);
        }
      });
      String name = whole.get(from);
      if (name != null) {
        sources.computeIfAbsent(name, n -> new TreeSet<>()).add(from);
      }
    });
    long renamedRows = 0;
    long mergedRows = 0;
    List<String> renamed = new ArrayList<>();
    List<String> merged = new ArrayList<>();
    for (Map.Entry<String, Map<String, List<Integer>>> move : moves.entrySet()) {
      String from = move.getKey();
      String to = whole.get(from);
      if (to != null) {
        long rows = move.getValue().getOrDefault(to, List.of()).size();
        boolean several = sources.getOrDefault(to, new TreeSet<>()).size() > 1;
        if (several && !from.equals(to)) {
          merged.add(from + " -> " + to);
          mergedRows += rows;
        } else if (!from.equals(to)) {
          renamed.add(from + " -> " + to);
          renamedRows += rows;
        }
        move.getValue()
            .forEach((name, left) -> {
              if (!name.equals(to)) {
                exchanged
                    .computeIfAbsent(from + " -> " + name, n -> new ArrayList<>())
                    .addAll(left);
              }
            });
      } else {
        for (Map.Entry<String, List<Integer>> part : move.getValue().entrySet()) {
          if (!part.getKey().equals(from)) {
            exchanged
                .computeIfAbsent(from + " -> " + part.getKey(), n -> new ArrayList<>())
                .addAll(part.getValue());
          }
        }
      }
    }
    if (!merged.isEmpty()) {
      explanations.add(
          Explanation.error(
                  Kind.REIDENTIFIED,
                  "tracks",
                  "an id for each object",
                  list(merged),
                  "ids-merged",
                  "several objects of the original have one id in the export")
              .ofRows(mergedRows));
    }
    if (!renamed.isEmpty()) {
      explanations.add(renumbered(renamed, renamedRows));
    }
  }

  /// Every track has another id, each one of its own.
  ///
  /// @param moves original and export, `1 -> 2`
  static Explanation renumbered(List<String> moves, long rows) {
    boolean numbers = moves.stream().allMatch(r -> r.matches(".* -> \\d+"));
    boolean names = moves.stream().anyMatch(r -> !r.matches("\\d+ -> .*"));
    return new Explanation(
        Kind.REIDENTIFIED,
        numbers && names ? Severity.INFO : Severity.WARNING,
        "tracks",
        "ids of the original",
        list(moves),
        rows,
        new Cause("ids-renumbered", "each track has one other id in the export"));
  }

  private static String list(List<String> moves) {
    String shown = String.join(", ", moves.subList(0, Math.min(LISTED, moves.size())));
    return moves.size() > LISTED ? shown + ", ... (" + moves.size() + " tracks)" : shown;
  }
}
