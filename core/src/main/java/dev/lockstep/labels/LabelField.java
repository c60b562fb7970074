package dev.lockstep.labels;

/// What can be known about a labelled box.
public enum LabelField {
  /// Edges in the image.
  BOX_2D("2D box"),
  /// Centre, size and heading in space.
  BOX_3D("3D box"),
  /// Orientation about axes other than the upright one.
  TILT("tilt of the box"),
  /// Identity over time.
  TRACK("track"),
  /// Frame number.
  FRAME("frame number"),
  /// Absolute time.
  STAMP("stamp"),
  /// How sure the maker was.
  SCORE("score"),
  /// LiDAR points inside.
  POINTS("number of points"),
  /// Share cut off by the image border.
  TRUNCATED("truncation"),
  /// Share hidden by others.
  OCCLUDED("occlusion"),
  /// Placed by somebody, or computed between such boxes.
  KEYFRAME("keyframe flag"),
  /// Not to be counted.
  IGNORED("ignore flag"),
  /// Who made the label.
  ANNOTATOR("annotator"),
  /// With what it was made.
  TOOL("tool"),
  /// When it was last changed.
  EDITED("time of the last change"),
  /// How often it was changed.
  REVISION("revision"),
  /// The label's own id.
  LABEL_ID("label id"),
  /// Free attributes.
  ATTRIBUTES("attributes");

  private final String label;

  LabelField(String label) {
    this.label = label;
  }

  /// The field in words.
  public String label() {
    return label;
  }
}
