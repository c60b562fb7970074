package dev.lockstep.check.rig;

import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.rig.RigPhases.Phased;
import dev.lockstep.clock.PhaseLock;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import org.jspecify.annotations.Nullable;

/// SYN015: a stream lies at another phase to the reference than on the good drives.

public final class PhaseOffProfile extends RigRule {
  private static final CheckCard.Parameter ERROR =
      new CheckCard.Parameter(
          "error-in-tolerances", "", 5, "judged: 5 ms where the tolerance is the usual 1 ms");
  private static final CheckCard.Parameter OPEN =
      new CheckCard.Parameter(
          "min-open-phase",
          "",
          0.4,
          "of the period: nearer to none SYN003 decides by the stamps alone which messages belong"
              + " together");

  private static final double HALF = 0.5;

  private static final CheckCard CARD =
      CheckCard.of(
          "SYN015",
          PhaseOffProfile.class,
          Severity.ERROR,
          "A stream lies at another phase to the reference than on the good drives.",
          ERROR,
          OPEN);

  /// A rule without a profile.
  public PhaseOffProfile() {
    this(null);
  }

  private PhaseOffProfile(@Nullable RigProfile profile) {
    super(CARD, profile);
  }

  @Override
  public PhaseOffProfile with(RigProfile profile) {
    return new PhaseOffProfile(profile);
  }

  @Override
  String nothingKnown() {
    return "the rig profile knows no phase of a stream that is there";
  }

  @Override
  void examine(RigSurvey survey, RigProfile profile, Results results) {
    RigPhases phases = RigPhases.of(survey, profile);
    RigSurvey.Measured reference = phases.reference();
    if (phases.referenceOff() && reference != null) {
      results.of(reference.name(), sink -> judgeReference(reference, phases, sink));
    }
    for (Phased each : phases.streams()) {
      results.of(
          AlignmentCheck.pair(profile.reference(), each.name()), sink -> judge(each, phases, sink));
    }
  }

  private static Conclusion judgeReference(
      RigSurvey.Measured reference, RigPhases phases, CheckSink sink) {
    Phased first = phases.streams().stream().filter(Phased::off).findFirst().orElseThrow();
    sink.report(
        severity(first),
        "all other streams lie off by the same against this one",
        Location.stream(reference.name()),
        new Evidence.Violation(
            "phases of " + phases.streams().stream().filter(Phased::off).count() + " streams",
            "moved by " + Numbers.duration(rounded(first.offNs())),
            "within " + Numbers.duration(rounded(first.phase().toleranceNs()))),
        new Cause(
            "reference-moved",
            "stamps of "
                + reference.name()
                + " moved by "
                + Numbers.duration(-rounded(first.offNs()))));
    return Conclusion.examined(reference.stamps().size(), "");
  }

  private static Severity severity(Phased each) {
    return Math.abs(each.offNs()) > ERROR.value() * each.phase().toleranceNs()
        ? Severity.ERROR
        : Severity.WARNING;
  }

  private static long rounded(double ns) {
    return Math.round(ns / 1e3) * 1_000;
  }

  private static Conclusion judge(Phased each, RigPhases phases, CheckSink sink) {
    PhaseLock lock = each.lock();
    RigSurvey.Measured reference = phases.reference();
    if (lock == null || reference == null) {
      return Conclusion.undecided(each.why());
    }
    sink.measure("phase", lock.phaseNs(), "ns");
    sink.measure("phase-off", each.offNs(), "ns");
    if (phases.isExchanged(each.name())) {
      return Conclusion.undecided("SYN016 reports that streams are exchanged");
    }
    if (phases.referenceOff()) {
      return Conclusion.undecided("the reference " + reference.name() + " moved");
    }
    if (each.off()) {
      sink.report(
          severity(each),
          "the stream lies at another phase than on the good drives",
          Location.stream(each.name()),
          new Evidence.Violation(
              "phase to " + reference.name(),
              Numbers.duration(rounded(lock.phaseNs())),
              Numbers.duration(rounded(each.phase().phaseNs()))
                  + " within "
                  + Numbers.duration(rounded(each.phase().toleranceNs()))),
          cause(each));
    } else {
      judgePairs(each, reference, sink);
    }
    return Conclusion.examined(lock.count(), "");
  }

  /// Whether log times tell that the stamps moved or that the sensor did.
  private static @Nullable Cause cause(Phased each) {
    double latency = Medians.of(each.measured().latencies());
    if (Double.isNaN(latency) || Double.isNaN(each.entry().latencyNs())) {
      return null;
    }
    double moved = latency - each.entry().latencyNs();
    double tolerance = LatencyOffProfile.toleranceNs(each.entry());
    String by = Numbers.duration(rounded(each.offNs()));
    if (Math.abs(moved) <= tolerance && Math.abs(each.offNs()) > 2 * tolerance) {
      return new Cause(
          "trigger-moved", "log times moved with the stamps: the sensor measures " + by + " later");
    }
    double fold = each.phase().foldNs();
    double rest = moved + each.offNs();
    rest -= Math.rint(rest / fold) * fold;
    return Math.abs(moved) > tolerance && Math.abs(rest) <= tolerance
        ? new Cause(
            "constant-latency",
            "log times did not move: messages are stamped "
                + Numbers.duration(-rounded(moved))
                + " later than on the good drives")
        : null;
  }

  /// Whether messages of the same number belong together as they did: near half a period stamps
  /// alone cannot tell.
  private static void judgePairs(Phased each, RigSurvey.Measured reference, CheckSink sink) {
    double usual = each.entry().pairOffsetNs();
    double now = RigSurvey.pairOffsetNs(each.measured(), reference);
    double period = reference.periodNs();
    if (Double.isNaN(usual)
        || Double.isNaN(now)
        || Math.abs(each.measured().periodNs() / period - 1) > 0.05
        || Math.abs(PhaseLock.fold(each.phase().phaseNs(), period)) <= OPEN.value() * period
        || Math.abs(now - usual) < HALF * period) {
      return;
    }
    long periods = Math.round((now - usual) / period);
    sink.report(
        Severity.ERROR,
        "messages of the same number are other ones than on the good drives",
        Location.stream(each.name()),
        new Evidence.Violation(
            "stamp minus that of the same number of " + reference.name(),
            Numbers.text(now / Times.MILLISECOND),
            Numbers.text(usual / Times.MILLISECOND) + " ms"),
        new Cause(
            "off-by-one",
            "one of the lists begins "
                + Math.abs(periods)
                + (Math.abs(periods) == 1 ? " message" : " messages")
                + " too early or too late"));
  }
}
