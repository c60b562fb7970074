package dev.lockstep.check.rig;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Modality;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.Severity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// SYN018: messages are far smaller, or sweeps hold far fewer points, than on the good drives.

public final class MessagesCollapsed extends RigRule {
  private static final CheckCard.Parameter SIZE =
      new CheckCard.Parameter(
          "min-size", "%", 25, "of the median of the profile; judged: night halves images");
  private static final CheckCard.Parameter LEAST =
      new CheckCard.Parameter(
          "min-size-of-least", "%", 50, "of the shortest message of the profile; judged");
  private static final CheckCard.Parameter RUN =
      new CheckCard.Parameter(
          "min-run", "messages", 3, "of those that are looked at; judged: one is an accident");
  private static final CheckCard.Parameter WARN_POINTS =
      new CheckCard.Parameter(
          "warn-points", "%", 50, "of the profile; Autoware's concatenation monitor warns below");
  private static final CheckCard.Parameter ERROR_POINTS =
      new CheckCard.Parameter(
          "error-points", "%", 20, "of the profile; Autoware's concatenation monitor errs below");

  private static final CheckCard CARD =
      CheckCard.of(
          "SYN018",
          MessagesCollapsed.class,
          Severity.ERROR,
          "Messages are far smaller, or sweeps hold far fewer points, than on the good drives.",
          SIZE,
          LEAST,
          RUN,
          WARN_POINTS,
          ERROR_POINTS);

  /// A rule without a profile.
  public MessagesCollapsed() {
    this(null);
  }

  private MessagesCollapsed(@Nullable RigProfile profile) {
    super(CARD, profile);
  }

  @Override
  public MessagesCollapsed with(RigProfile profile) {
    return new MessagesCollapsed(profile);
  }

  @Override
  String nothingKnown() {
    return "the rig profile knows no size of a stream that is there";
  }

  @Override
  void examine(RigSurvey survey, RigProfile profile, Results results) {
    each(
        survey,
        profile,
        entry -> entry.sizeBytes() > 0 || entry.points() > 0,
        (measured, entry) -> results.of(measured.name(), sink -> judge(measured, entry, sink)));
  }

  private static Conclusion judge(
      RigSurvey.Measured each, RigProfile.Stream entry, CheckSink sink) {
    double[] points = each.points();
    if (entry.points() > 0 && points.length > 0) {
      judgePoints(each, entry.points(), Medians.of(points), sink);
      return Conclusion.examined(points.length, "");
    }
    List<Alignment.Sample> samples = each.stream().samples();
    if (entry.sizeBytes() > 0) {
      sink.measure("size-median", Medians.of(each.sizes()), "bytes");
      judgeSizes(each, entry, samples, sink);
    }
    return Conclusion.examined(
        entry.sizeBytes() > 0 ? samples.size() : 0, "the number of points is not known");
  }

  private static void judgePoints(
      RigSurvey.Measured each, int usual, double median, CheckSink sink) {
    sink.measure("points-median", median, "");
    double percent = 100 * median / usual;
    if (percent < WARN_POINTS.value()) {
      boolean severe = percent < ERROR_POINTS.value();
      double limit = (severe ? ERROR_POINTS : WARN_POINTS).value() / 100;
      sink.report(
          severe ? Severity.ERROR : Severity.WARNING,
          "sweeps hold far fewer points than on the good drives",
          Location.stream(each.name()),
          new Evidence.OutOfRange(
              "points of the median sweep where " + usual + " are usual",
              (long) median,
              (long) Math.ceil(limit * usual),
              null,
              ""));
    }
  }

  /// The least size that is no collapse, bytes.
  private static double limitBytes(RigProfile.Stream entry) {
    double limit = SIZE.value() / 100 * entry.sizeBytes();
    return entry.leastBytes() > 0
        ? Math.min(limit, LEAST.value() / 100 * entry.leastBytes())
        : limit;
  }

  private static void judgeSizes(
      RigSurvey.Measured each,
      RigProfile.Stream entry,
      List<Alignment.Sample> samples,
      CheckSink sink) {
    double limit = limitBytes(entry);
    int from = -1;
    for (int i = 0; i <= samples.size(); i++) {
      boolean small = i < samples.size() && samples.get(i).lengthBytes() < limit;
      if (small && from < 0) {
        from = i;
      } else if (!small && from >= 0) {
        if (i - from >= RUN.value()) {
          report(each, entry, samples.subList(from, i), limit, sink);
        }
        from = -1;
      }
    }
  }

  private static void report(
      RigSurvey.Measured each,
      RigProfile.Stream entry,
      List<Alignment.Sample> run,
      double limit,
      CheckSink sink) {
    long first = run.getFirst().message();
    long last = run.getLast().message();
    Location at =
        last < each.stream().stampsNs().length
            ? each.stream().location((int) first, (int) last)
            : Location.stream(each.name()).withMessages(first, last);
    sink.report(
        each.modality() == Modality.CAMERA ? Severity.ERROR : Severity.WARNING,
        "messages are far smaller than on the good drives",
        at,
        new Evidence.OutOfRange(
            "size where " + entry.sizeBytes() + " bytes are usual",
            run.stream().mapToInt(Alignment.Sample::lengthBytes).min().orElse(0),
            (long) Math.ceil(limit),
            null,
            "bytes"));
  }
}
