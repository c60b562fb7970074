package dev.lockstep.check.rig;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import org.jspecify.annotations.Nullable;

/// TIM020: messages reach the recorder sooner or later after their stamp than on the good drives.

public final class LatencyOffProfile extends RigRule {
  private static final CheckCard.Parameter LEAST =
      new CheckCard.Parameter(
          "min-change", "ms", 10, "judged: hosts and networks differ by less from drive to drive");
  private static final CheckCard.Parameter SIGMAS =
      new CheckCard.Parameter(
          "min-change-in-sigmas", "", 6, "of the scatter of the profile; judged");

  /// Part of a period within which a change is a whole number of periods; judged.
  private static final double WHOLE = 0.1;

  private static final CheckCard CARD =
      CheckCard.of(
          "TIM020",
          LatencyOffProfile.class,
          Severity.ERROR,
          "The time from stamp to log time is another than on the good drives.",
          LEAST,
          SIGMAS);

  /// A rule without a profile.
  public LatencyOffProfile() {
    this(null);
  }

  private LatencyOffProfile(@Nullable RigProfile profile) {
    super(CARD, profile);
  }

  @Override
  public LatencyOffProfile with(RigProfile profile) {
    return new LatencyOffProfile(profile);
  }

  @Override
  String nothingKnown() {
    return "the rig profile knows no latency of a stream that is there";
  }

  @Override
  void examine(RigSurvey survey, RigProfile profile, Results results) {
    RigPhases phases = RigPhases.of(survey, profile);
    each(
        survey,
        profile,
        entry -> !Double.isNaN(entry.latencyNs()),
        (measured, entry) ->
            results.of(measured.name(), sink -> judge(measured, entry, phases, sink)));
  }

  /// How far a latency may be off, ns.
  static double toleranceNs(RigProfile.Stream entry) {
    double spread = Double.isNaN(entry.latencySpreadNs()) ? 0 : entry.latencySpreadNs();
    return Math.max(LEAST.value() * Times.MILLISECOND, SIGMAS.value() * spread);
  }

  private static Conclusion judge(
      RigSurvey.Measured each, RigProfile.Stream entry, RigPhases phases, CheckSink sink) {
    String why = each.unusable();
    if (why != null) {
      return Conclusion.undecided(why);
    }
    double[] latencies = each.latencies();
    if (latencies.length == 0) {
      return Conclusion.undecided("messages of " + each.name() + " have no log times");
    }
    double latency = Medians.of(latencies);
    sink.measure("latency", latency, "ns");
    double off = latency - entry.latencyNs();
    if (Math.abs(off) <= toleranceNs(entry)) {
      return Conclusion.examined(latencies.length, "");
    }
    String told = phases.reporter(each.name());
    if (told != null) {
      return Conclusion.undecided(told + " reports that stamps of " + each.name() + " moved");
    }
    RigProfile.Period period = entry.period();
    double periods = period == null ? Double.NaN : off / period.periodNs();
    boolean whole =
        Math.abs(periods) > 0.5
            && Math.abs(periods) < 4
            && Math.abs(periods - Math.rint(periods)) < WHOLE;
    sink.report(
        whole ? Severity.ERROR : Severity.WARNING,
        "messages are logged at another time after their stamps than on the good drives",
        Location.stream(each.name()),
        new Evidence.Violation(
            "log time minus stamp",
            Numbers.duration(Math.round(latency)),
            Numbers.duration(Math.round(entry.latencyNs()))
                + " within "
                + Numbers.duration(Math.round(toleranceNs(entry)))),
        whole
            ? new Cause(
                "off-by-one",
                "the change is "
                    + Math.round(Math.abs(periods))
                    + (Math.round(Math.abs(periods)) == 1 ? " period" : " periods")
                    + ": a message may bear the stamp of a neighbour")
            : null);
    return Conclusion.examined(latencies.length, "");
  }
}
