package dev.lockstep.check.rig;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.clock.LatticeFit;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.Severity;
import org.jspecify.annotations.Nullable;

/// TIM019: stamps scatter more than on the good drives.

public final class JitterGrown extends RigRule {
  private static final CheckCard.Parameter GROWTH =
      new CheckCard.Parameter(
          "max-growth", "", 3, "times the jitter of the profile; judged: loads of hosts double it");
  private static final CheckCard.Parameter FLOOR =
      new CheckCard.Parameter(
          "min-share-of-period",
          "%",
          1,
          "judged: jitter below a hundredth of the period harms nobody");

  private static final CheckCard CARD =
      CheckCard.of(
          "TIM019",
          JitterGrown.class,
          Severity.WARNING,
          "Stamps of a stream scatter more around their period than on the good drives.",
          GROWTH,
          FLOOR);

  /// A rule without a profile.
  public JitterGrown() {
    this(null);
  }

  private JitterGrown(@Nullable RigProfile profile) {
    super(CARD, profile);
  }

  @Override
  public JitterGrown with(RigProfile profile) {
    return new JitterGrown(profile);
  }

  @Override
  String nothingKnown() {
    return "the rig profile knows no jitter of a stream that is there";
  }

  @Override
  void examine(RigSurvey survey, RigProfile profile, Results results) {
    each(
        survey,
        profile,
        entry -> !Double.isNaN(entry.jitterNs()),
        (measured, entry) ->
            results.of(measured.name(), sink -> judge(measured, entry.jitterNs(), sink)));
  }

  private static Conclusion judge(RigSurvey.Measured each, double usualNs, CheckSink sink) {
    String why = each.unusable();
    if (why != null) {
      return Conclusion.undecided(why);
    }
    if (!(each.fit() instanceof LatticeFit.Locked locked)) {
      return Conclusion.undecided("stamps of " + each.name() + " follow no period");
    }
    sink.measure("jitter-sigma", locked.sigmaNs(), "ns");
    double period = locked.lattice().periodNs();
    double limit = Math.max(GROWTH.value() * usualNs, FLOOR.value() / 100 * period);
    if (locked.sigmaNs() > limit) {
      sink.report(
          Severity.WARNING,
          "stamps scatter more than on the good drives",
          Location.stream(each.name()),
          new Evidence.Violation(
              "standard deviation of stamps",
              Numbers.duration(Math.round(locked.sigmaNs())),
              "at most "
                  + Numbers.duration(Math.round(limit))
                  + ", usual "
                  + Numbers.duration(Math.round(usualNs))));
    }
    return Conclusion.examined(locked.stamps(), "");
  }
}
