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

/// LAB032: the boxes of a set are too large, or too small, in all their sides: no street is full of
/// such cars, or such people.
public final class SizesScaled extends TrackRule {
  /// What cars and people measure on the whole (judged): of the middle cars of KITTI tracking and
  /// Argoverse 2 sequences, all three sides are off by 1.14 at most, of the people 1.09 (measured).
  private static final double[] CAR_METERS = {4.35, 1.82, 1.63};

  private static final double PERSON_METERS = 1.74;

  private static final double SET_FACTOR = 1.3;
  private static final double PERSON_FACTOR = 1.25;
  private static final int MIN_TRACKS = 5;
  private static final int DIMENSIONS = 3;
  private static final int HEIGHT = 2;

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB032",
          SizesScaled.class,
          Severity.WARNING,
          "All cars or people of a set are too large or too small in all their sides.",
          new CheckCard.Parameter(
              "min-factor", "", SET_FACTOR, "of each side of cars; real sets reach 1.14"),
          new CheckCard.Parameter(
              "min-factor-people", "", PERSON_FACTOR, "of heights; real sets reach 1.09"),
          new CheckCard.Parameter("min-tracks", "", MIN_TRACKS, "judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  private record Sized(int track, double[] sides) {}

  @Override
  @Nullable String obstacle(SharedEvidence evidence) {
    return evidence.tracks().flat() ? "boxes are 2D: their size follows the distance" : null;
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    LabelSet labels = evidence.labels();
    Tracks tracks = evidence.tracks();
    List<Sized> cars = sized(tracks, ObjectKind.CAR);
    List<Sized> people = sized(tracks, ObjectKind.PEDESTRIAN);
    boolean enoughCars = cars.size() >= MIN_TRACKS;
    boolean enoughPeople = people.size() >= MIN_TRACKS;
    if (!enoughCars && !enoughPeople) {
      return Conclusion.undecided(
          "fewer than " + MIN_TRACKS + " tracks of cars or people: sizes have no middle");
    }
    if (enoughCars) {
      double[] middle = middle(cars);
      for (int d = 0; d < DIMENSIONS; d++) {
        sink.measure("car-" + new String[] {"length", "width", "height"}[d], middle[d], "m");
      }
      reportAll(labels, tracks, cars, middle, sink);
    }
    if (enoughPeople) {
      double height = middle(people)[HEIGHT];
      sink.measure("person-height", height, "m");
      double factor = height / PERSON_METERS;
      if (scaled(height)) {
        report(
            labels,
            tracks,
            people,
            "people are too " + (factor > 1 ? "tall" : "small") + " on the whole",
            "middle height of " + people.size() + " people",
            height,
            PERSON_METERS,
            PERSON_FACTOR,
            sink);
      }
    }
    return Conclusion.examined(cars.size() + (long) people.size(), "");
  }

  /// Whether the cars or the people of a set are too large or too small on the whole.
  static boolean tells(Tracks tracks) {
    List<Sized> cars = sized(tracks, ObjectKind.CAR);
    List<Sized> people = sized(tracks, ObjectKind.PEDESTRIAN);
    return cars.size() >= MIN_TRACKS && scaled(middle(cars), CAR_METERS, SET_FACTOR)
        || people.size() >= MIN_TRACKS && scaled(middle(people)[HEIGHT]);
  }

  private static boolean scaled(double personMeters) {
    double factor = personMeters / PERSON_METERS;
    return Math.max(factor, 1 / factor) > PERSON_FACTOR;
  }

  private static List<Sized> sized(Tracks tracks, ObjectKind kind) {
    List<Sized> objects = new ArrayList<>();
    for (int track = 0; track < tracks.count(); track++) {
      int start = tracks.start(track);
      if (tracks.end(track) > start && tracks.kind(start) == kind) {
        double[] sides = sides(tracks, track);
        if (sides[0] > 0 && sides[1] > 0 && sides[HEIGHT] > 0) {
          objects.add(new Sized(track, sides));
        }
      }
    }
    return objects;
  }

  /// Middle length, width and height of a track.
  private static double[] sides(Tracks tracks, int track) {
    int start = tracks.start(track);
    int n = tracks.end(track) - start;
    double[] sides = new double[DIMENSIONS];
    double[] all = new double[n];
    for (int d = 0; d < DIMENSIONS; d++) {
      for (int k = 0; k < n; k++) {
        all[k] = tracks.dimension(start + k, d);
      }
      sides[d] = Medians.upper(all, n);
    }
    return sides;
  }

  private static double[] middle(List<Sized> objects) {
    double[] middle = new double[DIMENSIONS];
    for (int d = 0; d < DIMENSIONS; d++) {
      int dimension = d;
      double[] all = objects.stream().mapToDouble(o -> o.sides[dimension]).toArray();
      middle[d] = Medians.upper(all, all.length);
    }
    return middle;
  }

  /// Whether all three sides are off by a factor, all to the same side.
  private static boolean scaled(double[] sides, double[] by, double factor) {
    boolean larger = true;
    boolean smaller = true;
    for (int d = 0; d < DIMENSIONS; d++) {
      larger &= sides[d] > factor * by[d];
      smaller &= sides[d] * factor < by[d];
    }
    return larger || smaller;
  }

  private static void reportAll(
      LabelSet labels, Tracks tracks, List<Sized> cars, double[] middle, CheckSink sink) {
    if (!scaled(middle, CAR_METERS, SET_FACTOR)) {
      return;
    }
    report(
        labels,
        tracks,
        cars,
        "cars are too " + (middle[0] > CAR_METERS[0] ? "large" : "small") + " on the whole",
        "middle length of " + cars.size() + " cars",
        middle[0],
        CAR_METERS[0],
        SET_FACTOR,
        sink);
  }

  private static void report(
      LabelSet labels,
      Tracks tracks,
      List<Sized> objects,
      String title,
      String what,
      double value,
      double usual,
      double factor,
      CheckSink sink) {
    int first = Integer.MAX_VALUE;
    int last = -1;
    for (Sized object : objects) {
      first = Math.min(first, tracks.row(tracks.start(object.track)));
      last = Math.max(last, tracks.row(tracks.end(object.track) - 1));
    }
    sink.report(
        Severity.WARNING,
        title,
        labels.location(first, last).withTrack(null),
        Evidence.OutOfRange.rounded(what, value, usual / factor, usual * factor, 3, "m"),
        new Cause(
            "sizes-scaled",
            "all sizes are "
                + Numbers.text(Math.rint(100 * value / usual) / 100)
                + " of what is usual: another unit, half sizes, or a factor in an export"));
  }
}
