package dev.lockstep.bench.labels;

import dev.lockstep.synth.fault.LabelTable.Box;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// One fault in a table: which boxes it changed, seen from outside by comparing before and after.
///
/// @param tracks tracks with a change, under their ids before and after
/// @param firstNs first instant with a change
/// @param lastNs last instant with a change; the first again for lasting faults
/// @param effective whether a careful reader could see it
record Event(Set<String> tracks, long firstNs, long lastNs, boolean effective) {
  /// Smaller changes cannot be told from an annotator's hand.
  private static final double MIN_METERS = 0.1;

  /// The same for shapes: sides that change by less leave an overlap above 0.98.
  private static final double MIN_SIDE_SHARE = 0.02;

  private static final double MIN_RADIANS = Math.toRadians(5);

  private record Key(long stampNs, @Nullable String track) {}

  /// What changed from `before` to `after`; null if nothing did. Effective is a change of place of
  /// 0.1 m, of a side by 2 %, of a heading by 5 degrees, or anything that is no number.
  ///
  /// @param truth where a box stands without the noise that was added to it
  static @Nullable Event between(
      List<Box> before, List<Box> after, boolean lasting, UnaryOperator<Box> truth) {
    if (before.size() != after.size()) {
      return compare(before, after, lasting, truth);
    }
    // Most faults leave almost all boxes as and where they are.
    List<Box> changedBefore = new ArrayList<>();
    List<Box> changedAfter = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      Box a = before.get(i);
      Box b = after.get(i);
      if (a.stampNs != b.stampNs || !a.track().equals(b.track()) || !same(a, b)) {
        changedBefore.add(a);
        changedAfter.add(b);
      }
    }
    return compare(changedBefore, changedAfter, lasting, truth);
  }

  private static @Nullable Event compare(
      List<Box> before, List<Box> after, boolean lasting, UnaryOperator<Box> truth) {
    Map<Key, Box> old = new HashMap<>();
    for (Box box : before) {
      if (box.track == null) {
        continue;
      }
      old.put(new Key(box.stampNs, box.track), box);
    }
    Set<String> tracks = new HashSet<>();
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    boolean effective = false;
    Set<Key> seen = new HashSet<>();
    for (Box box : after) {
      if (box.track == null) {
        continue;
      }
      Key key = new Key(box.stampNs, box.track);
      boolean again = !seen.add(key);
      Box was = old.get(key);
      if (was != null && !again && same(was, box)) {
        continue;
      }
      tracks.add(box.track());
      first = Math.min(first, box.stampNs);
      last = Math.max(last, box.stampNs);
      effective |= was == null || again || visible(truth.apply(was), truth.apply(box), was, box);
    }
    for (Map.Entry<Key, Box> each : old.entrySet()) {
      if (!seen.contains(each.getKey())) {
        Box gone = each.getValue();
        tracks.add(gone.track());
        first = Math.min(first, gone.stampNs);
        last = Math.max(last, gone.stampNs);
        effective = true;
      }
    }
    return tracks.isEmpty() ? null : new Event(tracks, first, lasting ? first : last, effective);
  }

  private static boolean same(Box a, Box b) {
    return a.category.equals(b.category)
        && Double.compare(a.x, b.x) == 0
        && a.y == b.y
        && a.z == b.z
        && a.length == b.length
        && a.width == b.width
        && a.height == b.height
        && a.qw == b.qw
        && a.qz == b.qz
        && Double.compare(a.left, b.left) == 0
        && a.top == b.top
        && a.right == b.right
        && a.bottom == b.bottom;
  }

  /// Whether a change can be seen. A copy of another box is compared without the noise of both;
  /// what was moved from where it stood has the same noise before and after.
  private static boolean visible(Box trueA, Box trueB, Box a, Box b) {
    boolean copied = trueA != a && trueB != b && trueA != trueB;
    return copied ? visible(trueA, trueB) : visible(a, b);
  }

  private static boolean visible(Box a, Box b) {
    if (!a.category.equals(b.category) || Double.isNaN(a.x) || Double.isNaN(b.x)) {
      return true;
    }
    double moved = Math.hypot(Math.hypot(a.x - b.x, a.y - b.y), a.z - b.z);
    double turned = 2 * Math.acos(Math.min(1, Math.abs(a.qw * b.qw + a.qz * b.qz)));
    return moved >= MIN_METERS
        || turned >= MIN_RADIANS
        || differs(a.length, b.length)
        || differs(a.width, b.width)
        || differs(a.height, b.height);
  }

  private static boolean differs(double a, double b) {
    return Math.abs(a - b) >= MIN_SIDE_SHARE * Math.max(Math.abs(a), Math.abs(b));
  }
}
