package dev.lockstep.shadow;

import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.model.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/// Which time of the original each time of the export shows: found from boxes that a track has at
/// one instant only.
///
/// @param explanation what it is that moved the labels in time
/// @param of the original's time of the export's
/// @param exact the times at which the two differ, where they are few
/// @param rows the original's time by row, null where the time of a row tells
record TimeMap(
    Explanation explanation, LongUnaryOperator of, List<Long> exact, long @Nullable [] rows) {
  private TimeMap(Explanation explanation, LongUnaryOperator of, List<Long> exact) {
    this(explanation, of, exact, null);
  }

  /// Times that must be known before anything is said; judged.
  private static final int FEWEST_TIMES = 3;

  /// Share of the votes that decides a time; judged.
  private static final double MAJORITY = 0.6;

  /// Share of the times that may differ for a local exchange; above, it is a law of its own.
  private static final double LOCAL = 0.6;

  /// Times listed in an explanation.
  private static final int LISTED = 40;

  /// Rates that tools assume; frames a second.
  private static final double[] RATES = {24, 25, 30, 50, 60, 15, 20, 10, 12, 5};

  /// The map, or null where times agree or nothing simple explains them.
  static @Nullable TimeMap of(Side a, Side b, Boxes boxes) {
    Map<Long, Map<Long, Integer>> votes = votes(a, b, boxes);
    TreeMap<Long, Long> known = majorities(votes);
    if (known.size() < FEWEST_TIMES) {
      return null;
    }
    long[] to = known.keySet().stream().mapToLong(t -> t).toArray();
    long[] from = known.values().stream().mapToLong(t -> t).toArray();
    List<Long> moved = new ArrayList<>();
    for (int k = 0; k < to.length; k++) {
      if (from[k] != to[k]) {
        moved.add(to[k]);
      }
    }
    if (moved.isEmpty()) {
      return null;
    }
    TimeMap map = shifted(to, from);
    map = map == null ? stepped(to, from, moved) : map;
    TimeMap line = map == null ? scaled(to, from, known) : null;
    if (line != null) {
      long[] rows = line.timesOfRows(a, b, boxes, votes);
      return new TimeMap(line.explanation, line.of, line.exact, rows);
    }
    return map == null ? exchanged(known, moved, a, b) : map;
  }

  /// For each time of the export, how many of its rows stand at which time of the original alone.
  private static Map<Long, Map<Long, Integer>> votes(Side a, Side b, Boxes boxes) {
    Map<String, List<Integer>> tracks = new HashMap<>();
    for (int row = 0; row < a.size(); row++) {
      if (a.tracked(row) && a.boxed(row)) {
        tracks.computeIfAbsent(a.track(row), k -> new ArrayList<>()).add(row);
      }
    }
    Map<Long, Map<Long, Integer>> votes = new HashMap<>();
    for (int row = 0; row < b.size(); row++) {
      if (!b.tracked(row) || !b.boxed(row) || b.settled()[row]) {
        continue;
      }
      int only = -1;
      int found = 0;
      for (int original : tracks.getOrDefault(b.track(row), List.of())) {
        if (boxes.comparable(original, row) && boxes.same(original, row)) {
          only = original;
          found++;
          if (found > 1) {
            break;
          }
        }
      }
      if (found == 1) {
        votes
            .computeIfAbsent(b.time()[row], k -> new HashMap<>())
            .merge(a.time()[only], 1, Integer::sum);
      }
    }
    return votes;
  }

  private static TreeMap<Long, Long> majorities(Map<Long, Map<Long, Integer>> votes) {
    TreeMap<Long, Long> known = new TreeMap<>();
    votes.forEach((time, counts) -> {
      int all = counts.values().stream().mapToInt(n -> n).sum();
      counts.forEach((original, n) -> {
        if (n >= MAJORITY * all) {
          known.put(time, original);
        }
      });
    });
    return known;
  }

  private static Explanation retimed(String before, String after, String id, String sentence) {
    return Explanation.error(Kind.RETIMED, "frames", before, after, id, sentence);
  }

  private static @Nullable TimeMap shifted(long[] to, long[] from) {
    long shift = from[0] - to[0];
    for (int k = 1; k < to.length; k++) {
      if (from[k] - to[k] != shift) {
        return null;
      }
    }
    String after = "n " + (shift > 0 ? "- " : "+ ") + Math.abs(shift);
    boolean base = Math.abs(shift) == 1;
    return new TimeMap(
        retimed(
            "n",
            after,
            base ? "frame-base" : "frame-offset",
            base
                ? "one of the two counts frames from 1, the other from 0"
                : "the export's frame numbers are " + -shift + " off from the first to the last"),
        t -> t + shift,
        List.of());
  }

  /// Times that are off by the same from some frame on, to the end or until one where they are
  /// right again.
  private static @Nullable TimeMap stepped(long[] to, long[] from, List<Long> moved) {
    int first = 0;
    while (from[first] == to[first]) {
      first++;
    }
    long shift = from[first] - to[first];
    int behind = first;
    while (behind < to.length && from[behind] - to[behind] == shift) {
      behind++;
    }
    for (int k = behind; k < to.length; k++) {
      if (from[k] != to[k]) {
        return null;
      }
    }
    if (first == 0 || moved.size() < FEWEST_TIMES) {
      return null;
    }
    long begin = to[first - 1] + 1;
    boolean back = behind < to.length;
    long end = back ? to[behind - 1] : Long.MAX_VALUE;
    String frames = Math.abs(shift) == 1 ? "one frame" : Math.abs(shift) + " frames";
    return new TimeMap(
        retimed(
            "n",
            "n "
                + (shift > 0 ? "- " : "+ ")
                + Math.abs(shift)
                + " from frame "
                + begin
                + (back ? " to " + end : " on"),
            shift > 0 ? "frame-skipped" : "frame-inserted",
            (shift > 0 ? "the export skips " : "the export inserts ")
                + frames
                + " at "
                + begin
                + (back
                    ? ", and labels up to frame " + end + " are off by that"
                    : ", and all later labels are off by that")),
        t -> t < begin || t > end ? t : t + shift,
        List.of());
  }

  private static @Nullable TimeMap scaled(long[] to, long[] from, Map<Long, Long> known) {
    int n = to.length;
    double span = to[n - 1] - to[0];
    double ratio = (from[n - 1] - from[0]) / span;
    if (span < 5 || ratio <= 0 || Math.abs(ratio - 1) * span < 2) {
      return null;
    }
    for (int k = 0; k < n; k++) {
      if (Math.abs(from[k] - from[0] - ratio * (to[k] - to[0])) > 1.5) {
        return null;
      }
    }
    double error = 2 / span;
    long step = Math.round(Math.max(ratio, 1 / ratio));
    boolean whole = step >= 2 && Math.abs(Math.max(ratio, 1 / ratio) / step - 1) <= error;
    String sentence =
        whole
            ? "one of the two counts every frame, the other only every " + step + ". one"
            : "the frame rate was changed" + rates(ratio, error);
    LongUnaryOperator line = t -> from[0] + Math.round(ratio * (t - to[0]));
    return new TimeMap(
        retimed(
            "n",
            "n / " + Numbers.text(Math.rint(ratio * 1000) / 1000),
            whole ? "frame-step-ignored" : "frame-rate-changed",
            sentence),
        t -> known.getOrDefault(t, line.applyAsLong(t)),
        List.of());
  }

  private static String rates(double ratio, double error) {
    for (double before : RATES) {
      for (double after : RATES) {
        if (Math.abs(before / after / ratio - 1) <= error
            && (before == 30 || after == 30 || before == 25 || after == 25)) {
          return ", such as " + Numbers.text(before) + " to " + Numbers.text(after) + " a second";
        }
      }
    }
    return "";
  }

  private static @Nullable TimeMap exchanged(
      TreeMap<Long, Long> known, List<Long> moved, Side a, Side b) {
    if (moved.size() > LOCAL * known.size()) {
      return null;
    }
    Map<Long, Long> changed = new HashMap<>();
    Set<Long> sources = new HashSet<>();
    boolean earlier = true;
    for (long time : moved) {
      long from = known.getOrDefault(time, time);
      changed.put(time, from);
      sources.add(from);
      earlier &= from < time;
    }
    boolean permuted = sources.equals(new HashSet<>(moved));
    if (!permuted && !earlier) {
      return null;
    }
    int shown = a.labels().details().firstFrame();
    boolean numbered = b.labels().frames()[0] >= 0;
    StringBuilder list = new StringBuilder();
    for (int k = 0; k < Math.min(LISTED, moved.size()); k++) {
      list.append(k == 0 ? "" : ", ").append(moved.get(k) + (numbered ? shown : 0));
    }
    list.append(moved.size() > LISTED ? ", ..." : "");
    long times = Arrays.stream(b.time()).distinct().count();
    String share = moved.size() + " of " + times + " frames: " + list;
    return new TimeMap(
        permuted
            ? retimed(
                "in order", share, "frames-swapped", "labels are exchanged between these frames")
            : retimed(
                "of its own",
                share,
                "frames-repeated",
                "these frames hold the labels of an earlier one"),
        t -> changed.getOrDefault(t, t),
        List.copyOf(moved));
  }

  /// Times in the original of the export's rows where several instants were put into one, which
  /// [#of] cannot tell apart: that of the same box, the earliest first.
  private long @Nullable [] timesOfRows(
      Side a, Side b, Boxes boxes, Map<Long, Map<Long, Integer>> votes) {
    Map<Long, List<Long>> several = new HashMap<>();
    votes.forEach((time, counts) -> {
      long near = Math.abs(of.applyAsLong(time + 1) - of.applyAsLong(time)) + 1;
      List<Long> sources =
          counts.keySet().stream()
              .filter(source -> Math.abs(source - of.applyAsLong(time)) <= near)
              .sorted()
              .toList();
      if (sources.size() > 1) {
        several.put(time, sources);
      }
    });
    if (several.isEmpty()) {
      return null;
    }
    record Key(long time, String track) {}
    Map<Key, List<Integer>> originals = new HashMap<>();
    for (int row = 0; row < a.size(); row++) {
      originals
          .computeIfAbsent(new Key(a.time()[row], a.track(row)), k -> new ArrayList<>())
          .add(row);
    }
    long[] times = new long[b.size()];
    for (int row = 0; row < times.length; row++) {
      times[row] = of.applyAsLong(b.time()[row]);
      search:
      for (long source : several.getOrDefault(b.time()[row], List.of())) {
        List<Integer> there = originals.getOrDefault(new Key(source, b.track(row)), List.of());
        for (int k = 0; k < there.size(); k++) {
          if (boxes.same(there.get(k), row)) {
            there.remove(/* index */ k);
            times[row] = source;
            break search;
          }
        }
      }
    }
    return times;
  }

  /// Rows of the export that show again what stands at another of its times.
  boolean[] repeated(Side a, Side b, Pairing pairing, Boxes boxes) {
    Map<Long, List<Integer>> at = new HashMap<>();
    for (int row = 0; row < a.size(); row++) {
      at.computeIfAbsent(a.time()[row], k -> new ArrayList<>()).add(row);
    }
    Set<Long> moved = new HashSet<>(exact);
    Set<Long> twice = shownTwice(b);
    boolean[] rows = new boolean[b.size()];
    for (int row = 0; row < rows.length; row++) {
      long source = of.applyAsLong(b.time()[row]);
      // What is exchanged stands at its source no longer, and so is there once.
      boolean again =
          twice.contains(source) || moved.contains(b.time()[row]) && !moved.contains(source);
      if (pairing.ofExport[row] >= 0 || !again) {
        continue;
      }
      for (int original : at.getOrDefault(source, List.of())) {
        boolean loose = !a.tracked(original) || !b.tracked(row);
        rows[row] |= (loose || a.track(original).equals(b.track(row))) && boxes.same(original, row);
      }
    }
    return rows;
  }

  /// Times of the original at which several times of the export stand.
  private Set<Long> shownTwice(Side b) {
    Set<Long> once = new HashSet<>();
    Set<Long> twice = new HashSet<>();
    Arrays.stream(b.time())
        .distinct()
        .map(of)
        .forEach(source -> {
          if (!once.add(source)) {
            twice.add(source);
          }
        });
    return twice;
  }

  /// Rows of the original at times that the export has no frame for, or whose track another instant
  /// has there.
  ///
  /// @param timed the export with times of the original
  /// @param of the original's time of its times
  static boolean[] uncovered(Side a, Side b, Side timed, LongUnaryOperator of) {
    Map<Long, Long> shown = new HashMap<>();
    Set<Map.Entry<Long, String>> tracks = new HashSet<>();
    boolean together = !b.equals(timed);
    for (int row = 0; row < b.size(); row++) {
      shown.put(of.applyAsLong(timed.time()[row]), b.time()[row]);
      if (together && b.tracked(row)) {
        tracks.add(Map.entry(b.time()[row], b.track(row)));
      }
    }
    boolean[] rows = new boolean[a.size()];
    for (int row = 0; row < rows.length; row++) {
      Long time = shown.get(a.time()[row]);
      rows[row] = time == null || tracks.contains(Map.entry(time, a.track(row)));
    }
    return rows;
  }
}
