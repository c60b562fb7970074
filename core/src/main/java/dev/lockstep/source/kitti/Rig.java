package dev.lockstep.source.kitti;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.Calibration.Intrinsics;
import dev.lockstep.model.Pose;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.Rigid;
import org.jspecify.annotations.Nullable;

/// Derives where KITTI's sensors sit from its calibration files.
///
/// The LiDAR is placed in the frame of the GPS/IMU unit (`oxts`), each rectified camera in that of
/// the LiDAR. A camera's frame has x to the right, y down, z forward.
final class Rig {
  private static final double[] ZERO = {0, 0, 0};

  private Rig() {}

  /// Reports the calibration of a raw drive; any file may be absent.
  static void ofDrive(
      @Nullable CalibrationFile camToCam,
      @Nullable CalibrationFile veloToCam,
      @Nullable CalibrationFile imuToVelo,
      RecordingSink sink) {
    Rigid velodyneFromImu = imuToVelo == null ? null : ofRotationAndTranslation(imuToVelo);
    reportLidar(KittiLayout.VELODYNE, velodyneFromImu, sink);
    Rigid cameraFromVelodyne = veloToCam == null ? null : ofRotationAndTranslation(veloToCam);
    if (camToCam == null) {
      return;
    }
    Rigid rectified = null;
    for (int camera = 0; camera < 4; camera++) {
      String suffix = "_0" + camera;
      checkRotation(camToCam, "R" + suffix);
      Rigid rectifying = checkRotation(camToCam, "R_rect" + suffix);
      if (camera == 0) {
        rectified =
            rectifying == null || cameraFromVelodyne == null
                ? null
                : rectifying.after(cameraFromVelodyne);
      }
      double[] size = camToCam.numbers("S_rect" + suffix, 2);
      double[] projection = camToCam.numbers("P_rect" + suffix, 12);
      if (projection != null) {
        reportCamera("image" + suffix, KittiLayout.VELODYNE, projection, size, rectified, sink);
      }
    }
  }

  /// Reports the calibration of a tracking sequence.
  static void ofSequence(CalibrationFile file, RecordingSink sink) {
    reportLidar(KittiLayout.TRACKING_VELODYNE, of34(file, "Tr_imu_velo"), sink);
    Rigid cameraFromVelodyne = of34(file, "Tr_velo_cam");
    Rigid rectifying = checkRotation(file, "R_rect");
    Rigid rectified =
        rectifying == null || cameraFromVelodyne == null
            ? null
            : rectifying.after(cameraFromVelodyne);
    for (int camera = 0; camera < 4; camera++) {
      double[] projection = file.numbers("P" + camera, 12);
      if (projection != null) {
        reportCamera(
            "image_0" + camera, KittiLayout.TRACKING_VELODYNE, projection, null, rectified, sink);
      }
    }
  }

  private static @Nullable Rigid ofRotationAndTranslation(CalibrationFile file) {
    double[] rotation = file.numbers("R", 9);
    double[] translation = file.numbers("T", 3);
    return rotation == null || translation == null ? null : file.rigid("R", rotation, translation);
  }

  private static @Nullable Rigid of34(CalibrationFile file, String key) {
    double[] numbers = file.numbers(key, 12);
    if (numbers == null) {
      return null;
    }
    Rigid raw = Rigid.of34(numbers);
    return file.rigid(key, raw.r(), raw.t());
  }

  private static @Nullable Rigid checkRotation(CalibrationFile file, String key) {
    double[] rotation = file.numbers(key, 9);
    return rotation == null ? null : file.rigid(key, rotation, ZERO);
  }

  private static void reportLidar(
      String sensor, @Nullable Rigid velodyneFromImu, RecordingSink sink) {
    if (velodyneFromImu != null) {
      Pose mounting = velodyneFromImu.inverse().pose();
      sink.calibration(new Calibration(sensor, KittiLayout.OXTS, mounting, null));
    }
  }

  private static void reportCamera(
      String sensor,
      String parent,
      double[] p,
      double @Nullable [] size,
      @Nullable Rigid rectifiedFromVelodyne,
      RecordingSink sink) {
    double fx = p[0];
    double fy = p[5];
    double cx = p[2];
    double cy = p[6];
    Pose mounting = null;
    if (rectifiedFromVelodyne != null && fx > 0 && fy > 0) {
      // The last column of P is K t, t being the offset from camera 0 to this one.
      double tz = p[11];
      double[] t = {(p[3] - cx * tz) / fx, (p[7] - cy * tz) / fy, tz};
      Rigid identity = new Rigid(new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, t);
      mounting = identity.after(rectifiedFromVelodyne).inverse().pose();
    }
    int width = size == null ? 0 : (int) size[0];
    int height = size == null ? 0 : (int) size[1];
    sink.calibration(
        new Calibration(sensor, parent, mounting, new Intrinsics(fx, fy, cx, cy, width, height)));
  }
}
