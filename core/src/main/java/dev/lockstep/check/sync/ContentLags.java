package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.Alignment.Turning;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.clock.TurnLag;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.model.TurnTrack;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// SYN021: what a sensor shows lies at another time than its stamps.
public final class ContentLags implements AlignmentCheck {
  private static final CheckCard.Parameter MARGIN =
      new CheckCard.Parameter(
          "margin",
          "ms",
          20,
          "beyond what stamps may mean; judged: filters of poses lag by that much");

  private static final CheckCard.Parameter SIGMAS =
      new CheckCard.Parameter(
          "sigmas", "", 5, "standard deviations of the offset that are added to the limit; judged");

  private static final CheckCard.Parameter ERROR =
      new CheckCard.Parameter(
          "max-error", "ms", 25, "an offset known less well decides nothing; judged");

  private static final CheckCard CARD =
      CheckCard.of(
          "SYN021",
          ContentLags.class,
          Severity.ERROR,
          "What a sensor shows happened at another time than its stamps say, by its turns.",
          MARGIN,
          SIGMAS,
          ERROR);

  private static final double MS_PER_SECOND = 1e3;

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public boolean readsTurns() {
    return true;
  }

  @Override
  public String nothingToExamine() {
    return "no two streams show how their sensors turned (IMU, poses, labels)";
  }

  @Override
  public void examine(Alignment alignment, Results results) {
    List<Turning> turning = turning(alignment);
    int finest = finest(turning);
    if (finest < 0 || turning.size() < 2) {
      return;
    }
    Turning reference = turning.get(finest);
    List<Pair> pairs = new ArrayList<>();
    for (int other = 0; other < turning.size(); other++) {
      if (other != finest) {
        pairs.add(Pair.of(reference, turning.get(other)));
      }
    }
    boolean blamed = blamed(pairs);
    boolean attributed = blamed || pairs.stream().anyMatch(pair -> pair.decided() && !pair.off());
    for (Pair pair : pairs) {
      boolean first = pair == pairs.getFirst();
      results.of(
          AlignmentCheck.pair(reference.info().name(), pair.other.info().name()),
          sink -> pair.judge(blamed, first, attributed, sink));
    }
  }

  /// Whether the reference itself is off: all others agree, and not with it.
  private static boolean blamed(List<Pair> pairs) {
    Pair before = null;
    int agreeing = 0;
    for (Pair pair : pairs) {
      if (!pair.decided()) {
        continue;
      }
      if (!pair.off()) {
        return false;
      }
      if (before != null
          && Math.abs(before.lagMs() - pair.lagMs()) > Math.max(before.limitMs, pair.limitMs)) {
        return false;
      }
      before = pair;
      agreeing++;
    }
    return agreeing > 1;
  }

  /// The streams that show turns; poses that belong to the whole recording where no stream has any.
  private static List<Turning> turning(Alignment alignment) {
    List<Turning> turning = new ArrayList<>();
    boolean measured = false;
    for (Turning one : alignment.turning()) {
      if (one.info().stampSource().measuredAtSensor()) {
        turning.add(one);
        measured |= !one.track().planar();
      }
    }
    PoseSeries poses = alignment.poses();
    if (poses != null && !measured) {
      turning.add(ofPoses(poses));
    }
    return turning;
  }

  /// The turns of a vehicle by its poses.
  public static Turning ofPoses(PoseSeries poses) {
    TurnTrack track = new TurnTrack(false);
    double[] values = poses.values();
    for (int i = 0; i < poses.size(); i++) {
      int at = i * PoseSeries.STRIDE;
      track.add(poses.stampsNs()[i], values[at + 1], values[at + 2], values[at + 3], values[at]);
    }
    StreamInfo info =
        StreamInfo.of(Integer.MAX_VALUE, "poses", Modality.POSE, StampSource.COLUMN, "", "");
    return new Turning(info, track, List.of());
  }

  /// Which stream measures turns finest, or -1.
  private static int finest(List<Turning> turning) {
    int finest = -1;
    long finestNs = Long.MAX_VALUE;
    for (int i = 0; i < turning.size(); i++) {
      TurnTrack track = turning.get(i).track();
      if (!track.planar() && track.periodNs() > 0 && track.periodNs() < finestNs) {
        finest = i;
        finestNs = track.periodNs();
      }
    }
    return finest;
  }

  /// A stream beside the reference.
  private static final class Pair {
    final Turning reference;
    final Turning other;
    final @Nullable TurnLag lag;
    final String why;
    final double limitMs;
    final double earliestMs;
    final double latestMs;

    private Pair(Turning reference, Turning other, @Nullable TurnLag lag, String why) {
      this.reference = reference;
      this.other = other;
      this.lag = lag;
      this.why = why;
      double half = other.track().periodNs() / 2.0 / Times.MILLISECOND;
      double sigmas = lag == null ? 0 : SIGMAS.value() * lag.errorSeconds() * MS_PER_SECOND;
      // Labels are of one instant of a sweep, and which is not told.
      double around = other.track().planar() ? half : 0;
      limitMs = MARGIN.value() + sigmas + half;
      earliestMs = -around - MARGIN.value() - sigmas;
      latestMs = around + MARGIN.value() + sigmas;
    }

    static Pair of(Turning reference, Turning other) {
      for (Turning one : List.of(reference, other)) {
        String wrong = one.wronglyStamped();
        if (wrong != null) {
          return new Pair(
              reference, other, null, wrong + " reports stamps of " + one.info().name());
        }
      }
      TurnLag lag = TurnLag.of(reference.track(), other.track());
      String why = lag.undecided();
      if (why == null && lag.errorSeconds() * MS_PER_SECOND > ERROR.value()) {
        why =
            "too little motion: the offset is known within "
                + Math.round(lag.errorSeconds() * MS_PER_SECOND)
                + " ms only";
      }
      return new Pair(reference, other, why == null ? lag : null, why == null ? "" : why);
    }

    boolean decided() {
      return lag != null;
    }

    double lagMs() {
      return lag == null ? Double.NaN : lag.lagSeconds() * MS_PER_SECOND;
    }

    /// Whether the offset is larger than the way sensors are stamped explains.
    boolean off() {
      return lagMs() < earliestMs || lagMs() > latestMs;
    }

    /// @param blamed whether all pairs show that the reference is off
    /// @param first whether this pair is the one that says so
    /// @param attributed whether others tell which of the two is off
    Conclusion judge(boolean blamed, boolean first, boolean attributed, CheckSink sink) {
      TurnLag found = lag;
      if (found == null) {
        return Conclusion.undecided(why);
      }
      sink.measure("content-offset", lagMs(), "ms");
      sink.measure("content-offset-error", found.errorSeconds() * MS_PER_SECOND, "ms");
      sink.measure("motion-agreement", found.agreement(), "");
      if (off() && (!blamed || first)) {
        report(found, blamed, attributed, sink);
      }
      return Conclusion.examined(found.intervals(), "");
    }

    private void report(TurnLag found, boolean blamed, boolean attributed, CheckSink sink) {
      Turning late = blamed ? reference : other;
      String against = blamed ? "all others" : reference.info().name();
      double showsMs = blamed ? -lagMs() : lagMs();
      TurnTrack track = late.track();
      Location at =
          late.info().id() == Integer.MAX_VALUE
              ? Location.stream(other.info().name())
              : Location.stream(late.info().name());
      sink.report(
          Severity.ERROR,
          attributed
              ? "what the sensor shows is not of the time of its stamps"
              : "two sensors show one motion at different stamps",
          at.withStamps(track.timesNs()[0], track.timesNs()[track.size() - 1]),
          new Evidence.Violation(
              "its turns",
              (showsMs < 0 ? "late by " : "early by ")
                  + tenths(Math.abs(showsMs))
                  + " ms against "
                  + against
                  + " (+-"
                  + tenths(found.errorSeconds() * MS_PER_SECOND)
                  + " ms, "
                  + Math.round(100 * found.agreement())
                  + " % explained)",
              "between " + tenths(earliestMs) + " and " + tenths(latestMs) + " ms"),
          cause(showsMs, late));
    }

    private static @Nullable Cause cause(double showsMs, Turning late) {
      double periodMs = (double) late.track().periodNs() / Times.MILLISECOND;
      long whole = periodMs == 0 ? 0 : Math.round(showsMs / periodMs);
      boolean near = Math.abs(showsMs - whole * periodMs) < 0.25 * periodMs;
      if (whole == 0 || !near || Math.abs(whole) > 3) {
        return null;
      }
      long places = Math.abs(whole);
      return new Cause(
          "content-" + (whole < 0 ? "behind" : "ahead"),
          "each stamp stands with the "
              + late.info().unit()
              + (places == 1 ? "" : " " + places + " places")
              + (whole < 0 ? " before its own" : " behind its own"));
    }

    private static String tenths(double value) {
      return Numbers.text(Math.rint(value * 10) / 10);
    }
  }
}
