package dev.lockstep.check.annotator;

import dev.lockstep.agreement.PeerRate;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.annotator.Pieces.Piece;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Order;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// ANN008: an annotator leaves out far or small objects that others drew in the same frames.
public final class ObjectsMissed implements LabelCheck {
  private static final int MIN_OBJECTS = 4;
  private static final double MIN_AROUND_SHARE = 0.7;
  private static final double MIN_MORE = 0.2;
  private static final double MAX_CHANCE = 0.001;
  private static final double MIN_COVERED = 0.8;
  private static final int MIN_WITHOUT = 2;

  /// Share of far objects that people leave out, and how many it takes to say better; judged.
  private static final double LEFT_OUT = 0.05;

  private static final double FAITH = 20;

  /// Standard errors of correlations of neighbours that are chance; judged.
  private static final double RUNS = 4;

  /// Missing objects beside one that is there; judged.
  private static final double A_WITNESS = 2;

  private static final int FIFTHS = 5;

  private static final CheckCard CARD =
      CheckCard.of(
          "ANN008",
          ObjectsMissed.class,
          Severity.WARNING,
          "An annotator leaves out far or small objects that others drew.",
          new CheckCard.Parameter("min-objects", "", MIN_OBJECTS, "left out; judged"),
          new CheckCard.Parameter(
              "min-more", "", MIN_MORE, "share more than of the other objects; judged"),
          new CheckCard.Parameter(
              "min-around",
              "",
              MIN_AROUND_SHARE,
              "of the nearer objects of the same time that both drew, or the work is not shared;"
                  + " judged"),
          new CheckCard.Parameter(
              "max-chance",
              "",
              MAX_CHANCE,
              "in one label set, of a person who leaves out as many as the others; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  /// What another drew at the time of an object, and whether the annotator did, too.
  private record Around(Piece theirs, double measure, boolean both) {}

  /// An object of another that an annotator may have been to draw, and whether it is there.
  private record Chance(Piece theirs, double measure, boolean missed, List<Around> around) {
    String other() {
      return theirs.annotator();
    }

    /// Something up to a measure that both drew at the time, if that is most of what the other drew
    /// up to there; else null: the work was not shared.
    @Nullable Piece beside(double limit) {
      int count = 0;
      int both = 0;
      Piece beside = null;
      for (Around each : around) {
        if (each.measure <= Math.min(limit, measure)) {
          count++;
          if (each.both) {
            both++;
            beside = each.theirs;
          }
        }
      }
      return both >= MIN_AROUND_SHARE * count ? beside : null;
    }
  }

  /// Objects left out by far more of one kind than of the other.
  ///
  /// @param rival the only one who drew what is missing, or null
  private record Gap(
      String annotator,
      List<Chance> far,
      List<Chance> near,
      double limit,
      double chance,
      @Nullable String rival) {
    long missed() {
      return ObjectsMissed.missed(far);
    }
  }

  @Override
  public Conclusion examine(LabelSet labels, Context context, CheckSink sink) {
    String obstacle = Pieces.obstacle(labels);
    if (obstacle != null) {
      return Conclusion.undecided(obstacle);
    }
    SharedWork shared = SharedWork.of(labels, context);
    Pieces pieces = shared.pieces();
    // The sensor is the origin of its own axes only; elsewhere size stands for distance.
    boolean ranged =
        !pieces.flat()
            && (labels.frameOfReference() == LabelSet.Frame.SENSOR
                || labels.frameOfReference() == LabelSet.Frame.EGO);
    Map<String, List<Chance>> chances = new TreeMap<>();
    Map<String, List<Piece>> work = pieces.byAnnotator();
    if (shared.any()) {
      for (String other : work.keySet()) {
        List<Piece> theirs = work.getOrDefault(other, List.of());
        double[] measures = theirs.stream().mapToDouble(p -> measure(pieces, p, ranged)).toArray();
        for (String name : work.keySet()) {
          if (!name.equals(other)) {
            chances
                .computeIfAbsent(name, n -> new ArrayList<>())
                .addAll(chances(labels, shared, name, theirs, measures));
          }
        }
      }
    }
    long examined = chances.values().stream().mapToLong(List::size).sum();
    for (Map.Entry<String, List<Chance>> each : chances.entrySet()) {
      List<Chance> rest = new ArrayList<>();
      chances.forEach((name, own) -> {
        if (!name.equals(each.getKey())) {
          own.stream().filter(c -> !c.other().equals(each.getKey())).forEach(rest::add);
        }
      });
      Gap gap = gap(labels, each.getKey(), each.getValue(), rest, work.size());
      if (gap != null) {
        tell(labels, pieces, gap, ranged, sink);
      }
    }
    return Conclusion.examined(examined, "no two annotators drew the objects of the same frames");
  }

  /// Distance of an object or, where it is not known, the inverse of its size.
  private static double measure(Pieces pieces, Piece piece, boolean ranged) {
    int row = piece.rows()[piece.rows().length / 2];
    return ranged
        ? Math.hypot(pieces.box(row, 0), pieces.box(row, 1))
        : 1 / Math.cbrt(Math.exp(pieces.logVolume(row)));
  }

  /// Objects of another that an annotator was to draw: most of those nearer and of the same time
  /// were drawn by both.
  private static List<Chance> chances(
      LabelSet labels, SharedWork shared, String name, List<Piece> theirs, double[] measures) {
    List<Chance> chances = new ArrayList<>();
    for (int i = 0; i < theirs.size(); i++) {
      Piece piece = theirs.get(i);
      if (!covered(labels, shared, name, piece)) {
        continue;
      }
      List<Around> around = new ArrayList<>();
      for (int k = 0; k < theirs.size(); k++) {
        Piece near = theirs.get(k);
        if (k != i && measures[k] <= measures[i] && together(labels, piece, near)) {
          around.add(new Around(near, measures[k], shared.twins(near).containsKey(name)));
        }
      }
      if (around.stream().anyMatch(Around::both)) {
        boolean missed = !shared.twins(piece).containsKey(name);
        chances.add(new Chance(piece, measures[i], missed, around));
      }
    }
    return chances;
  }

  private static boolean covered(LabelSet labels, SharedWork shared, String name, Piece piece) {
    int count = 0;
    for (int row : piece.rows()) {
      count += shared.drew(name, labels.stampsNs()[row]) ? 1 : 0;
    }
    return count >= MIN_COVERED * piece.rows().length;
  }

  /// Whether the middle of one lies in the time of the other.
  private static boolean together(LabelSet labels, Piece one, Piece other) {
    long middle = labels.stampsNs()[one.rows()[one.rows().length / 2]];
    return labels.stampsNs()[other.rows()[0]] <= middle
        && middle <= labels.stampsNs()[other.rows()[other.rows().length - 1]];
  }

  /// The surest gap of an annotator, at one of some distances: more of the far ones than of the
  /// near ones, and than the others leave out as far away.
  private static @Nullable Gap gap(
      LabelSet labels, String name, List<Chance> chances, List<Chance> rest, int annotators) {
    if (chances.size() < MIN_OBJECTS) {
      return null;
    }
    double[] measures = chances.stream().mapToDouble(Chance::measure).sorted().toArray();
    Gap surest = null;
    for (int fifth = 1; fifth < FIFTHS; fifth++) {
      double limit = measures[measures.length * fifth / FIFTHS];
      List<Chance> far = given(chances, limit).filter(c -> c.measure > limit).toList();
      List<Chance> near = given(chances, limit).filter(c -> c.measure <= limit).toList();
      List<Chance> others = given(rest, limit).filter(c -> c.measure > limit).toList();
      double chance = chance(labels, far, near, others, limit) * annotators * (FIFTHS - 1);
      if (chance < MAX_CHANCE && (surest == null || chance < surest.chance)) {
        surest = new Gap(name, far, near, limit, chance, rival(far, near));
      }
    }
    return surest;
  }

  /// How likely it is that so many far ones are missing from the work of a person who leaves out as
  /// many as the others do; 1 where they are few.
  private static double chance(
      LabelSet labels, List<Chance> far, List<Chance> near, List<Chance> others, double limit) {
    // Those of a stretch that was never given to an annotator are missing all together, beside
    // little that is there.
    double[] inOrder =
        far.stream()
            .sorted(Order.byLong(c -> labels.stampsNs()[c.theirs.rows()[0]]))
            .mapToDouble(c -> c.missed ? 1 : 0)
            .toArray();
    long witnesses =
        far.stream().filter(Chance::missed).map(c -> c.beside(limit)).distinct().count();
    double together =
        inOrder.length == 0
            ? 1
            : Math.max(inflation(inOrder), missed(far) / Math.max(1.0, A_WITNESS * witnesses));
    int missed = (int) (missed(far) / together);
    int all = (int) Math.ceil(far.size() / together);
    if (missed < MIN_OBJECTS
        || share(far) - share(near) < MIN_MORE
        || share(far) - share(others) < MIN_MORE) {
      return 1;
    }
    PeerRate usual = PeerRate.of(LEFT_OUT, FAITH);
    return Math.max(
        usual.with(missed(near), near.size()).atLeast(missed, all),
        usual.with(missed(others), others.size()).atLeast(missed, all));
  }

  /// How much less so many say that are missing in runs; 1 where the runs may be chance.
  private static double inflation(double[] inOrder) {
    double inflation = Shifts.inflation(inOrder);
    return inflation > 1 + RUNS / Math.sqrt(inOrder.length) ? inflation : 1;
  }

  /// Those that the annotator was to draw, by what is there up to a distance.
  private static Stream<Chance> given(List<Chance> chances, double limit) {
    return chances.stream().filter(chance -> chance.beside(limit) != null);
  }

  private static long missed(List<Chance> chances) {
    return chances.stream().filter(Chance::missed).count();
  }

  private static double share(List<Chance> chances) {
    return chances.isEmpty() ? 0 : (double) missed(chances) / chances.size();
  }

  /// The one annotator beside whom alone objects are missing: who drew what is not there looks the
  /// same.
  private static @Nullable String rival(List<Chance> far, List<Chance> near) {
    Map<String, Long> missed = new TreeMap<>();
    far.stream().filter(Chance::missed).forEach(c -> missed.merge(c.other(), 1L, Long::sum));
    for (Map.Entry<String, Long> each : missed.entrySet()) {
      List<Chance> without = far.stream().filter(c -> !c.other().equals(each.getKey())).toList();
      if (missed(without) < MIN_WITHOUT || share(without) < share(near) + MIN_MORE / 2) {
        return each.getKey();
      }
    }
    return null;
  }

  /// Edge of a cube, or of a square in the image, of which `measure` is the inverse.
  private static String size(Pieces pieces, double measure) {
    double meters = pieces.flat() ? Math.pow(measure, -1.5) : 1 / measure;
    double length = pieces.length(meters);
    return (pieces.flat() ? Math.round(length) : Math.rint(10 * length) / 10) + " " + pieces.unit();
  }

  private static void tell(
      LabelSet labels, Pieces pieces, Gap gap, boolean ranged, CheckSink sink) {
    Chance first = gap.far.stream().filter(Chance::missed).findFirst().orElse(gap.far.getFirst());
    int row = first.theirs.rows()[0];
    long missedNear = missed(gap.near);
    String limit =
        ranged
            ? "beyond " + Math.round(gap.limit) + " m"
            : "smaller than " + size(pieces, gap.limit);
    sink.report(
        Severity.WARNING,
        gap.rival == null
            ? "objects are missing from the work of " + gap.annotator
            : "objects of " + gap.annotator + " and " + gap.rival + " disagree",
        labels.location(row, row),
        new Evidence.Change(
            "left out of what others drew",
            missedNear + " of " + gap.near.size() + " others",
            gap.missed() + " of " + gap.far.size() + " " + limit,
            "by chance one in " + Math.round(Math.min(1e9, 1 / gap.chance))),
        new Cause(
            "objects-skipped",
            gap.rival == null
                ? "the annotator leaves out what is hard to see, or works by another guideline:"
                    + " have these frames completed"
                : gap.annotator
                    + " leaves out what is hard to see, or "
                    + gap.rival
                    + " draws what is not there: only a third can tell"));
  }
}
