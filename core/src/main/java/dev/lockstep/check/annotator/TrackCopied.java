package dev.lockstep.check.annotator;

import dev.lockstep.agreement.ExactBounds;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.annotator.Pieces.Piece;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// ANN004: the boxes of a track repeat the motion of other work to the millimeter.
public final class TrackCopied implements LabelCheck {
  private static final int BOXES = 10;
  private static final double PER_METER = 1000;

  /// Distance from the line between neighbours that makes a box hard to meet by chance; judged.
  private static final double IRREGULAR_METERS = 0.005;

  private static final int MIN_IRREGULAR = 6;

  /// Scatter of two boxes of one object over the usual one of two hands, below which it is one
  /// hand; all judged.
  private static final double LIKE = 0.25;

  private static final double MAX_NOISE_METERS = 0.012;
  private static final double LIKE_VOLUMES = 0.012;
  private static final int MIN_LIKE = 4;
  private static final double LIKE_BY_CHANCE = 0.05;
  private static final double CONFIDENCE = 0.9999;

  private static final CheckCard CARD =
      CheckCard.of(
          "ANN004",
          TrackCopied.class,
          Severity.ERROR,
          "A track repeats the motion of other work to the millimeter.",
          new CheckCard.Parameter("min-boxes", "", BOXES, "judged"),
          new CheckCard.Parameter(
              "min-irregular", "", MIN_IRREGULAR, "boxes off the line of their neighbours; judged"),
          new CheckCard.Parameter("min-off", "m", IRREGULAR_METERS, "judged"),
          new CheckCard.Parameter(
              "like", "", LIKE, "scatter beside another's over the usual one; judged"),
          new CheckCard.Parameter(
              "max-noise", "m", MAX_NOISE_METERS, "scatter beside another's; judged"),
          new CheckCard.Parameter("min-like", "", MIN_LIKE, "such objects; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  /// Where a stretch of [#BOXES] boxes begins.
  private record Stretch(int piece, int index) {}

  @Override
  public Conclusion examine(LabelSet labels, Context context, CheckSink sink) {
    String obstacle = Pieces.obstacle(labels);
    if (obstacle != null) {
      return Conclusion.undecided(obstacle);
    }
    SharedWork shared = SharedWork.of(labels, context);
    Pieces pieces = shared.pieces();
    List<Piece> all = pieces.all();
    Map<List<Long>, Stretch> known = new HashMap<>();
    Set<Integer> told = new HashSet<>();
    long examined = 0;
    for (int p = 0; p < all.size(); p++) {
      Piece piece = all.get(p);
      boolean[] irregular = irregular(pieces, piece);
      for (int i = 0; i + BOXES <= piece.rows().length; i++) {
        int count = 0;
        for (int k = i + 1; k < i + BOXES - 1; k++) {
          count += irregular[k] ? 1 : 0;
        }
        if (count < MIN_IRREGULAR) {
          continue;
        }
        examined++;
        Stretch first = known.putIfAbsent(motion(pieces, piece, i), new Stretch(p, i));
        if (first != null && first.piece() != p && told.add(p)) {
          Piece other = all.get(first.piece());
          if (sameWork(labels, other, first.index(), piece, i)) {
            told.remove(p);
          } else {
            // A long original may have been finished after a copy of its first part.
            boolean swapped =
                pieces.edited()
                    && labels.editedNs()[piece.rows()[i]]
                        < labels.editedNs()[other.rows()[first.index()]];
            if (swapped) {
              tell(labels, pieces, piece, i, other, first.index(), sink);
            } else {
              tell(labels, pieces, other, first.index(), piece, i, sink);
            }
          }
        }
      }
    }
    examined += twins(labels, pieces, shared, told, sink);
    return Conclusion.examined(
        examined, "no object was drawn in " + BOXES + " frames in which it moves unevenly");
  }

  /// What two annotators drew of the same objects, by who did so later and before.
  private record Hands(String later, String earlier) {}

  /// Two pieces of an object beside each other: whether both were drawn, how far their distance
  /// scatters, meters, and how far their volumes differ.
  private record Likeness(Piece later, boolean drawn, double scatter, double volumes) {}

  /// Copies to which a little noise was added: two hands on the same object differ more.
  private static long twins(
      LabelSet labels, Pieces pieces, SharedWork shared, Set<Integer> told, CheckSink sink) {
    List<Piece> all = pieces.all();
    Set<Piece> exact = new HashSet<>();
    told.forEach(p -> exact.add(all.get(p)));
    Map<Hands, List<Likeness>> byHands = new LinkedHashMap<>();
    List<Double> usual = new ArrayList<>();
    List<Double> computed = new ArrayList<>();
    // In order of the end of work, so that the twin that is known is the earlier one.
    Set<Piece> known = new HashSet<>();
    for (Piece piece : all) {
      for (Map.Entry<String, Piece> twin : shared.twins(piece).entrySet()) {
        if (!known.contains(twin.getValue())) {
          continue;
        }
        Set<String> other = Set.of(twin.getKey());
        SharedWork.Beside beside = shared.beside(labels, pieces, piece, other);
        boolean drawn = beside != null && Double.isFinite(beside.scatter());
        if (!drawn) {
          // A program's boxes are copied like drawn ones, and say that they were computed.
          beside = shared.beside(labels, pieces, piece, other, true);
        }
        if (beside != null && Double.isFinite(beside.scatter())) {
          byHands
              .computeIfAbsent(new Hands(piece.annotator(), twin.getKey()), h -> new ArrayList<>())
              .add(new Likeness(piece, drawn, beside.scatter(), Math.abs(beside.logVolume())));
          (drawn ? usual : computed).add(beside.scatter());
        }
      }
      known.add(piece);
    }
    double middle = upperThird(usual);
    double middleComputed = upperThird(computed);
    double limit = Math.min(MAX_NOISE_METERS, LIKE * middle);
    double limitComputed = Math.min(MAX_NOISE_METERS, LIKE * middleComputed);
    byHands.forEach((hands, objects) -> {
      List<Likeness> like =
          objects.stream()
              .filter(o -> o.scatter < (o.drawn ? limit : limitComputed))
              .filter(o -> o.volumes < LIKE_VOLUMES)
              .filter(o -> !exact.contains(o.later))
              .toList();
      if (like.size() >= MIN_LIKE
          && ExactBounds.lower(like.size(), objects.size(), CONFIDENCE) > LIKE_BY_CHANCE) {
        double beside = like.getFirst().drawn ? middle : middleComputed;
        tell(labels, pieces, hands, objects.size(), like, beside, sink);
      }
    });
    return (long) usual.size() + computed.size();
  }

  private static double upperThird(List<Double> scatters) {
    double[] values = scatters.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return values.length == 0 ? 0 : values[values.length * 2 / 3];
  }

  private static void tell(
      LabelSet labels,
      Pieces pieces,
      Hands hands,
      int common,
      List<Likeness> like,
      double usual,
      CheckSink sink) {
    double[] scatters = like.stream().mapToDouble(Likeness::scatter).toArray();
    Piece first = like.getFirst().later;
    sink.report(
        Severity.ERROR,
        pieces.edited()
            ? "work of " + hands.later + " is a copy"
            : "work of " + hands.later + " and " + hands.earlier + " is the same",
        labels.location(first.rows()[0], first.rows()[0]),
        new Evidence.OutOfRange(
            "scatter beside the boxes of "
                + hands.earlier
                + ", "
                + like.size()
                + " of "
                + common
                + " common objects,"
                + pieces.since(first),
            Math.rint(1e4 * pieces.length(Pieces.median(scatters, scatters.length))) / 1e4,
            Math.rint(1e4 * pieces.length(usual)) / 1e4,
            null,
            pieces.unit()),
        new Cause(
            "work-copied",
            "boxes were taken over from "
                + hands.earlier
                + " and hardly moved, instead of drawn: have these objects drawn by a third"));
  }

  private static boolean[] irregular(Pieces pieces, Piece piece) {
    boolean[] irregular = new boolean[piece.rows().length];
    // Rounded coordinates of things that creep repeat by themselves.
    double least = Math.max(IRREGULAR_METERS, 2 * pieces.exactMeters());
    for (int i = 0; i < irregular.length; i++) {
      irregular[i] = pieces.offLine(piece, i) > least;
    }
    return irregular;
  }

  /// Steps of a stretch from its first box, millimeters.
  private static List<Long> motion(Pieces pieces, Piece piece, int from) {
    Long[] steps = new Long[3 * (BOXES - 1)];
    int first = piece.rows()[from];
    for (int k = 1; k < BOXES; k++) {
      for (int d = 0; d < 3; d++) {
        double step = pieces.box(piece.rows()[from + k], d) - pieces.box(first, d);
        steps[3 * (k - 1) + d] = Math.round(PER_METER * step);
      }
    }
    return Arrays.asList(steps);
  }

  /// Tools move parts of one object together: a rider and the bicycle.
  private static boolean sameWork(LabelSet labels, Piece a, int i, Piece b, int j) {
    return a.annotator().equals(b.annotator())
        && labels.stampsNs()[a.rows()[i]] == labels.stampsNs()[b.rows()[j]];
  }

  private static void tell(
      LabelSet labels, Pieces pieces, Piece other, int i, Piece piece, int j, CheckSink sink) {
    int length = BOXES;
    while (i + length < other.rows().length
        && j + length < piece.rows().length
        && equal(pieces, other, i, piece, j, length)) {
      length++;
    }
    sink.report(
        Severity.ERROR,
        // Without times of work nobody knows which of the two came first.
        pieces.edited() ? "track of " + piece.annotator() + " is a copy" : "track is there twice",
        labels.location(piece.rows()[j], piece.rows()[j + length - 1]),
        new Evidence.Repeat(
            "motion",
            length,
            "that of track "
                + labels.trackName(other.track())
                + " by "
                + other.annotator()
                + " from row "
                + labels.positions()[other.rows()[i]]
                + " on"),
        new Cause("work-copied", "the boxes were copied from other work instead of drawn"));
  }

  private static boolean equal(Pieces pieces, Piece a, int i, Piece b, int j, int at) {
    for (int d = 0; d < 3; d++) {
      double one = pieces.box(a.rows()[i + at], d) - pieces.box(a.rows()[i], d);
      double two = pieces.box(b.rows()[j + at], d) - pieces.box(b.rows()[j], d);
      if (Math.abs(one - two) * PER_METER > 1) {
        return false;
      }
    }
    return true;
  }
}
