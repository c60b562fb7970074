package dev.lockstep.synth.scene;

/// What a road user is, with its usual size in meters (judged from common vehicles).
public enum Category {
  /// Passenger car.
  CAR("car", 4.5, 1.85, 1.55),
  /// Box truck.
  TRUCK("truck", 8.2, 2.5, 3.1),
  /// Bicycle with rider.
  CYCLIST("cyclist", 1.8, 0.7, 1.75),
  /// Person on foot.
  PEDESTRIAN("pedestrian", 0.7, 0.7, 1.75);

  private final String label;
  private final double lengthMeters;
  private final double widthMeters;
  private final double heightMeters;

  Category(String label, double lengthMeters, double widthMeters, double heightMeters) {
    this.label = label;
    this.lengthMeters = lengthMeters;
    this.widthMeters = widthMeters;
    this.heightMeters = heightMeters;
  }

  /// The name in labels.
  public String label() {
    return label;
  }

  /// Usual length.
  public double lengthMeters() {
    return lengthMeters;
  }

  /// Usual width.
  public double widthMeters() {
    return widthMeters;
  }

  /// Usual height.
  public double heightMeters() {
    return heightMeters;
  }
}
