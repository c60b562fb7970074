package dev.lockstep.check.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Pose;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class PoseLeapsTest implements AlignmentCheckContract {
  private static final int POSES = 200;

  @Override
  public AlignmentCheck check() {
    return new PoseLeaps();
  }

  @Override
  public Alignment clean() {
    return drive(i -> i, 0, false);
  }

  /// The pose of ten instants earlier.
  @Override
  public Alignment violating() {
    return drive(i -> i == 120 ? 110 : i, 0, false);
  }

  @Override
  public String expected() {
    return """
    warning SYN024 pose-leaps: pose of the vehicle leaps: distance of pose 241 from the line between those around it 4.41061 m (expected at most 0.21543 m)
      at poses, stamp 1700000006000000005 ns
      likely cause: the pose is another's, two are exchanged, or the localisation jumped there\
    """;
  }

  /// A turning vehicle at 8 m/s, 20 poses a second with noise of 2 cm, two of each instant.
  ///
  /// @param pose which pose stands at each instant
  /// @param yaw what is added to all headings, rad
  /// @param last whether the quaternion's w stands last
  private static Alignment drive(IntToDoubleFunction pose, double yaw, boolean last) {
    Random random = new Random(24);
    double[] noise = random.doubles(2 * POSES, -0.02, 0.02).toArray();
    PoseSeries poses = new PoseSeries();
    for (int i = 0; i < POSES; i++) {
      double of = pose.applyAsDouble(i);
      double heading = 0.004 * of;
      double x = 8 * 0.05 * of + noise[2 * i];
      double y = 0.5 * 8 * 0.05 * 0.004 * of * of + noise[2 * i + 1];
      double w = Math.cos((heading + yaw) / 2);
      double z = Math.sin((heading + yaw) / 2);
      Pose at = last ? new Pose(0, 0, z, w, x, y, 0) : new Pose(w, 0, 0, z, x, y, 0);
      long stampNs = RigScene.EPOCH_NS + 50_000_000L * i;
      assertThat(poses.add(stampNs, at)).isTrue();
      assertThat(poses.add(stampNs + 5, at)).isTrue();
    }
    return new Alignment(List.of(), List.of(), poses, new SharedAnalyses());
  }

  private static String text(Alignment alignment) {
    return AlignmentCheckContract.run(new PoseLeaps(), alignment).text();
  }

  @Test
  void tellsTwoExchangedPosesOnce() {
    String text = text(drive(i -> i == 90 ? 93 : i == 93 ? 90 : i, 0, false));
    assertThat(text.split("pose-leaps", -1)).hasSize(2);
    assertThat(text).contains("distance of pose");
  }

  @Test
  void tellsPosesThatStoodStill() {
    assertThat(text(drive(i -> i > 80 && i < 90 ? 80 : i, 0, false))).contains("leaps");
  }

  @Test
  void tellsAWrongOrderOfTheQuaternion() {
    assertThat(text(drive(i -> i, 0, true)))
        .contains("poses of the vehicle are turned: angle of most poses against the way they take");
  }

  @Test
  void tellsAVehicleThatDrivesSideways() {
    assertThat(text(drive(i -> i, Math.PI / 2, false))).contains("poses of the vehicle are turned");
  }

  @Test
  void isSilentOnAVehicleThatBacksUpForAWhile() {
    assertThat(text(drive(i -> i < 120 ? i : i - 0.01 * (i - 120) * (i - 120), 0, false)))
        .isEmpty();
  }

  @Test
  void isUndecidedOnAFewPoses() {
    PoseSeries poses = new PoseSeries();
    poses.add(RigScene.EPOCH_NS, Pose.IDENTITY);
    Alignment few = new Alignment(List.of(), List.of(), poses, new SharedAnalyses());
    assertThat(text(few)).isEmpty();
  }
}
