package dev.lockstep.check.label;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// LAB023: different objects have one and the same box: a value that a tool fills in.
public final class BoxIsDefault extends TrackRule {
  static final int MIN_TRACKS = 3;
  static final int MIN_BOXES = 5;

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB023",
          BoxIsDefault.class,
          Severity.ERROR,
          "Different objects have one and the same box, to the last digit, at different instants.",
          new CheckCard.Parameter("min-tracks", "", MIN_TRACKS, "with the box; judged"),
          new CheckCard.Parameter("min-boxes", "", MIN_BOXES, "that are equal; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  /// The numbers of a box, by value.
  private record Key(boolean solid, List<Double> numbers) {}

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    LabelSet labels = evidence.labels();
    long[] examined = new long[1];
    equal(labels, evidence, examined).forEach((key, rows) -> report(labels, key, rows, sink));
    return Conclusion.examined(examined[0], "no boxes");
  }

  /// Rows of boxes that different objects have alike, to the last digit.
  static BitSet rows(LabelSet labels, SharedEvidence evidence) {
    BitSet all = new BitSet();
    for (Rows rows : equal(labels, evidence, new long[1]).values()) {
      if (rows.tell()) {
        all.or(rows.rows);
      }
    }
    return all;
  }

  private static Map<Key, Rows> equal(LabelSet labels, SharedEvidence evidence, long[] examined) {
    // Hashes first, so that only boxes that may repeat become objects.
    Map<Long, int[]> seen = new HashMap<>();
    ObjectKind[] kinds = evidence.kinds();
    for (int row = 0; row < labels.size(); row++) {
      if (kinds[labels.categories()[row]] == ObjectKind.NONE) {
        continue;
      }
      for (boolean solid : new boolean[] {true, false}) {
        if (solid ? labels.has3d(row) : labels.has2d(row)) {
          examined[0]++;
          int[] known = seen.computeIfAbsent(hash(labels, row, solid), h -> new int[] {0, -1});
          if (labels.tracks()[row] != known[1]) {
            known[0]++;
            known[1] = labels.tracks()[row];
          }
        }
      }
    }
    Map<Key, Rows> equal = new LinkedHashMap<>();
    for (int row = 0; row < labels.size(); row++) {
      if (kinds[labels.categories()[row]] == ObjectKind.NONE) {
        continue;
      }
      for (boolean solid : new boolean[] {true, false}) {
        int[] known =
            (solid ? labels.has3d(row) : labels.has2d(row))
                ? seen.get(hash(labels, row, solid))
                : null;
        // Under an exchanged id, a parked object has its box once more.
        if (known != null
            && known[0] >= MIN_TRACKS
            && labels.tracks()[row] >= 0
            && !evidence.switchedAt(row)) {
          equal
              .computeIfAbsent(key(labels, row, solid), k -> new Rows())
              .add(row, labels.tracks()[row], labels.stampsNs()[row]);
        }
      }
    }
    return equal;
  }

  private static final class Rows {
    int first = -1;
    int last;
    int count;
    final BitSet rows = new BitSet();
    final Set<Integer> tracks = new HashSet<>();
    final Set<Long> stamps = new HashSet<>();

    void add(int row, int track, long stampNs) {
      first = first < 0 ? row : first;
      last = row;
      count++;
      rows.set(row);
      tracks.add(track);
      stamps.add(stampNs);
    }

    boolean tell() {
      return tracks.size() >= MIN_TRACKS && count >= MIN_BOXES && stamps.size() >= 2;
    }
  }

  private static long hash(LabelSet labels, int row, boolean solid) {
    long hash = solid ? 1 : 2;
    int n = solid ? LabelSet.BOX_3D : LabelSet.BOX_2D;
    for (int i = 0; i < n; i++) {
      double value = solid ? labels.boxes3d()[row * n + i] : labels.boxes2d()[row * n + i];
      hash = (hash ^ Double.doubleToLongBits(value + 0.0)) * 0x9E37_79B9_7F4A_7C15L;
      hash ^= hash >>> 29;
    }
    return hash;
  }

  private static Key key(LabelSet labels, int row, boolean solid) {
    int n = solid ? LabelSet.BOX_3D : LabelSet.BOX_2D;
    Double[] numbers = new Double[n];
    Arrays.setAll(
        numbers,
        i -> 0.0 + (solid ? labels.boxes3d()[row * n + i] : labels.boxes2d()[row * n + i]));
    return new Key(solid, List.of(numbers));
  }

  private static void report(LabelSet labels, Key key, Rows rows, CheckSink sink) {
    if (!rows.tell()) {
      return;
    }
    List<String> n = key.numbers.stream().map(Numbers::text).toList();
    String text =
        key.solid
            ? "centre " + String.join(", ", n.subList(0, 3)) + " m"
            : n.get(0) + ", " + n.get(1) + " to " + n.get(2) + ", " + n.get(3) + " px";
    sink.report(
        Severity.ERROR,
        "different objects have the same box",
        labels.location(rows.first, rows.last).withTrack(null),
        new Evidence.Violation(
            (key.solid ? "3D" : "2D")
                + " box of "
                + rows.count
                + " labels of "
                + rows.tracks.size()
                + " tracks",
            text,
            "a box of its own for each"));
  }
}
