package dev.lockstep.source.kitti;

import java.util.List;
import java.util.regex.Pattern;

/// Names and sizes of KITTI's files (KITTI raw and tracking devkits, `readme.txt`).
///
/// ```text
/// 2011_09_26/                                  tracking/training/
///   calib_cam_to_cam.txt                         label_02/0001.txt     one line an object
///   calib_imu_to_velo.txt                        oxts/0001.txt         one line a frame
///   calib_velo_to_cam.txt                        calib/0001.txt
///   2011_09_26_drive_0001_sync/                  velodyne/0001/000000.bin
///     image_00 .. image_03/                      image_02/0001/000000.png
///       timestamps.txt, data/0000000000.png      image_03/0001/000000.png
///     velodyne_points/
///       timestamps.txt, timestamps_start.txt, timestamps_end.txt, data/0000000000.bin
///     oxts/
///       dataformat.txt, timestamps.txt, data/0000000000.txt
///     tracklet_labels.xml
///
/// sweep .bin: n points of 16 bytes, float32 little-endian
///   0        4        8        12
///   | x (m)  | y (m)  | z (m)  | reflectance 0..1 |
/// sweep .txt (unsynchronised drives): the same four numbers, a line a point
/// ```
final class KittiLayout {
  static final Pattern DRIVE = Pattern.compile("\\d{4}_\\d{2}_\\d{2}_drive_\\d{4}(_\\w+)?");
  static final Pattern DATE = Pattern.compile("\\d{4}_\\d{2}_\\d{2}");
  static final Pattern IMAGES = Pattern.compile("image_0\\d", Pattern.CASE_INSENSITIVE);

  /// Folders that hold tracking labels: the original, the devkit's name for it, and a common short
  /// one.
  static final Pattern LABEL_FOLDER = Pattern.compile("label(_0[0-3])?");

  static final Pattern SEQUENCE_FILE = Pattern.compile("\\d{4}\\.txt");

  static final String VELODYNE = "velodyne_points";
  static final String OXTS = "oxts";
  static final String DATA = "data";
  static final String STAMPS = "timestamps.txt";
  static final String STAMPS_START = "timestamps_start.txt";
  static final String STAMPS_END = "timestamps_end.txt";

  static final String CAM_TO_CAM = "calib_cam_to_cam.txt";
  static final String VELO_TO_CAM = "calib_velo_to_cam.txt";
  static final String IMU_TO_VELO = "calib_imu_to_velo.txt";
  static final List<String> CALIBRATIONS = List.of(CAM_TO_CAM, VELO_TO_CAM, IMU_TO_VELO);

  /// Folders of a tracking data set that hold a folder of images for each sequence.
  static final List<String> TRACKING_IMAGES = List.of("image_02", "image_03");

  static final String TRACKING_VELODYNE = "velodyne";
  static final String TRACKING_CALIB = "calib";

  /// Values of a point in a sweep that is kept as text.
  static final int POINT_VALUES = 4;

  /// Values of an oxts line.
  static final int OXTS_VALUES = 30;

  private KittiLayout() {}
}
