package dev.lockstep.check.rig;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.RigProfile.Sector;
import dev.lockstep.model.Severity;
import dev.lockstep.model.SweepProfile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// SYN019: a LiDAR sees nothing in directions in which it always did.

public final class DirectionsBlind extends RigRule {
  private static final CheckCard.Parameter WARN =
      new CheckCard.Parameter(
          "min-blind", "degrees", 3, "one packet of a LiDAR with 10 turns a second is 2.4 degrees");
  private static final CheckCard.Parameter ERROR =
      new CheckCard.Parameter(
          "error-blind", "degrees", 10, "judged: a car at 20 m is 12 degrees wide");

  private static final CheckCard CARD =
      CheckCard.of(
          "SYN019",
          DirectionsBlind.class,
          Severity.ERROR,
          "A LiDAR has no points in directions in which each sweep of the good drives had some.",
          WARN,
          ERROR);

  /// A rule without a profile.
  public DirectionsBlind() {
    this(null);
  }

  private DirectionsBlind(@Nullable RigProfile profile) {
    super(CARD, profile);
  }

  @Override
  public DirectionsBlind with(RigProfile profile) {
    return new DirectionsBlind(profile);
  }

  @Override
  String nothingKnown() {
    return "the rig profile knows no directions of a LiDAR that is there";
  }

  @Override
  void examine(RigSurvey survey, RigProfile profile, Results results) {
    each(
        survey,
        profile,
        entry -> !entry.seen().isEmpty(),
        (measured, entry) -> results.of(measured.name(), sink -> judge(measured, entry, sink)));
  }

  private static Conclusion judge(
      RigSurvey.Measured each, RigProfile.Stream entry, CheckSink sink) {
    Directions now = Directions.of(each.stream().sweeps());
    if (!now.isKnown()) {
      return Conclusion.undecided(
          "fewer than " + Directions.LEAST_SWEEPS + " sweeps whose points have directions");
    }
    boolean[] usual = new boolean[now.beams() * SweepProfile.BINS];
    int looked = 0;
    for (Sector sector : entry.seen()) {
      for (int degrees = sector.fromDegrees(); degrees < sector.toDegrees(); degrees++) {
        if (sector.beam() < now.beams()) {
          usual[sector.beam() * SweepProfile.BINS + degrees + SweepProfile.BINS / 2] = true;
          looked++;
        }
      }
    }
    List<Sector> blind =
        now.sectors(at -> usual[at] && now.isBlind(at / SweepProfile.BINS, at % SweepProfile.BINS));
    int widest = 0;
    for (Sector sector : blind) {
      widest = Math.max(widest, sector.toDegrees() - sector.fromDegrees());
    }
    sink.measure("newly-blind", widest, "degrees");
    if (widest >= WARN.value()) {
      sink.report(
          widest >= ERROR.value() ? Severity.ERROR : Severity.WARNING,
          "the LiDAR is blind where it saw on the good drives",
          Location.stream(each.name()),
          new Evidence.Violation(
              "directions without a point in " + now.sweeps() + " sweeps",
              RigSurvey.text(blind),
              "points, as in each sweep of the good drives"));
    }
    return Conclusion.examined(looked, "");
  }
}
