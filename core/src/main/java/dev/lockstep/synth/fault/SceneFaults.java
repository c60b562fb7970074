package dev.lockstep.synth.fault;

import dev.lockstep.synth.fault.Fault.Parameter;
import dev.lockstep.synth.fault.LabelBox.Field;
import dev.lockstep.synth.fault.LabelTape.Track;
import java.util.List;
import java.util.Locale;

/// Faults that give boxes numbers which no such object has: of another unit, and filled in by a
/// tool.
final class SceneFaults {
  /// Boxes by which a track shows.
  private static final int LEAST_BOXES = 10;

  /// No car is longer or shorter (LAB033).
  private static final double LONGEST_CAR_METERS = 10;

  private static final double SHORTEST_CAR_METERS = 1.2;

  static final List<Fault> ALL =
      List.of(
          fault(
              "size-unit",
              "gives the sizes of a track's boxes in another unit, by default feet",
              SceneFaults::unit,
              new Parameter("factor", "", 3.2808)),
          fault(
              "default-box",
              "gives some tracks one and the same box in place of their own at an instant each",
              SceneFaults::fill,
              new Parameter("tracks", "", 6)));

  private SceneFaults() {}

  private static Fault fault(
      String name, String summary, LabelFault.Planter planter, Parameter... parameters) {
    return new LabelFault(name, summary, true, List.of(parameters), planter);
  }

  private static boolean isCar(Track track) {
    String category = track.boxes().getFirst().category().toLowerCase(Locale.ROOT);
    return category.equals("car") || category.equals("regular_vehicle");
  }

  private static Planted unit(LabelTape labels, Request request) {
    double factor = request.number("factor");
    List<Track> cars = labels.tracks(LEAST_BOXES).stream().filter(SceneFaults::isCar).toList();
    if (cars.isEmpty()) {
      throw new InapplicableFaultException("no car has " + LEAST_BOXES + " boxes in a row");
    }
    Track track = cars.get((int) request.below(cars.size()));
    for (LabelBox box : track.boxes()) {
      for (Field side : List.of(Field.LENGTH, Field.WIDTH, Field.HEIGHT)) {
        box.set(side, factor * box.get(side));
      }
    }
    int first = track.frames().getFirst();
    int last = track.frames().getLast();
    labels.save(first, last);
    double length = track.boxes().getFirst().get(Field.LENGTH);
    return labels
        .planted("sizes times " + factor, first, last)
        .track(track.id())
        .expect("LAB033")
        .effective(length > LONGEST_CAR_METERS || length < SHORTEST_CAR_METERS);
  }

  private static Planted fill(LabelTape labels, Request request) {
    int count = request.count("tracks");
    List<Track> tracks = labels.tracks(LEAST_BOXES);
    if (tracks.size() < count) {
      throw new InapplicableFaultException(
          tracks.size()
              + " tracks have "
              + LEAST_BOXES
              + " boxes in a row (expected "
              + count
              + ")");
    }
    int start = (int) request.below(tracks.size());
    int first = labels.size();
    int last = 0;
    for (int i = 0; i < count; i++) {
      Track track = tracks.get((start + i) % tracks.size());
      int at = 2 + (int) request.below(track.frames().size() - 4);
      LabelBox box = track.boxes().get(at);
      for (Field field : List.of(Field.X, Field.Y, Field.Z, Field.YAW)) {
        box.set(field, 0);
      }
      for (Field side : List.of(Field.LENGTH, Field.WIDTH, Field.HEIGHT)) {
        box.set(side, 1);
      }
      first = Math.min(first, track.frames().get(at));
      last = Math.max(last, track.frames().get(at));
    }
    labels.save(first, last);
    return labels.planted(count + " boxes of 1 m at the origin", first, last).expect("LAB023");
  }
}
