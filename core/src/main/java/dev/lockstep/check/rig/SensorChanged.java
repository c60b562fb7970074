package dev.lockstep.check.rig;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.Calibration.Intrinsics;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Pose;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.Severity;
import org.jspecify.annotations.Nullable;

/// SYN017: a sensor is not the one, or not where it was, on the good drives.

public final class SensorChanged extends RigRule {
  private static final CheckCard.Parameter PLACE =
      new CheckCard.Parameter(
          "max-move", "m", 0.01, "judged: calibrations of one mounting agree within millimeters");
  private static final CheckCard.Parameter TURN =
      new CheckCard.Parameter("max-turn", "degrees", 0.2, "judged: a degree is 1.7 m at 100 m");
  private static final CheckCard.Parameter FOCAL =
      new CheckCard.Parameter(
          "max-focal-change", "%", 1, "judged: calibrations of one camera agree within 0.2 %");

  private static final CheckCard CARD =
      CheckCard.of(
          "SYN017",
          SensorChanged.class,
          Severity.ERROR,
          "The resolution or calibration of a sensor is another than on the good drives.",
          PLACE,
          TURN,
          FOCAL);

  /// A rule without a profile.
  public SensorChanged() {
    this(null);
  }

  private SensorChanged(@Nullable RigProfile profile) {
    super(CARD, profile);
  }

  @Override
  public SensorChanged with(RigProfile profile) {
    return new SensorChanged(profile);
  }

  @Override
  String nothingKnown() {
    return "the rig profile knows neither resolution nor calibration of a stream that is there";
  }

  @Override
  void examine(RigSurvey survey, RigProfile profile, Results results) {
    each(
        survey,
        profile,
        entry -> entry.width() > 0 || entry.calibration() != null,
        (measured, entry) ->
            results.of(measured.name(), sink -> judge(survey, measured, entry, sink)));
  }

  private static Conclusion judge(
      RigSurvey survey, RigSurvey.Measured each, RigProfile.Stream entry, CheckSink sink) {
    Calibration now = survey.calibration(each.name());
    int[] size = survey.resolution(each);
    if (now == null && size[0] == 0) {
      return Conclusion.undecided(
          "neither resolution nor calibration of " + each.name() + " is known");
    }
    if (entry.width() > 0
        && size[0] > 0
        && (size[0] != entry.width() || size[1] != entry.height())) {
      sink.report(
          Severity.ERROR,
          "images have another resolution than on the good drives",
          Location.stream(each.name()),
          new Evidence.Violation(
              "resolution", size[0] + " x " + size[1], entry.width() + " x " + entry.height()));
      return Conclusion.examined(1, "");
    }
    Calibration usual = entry.calibration();
    if (now != null && usual != null) {
      compare(each, usual, now, sink);
    }
    return Conclusion.examined(1, "");
  }

  private static void compare(
      RigSurvey.Measured each, Calibration usual, Calibration now, CheckSink sink) {
    Pose a = usual.mounting();
    Pose b = now.mounting();
    if (a != null && b != null && usual.parent().equals(now.parent())) {
      double moved = Math.hypot(Math.hypot(a.x() - b.x(), a.y() - b.y()), a.z() - b.z());
      double turned = turnDegrees(a, b);
      sink.measure("moved", moved, "m");
      sink.measure("turned", turned, "degrees");
      if (moved > PLACE.value() || turned > TURN.value()) {
        changed(
            each,
            "mounting",
            "moved by "
                + Numbers.text(Math.rint(moved * 1e4) / 1e4)
                + " m and turned by "
                + Numbers.text(Math.rint(turned * 1e3) / 1e3)
                + " degrees",
            "at most "
                + Numbers.text(PLACE.value())
                + " m and "
                + Numbers.text(TURN.value())
                + " degrees",
            sink);
        return;
      }
    }
    Intrinsics before = usual.intrinsics();
    Intrinsics after = now.intrinsics();
    if (before != null && after != null && before.fx() > 0) {
      double percent = 100 * Math.abs(after.fx() / before.fx() - 1);
      sink.measure("focal-change", percent, "%");
      if (percent > FOCAL.value()) {
        changed(
            each,
            "focal length",
            Numbers.text(after.fx()) + " pixels",
            Numbers.text(before.fx()) + " pixels within " + Numbers.text(FOCAL.value()) + " %",
            sink);
      }
    }
  }

  private static void changed(
      RigSurvey.Measured each, String what, String observed, String expected, CheckSink sink) {
    sink.report(
        Severity.WARNING,
        "the calibration is another than on the good drives",
        Location.stream(each.name()),
        new Evidence.Violation(what, observed, expected));
  }

  /// Angle between two rotations.
  private static double turnDegrees(Pose a, Pose b) {
    double dot = a.qw() * b.qw() + a.qx() * b.qx() + a.qy() * b.qy() + a.qz() * b.qz();
    double norm =
        Math.sqrt(a.qw() * a.qw() + a.qx() * a.qx() + a.qy() * a.qy() + a.qz() * a.qz())
            * Math.sqrt(b.qw() * b.qw() + b.qx() * b.qx() + b.qy() * b.qy() + b.qz() * b.qz());
    return Math.toDegrees(2 * Math.acos(Math.min(1, Math.abs(dot) / norm)));
  }
}
