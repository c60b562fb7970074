package dev.lockstep.shadow;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Order;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which track of the original each track of an export is, where its ids name other objects: found
/// from boxes that only one track has, whenever that is; else from when tracks live.
final class Renaming {
  /// Share of the boxes of a track that must tell the same; judged.
  private static final double MAJORITY = 0.5;

  /// Share of the export's tracks that must be told by their boxes; judged.
  private static final double MOST = 0.8;

  /// Share of the ids that must name another object; judged.
  private static final double GIVEN_ANEW = 0.5;

  /// Width of the cells in which boxes are looked for, pixels and meters.
  private static final double CELL = 1;

  private Renaming() {}

  private record Cell(long x, long y) {}

  /// The original's id of each id of the export, or null if they are the same or nothing tells.
  static @Nullable Map<String, String> of(Side a, Side b, Boxes boxes) {
    Map<String, Set<Long>> before = lives(a);
    Map<String, Set<Long>> after = lives(b);
    Map<String, String> names = byBoxes(a, b, boxes);
    if (names.size() < MOST * after.size()) {
      names = byLives(before, after);
    }
    boolean injective = new HashSet<>(names.values()).size() == names.size();
    long others = names.entrySet().stream().filter(e -> !e.getKey().equals(e.getValue())).count();
    // A few ids that name each other's objects are exchanged, not given anew.
    if (!injective || others < GIVEN_ANEW * names.size() || names.size() < MOST * after.size()) {
      return null;
    }
    // A track that nothing tells must not take the id of another one.
    Set<String> taken = new HashSet<>(names.values());
    for (String track : after.keySet()) {
      if (!names.containsKey(track) && taken.contains(track)) {
        names.put(track, track + "?");
      }
    }
    return names;
  }

  private static Map<String, Set<Long>> lives(Side side) {
    Map<String, Set<Long>> lives = new TreeMap<>();
    for (int row = 0; row < side.size(); row++) {
      if (side.tracked(row)) {
        lives.computeIfAbsent(side.track(row), t -> new HashSet<>()).add(side.time()[row]);
      }
    }
    return lives;
  }

  private static @Nullable Cell cell(Side side, int row, int right, int down) {
    LabelSet labels = side.labels();
    double x = Double.NaN;
    double y = Double.NaN;
    if (labels.has2d(row)) {
      x = side.flat()[row * LabelSet.BOX_2D];
      y = side.flat()[row * LabelSet.BOX_2D + 1];
    } else if (labels.has3d(row)) {
      x = side.solid()[row * LabelSet.BOX_3D];
      y = side.solid()[row * LabelSet.BOX_3D + 1];
    }
    return Double.isNaN(x + y)
        ? null
        : new Cell((long) Math.floor(x / CELL) + right, (long) Math.floor(y / CELL) + down);
  }

  private static Map<String, String> byBoxes(Side a, Side b, Boxes boxes) {
    Map<Cell, List<Integer>> cells = new HashMap<>();
    for (int row = 0; row < a.size(); row++) {
      Cell cell = a.tracked(row) ? cell(a, row, 0, 0) : null;
      if (cell != null) {
        cells.computeIfAbsent(cell, c -> new ArrayList<>(1)).add(row);
      }
    }
    Map<String, Map<String, Integer>> votes = new TreeMap<>();
    for (int row = 0; row < b.size(); row++) {
      String only = b.tracked(row) ? only(a, b, boxes, cells, row) : null;
      if (only != null) {
        votes.computeIfAbsent(b.track(row), t -> new HashMap<>()).merge(only, 1, Integer::sum);
      }
    }
    Map<String, String> names = new TreeMap<>();
    votes.forEach((track, counts) -> {
      int all = counts.values().stream().mapToInt(n -> n).sum();
      counts.forEach((original, n) -> {
        if (n > MAJORITY * all) {
          names.put(track, original);
        }
      });
    });
    return names;
  }

  /// The only track of the original that ever has the box of a row of the export, or null.
  private static @Nullable String only(
      Side a, Side b, Boxes boxes, Map<Cell, List<Integer>> cells, int row) {
    String only = null;
    for (int right = -1; right <= 1; right++) {
      for (int down = -1; down <= 1; down++) {
        Cell cell = cell(b, row, right, down);
        for (int original :
            cell == null ? List.<Integer>of() : cells.getOrDefault(cell, List.of())) {
          String track = a.track(original);
          if (!track.equals(only) && boxes.comparable(original, row) && boxes.same(original, row)) {
            if (only != null) {
              return null;
            }
            only = track;
          }
        }
      }
    }
    return only;
  }

  /// Tracks that live at the same times belong together, several of them in the order of their ids.
  private static Map<String, String> byLives(
      Map<String, Set<Long>> before, Map<String, Set<Long>> after) {
    Map<Set<Long>, List<String>> originals = inOrder(before);
    Map<String, String> names = new TreeMap<>();
    inOrder(after)
        .forEach((life, tracks) -> {
          List<String> those = originals.getOrDefault(life, List.of());
          for (int k = 0; those.size() == tracks.size() && k < tracks.size(); k++) {
            names.put(tracks.get(k), those.get(k));
          }
        });
    return names;
  }

  private static Map<Set<Long>, List<String>> inOrder(Map<String, Set<Long>> lives) {
    Map<Set<Long>, List<String>> tracks = new HashMap<>();
    lives.forEach((track, life) ->
        tracks.computeIfAbsent(Set.copyOf(life), l -> new ArrayList<>(1)).add(track));
    // Numbers by their value: shorter ones are smaller.
    tracks
        .values()
        .forEach(list -> list.sort(Order.byInt(String::length).thenComparing(name -> name)));
    return tracks;
  }
}
