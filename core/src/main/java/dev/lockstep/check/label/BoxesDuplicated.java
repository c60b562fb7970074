package dev.lockstep.check.label;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.geometry.GroundOverlap;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// LAB019: two tracks label one object.
public final class BoxesDuplicated extends TrackRule {
  /// Two solid objects share no ground; boxes of two people may.
  private static final double MIN_OVERLAP = 0.35;

  private static final double MIN_OVERLAP_TURNING = 0.5;

  /// A car on a carrier stands above it: the boxes must share this much of the lower one's height.
  private static final double MIN_HEIGHT = 0.5;

  /// Boxes of the shorter track that must lie on the other: things that touch for a while are two.
  private static final double MIN_SHARE = 0.5;

  /// Boxes that each box of an instant is compared with, in order of x: a bound for files that are
  /// made to be slow.
  private static final int MAX_NEIGHBOURS = 1000;

  /// Instants at which a 2D box must have the edges of another to be a copy of it.
  private static final int MIN_COPIES = 3;

  /// Objects that two annotators both drew, and their share of the tracks of the one with fewer,
  /// from which on that was their task; judged.
  private static final int MIN_COMMON = 3;

  private static final double MIN_COMMON_SHARE = 0.1;

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB019",
          BoxesDuplicated.class,
          Severity.WARNING,
          "Two tracks of one category have boxes in the same place.",
          new CheckCard.Parameter(
              "min-overlap", "", MIN_OVERLAP, "above all clean pairs of vehicles; see the page"),
          new CheckCard.Parameter(
              "min-overlap-turning",
              "",
              MIN_OVERLAP_TURNING,
              "people and animals: above all clean pairs; see the page"),
          new CheckCard.Parameter("min-height", "", MIN_HEIGHT, "judged"),
          new CheckCard.Parameter("min-share", "", MIN_SHARE, "judged"),
          new CheckCard.Parameter(
              "min-copies", "", MIN_COPIES, "2D boxes equal to the last bit; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    LabelSet labels = evidence.labels();
    Tracks tracks = evidence.tracks();
    Search search = new Search(tracks);
    for (int f = 0; f < tracks.frames().count(); f++) {
      search.instant(f);
    }
    Set<Hands> apart = drawnTwice(labels, search.pairs.values());
    for (Pair pair : search.pairs.values()) {
      int track = labels.tracks()[pair.firstRow];
      // In images, one object behind another may have its box by chance, but not again and again.
      if (tracks.flat() && pair.boxes < MIN_COPIES) {
        continue;
      }
      if (!apart.contains(Hands.of(labels, pair))
          && pair.boxes >= MIN_SHARE * (tracks.end(track) - tracks.start(track))) {
        report(tracks, pair, sink);
      }
    }
    return Conclusion.examined(search.compared, "no two boxes at one instant");
  }

  /// Those who drew the objects of two tracks, in order of their names; empty where one did or it
  /// is not told.
  private record Hands(String one, String other) {
    static final Hands NONE = new Hands("", "");

    static Hands of(LabelSet labels, Pair pair) {
      String one = labels.annotator(pair.firstRow);
      String other = labels.annotator(labels.trackRows()[labels.trackStart(pair.other)]);
      if (one == null || other == null || one.equals(other)) {
        return NONE;
      }
      return one.compareTo(other) < 0 ? new Hands(one, other) : new Hands(other, one);
    }
  }

  /// Annotators who were given the same objects, to see how far they agree: that each drew them is
  /// no fault.
  private static Set<Hands> drawnTwice(LabelSet labels, Collection<Pair> pairs) {
    Map<Hands, Set<Integer>> common = new HashMap<>();
    for (Pair pair : pairs) {
      Hands hands = Hands.of(labels, pair);
      if (!hands.equals(Hands.NONE)) {
        common.computeIfAbsent(hands, h -> new HashSet<>()).add(labels.tracks()[pair.firstRow]);
      }
    }
    if (common.isEmpty()) {
      return Set.of();
    }
    Map<String, Integer> tracks = new HashMap<>();
    for (int track = 0; track < labels.trackCount(); track++) {
      String name = labels.annotator(labels.trackRows()[labels.trackStart(track)]);
      if (name != null) {
        tracks.merge(name, 1, Integer::sum);
      }
    }
    Set<Hands> apart = new HashSet<>();
    common.forEach((hands, objects) -> {
      int fewer = Math.min(tracks.getOrDefault(hands.one, 0), tracks.getOrDefault(hands.other, 0));
      if (objects.size() >= MIN_COMMON && objects.size() >= MIN_COMMON_SHARE * fewer) {
        apart.add(hands);
      }
    });
    return apart;
  }

  /// Two tracks in one place.
  private static final class Pair {
    private final int other;
    private final int firstRow;
    private int lastRow;
    private int boxes;
    private double overlap;

    Pair(int other, int firstRow) {
      this.other = other;
      this.firstRow = firstRow;
    }
  }

  private static void report(Tracks tracks, Pair pair, CheckSink sink) {
    LabelSet labels = tracks.labels();
    String other = labels.trackName(pair.other);
    sink.report(
        Severity.WARNING,
        "two tracks label one object",
        labels.location(pair.firstRow, pair.lastRow),
        Evidence.OutOfRange.rounded(
            "overlap with track "
                + other
                + " at "
                + pair.boxes
                + (pair.boxes == 1 ? " instant" : " instants"),
            pair.overlap,
            null,
            tracks.flat() ? 0.99 : least(tracks, tracks.indexOf(pair.firstRow)),
            2,
            ""),
        new Cause("object-twice", "one object was labelled twice: keep one of the two tracks"));
  }

  private static double least(Tracks tracks, int index) {
    return Double.isInfinite(tracks.kind(index).maxYawRate()) ? MIN_OVERLAP_TURNING : MIN_OVERLAP;
  }

  private static final class Search {
    private final Tracks tracks;
    private final GroundOverlap ground = new GroundOverlap();
    private final Map<Long, Pair> pairs = new LinkedHashMap<>();
    private long compared;
    private long[] order = new long[16];
    private int count;
    private double[] xs = new double[16];
    private double[] ys = new double[16];

    Search(Tracks tracks) {
      this.tracks = tracks;
    }

    void instant(int f) {
      int n = arrange(f);
      if (n > xs.length) {
        xs = new double[2 * n];
        ys = new double[2 * n];
      }
      double reach = 0;
      for (int i = 0; i < n; i++) {
        int box = (int) order[i];
        xs[i] = tracks.x[box];
        ys[i] = tracks.y[box];
        double length = tracks.flat() ? 0 : tracks.dimension(box, 0);
        double width = tracks.flat() ? 0 : tracks.dimension(box, 1);
        reach = Math.max(reach, length * length + width * width);
      }
      reach = Math.sqrt(reach);
      compared += (long) n * (n - 1) / 2;
      for (int i = 0; i < n; i++) {
        int last = Math.min(n, i + MAX_NEIGHBOURS);
        for (int j = i + 1; j < last && !(xs[j] - xs[i] > reach); j++) {
          if (!(Math.abs(ys[j] - ys[i]) > reach)) {
            int a = (int) order[i];
            int b = (int) order[j];
            compare(Math.min(a, b), Math.max(a, b));
          }
        }
      }
    }

    /// Puts the boxes of an instant, the next one, in order of x; gives their number. Tracks that
    /// go on are taken in the order of the instant before, which is nearly theirs.
    private int arrange(int f) {
      LabelFrames frames = tracks.frames();
      int n = 0;
      for (int i = 0; i < count; i++) {
        int next = (int) order[i] + 1;
        if (next < tracks.size() && goesOn(next, f)) {
          order[n++] = key(next);
        }
      }
      int room = n + frames.start(f + 1) - frames.start(f);
      if (room > order.length) {
        order = Arrays.copyOf(order, 2 * room);
      }
      for (int r = frames.start(f); r < frames.start(f + 1); r++) {
        int i = tracks.indexOf(r);
        if (i >= 0 && !goesOn(i, f)) {
          order[n++] = key(i);
        }
      }
      Arrays.sort(order, 0, n);
      count = n;
      return n;
    }

    /// Whether a box stands at an instant, and that of its track before it at the instant before.
    private boolean goesOn(int i, int f) {
      return tracks.frame(i) == f
          && i > tracks.start(tracks.track(i))
          && tracks.frame(i - 1) == f - 1;
    }

    /// Orders by x: the high half holds x, the low one the box.
    private long key(int i) {
      int bits = Float.floatToIntBits((float) tracks.x[i]);
      bits ^= (bits >> 31) & 0x7FFFFFFF;
      return ((long) bits << 32) | i;
    }

    private void compare(int a, int b) {
      if (tracks.flat()) {
        if (tracks.category(a) == tracks.category(b) && sameEdges(a, b)) {
          boolean shorter = length(a) <= length(b);
          add(shorter ? a : b, shorter ? b : a, 1);
        }
        return;
      }
      if (tracks.category(a) != tracks.category(b)
          || Math.abs(tracks.z[a] - tracks.z[b])
              > (1 - MIN_HEIGHT) * (tracks.dimension(a, 2) + tracks.dimension(b, 2)) / 2) {
        return;
      }
      double overlap =
          ground.iou(
              tracks.x[a],
              tracks.y[a],
              tracks.dimension(a, 0),
              tracks.dimension(a, 1),
              tracks.yaw(a),
              tracks.x[b],
              tracks.y[b],
              tracks.dimension(b, 0),
              tracks.dimension(b, 1),
              tracks.yaw(b));
      if (overlap < least(tracks, a)) {
        return;
      }
      // The shorter track is the second label.
      if (length(a) > length(b)) {
        int other = a;
        a = b;
        b = other;
      }
      add(a, b, overlap);
    }

    private boolean sameEdges(int a, int b) {
      float[] edges = tracks.labels().boxes2d();
      int i = tracks.row(a) * LabelSet.BOX_2D;
      int j = tracks.row(b) * LabelSet.BOX_2D;
      return Arrays.equals(edges, i, i + LabelSet.BOX_2D, edges, j, j + LabelSet.BOX_2D);
    }

    private int length(int index) {
      int track = tracks.track(index);
      return tracks.end(track) - tracks.start(track);
    }

    private void add(int a, int b, double overlap) {
      long key = ((long) tracks.track(a) << 32) | tracks.track(b);
      Pair pair = pairs.computeIfAbsent(key, k -> new Pair(tracks.track(b), tracks.row(a)));
      pair.lastRow = tracks.row(a);
      pair.boxes++;
      pair.overlap = Math.max(pair.overlap, overlap);
    }
  }
}
