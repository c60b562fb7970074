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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// ANN003: an annotator gives different objects the same size, which the others do not.
public final class SizesRepeated implements LabelCheck {
  private static final double MIN_SHARE = 0.5;
  private static final int MIN_OBJECTS = 10;
  private static final double CONFIDENCE = 0.9999;
  private static final double PER_METER = 1000;

  private static final CheckCard CARD =
      CheckCard.of(
          "ANN003",
          SizesRepeated.class,
          Severity.WARNING,
          "An annotator gives different objects the same size, which the others do not.",
          new CheckCard.Parameter("min-share", "", MIN_SHARE, "judged"),
          new CheckCard.Parameter("min-objects", "", MIN_OBJECTS, "judged"),
          new CheckCard.Parameter("confidence", "", CONFIDENCE, "of both exact bounds; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  /// Length, width and height in millimeters.
  private record Size(long length, long width, long height) {
    // The one that a record has by itself is put together at run time, which takes longer than to
    // count the sizes of a short drive.
    @Override
    public int hashCode() {
      return (Long.hashCode(length) * 31 + Long.hashCode(width)) * 31 + Long.hashCode(height);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Size size
          && length == size.length
          && width == size.width
          && height == size.height;
    }
  }

  private record Share(long repeated, long objects) {}

  @Override
  public Conclusion examine(LabelSet labels, Context context, CheckSink sink) {
    String obstacle = Pieces.obstacle(labels);
    if (obstacle != null) {
      return Conclusion.undecided(obstacle);
    }
    Pieces pieces = Pieces.of(labels, context);
    long examined = 0;
    for (Map.Entry<String, Compared> each : compared(pieces).entrySet()) {
      Share own = each.getValue().own;
      examined += own.objects();
      if (each.getValue().told()) {
        int first = each.getValue().first.rows()[0];
        sink.report(
            Severity.WARNING,
            "sizes of " + each.getKey() + " repeat",
            labels.location(first, first).withTrack(null),
            new Evidence.OutOfRange(
                "share of " + own.objects() + " objects with the size of another one",
                Math.rint(100.0 * own.repeated() / own.objects()) / 100,
                null,
                Math.rint(100 * each.getValue().usual) / 100,
                ""),
            new Cause("sizes-not-measured", "boxes keep the size of a template"));
      }
    }
    return Conclusion.examined(
        examined, "no annotator has " + MIN_OBJECTS + " objects beside those of others");
  }

  /// Own share beside the upper bound of the others'.
  private record Compared(Share own, double usual, Piece first) {
    boolean told() {
      double least = ExactBounds.lower(own.repeated(), own.objects(), CONFIDENCE);
      return own.repeated() >= MIN_SHARE * own.objects() && least > usual;
    }
  }

  /// Annotators whose sizes are those of templates: what others are compared with must not hold
  /// them.
  static Set<String> annotators(Pieces pieces) {
    Set<String> told = new TreeSet<>();
    compared(pieces)
        .forEach((name, compared) -> {
          if (compared.told()) {
            told.add(name);
          }
        });
    return told;
  }

  private static Map<String, Compared> compared(Pieces pieces) {
    Map<String, List<Piece>> work = pieces.byAnnotator();
    Map<String, Share> shares = new TreeMap<>();
    work.forEach((name, own) -> shares.put(name, share(pieces, own)));
    long repeated = shares.values().stream().mapToLong(Share::repeated).sum();
    long objects = shares.values().stream().mapToLong(Share::objects).sum();
    Map<String, Compared> compared = new TreeMap<>();
    work.forEach((name, done) -> {
      Share own = shares.getOrDefault(name, new Share(0, 0));
      long others = objects - own.objects();
      if (own.objects() >= MIN_OBJECTS && others >= MIN_OBJECTS) {
        double usual = ExactBounds.upper(repeated - own.repeated(), others, CONFIDENCE);
        compared.put(name, new Compared(own, usual, done.getFirst()));
      }
    });
    return compared;
  }

  private static Share share(Pieces pieces, List<Piece> own) {
    Map<Size, Integer> uses = new HashMap<>();
    for (Piece piece : own) {
      uses.merge(size(pieces, piece), 1, Integer::sum);
    }
    long repeated = 0;
    for (int count : uses.values()) {
      repeated += count > 1 ? count : 0;
    }
    return new Share(repeated, own.size());
  }

  private static Size size(Pieces pieces, Piece piece) {
    int row = piece.rows()[piece.rows().length / 2];
    return new Size(
        Math.round(PER_METER * pieces.box(row, 3)),
        Math.round(PER_METER * pieces.box(row, 4)),
        Math.round(PER_METER * pieces.box(row, 5)));
  }
}
