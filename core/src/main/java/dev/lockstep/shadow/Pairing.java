package dev.lockstep.shadow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongUnaryOperator;

/// Which row of the export belongs to which row of the original: each row to one at most.
final class Pairing {
  /// Boxes further apart than this, in sizes, are two objects; judged.
  private static final double FAR = 0.75;

  final int[] ofOriginal;
  final int[] ofExport;

  private Pairing(int originals, int exports) {
    ofOriginal = filled(originals);
    ofExport = filled(exports);
  }

  private static int[] filled(int n) {
    int[] none = new int[n];
    Arrays.fill(none, -1);
    return none;
  }

  /// No row paired yet.
  static Pairing none(Side a, Side b) {
    return new Pairing(a.size(), b.size());
  }

  private record Key(long time, String track) {}

  /// Rows of one instant and one track; where the original has no track, the nearest boxes of the
  /// instant. `timeOf` gives the original's time of an export's, [Long#MIN_VALUE] for none.
  static Pairing byTrack(Side a, Side b, Boxes boxes, LongUnaryOperator timeOf) {
    Pairing pairs = new Pairing(a.size(), b.size());
    Map<Key, List<Integer>> rows = new HashMap<>();
    for (int row = 0; row < a.size(); row++) {
      if (a.tracked(row) && !a.settled()[row]) {
        rows.computeIfAbsent(new Key(a.time()[row], a.track(row)), k -> new ArrayList<>(1))
            .add(row);
      }
    }
    Map<Key, List<Integer>> exports = new LinkedHashMap<>();
    for (int row = 0; row < b.size(); row++) {
      if (b.tracked(row) && !b.settled()[row]) {
        exports
            .computeIfAbsent(
                new Key(timeOf.applyAsLong(b.time()[row]), b.track(row)), k -> new ArrayList<>(1))
            .add(row);
      }
    }
    exports.forEach(
        (key, those) -> pairs.pairNearest(rows.getOrDefault(key, List.of()), those, boxes));
    return pairs;
  }

  /// Pairs rows of one instant and track, the nearest first.
  private void pairNearest(List<Integer> originals, List<Integer> exports, Boxes boxes) {
    for (int left = Math.min(originals.size(), exports.size()); left > 0; left--) {
      int bestOriginal = -1;
      int bestExport = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int original : originals) {
        for (int export : exports) {
          if (ofOriginal[original] < 0 && ofExport[export] < 0) {
            double distance = boxes.distance(original, export);
            if (bestOriginal < 0 || distance < least) {
              bestOriginal = original;
              bestExport = export;
              least = distance;
            }
          }
        }
      }
      pair(bestOriginal, bestExport);
    }
  }

  void pair(int original, int export) {
    ofOriginal[original] = export;
    ofExport[export] = original;
  }

  void part(int original) {
    ofExport[ofOriginal[original]] = -1;
    ofOriginal[original] = -1;
  }

  int size() {
    return (int) Arrays.stream(ofOriginal).filter(row -> row >= 0).count();
  }

  Pairing copy() {
    Pairing copy = new Pairing(ofOriginal.length, ofExport.length);
    System.arraycopy(ofOriginal, 0, copy.ofOriginal, 0, ofOriginal.length);
    System.arraycopy(ofExport, 0, copy.ofExport, 0, ofExport.length);
    return copy;
  }

  /// What may be paired by its boxes.
  interface Admission {
    boolean test(int original, int export);
  }

  /// Pairs what is left of each instant by boxes: the same ones first, then, if `near`, from the
  /// nearest on.
  void byBoxes(
      Side a, Side b, Boxes boxes, LongUnaryOperator timeOf, boolean near, Admission admitted) {
    Map<Long, List<Integer>> left = new HashMap<>();
    for (int row = 0; row < a.size(); row++) {
      if (ofOriginal[row] < 0 && a.boxed(row) && !a.settled()[row]) {
        left.computeIfAbsent(a.time()[row], k -> new ArrayList<>()).add(row);
      }
    }
    Map<Long, List<Integer>> exports = new HashMap<>();
    for (int row = 0; row < b.size(); row++) {
      if (ofExport[row] < 0 && b.boxed(row) && !b.settled()[row]) {
        exports.computeIfAbsent(timeOf.applyAsLong(b.time()[row]), k -> new ArrayList<>()).add(row);
      }
    }
    record Candidate(int original, int export, boolean same, boolean kin, double distance) {}
    exports.forEach((time, those) -> {
      List<Candidate> candidates = new ArrayList<>();
      for (int original : left.getOrDefault(time, List.of())) {
        for (int export : those) {
          if (boxes.comparable(original, export) && admitted.test(original, export)) {
            boolean same = boxes.same(original, export);
            if (!same && (!near || boxes.isBeyond(original, export, FAR))) {
              continue;
            }
            double distance = boxes.distance(original, export);
            if (same || near && distance <= FAR) {
              boolean kin = a.category(original).equals(b.category(export));
              candidates.add(new Candidate(original, export, same, kin, distance));
            }
          }
        }
      }
      candidates.sort((x, y) ->
          x.same() != y.same()
              ? Boolean.compare(y.same(), x.same())
              : x.kin() != y.kin()
                  ? Boolean.compare(y.kin(), x.kin())
                  : x.distance() != y.distance()
                      ? Double.compare(x.distance(), y.distance())
                      : x.original() != y.original()
                          ? Integer.compare(x.original(), y.original())
                          : Integer.compare(x.export(), y.export()));
      for (Candidate c : candidates) {
        if (ofOriginal[c.original()] < 0 && ofExport[c.export()] < 0) {
          pair(c.original(), c.export());
        }
      }
    });
  }

  /// Share of the export's tracks whose names the original has too.
  static double namesShared(Side a, Side b) {
    Set<String> names = new HashSet<>();
    for (int row = 0; row < a.size(); row++) {
      names.add(a.track(row));
    }
    Set<String> those = new HashSet<>();
    for (int row = 0; row < b.size(); row++) {
      those.add(b.track(row));
    }
    names.remove("");
    those.remove("");
    int smaller = Math.min(names.size(), those.size());
    those.retainAll(names);
    return smaller == 0 ? 0 : (double) those.size() / smaller;
  }
}
