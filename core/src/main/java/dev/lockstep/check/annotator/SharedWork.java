package dev.lockstep.check.annotator;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.annotator.Pieces.Piece;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Objects that several annotators drew at the same instants, found by where their boxes lie: track
/// names of two annotators say nothing about each other.
///
/// Two pieces are *twins* if each is the other's nearest of that annotator, over their common
/// instants.
final class SharedWork {
  /// Centres of boxes of one object lie nearer than this; judged.
  private static final double REACH_METERS = 2;

  private static final double MIN_REACH_METERS = 0.45;
  private static final double MIN_REACH_PIXELS = 5;

  /// Of the length of the object; judged.
  private static final double REACH = 0.4;

  private static final double MAX_LOG_VOLUMES = 1;
  private static final int MIN_COMMON = 3;

  /// Objects in images that two annotators call the same, from which on they drew the same; judged.
  private static final int MIN_ALIKE = 3;

  /// Common instants over those of the shorter piece.
  private static final double MIN_SHARE = 0.5;

  private final Pieces pieces;
  private final Map<Piece, Map<String, Piece>> twins;
  private final Map<String, long[]> instants;

  private SharedWork(
      Pieces pieces, Map<Piece, Map<String, Piece>> twins, Map<String, long[]> instants) {
    this.pieces = pieces;
    this.twins = twins;
    this.instants = instants;
  }

  /// Of a label set, found once for all rules.
  static SharedWork of(LabelSet labels, LabelCheck.Context context) {
    Pieces pieces = Pieces.of(labels, context);
    return context.shared(labels).get(SharedWork.class, () -> of(labels, pieces));
  }

  private record Near(int count, double distance) {}

  /// Two pieces as one key. (A record as a key makes classes when it is hashed first, which takes
  /// longer than a search in a small set.)
  private static long pair(int lower, int higher) {
    return (long) lower << 32 | higher;
  }

  private static SharedWork of(LabelSet labels, Pieces pieces) {
    List<Piece> all = pieces.all();
    Map<Long, Near> near = near(labels, pieces);
    List<Map<String, Integer>> nearest = new ArrayList<>();
    all.forEach(piece -> nearest.add(new HashMap<>()));
    near.forEach((pair, value) -> {
      int one = (int) (pair >> 32);
      int other = pair.intValue();
      int shorter = Math.min(all.get(one).rows().length, all.get(other).rows().length);
      if (value.count >= MIN_COMMON && value.count >= MIN_SHARE * shorter) {
        offer(nearest, near, all, one, other);
        offer(nearest, near, all, other, one);
      }
    });
    Map<Piece, Map<String, Piece>> twins = new HashMap<>();
    for (int p = 0; p < all.size(); p++) {
      Map<String, Piece> own = new HashMap<>();
      String name = all.get(p).annotator();
      for (Map.Entry<String, Integer> each : nearest.get(p).entrySet()) {
        Integer back = nearest.get(each.getValue()).get(name);
        if (back != null && back == p) {
          own.put(each.getKey(), all.get(each.getValue()));
        }
      }
      twins.put(all.get(p), own);
    }
    if (pieces.flat()) {
      leaveCoincidences(twins);
    }
    Map<String, long[]> instants = new HashMap<>();
    pieces.byAnnotator().forEach((name, own) -> instants.put(name, instants(labels, own)));
    return new SharedWork(pieces, twins, instants);
  }

  /// Leaves out twins of two annotators who call hardly any object the same. Two boxes in one place
  /// of an image may be of two objects, one before the other: such two need not have drawn the same
  /// ones.
  private static void leaveCoincidences(Map<Piece, Map<String, Piece>> twins) {
    Map<Set<String>, Integer> alike = new HashMap<>();
    twins.forEach((piece, own) ->
        own.forEach((name, twin) -> {
          if (piece.category() == twin.category()) {
            alike.merge(Set.of(piece.annotator(), name), 1, Integer::sum);
          }
        }));
    // Each pair of twins was counted from both sides.
    twins.forEach((piece, own) ->
        own.keySet()
            .removeIf(
                name -> alike.getOrDefault(Set.of(piece.annotator(), name), 0) < 2 * MIN_ALIKE));
  }

  private static long[] instants(LabelSet labels, List<Piece> own) {
    return own.stream()
        .flatMapToLong(piece -> Arrays.stream(piece.rows()).mapToLong(r -> labels.stampsNs()[r]))
        .sorted()
        .distinct()
        .toArray();
  }

  /// Takes `other` for the nearest piece of its annotator to `one` if it is nearer than the last.
  private static void offer(
      List<Map<String, Integer>> nearest,
      Map<Long, Near> near,
      List<Piece> all,
      int one,
      int other) {
    String name = all.get(other).annotator();
    Integer last = nearest.get(one).get(name);
    if (last == null || mean(near, one, other) < mean(near, one, last)) {
      nearest.get(one).put(name, other);
    }
  }

  private static double mean(Map<Long, Near> near, int one, int other) {
    Near value = near.get(pair(Math.min(one, other), Math.max(one, other)));
    return value == null ? Double.MAX_VALUE : value.distance / value.count;
  }

  /// Common instants and sum of distances of pieces of different annotators that come near.
  private static Map<Long, Near> near(LabelSet labels, Pieces pieces) {
    List<Piece> all = pieces.all();
    int[] pieceOf = new int[labels.size()];
    Arrays.fill(pieceOf, -1);
    List<Integer> rows = new ArrayList<>();
    for (int p = 0; p < all.size(); p++) {
      for (int row : all.get(p).rows()) {
        pieceOf[row] = p;
        rows.add(row);
      }
    }
    rows.sort((a, b) -> {
      int order = Long.compare(labels.stampsNs()[a], labels.stampsNs()[b]);
      return order != 0 ? order : Double.compare(pieces.box(a, 0), pieces.box(b, 0));
    });
    Map<Long, Near> near = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      int one = rows.get(i);
      for (int j = i + 1; j < rows.size(); j++) {
        int other = rows.get(j);
        if (labels.stampsNs()[other] != labels.stampsNs()[one]
            || pieces.box(other, 0) - pieces.box(one, 0) > REACH_METERS) {
          break;
        }
        int p = Math.min(pieceOf[one], pieceOf[other]);
        int q = Math.max(pieceOf[one], pieceOf[other]);
        double distance = pieces.distance(one, other);
        if (distance <= reach(pieces, one, other)
            && !all.get(p).annotator().equals(all.get(q).annotator())) {
          near.merge(
              pair(p, q),
              new Near(1, distance),
              (a, b) -> new Near(a.count + b.count, a.distance + b.distance));
        }
      }
    }
    return near;
  }

  /// How far apart two boxes of one object may be: people walk side by side, cars do not. None at
  /// all where their sizes are of different things.
  private static double reach(Pieces pieces, int one, int other) {
    if (Math.abs(pieces.logVolume(one) - pieces.logVolume(other)) > MAX_LOG_VOLUMES) {
      return -1;
    }
    double length =
        (Math.max(pieces.box(one, 3), pieces.box(one, 4))
                + Math.max(pieces.box(other, 3), pieces.box(other, 4)))
            / 2;
    return Math.clamp(
        REACH * length,
        pieces.flat() ? MIN_REACH_PIXELS * Pieces.PIXEL_METERS : MIN_REACH_METERS,
        REACH_METERS);
  }

  /// The pieces that it is about.
  Pieces pieces() {
    return pieces;
  }

  /// Twins of a piece by annotator.
  Map<String, Piece> twins(Piece piece) {
    return twins.getOrDefault(piece, Map.of());
  }

  /// Whether any object was drawn by two annotators.
  boolean any() {
    return twins.values().stream().anyMatch(own -> !own.isEmpty());
  }

  /// Whether the annotator drew anything at this instant.
  boolean drew(String annotator, long stampNs) {
    long[] own = instants.get(annotator);
    return own != null && Arrays.binarySearch(own, stampNs) >= 0;
  }

  /// Index of the box of a piece at an instant, or -1.
  static int at(LabelSet labels, Piece piece, long stampNs) {
    int low = 0;
    int high = piece.rows().length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long stamp = labels.stampsNs()[piece.rows()[middle]];
      if (stamp == stampNs) {
        return middle;
      }
      if (stamp < stampNs) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /// How a piece lies beside those of its twins, or null where too few instants are common.
  ///
  /// @param place middle offset of boxes that both drew, meters, in the axes of the set; NaN where
  ///   these are too few
  /// @param ahead middle offset along the way that the twins say the object took, meters; NaN where
  ///   it hardly moves
  /// @param speed middle speed of the object, meters a second
  /// @param scatter middle distance of these from the middle offset, meters; NaN like it
  /// @param logVolume middle difference of the logarithms of volumes
  /// @param instants common instants
  record Beside(
      double[] place, double ahead, double speed, double scatter, double logVolume, int instants) {}

  /// Compares a piece with the mean of its twins by `among`, by the boxes that both drew.
  @Nullable Beside beside(LabelSet labels, Pieces pieces, Piece piece, Set<String> among) {
    return beside(labels, pieces, piece, among, false);
  }

  /// The same, with or without boxes that a tool computed.
  @Nullable Beside beside(
      LabelSet labels, Pieces pieces, Piece piece, Set<String> among, boolean computed) {
    List<Piece> others = new ArrayList<>();
    twins(piece)
        .forEach((name, twin) -> {
          if (among.contains(name)) {
            others.add(twin);
          }
        });
    if (others.isEmpty()) {
      return null;
    }
    int n = piece.rows().length;
    double[][] offs = new double[3][n];
    double[] logs = new double[n];
    double[] ahead = new double[n];
    double[] speeds = new double[n];
    double[] before = new double[3];
    long beforeNs = Long.MIN_VALUE;
    int common = 0;
    int moving = 0;
    int drawn = 0;
    for (int row : piece.rows()) {
      long stampNs = labels.stampsNs()[row];
      double[] mean = new double[4];
      int count = 0;
      boolean byHand = computed || !labels.details().has(row, LabelDetails.INTERPOLATED);
      for (Piece other : others) {
        int at = at(labels, other, stampNs);
        if (at >= 0) {
          int theirs = other.rows()[at];
          byHand &= computed || !labels.details().has(theirs, LabelDetails.INTERPOLATED);
          for (int d = 0; d < 3; d++) {
            mean[d] += pieces.box(theirs, d);
          }
          mean[3] += pieces.logVolume(theirs);
          count++;
        }
      }
      if (count == 0) {
        continue;
      }
      for (int d = 0; d < mean.length; d++) {
        mean[d] /= count;
      }
      // Where tools set boxes in turns, they cut corners: only what was drawn shows a hand.
      double offX = pieces.box(row, 0) - mean[0];
      double offY = pieces.box(row, 1) - mean[1];
      if (byHand) {
        offs[0][drawn] = offX;
        offs[1][drawn] = offY;
        offs[2][drawn++] = pieces.box(row, 2) - mean[2];
      }
      logs[common] = pieces.logVolume(row) - mean[3];
      if (byHand && beforeNs != Long.MIN_VALUE) {
        double vx = mean[0] - before[0];
        double vy = mean[1] - before[1];
        double way = Math.hypot(vx, vy);
        double speed = way / ((stampNs - beforeNs) / 1e9);
        if (speed > MOVING_METERS_PER_SECOND) {
          ahead[moving] = (offX * vx + offY * vy) / way;
          speeds[moving++] = speed;
        }
      }
      System.arraycopy(mean, 0, before, 0, 3);
      beforeNs = stampNs;
      common++;
    }
    if (common < MIN_COMMON) {
      return null;
    }
    double[] place = {Double.NaN, Double.NaN, Double.NaN};
    boolean placed = drawn >= MIN_COMMON;
    for (int d = 0; d < 3 && placed; d++) {
      place[d] = Pieces.median(offs[d].clone(), drawn);
    }
    double[] far = new double[drawn];
    for (int i = 0; i < drawn; i++) {
      far[i] =
          Math.hypot(
              Math.hypot(offs[0][i] - place[0], offs[1][i] - place[1]), offs[2][i] - place[2]);
    }
    boolean moves = moving >= MIN_COMMON;
    return new Beside(
        place,
        moves ? Pieces.median(ahead, moving) : Double.NaN,
        moves ? Pieces.median(speeds, moving) : 0,
        placed ? Pieces.median(far, drawn) : Double.NaN,
        Pieces.median(logs, common),
        common);
  }

  private static final double MOVING_METERS_PER_SECOND = 2;
}
