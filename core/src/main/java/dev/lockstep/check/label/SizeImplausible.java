package dev.lockstep.check.label;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// LAB033: the boxes of a track have a size that no object of their category has.
public final class SizeImplausible extends TrackRule {
  private static final String[] SIDES = {"length", "width", "height"};

  /// Share of the boxes of a track that have to be so: of fewer, LAB007 tells where it begins.
  private static final double SHARE = 0.9;

  /// Share of all tracks from which on the fault is one of the set (judged).
  private static final double MOST = 0.5;

  private static final int MIN_MOST = 3;

  /// Factors of units that are mixed up.
  private static final double[] UNITS = {1000, 100, 10, 0.1, 0.01, 0.001};

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB033",
          SizeImplausible.class,
          Severity.WARNING,
          "Boxes of a track have a size that no object of their category has.",
          new CheckCard.Parameter(
              "max-car", "m", range(ObjectKind.CAR)[1], "length; all ranges: see the page; judged"),
          new CheckCard.Parameter("share", "", SHARE, "of the boxes of a track; judged"));

  /// A track that is too large or too small.
  ///
  /// @param side its first side that is: 0 length, 1 width, 2 height
  private record Odd(int track, int side, double meters, int boxes) {}

  @Override
  public CheckCard card() {
    return CARD;
  }

  /// Least and largest length, width and height of what a kind of object is, meters; empty where
  /// that says nothing. From toy-like to oversize: what is beyond is no such object.
  private static double[] range(ObjectKind kind) {
    return switch (kind) {
      case CAR -> new double[] {1.2, 10, 0.6, 4, 0.6, 5};
      case TRUCK -> new double[] {1.5, 35, 0.8, 6, 0.8, 7};
      case BUS -> new double[] {2.5, 30, 1.2, 5, 1.2, 6};
      case ARTICULATED -> new double[] {0.8, 35, 0.5, 6, 0.3, 7};
      case TRAIN -> new double[] {2, 300, 0.8, 6, 1, 8};
      case MOTORCYCLE, CYCLIST -> new double[] {0.4, 5, 0.1, 3, 0.3, 3.5};
      case PEDESTRIAN -> new double[] {0.1, 3.5, 0.1, 3.5, 0.25, 3};
      case ANIMAL, STATIC, UNKNOWN, NONE -> new double[0];
    };
  }

  @Override
  @Nullable String obstacle(SharedEvidence evidence) {
    return evidence.tracks().flat() ? "boxes are 2D: their size follows the distance" : null;
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    LabelSet labels = evidence.labels();
    Tracks tracks = evidence.tracks();
    List<Odd> odd = new ArrayList<>();
    int judged = 0;
    long examined = 0;
    for (int track = 0; track < tracks.count(); track++) {
      int start = tracks.start(track);
      int end = tracks.end(track);
      if (end > start && range(tracks.kind(start)).length > 0) {
        judged++;
        examined += end - start;
        Odd found = odd(tracks, track);
        if (found != null) {
          odd.add(found);
        }
      }
    }
    boolean most = odd.size() >= MIN_MOST && odd.size() > MOST * judged;
    if (most && !SizesScaled.tells(tracks)) {
      Odd worst = odd.getFirst();
      int row = tracks.row(tracks.start(worst.track));
      sink.report(
          Severity.WARNING,
          "sizes of most objects are impossible",
          labels.location(row, row).withTrack(null),
          evidence(tracks, worst, SIDES[worst.side] + " of the first of " + odd.size() + " tracks"),
          cause(tracks, worst));
    } else if (!most) {
      for (Odd each : odd) {
        sink.report(
            Severity.WARNING,
            "size of no " + labels.categoryName(tracks.category(tracks.start(each.track))),
            labels.location(
                tracks.row(tracks.start(each.track)), tracks.row(tracks.end(each.track) - 1)),
            evidence(
                tracks,
                each,
                SIDES[each.side] + " of " + each.boxes + (each.boxes == 1 ? " box" : " boxes")),
            cause(tracks, each));
      }
    }
    return Conclusion.examined(examined, "no track of a category whose sizes are known");
  }

  private static @Nullable Odd odd(Tracks tracks, int track) {
    int start = tracks.start(track);
    int end = tracks.end(track);
    double[] range = range(tracks.kind(start));
    for (int side = 0; side < SIDES.length; side++) {
      int outside = 0;
      double first = Double.NaN;
      for (int i = start; i < end; i++) {
        double meters = tracks.dimension(i, side);
        // What is no size at all is another rule's (LAB011).
        if (meters > 0 && (meters < range[2 * side] || meters > range[2 * side + 1])) {
          first = outside == 0 ? meters : first;
          outside++;
        }
      }
      if (outside > 0 && outside >= SHARE * (end - start)) {
        return new Odd(track, side, first, outside);
      }
    }
    return null;
  }

  private static Evidence evidence(Tracks tracks, Odd odd, String what) {
    double[] range = range(tracks.kind(tracks.start(odd.track)));
    return Evidence.OutOfRange.rounded(
        what, odd.meters, range[2 * odd.side], range[2 * odd.side + 1], 3, "m");
  }

  /// A unit in which all sides would be those of such an object, or null.
  private static @Nullable Cause cause(Tracks tracks, Odd odd) {
    int at = tracks.start(odd.track);
    double[] range = range(tracks.kind(at));
    for (double unit : UNITS) {
      boolean fits = true;
      for (int side = 0; side < SIDES.length; side++) {
        double meters = tracks.dimension(at, side) / unit;
        fits &= meters >= range[2 * side] && meters <= range[2 * side + 1];
      }
      if (fits) {
        return new Cause(
            "size-unit", "sizes are in another unit, or scaled by " + Numbers.text(unit));
      }
    }
    return null;
  }
}
