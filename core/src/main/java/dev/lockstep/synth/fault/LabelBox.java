package dev.lockstep.synth.fault;

/// One labelled box, to be edited in place.
public interface LabelBox {
  /// What of a box can be read and changed as a number: centre and size of a 3D box in meters along
  /// the axes of its format, or edges of a 2D box in pixels.
  enum Field {
    /// Centre, first ground axis.
    X,
    /// Centre, second ground axis.
    Y,
    /// Centre, upwards.
    Z,
    /// Size along the heading.
    LENGTH,
    /// Size across.
    WIDTH,
    /// Size upwards.
    HEIGHT,
    /// Turn about the vertical, radians.
    YAW,
    /// 2D edges.
    LEFT,
    /// Upper edge.
    TOP,
    /// Right edge.
    RIGHT,
    /// Lower edge.
    BOTTOM
  }

  /// Identity, empty if none.
  String track();

  /// Changes the identity.
  void setTrack(String track);

  /// Category.
  String category();

  /// Changes the category.
  void setCategory(String category);

  /// A number, NaN if the box has none.
  double get(Field field);

  /// Changes a number that the box has.
  void set(Field field, double value);

  /// Whether the box has a place in space.
  default boolean has3d() {
    return !Double.isNaN(get(Field.X));
  }
}
