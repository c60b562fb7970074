package dev.lockstep.shadow;

import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Puts labels together that a format gives in two label sets, 2D boxes in the coordinate system of
/// a camera and 3D boxes in that of a LiDAR or vehicle: where the other side has both in one row,
/// they are one label.
final class Halves {
  /// Share of the labelled objects of the smaller half that the other one must have; judged.
  private static final double SHARED = 0.8;

  private record Key(long stampNs, long frame, String track) {}

  private Halves() {}

  /// Whether rows of the set hold boxes of both sorts.
  static boolean whole(LabelSet set) {
    for (int row = 0; row < set.size(); row++) {
      if (set.has2d(row) && set.has3d(row)) {
        return true;
      }
    }
    return false;
  }

  /// The other half of `half`, or null if none of `others` is.
  static @Nullable LabelSet other(LabelSet half, List<LabelSet> others) {
    boolean flat = holds(half, false) && !holds(half, true);
    boolean solid = holds(half, true) && !holds(half, false);
    if (flat == solid) {
      return null;
    }
    LabelSet best = null;
    long most = 0;
    Map<Key, List<Integer>> rows = rows(half);
    for (LabelSet other : others) {
      if (other == half || !holds(other, flat) || holds(other, solid)) {
        continue;
      }
      Map<Key, List<Integer>> those = rows(other);
      long shared = those.keySet().stream().filter(rows::containsKey).count();
      if (shared >= SHARED * Math.min(rows.size(), those.size()) && shared > most) {
        most = shared;
        best = other;
      }
    }
    return best;
  }

  private static boolean holds(LabelSet set, boolean solid) {
    for (int row = 0; row < set.size(); row++) {
      if (solid ? set.has3d(row) : set.has2d(row)) {
        return true;
      }
    }
    return false;
  }

  private static Map<Key, List<Integer>> rows(LabelSet set) {
    Map<Key, List<Integer>> rows = new HashMap<>();
    for (int row = 0; row < set.size(); row++) {
      int track = set.tracks()[row];
      if (track != LabelSet.NO_TRACK) {
        rows.computeIfAbsent(
                new Key(set.stampsNs()[row], set.frames()[row], set.trackName(track)),
                k -> new ArrayList<>(1))
            .add(row);
      }
    }
    return rows;
  }

  /// One set of both halves, with the frame of reference of the 3D boxes.
  static LabelSet joined(LabelSet half, LabelSet other) {
    LabelSet flat = holds(half, false) ? half : other;
    LabelSet solid = flat == half ? other : half;
    LabelSet both = new LabelSet(flat.name(), solid.frameOfReference(), flat.stampSource());
    LabelDetails details = both.details();
    details.setFrameName(solid.details().frameName());
    details.setOwnAxes(solid.details().ownAxes());
    details.setImageSize(flat.details().imageWidth(), flat.details().imageHeight());
    details.setFrameRate(flat.details().frameRateHertz());
    details.setFirstFrame(flat.details().firstFrame());
    Map<Key, List<Integer>> solids = rows(solid);
    for (int row = 0; row < flat.size(); row++) {
      int added = both.addCopy(flat, row);
      int track = flat.tracks()[row];
      if (track != LabelSet.NO_TRACK) {
        Key key = new Key(flat.stampsNs()[row], flat.frames()[row], flat.trackName(track));
        List<Integer> left = solids.getOrDefault(key, List.of());
        if (!left.isEmpty()) {
          both.copyBox3d(added, solid, left.removeFirst());
        }
      }
    }
    solids.values().forEach(left -> left.forEach(row -> both.addCopy(solid, row)));
    for (int row = 0; row < solid.size(); row++) {
      if (solid.tracks()[row] == LabelSet.NO_TRACK) {
        both.addCopy(solid, row);
      }
    }
    both.seal();
    return both;
  }
}
