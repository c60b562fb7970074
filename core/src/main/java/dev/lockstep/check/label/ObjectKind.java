package dev.lockstep.check.label;

import java.util.Locale;
import java.util.regex.Pattern;

/// What a category means for motion and shape. Limits are generous: a label that breaks one is
/// wrong, a label within them may still be.
enum ObjectKind {
  /// Friction circle of road tyres (mu about 1.2); tightest turning circles at walking pace.
  CAR(12, 1.5, true, true),
  /// Brakes and tyres of heavy vehicles.
  TRUCK(8, 0.8, true, true),
  BUS(8, 0.8, true, true),
  /// Trailers and bendy buses: the box bends with the joint or follows only a part.
  ARTICULATED(8, 1, false, true),
  /// Emergency brake of a tram is 2.7 m/s2.
  TRAIN(3, 0.3, false, true),
  MOTORCYCLE(12, 2.5, false, true),
  CYCLIST(6, 3, false, true),
  PEDESTRIAN(8, Double.POSITIVE_INFINITY, false, true),
  ANIMAL(10, Double.POSITIVE_INFINITY, false, true),
  /// Cones, barriers, signs: they keep their size, and their heading means nothing.
  STATIC(8, Double.POSITIVE_INFINITY, true, false),
  /// Unknown categories get the widest limits of all and no shape.
  UNKNOWN(12, Double.POSITIVE_INFINITY, false, false),
  /// No object at all: regions to be ignored.
  NONE(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, false, false);

  /// First match wins, so the more special words stand first. Words are matched in the lower-case
  /// name with everything but letters turned into single spaces, with a space at both ends.
  private static final Row[] ROWS = {
    row("dont ?care|ignore[d]?|ignore region|distractor|reflection|empty", NONE),
    row(
        "sign|cone|barrier|bollard|barrel|traffic ?light|pole|rack|debris|pushable|pullable",
        STATIC),
    row("movable object|static object|static|hydrant|board", STATIC),
    row("trailer|bendy|articulated|caravan|wagon", ARTICULATED),
    row("tram|train|rail(ed)?|subway|streetcar", TRAIN),
    row("bus|minibus|coach", BUS),
    row("truck|lorry|cab|construction|excavator|tractor|semi|hgv|large vehicle|heavy", TRUCK),
    row("motor ?cycl(e|ist)|motor ?bike|moped|scooter|motorcyclist", MOTORCYCLE),
    row("bi?cycle|(bi)?cyclist|bike|rider|wheeled rider|wheeled device|tricycle|trike", CYCLIST),
    row(
        "pedestrian|person|people|ped|human|walker|adult|child|signaler|officer|worker",
        PEDESTRIAN),
    row("stroller|wheelchair|pram", PEDESTRIAN),
    row("animal|dog|cat|cow|horse|deer|bird|sheep", ANIMAL),
    row("car|van|vehicle|automobile|suv|sedan|taxi|pickup|ambulance|police|minivan", CAR),
  };

  private final double maxAcceleration;
  private final double maxYawRate;
  private final boolean rigid;
  private final boolean directed;

  ObjectKind(double maxAcceleration, double maxYawRate, boolean rigid, boolean directed) {
    this.maxAcceleration = maxAcceleration;
    this.maxYawRate = maxYawRate;
    this.rigid = rigid;
    this.directed = directed;
  }

  /// The kind that a category's name says, whatever the data set's way of writing it (`Car`,
  /// `REGULAR_VEHICLE`, `vehicle.car`, `TYPE_PEDESTRIAN`).
  static ObjectKind of(String category) {
    String words = " " + category.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", " ").strip() + " ";
    for (Row row : ROWS) {
      if (row.words().matcher(words).find()) {
        return row.kind();
      }
    }
    return UNKNOWN;
  }

  /// Largest acceleration, m/s2.
  double maxAcceleration() {
    return maxAcceleration;
  }

  /// Largest turning rate, rad/s; infinite where the kind can turn on the spot.
  double maxYawRate() {
    return maxYawRate;
  }

  /// Whether the object keeps its size.
  boolean rigid() {
    return rigid;
  }

  /// Whether the object has a front.
  boolean directed() {
    return directed;
  }

  private static Row row(String words, ObjectKind kind) {
    return new Row(Pattern.compile(" (" + words + ")s? "), kind);
  }

  private record Row(Pattern words, ObjectKind kind) {}
}
