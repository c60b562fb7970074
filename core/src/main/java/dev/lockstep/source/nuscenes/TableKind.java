package dev.lockstep.source.nuscenes;

import java.util.List;

/// The tables of a set: which columns are read, and to which tables they refer.
///
/// @param name name of the table
/// @param needed whether a set without it is faulty
/// @param links columns with a token of another table's row each
/// @param lists columns with a list of them
/// @param stamp column of the rows' stamps, empty if there is none
/// @param numbers columns of whole numbers and flags
/// @param texts columns of names
/// @param vectors columns of lists of numbers
record TableKind(
    String name,
    boolean needed,
    List<Link> links,
    List<Link> lists,
    String stamp,
    List<String> numbers,
    List<String> texts,
    List<Vector> vectors) {

  /// A column that refers to rows of another table.
  ///
  /// @param required whether an empty token is faulty
  record Link(String field, String target, boolean required) {}

  /// A column with a list of `length` numbers.
  record Vector(String field, int length, boolean required) {}

  static final TableKind LOG = plain("log");
  static final TableKind SENSOR = named("sensor", "channel", "modality");
  static final TableKind CATEGORY = named("category", "name");
  static final TableKind ATTRIBUTE = named("attribute", "name");
  static final TableKind VISIBILITY = named("visibility", "level");

  static final TableKind MAP =
      new TableKind(
          "map",
          false,
          List.of(),
          List.of(new Link("log_tokens", "log", true)),
          "",
          List.of(),
          List.of(),
          List.of());

  static final TableKind CALIBRATED_SENSOR =
      new TableKind(
          "calibrated_sensor",
          true,
          List.of(new Link("sensor_token", "sensor", true)),
          List.of(),
          "",
          List.of(),
          List.of(),
          List.of(
              new Vector("translation", 3, true),
              new Vector("rotation", 4, true),
              new Vector("camera_intrinsic", 9, false)));

  static final TableKind EGO_POSE =
      new TableKind(
          "ego_pose",
          true,
          List.of(),
          List.of(),
          "timestamp",
          List.of(),
          List.of(),
          List.of(new Vector("translation", 3, true), new Vector("rotation", 4, true)));

  static final TableKind SCENE =
      new TableKind(
          "scene",
          true,
          List.of(
              new Link("log_token", "log", true),
              new Link("first_sample_token", "sample", true),
              new Link("last_sample_token", "sample", true)),
          List.of(),
          "",
          List.of("nbr_samples"),
          List.of("name"),
          List.of());

  static final TableKind SAMPLE =
      new TableKind(
          "sample",
          true,
          List.of(
              new Link("scene_token", "scene", true),
              new Link("prev", "sample", false),
              new Link("next", "sample", false)),
          List.of(),
          "timestamp",
          List.of(),
          List.of(),
          List.of());

  static final TableKind SAMPLE_DATA =
      new TableKind(
          "sample_data",
          true,
          List.of(
              new Link("sample_token", "sample", true),
              new Link("ego_pose_token", "ego_pose", true),
              new Link("calibrated_sensor_token", "calibrated_sensor", true),
              new Link("prev", "sample_data", false),
              new Link("next", "sample_data", false)),
          List.of(),
          "timestamp",
          List.of("is_key_frame", "width", "height"),
          List.of(),
          List.of());

  static final TableKind INSTANCE =
      new TableKind(
          "instance",
          false,
          List.of(
              new Link("category_token", "category", true),
              new Link("first_annotation_token", "sample_annotation", true),
              new Link("last_annotation_token", "sample_annotation", true)),
          List.of(),
          "",
          List.of("nbr_annotations"),
          List.of(),
          List.of());

  static final TableKind SAMPLE_ANNOTATION =
      new TableKind(
          "sample_annotation",
          false,
          List.of(
              new Link("sample_token", "sample", true),
              new Link("instance_token", "instance", true),
              new Link("visibility_token", "visibility", false),
              new Link("prev", "sample_annotation", false),
              new Link("next", "sample_annotation", false)),
          List.of(new Link("attribute_tokens", "attribute", true)),
          "",
          List.of("num_lidar_pts"),
          List.of(),
          List.of(
              new Vector("translation", 3, true),
              new Vector("size", 3, true),
              new Vector("rotation", 4, true)));

  static final TableKind OBJECT_ANN =
      new TableKind(
          "object_ann",
          false,
          List.of(
              new Link("sample_data_token", "sample_data", true),
              new Link("instance_token", "instance", false),
              new Link("category_token", "category", true)),
          List.of(new Link("attribute_tokens", "attribute", true)),
          "",
          List.of(),
          List.of(),
          List.of());

  static final TableKind SURFACE_ANN =
      new TableKind(
          "surface_ann",
          false,
          List.of(
              new Link("sample_data_token", "sample_data", true),
              new Link("category_token", "category", true)),
          List.of(),
          "",
          List.of(),
          List.of(),
          List.of());

  static final TableKind VEHICLE_STATE =
      new TableKind(
          "vehicle_state",
          false,
          List.of(),
          List.of(),
          "timestamp",
          List.of(),
          List.of(),
          List.of());

  /// Every table, in the order in which they are read.
  static final List<TableKind> ALL =
      List.of(
          LOG,
          MAP,
          SENSOR,
          CALIBRATED_SENSOR,
          CATEGORY,
          ATTRIBUTE,
          VISIBILITY,
          SCENE,
          SAMPLE,
          EGO_POSE,
          SAMPLE_DATA,
          INSTANCE,
          SAMPLE_ANNOTATION,
          OBJECT_ANN,
          SURFACE_ANN,
          VEHICLE_STATE);

  private static TableKind plain(String name) {
    return new TableKind(name, false, List.of(), List.of(), "", List.of(), List.of(), List.of());
  }

  private static TableKind named(String name, String... texts) {
    return new TableKind(
        name,
        name.equals("sensor"),
        List.of(),
        List.of(),
        "",
        List.of(),
        List.of(texts),
        List.of());
  }
}
