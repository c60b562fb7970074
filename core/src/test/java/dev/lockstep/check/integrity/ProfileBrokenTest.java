package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class ProfileBrokenTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new ProfileBroken();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.PROFILE_BROKEN,
            Location.bytes("drive.mcap", 400, 80),
            new Evidence.Violation(
                "message encoding of /imu", "json", "cdr, as profile ros2 demands")));
  }

  @Override
  public String expected() {
    return """
    warning INT014 profile-broken: recording breaks the rules of its profile: message encoding of /imu json (expected cdr, as profile ros2 demands)
      at drive.mcap, byte 400+80\
    """;
  }
}
