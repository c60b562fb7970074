package dev.lockstep.check.rig;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// TIM018: a stream runs at another rate than expected.

public final class RateOffProfile extends RigRule {
  private static final CheckCard.Parameter WARN =
      new CheckCard.Parameter(
          "warn",
          "%",
          RigProfile.PERIOD_WARN_PERCENT,
          "unless the profile says otherwise; judged: clocks of sensors are a hundred times"
              + " better");
  private static final CheckCard.Parameter ERROR =
      new CheckCard.Parameter(
          "error",
          "%",
          RigProfile.PERIOD_ERROR_PERCENT,
          "unless the profile says otherwise; the limit of NVIDIA's greenwave monitor");

  /// Fewest stamps that give a mean rate; judged.
  private static final int LEAST = 3;

  private static final CheckCard CARD =
      CheckCard.of(
          "TIM018",
          RateOffProfile.class,
          Severity.ERROR,
          "A stream runs at another rate than the rig profile or --require says.",
          WARN,
          ERROR);

  /// A rule without a profile.
  public RateOffProfile() {
    this(null);
  }

  private RateOffProfile(@Nullable RigProfile profile) {
    super(CARD, profile);
  }

  @Override
  public RateOffProfile with(RigProfile profile) {
    return new RateOffProfile(profile);
  }

  @Override
  String nothingKnown() {
    return "the rig profile knows no period of a stream that is there";
  }

  @Override
  void examine(RigSurvey survey, RigProfile profile, Results results) {
    for (RigSurvey.Measured each : survey.streams()) {
      List<RigProfile.Stream> known =
          profile.streams().stream()
              .filter(entry -> entry.period() != null && entry.fits(each.name()))
              .toList();
      if (!known.isEmpty() && each.stream().messages() > 0) {
        results.of(each.name(), sink -> judge(each, known, sink));
      }
    }
  }

  private static Conclusion judge(
      RigSurvey.Measured each, List<RigProfile.Stream> known, CheckSink sink) {
    String why = each.unusable();
    if (why != null) {
      return Conclusion.undecided(why);
    }
    double periodNs = each.periodNs();
    if (each.stamps().size() < LEAST || !(periodNs > 0)) {
      return Conclusion.undecided("fewer than " + LEAST + " stamps that rise");
    }
    sink.measure("period", periodNs, "ns");
    for (RigProfile.Stream entry : known) {
      RigProfile.Period period = entry.period();
      double off = period == null ? 0 : 100 * Math.abs(periodNs / period.periodNs() - 1);
      if (period != null && off > period.warnPercent()) {
        boolean severe = off > period.errorPercent();
        double limit = (severe ? period.errorPercent() : period.warnPercent()) / 100;
        double rate = Times.SECOND / period.periodNs();
        sink.report(
            severe ? Severity.ERROR : Severity.WARNING,
            "the stream runs at another rate than expected",
            Location.stream(each.name()),
            new Evidence.OutOfRange(
                "rate",
                Times.SECOND / periodNs,
                rate / (1 + limit),
                limit < 1 ? rate / (1 - limit) : null,
                "Hz"));
        break;
      }
    }
    return Conclusion.examined(each.stamps().size(), "");
  }
}
