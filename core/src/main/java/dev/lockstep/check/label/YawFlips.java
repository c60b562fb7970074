package dev.lockstep.check.label;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.geometry.Angles;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// LAB008: a box turns faster than its object can, or points backwards all along its way.
public final class YawFlips extends TrackRule {
  private static final double MIN_STEP_DEGREES = 30;
  private static final double MIN_STEP_TURNING_DEGREES = 60;
  private static final double MIN_STEP_UNKNOWN_SPEED_DEGREES = 120;
  private static final double NOISE_DEGREES = 15;
  private static final double SQUARE = 0.2;
  private static final double BACKWARDS_DEGREES = 150;
  private static final double MIN_SPEED = 1;
  private static final double MIN_SPEED_REVERSIBLE = 3;

  /// Where an object may turn by more than this, its front and back cannot be told apart (judged).
  private static final double MAX_LIMIT_DEGREES = 150;

  /// In a longer time people may have turned round (judged).
  private static final double MAX_TURNING_SECONDS = 0.25;

  /// Turning rate of a vehicle that carries sensors, rad/s (judged: a tight corner).
  private static final double MAX_SENSOR_YAW_RATE = 0.8;

  /// Slower people stand, and may turn on the spot, m/s (research D0).
  private static final double WALKING = 0.5;

  /// Boxes and way from which the motion of a track is known (judged).
  private static final int MIN_MOVING_BOXES = 10;

  private static final double MIN_WAY_METERS = 5;

  /// Turns with no more boxes between them than this are one fault.
  private static final int JOIN_BOXES = 5;

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB008",
          YawFlips.class,
          Severity.ERROR,
          "A heading jumps, or points against the motion.",
          new CheckCard.Parameter(
              "min-step", "deg", MIN_STEP_DEGREES, "clean vehicles stay below 7 at 10 Hz"),
          new CheckCard.Parameter(
              "min-step-turning",
              "deg",
              MIN_STEP_TURNING_DEGREES,
              "clean pedestrians stay below 51 at 10 Hz"),
          new CheckCard.Parameter(
              "min-step-unknown-speed",
              "deg",
              MIN_STEP_UNKNOWN_SPEED_DEGREES,
              "people in a frame that moves; judged"),
          new CheckCard.Parameter("noise", "deg", NOISE_DEGREES, "judged"),
          new CheckCard.Parameter("square", "", SQUARE, "sides alike: no heading; judged"),
          new CheckCard.Parameter(
              "backwards", "deg", BACKWARDS_DEGREES, "median over the track; judged"),
          new CheckCard.Parameter(
              "min-speed", "m/s", MIN_SPEED, "below, motion has no direction; judged"),
          new CheckCard.Parameter(
              "min-speed-reversible", "m/s", MIN_SPEED_REVERSIBLE, "faster than parking; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  @Nullable String obstacle(SharedEvidence evidence) {
    return evidence.tracks().flat() ? "boxes are 2D: they have no heading" : null;
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    Tracks tracks = evidence.tracks();
    Search search = new Search(tracks, evidence, sink);
    for (int track = 0; track < tracks.count(); track++) {
      search.track(track);
    }
    if (!tracks.grounded() && tracks.blind() == null) {
      search.backwardsInMovingFrame();
    }
    sink.measure("tracks-with-known-motion", search.moving, "");
    return Conclusion.examined(
        search.examined, "no two boxes of an object with a front follow each other closely enough");
  }

  private static final class Search {
    private final Tracks tracks;
    private final SharedEvidence evidence;
    private final CheckSink sink;
    private long examined;
    private int moving;

    Search(Tracks tracks, SharedEvidence evidence, CheckSink sink) {
      this.tracks = tracks;
      this.evidence = evidence;
      this.sink = sink;
    }

    void track(int track) {
      int start = tracks.start(track);
      int end = tracks.end(track);
      int first = -1;
      int last = -1;
      int turns = 0;
      boolean lasting = false;
      for (int i = start + 1; i < end; i++) {
        double limit = limit(i);
        if (Double.isNaN(limit)) {
          continue;
        }
        examined++;
        if (tracks.turnAtMost(i - 1, i) <= limit
            || Math.abs(Angles.difference(tracks.yaw(i), tracks.yaw(i - 1))) <= limit
            || evidence.switchedAt(tracks.row(i))
            || evidence.elsewhereAt(i)) {
          continue;
        }
        boolean back =
            first >= 0
                && turns % 2 == 1
                && Math.abs(Angles.difference(tracks.yaw(i), tracks.yaw(first - 1)))
                    <= limit + turned(first, i);
        if (first >= 0 && !back && (turns % 2 == 1 || i - last > JOIN_BOXES)) {
          report(first, last, turns);
          lasting |= turns % 2 == 1;
          first = -1;
        }
        if (first < 0) {
          first = i;
          turns = 0;
        }
        turns++;
        last = i;
      }
      if (first >= 0) {
        report(first, last, turns);
        lasting |= turns % 2 == 1;
      }
      if (!lasting) {
        backwards(track);
      }
    }

    /// How far the object may have turned between two boxes of its track.
    private double turned(int from, int to) {
      double rate = tracks.kind(to).maxYawRate();
      return Double.isInfinite(rate)
          ? Math.toRadians(MIN_STEP_DEGREES)
          : Math.min(Math.PI / 4, rate * (tracks.t[to] - tracks.t[from]));
    }

    /// Largest turn that box `i` may make against the box before it, radians; NaN where nothing can
    /// be said.
    private double limit(int i) {
      ObjectKind kind = tracks.kind(i);
      if (!kind.directed() || square(i) && !SideExchange.at(tracks, i)) {
        return Double.NaN;
      }
      double seconds = tracks.t[i] - tracks.t[i - 1];
      if (Double.isInfinite(kind.maxYawRate())) {
        if (seconds > MAX_TURNING_SECONDS) {
          return Double.NaN;
        }
        if (!tracks.grounded()) {
          return Math.toRadians(MIN_STEP_UNKNOWN_SPEED_DEGREES);
        }
        double dx = tracks.x[i] - tracks.x[i - 1];
        double dy = tracks.y[i] - tracks.y[i - 1];
        double way = Math.sqrt(dx * dx + dy * dy);
        return way < WALKING * seconds ? Double.NaN : Math.toRadians(MIN_STEP_TURNING_DEGREES);
      }
      double swing = tracks.grounded() ? 0 : MAX_SENSOR_YAW_RATE;
      double limit =
          Math.max(
              MIN_STEP_DEGREES,
              Math.toDegrees((kind.maxYawRate() + swing) * seconds) + NOISE_DEGREES);
      return limit > MAX_LIMIT_DEGREES ? Double.NaN : Math.toRadians(limit);
    }

    private boolean square(int i) {
      double length = tracks.dimension(i, 0);
      double width = tracks.dimension(i, 1);
      return Math.abs(length - width) <= SQUARE * Math.max(length, width);
    }

    private void report(int first, int last, int turns) {
      double degrees = Math.toDegrees(Angles.difference(tracks.yaw(first), tracks.yaw(first - 1)));
      boolean lasting = turns % 2 == 1;
      int lastRow = tracks.row(lasting ? last : last - 1);
      if (turns == 1) {
        lastRow = tracks.row(first);
      }
      double seconds = tracks.t[first] - tracks.t[first - 1];
      LabelSet labels = tracks.labels();
      @Nullable Cause cause = null;
      if (SideExchange.at(tracks, first)) {
        cause =
            new Cause(
                "sides-exchanged",
                "length and width are exchanged: the same rectangle, written another way");
      } else if (Math.abs(degrees) > BACKWARDS_DEGREES) {
        cause = new Cause("front-and-back", "front and back of the box are exchanged");
      }
      sink.report(
          Severity.ERROR,
          lasting ? "heading jumps" : "heading jumps and returns",
          labels.location(tracks.row(first), lastRow),
          Evidence.OutOfRange.rounded(
              turns > 2 ? "first of " + turns + " turns" : "turn",
              Math.abs(degrees),
              null,
              Math.toDegrees(limit(first)),
              1,
              "deg in " + Numbers.text(Math.rint(seconds * 1000) / 1000) + " s"),
          cause);
    }

    /// Whether a track moves far enough to be judged, and beyond doubt along its heading: what most
    /// tracks do, found without an angle.
    private boolean forwards(int start, int end, double slowest) {
      int n = 0;
      int along = 0;
      double way = 0;
      for (int i = start + 1; i < end - 1; i++) {
        double dx = tracks.x[i + 1] - tracks.x[i - 1];
        double dy = tracks.y[i + 1] - tracks.y[i - 1];
        double distance = Math.sqrt(dx * dx + dy * dy);
        double least = slowest * (tracks.t[i + 1] - tracks.t[i - 1]);
        if (distance < least * (1 - 1e-9)) {
          continue;
        }
        // What may be too slow counts as moving, but not as moving along.
        n++;
        if (distance > least * (1 + 1e-9) && !square(i) && tracks.pointsAlong(i, dx, dy)) {
          along++;
          way += distance / 2;
        }
      }
      return along >= MIN_MOVING_BOXES && way > MIN_WAY_METERS + 1e-6 && 2 * along > n + 1;
    }

    /// Reports tracks that most others say to move against their headings.
    private void backwardsInMovingFrame() {
      for (HeadingVotes.Flip flip : new HeadingVotes(tracks, MIN_SPEED_REVERSIBLE).find()) {
        if (evidence.motionFalse(flip.track())) {
          continue;
        }
        moving++;
        int start = tracks.start(flip.track());
        int end = tracks.end(flip.track());
        sink.report(
            Severity.WARNING,
            "track moves backwards all along",
            tracks.labels().location(tracks.row(start), tracks.row(end - 1)),
            Evidence.OutOfRange.rounded(
                "speed against its heading, if the headings of others at "
                    + flip.instants()
                    + " instants are right,",
                flip.against(),
                null,
                MIN_SPEED_REVERSIBLE,
                1,
                "m/s"),
            new Cause("front-and-back", "front and back of the box are exchanged"));
      }
    }

    /// Reports a track that moves against its heading nearly all the time.
    private void backwards(int track) {
      int start = tracks.start(track);
      int end = tracks.end(track);
      if (!tracks.grounded() || end - start < MIN_MOVING_BOXES) {
        return;
      }
      ObjectKind kind = tracks.kind(start);
      if (!kind.directed()) {
        return;
      }
      boolean reversible = kind != ObjectKind.PEDESTRIAN && kind != ObjectKind.CYCLIST;
      double slowest = reversible ? MIN_SPEED_REVERSIBLE : MIN_SPEED;
      if (forwards(start, end, slowest)) {
        moving++;
        return;
      }
      double[] angles = new double[end - start];
      int n = 0;
      double way = 0;
      for (int i = start + 1; i < end - 1; i++) {
        double dx = tracks.x[i + 1] - tracks.x[i - 1];
        double dy = tracks.y[i + 1] - tracks.y[i - 1];
        double distance = Math.hypot(dx, dy);
        if (distance >= slowest * (tracks.t[i + 1] - tracks.t[i - 1]) && !square(i)) {
          angles[n++] = Math.abs(Angles.difference(tracks.yaw(i), Math.atan2(dy, dx)));
          way += distance / 2;
        }
      }
      if (n < MIN_MOVING_BOXES || way < MIN_WAY_METERS) {
        return;
      }
      moving++;
      Arrays.sort(angles, 0, n);
      double median = Math.toDegrees(angles[n / 2]);
      if (median > BACKWARDS_DEGREES && !evidence.motionFalse(track)) {
        sink.report(
            Severity.WARNING,
            "track moves backwards all along",
            tracks.labels().location(tracks.row(start), tracks.row(end - 1)),
            Evidence.OutOfRange.rounded(
                "median angle between heading and motion of " + n + " boxes",
                median,
                null,
                BACKWARDS_DEGREES,
                1,
                "deg"),
            new Cause("front-and-back", "front and back of the box are exchanged"));
      }
    }
  }
}
