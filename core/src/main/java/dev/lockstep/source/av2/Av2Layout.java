package dev.lockstep.source.av2;

import java.util.regex.Pattern;

/// Names of the files and columns of an Argoverse 2 sensor log (av2-api, sensor dataset).
///
/// ```text
/// <log uuid>/
///   annotations.feather                    boxes; absent in the test split
///   city_SE3_egovehicle.feather            timestamp_ns qw qx qy qz tx_m ty_m tz_m
///   calibration/egovehicle_SE3_sensor.feather   sensor_name qw qx qy qz tx_m ty_m tz_m
///   calibration/intrinsics.feather         sensor_name fx_px fy_px cx_px cy_px k1 k2 k3
///                                          height_px width_px
///   sensors/lidar/<stamp ns>.feather       x y z f16, intensity laser_number u8, offset_ns i32
///   sensors/cameras/<camera>/<stamp ns>.jpg
///   flow_labels.feather                    one row a point of one sweep
/// ```
///
/// Stamps are nanoseconds of the vehicle's clock, around 3.16e17; the vehicle's frame has x
/// forward, y left, z up.
final class Av2Layout {
  static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  static final Pattern ANNOTATIONS = Pattern.compile("annotations\\w*\\.feather");
  static final String EXTENSION = ".feather";

  static final String POSES = "city_SE3_egovehicle.feather";
  static final String FLOW = "flow_labels.feather";
  static final String CALIBRATION = "calibration";
  static final String EXTRINSICS = "egovehicle_SE3_sensor.feather";
  static final String INTRINSICS = "intrinsics.feather";
  static final String SENSORS = "sensors";
  static final String LIDAR = "lidar";
  static final String CAMERAS = "cameras";
  static final String MAP = "map";

  static final String STAMP = "timestamp_ns";
  static final String SENSOR_NAME = "sensor_name";
  static final String POINT_TIME = "offset_ns";
  static final String LASER = "laser_number";

  /// Frame of reference of the vehicle.
  static final String EGO = "egovehicle";

  /// Two LiDARs of 32 lasers each.
  static final int LASERS = 64;

  static final String UP_LIDAR = "up_lidar";
  static final String DOWN_LIDAR = "down_lidar";

  private Av2Layout() {}
}
