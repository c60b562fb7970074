package dev.lockstep.source.nuscenes;

import java.util.List;
import java.util.regex.Pattern;

/// Folders, tables and file names of the nuScenes family (nuscenes-devkit
/// `docs/schema_nuscenes.md`, Lyft `nuscenes-devkit` fork, tier4 `t4-devkit` `docs/schema`).
///
/// ```text
/// <root>/
///   v1.0-mini/            the tables, one array of objects each; T4: annotation/
///     sample_data.json    [{"token": .., "sample_token": .., "timestamp": µs, "filename": ..}, ..]
///   samples/<CHANNEL>/<log>__<CHANNEL>__<µs>.<jpg|pcd.bin|pcd>      keyframes, 2 Hz
///   sweeps/<CHANNEL>/<log>__<CHANNEL>__<µs>.<jpg|pcd.bin|pcd>       what lies between
///   images/, lidar/       Lyft: <host>_<sensor>_<ns of GPS>.<jpeg|bin>
///   data/<CHANNEL>/       T4: <number>.<jpg|pcd.bin>
/// ```
///
/// Stamps are microseconds since 1970. That of a LiDAR is the END of its rotation, that of a camera
/// its exposure, when the beam is at the centre of its view. Boxes: centre in the world, size as
/// width, length, height, rotation with w first.
final class NuscenesLayout {
  static final String SUFFIX = ".json";

  /// Tables that make a folder one of tables, however many others are lost.
  static final List<String> TELLING =
      List.of("sample_data", "calibrated_sensor", "ego_pose", "sample", "sensor");

  static final String SAMPLES = "samples";
  static final String SWEEPS = "sweeps";

  /// Log, channel, microseconds, extension.
  static final Pattern FILE_NAME =
      Pattern.compile("(.+)__([A-Z][A-Z0-9_]*)__([0-8]\\d{15})\\.(jpg|png|pcd\\.bin|pcd)");

  /// A name that ends with a stamp: microseconds (16 digits) or nanoseconds (19).
  static final Pattern STAMPED_NAME = Pattern.compile(".*_([0-8]\\d{15}|[1-7]\\d{18})\\.[a-z.]+");

  /// Seconds from 1970 to the epoch of GPS: names of Lyft's files count from there, without leap
  /// seconds.
  static final long GPS_EPOCH_SECONDS = 315_964_800L;

  /// Floats of a point: x, y, z, intensity, ring.
  static final int POINT_FLOATS = 5;

  private NuscenesLayout() {}
}
