package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class CalibrationInvalidTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new CalibrationInvalid();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.CALIBRATION_INVALID,
            Location.bytes("../calib_velo_to_cam.txt", 41, 126),
            new Evidence.OutOfRange("largest element of R Rt - I of R", 0.21, null, 0.001, "")),
        Defect.of(
            DefectKind.POSE_INVALID,
            Location.stream("city_SE3_egovehicle")
                .withMessages(12, 12)
                .withStamps(315966253577482497L, 315966253577482497L)
                .withFile("city_SE3_egovehicle.feather"),
            new Evidence.OutOfRange("length of the quaternion", 0.0, 0.999, 1.001, "")));
  }

  @Override
  public String expected() {
    return """
    error INT027 calibration-invalid: calibration is not a rigid transform: largest element of R Rt - I of R 0.21 (expected at most 0.001)
      at ../calib_velo_to_cam.txt, byte 41+126
    error INT027 calibration-invalid: pose is not a rigid transform: length of the quaternion 0 (expected 0.999 to 1.001)
      at city_SE3_egovehicle, message 12, stamp 315966253577482497 ns, city_SE3_egovehicle.feather\
    """;
  }
}
