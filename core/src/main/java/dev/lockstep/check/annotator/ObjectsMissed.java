package dev.lockstep.check.annotator;

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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// ANN008: an annotator leaves out far or small objects that others drew in the same frames.
public final class ObjectsMissed implements LabelCheck {
  private static final int MIN_OBJECTS = 5;
  private static final int MIN_AROUND = 2;
  private static final double MIN_AROUND_SHARE = 0.7;
  private static final double MIN_MORE = 0.2;
  private static final double MAX_CHANCE = 1e-4;

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
          new CheckCard.Parameter("max-chance", "", MAX_CHANCE, "exact test of Fisher; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  /// An object that an annotator was to draw: by others, and whether it is there.
  private record Chance(Piece theirs, double measure, boolean missed) {}

  /// Objects left out by far more of one kind than of the other.
  private record Gap(
      String annotator, List<Chance> far, List<Chance> near, double limit, double chance) {
    long missed() {
      return far.stream().filter(Chance::missed).count();
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
        labels.frameOfReference() == LabelSet.Frame.SENSOR
            || labels.frameOfReference() == LabelSet.Frame.EGO;
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
      Gap gap = gap(each.getKey(), each.getValue());
      if (gap != null) {
        tell(labels, gap, ranged, sink);
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
      int around = 0;
      int both = 0;
      for (int k = 0; k < theirs.size(); k++) {
        if (k != i && measures[k] <= measures[i] && together(labels, piece, theirs.get(k))) {
          around++;
          both += shared.twins(theirs.get(k)).containsKey(name) ? 1 : 0;
        }
      }
      if (around >= MIN_AROUND && both >= MIN_AROUND_SHARE * around) {
        chances.add(new Chance(piece, measures[i], !shared.twins(piece).containsKey(name)));
      }
    }
    return chances;
  }

  private static boolean covered(LabelSet labels, SharedWork shared, String name, Piece piece) {
    int count = 0;
    for (int row : piece.rows()) {
      count += shared.drew(name, labels.stampsNs()[row]) ? 1 : 0;
    }
    return 5 * count > piece.rows().length;
  }

  /// Whether the middle of one lies in the time of the other.
  private static boolean together(LabelSet labels, Piece one, Piece other) {
    long middle = labels.stampsNs()[one.rows()[one.rows().length / 2]];
    return labels.stampsNs()[other.rows()[0]] <= middle
        && middle <= labels.stampsNs()[other.rows()[other.rows().length - 1]];
  }

  private static @Nullable Gap gap(String name, List<Chance> chances) {
    if (chances.size() < 2 * MIN_OBJECTS) {
      return null;
    }
    double[] measures = chances.stream().mapToDouble(Chance::measure).sorted().toArray();
    Gap surest = null;
    for (int fifth = 2; fifth <= 4; fifth++) {
      double limit = measures[measures.length * fifth / 5];
      List<Chance> far = chances.stream().filter(c -> c.measure > limit).toList();
      List<Chance> near = chances.stream().filter(c -> c.measure <= limit).toList();
      long missed = far.stream().filter(Chance::missed).count();
      long missedNear = near.stream().filter(Chance::missed).count();
      if (missed < MIN_OBJECTS || near.isEmpty()) {
        continue;
      }
      double chance = asFar((int) missed, far.size(), (int) (missed + missedNear), measures.length);
      double more = (double) missed / far.size() - (double) missedNear / near.size();
      if (chance < MAX_CHANCE && more >= MIN_MORE && (surest == null || chance < surest.chance)) {
        surest = new Gap(name, far, near, limit, chance);
      }
    }
    return surest;
  }

  /// How likely it is that so many of all missed ones are far, if far ones are missed no more often
  /// (Fisher's exact test, one-sided).
  static double asFar(int missedFar, int far, int missed, int all) {
    double sum = 0;
    for (int k = missedFar; k <= Math.min(far, missed); k++) {
      if (missed - k <= all - far) {
        sum +=
            Math.exp(logChoose(far, k) + logChoose(all - far, missed - k) - logChoose(all, missed));
      }
    }
    return sum;
  }

  private static double logChoose(int n, int k) {
    double sum = 0;
    for (int i = 1; i <= k; i++) {
      sum += Math.log((double) (n - k + i) / i);
    }
    return sum;
  }

  private static void tell(LabelSet labels, Gap gap, boolean ranged, CheckSink sink) {
    Chance first = gap.far.stream().filter(Chance::missed).findFirst().orElse(gap.far.getFirst());
    int row = first.theirs.rows()[0];
    long missedNear = gap.near.stream().filter(Chance::missed).count();
    String limit =
        ranged
            ? "beyond " + Math.round(gap.limit) + " m"
            : "smaller than " + Math.rint(10 / gap.limit) / 10 + " m";
    sink.report(
        Severity.WARNING,
        "objects are missing from the work of " + gap.annotator,
        labels.location(row, row),
        new Evidence.Change(
            "left out of what others drew",
            missedNear + " of " + gap.near.size() + " others",
            gap.missed() + " of " + gap.far.size() + " " + limit,
            "by chance one in " + Math.round(Math.min(1e9, 1 / gap.chance))),
        new Cause(
            "objects-skipped",
            "the annotator leaves out what is hard to see, or works by another guideline: have"
                + " these frames completed"));
  }
}
