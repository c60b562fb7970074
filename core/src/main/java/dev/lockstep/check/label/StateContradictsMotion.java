package dev.lockstep.check.label;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// LAB022: an attribute says that an object stands or moves, and its boxes show the contrary.
public final class StateContradictsMotion extends TrackRule {
  static final double STANDING_SPEED = 1;
  static final double STANDING_SECONDS = 1;
  static final double MOVING_SPEED = 0.1;
  static final double MOVING_SECONDS = 3;

  /// Speeds are taken over at least that long: noise of 5 cm makes less than 0.1 m/s then.
  private static final double BASE_SECONDS = 0.9;

  private static final Pattern STANDING =
      Pattern.compile("(^|[^a-z])(parked|stopped|stationary|standing|static)([^a-z]|$)");
  private static final Pattern MOVING =
      Pattern.compile("(^|[^a-z])(moving|driving|in[ _-]motion)([^a-z]|$)");
  private static final List<String> YES = List.of("true", "yes", "1");
  private static final List<String> NO = List.of("false", "no", "0");

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB022",
          StateContradictsMotion.class,
          Severity.WARNING,
          "An attribute says that the object stands or moves, and its boxes show the contrary.",
          new CheckCard.Parameter(
              "standing-speed", "m/s", STANDING_SPEED, "a standing object is faster; judged"),
          new CheckCard.Parameter("standing-seconds", "s", STANDING_SECONDS, "so long; judged"),
          new CheckCard.Parameter(
              "moving-speed", "m/s", MOVING_SPEED, "a moving object is slower; judged"),
          new CheckCard.Parameter("moving-seconds", "s", MOVING_SECONDS, "so long; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  /// What an attribute says of motion.
  enum State {
    STANDING,
    MOVING
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    LabelSet labels = evidence.labels();
    boolean any = false;
    for (int row = 0; row < labels.size() && !any; row++) {
      any = state(labels, row) != null;
    }
    if (!any) {
      return Conclusion.undecided("no attribute says whether objects stand or move");
    }
    Tracks tracks = evidence.tracks();
    if (!tracks.grounded()) {
      return Conclusion.undecided(
          "the frame of the boxes moves with the vehicle, and no poses are known");
    }
    long examined = 0;
    for (int track = 0; track < tracks.count(); track++) {
      boolean told = evidence.motionFalse(track);
      int start = tracks.start(track);
      int end = tracks.end(track);
      for (int from = start; from < end; ) {
        State state = state(labels, tracks.row(from));
        int to = from + 1;
        while (to < end && state(labels, tracks.row(to)) == state) {
          to++;
        }
        if (state != null) {
          examined += to - from;
          if (!told) {
            judge(tracks, evidence, state, from, to, sink);
          }
        }
        from = to;
      }
    }
    return Conclusion.examined(examined, "no box with a state");
  }

  /// What a row says, or null.
  static @Nullable State state(LabelSet labels, int row) {
    for (Attribute attribute : labels.details().attributes(row)) {
      String value = attribute.value().toLowerCase(Locale.ROOT);
      String name = attribute.name().toLowerCase(Locale.ROOT);
      State said = null;
      if (YES.contains(value)) {
        said = said(name);
      } else if (NO.contains(value)) {
        said = said(name) == State.MOVING ? State.STANDING : null;
      } else {
        said = said(value);
      }
      if (said != null) {
        return said;
      }
    }
    return null;
  }

  private static @Nullable State said(String text) {
    boolean standing = STANDING.matcher(text).find();
    boolean moving = MOVING.matcher(text).find();
    return standing == moving ? null : standing ? State.STANDING : State.MOVING;
  }

  /// Reports the longest stretch of boxes `[from, to)` of one state that contradicts it.
  private static void judge(
      Tracks tracks, SharedEvidence evidence, State state, int from, int to, CheckSink sink) {
    boolean standing = state == State.STANDING;
    int bestFirst = -1;
    int bestLast = -1;
    int first = -1;
    for (int i = from; i < to; i++) {
      double speed = speed(tracks, i, from, to);
      boolean against = standing ? speed > STANDING_SPEED : speed < MOVING_SPEED;
      if (!against || evidence.switchedAt(tracks.row(i))) {
        first = -1;
        continue;
      }
      first = first < 0 ? i : first;
      if (bestFirst < 0 || seconds(tracks, first, i) > seconds(tracks, bestFirst, bestLast)) {
        bestFirst = first;
        bestLast = i;
      }
    }
    if (bestFirst < 0
        || seconds(tracks, bestFirst, bestLast) < (standing ? STANDING_SECONDS : MOVING_SECONDS)) {
      return;
    }
    double way =
        Math.hypot(
            tracks.x[bestLast] - tracks.x[bestFirst], tracks.y[bestLast] - tracks.y[bestFirst]);
    double mean = Math.rint(100 * way / seconds(tracks, bestFirst, bestLast)) / 100;
    if (standing ? mean < STANDING_SPEED : mean > MOVING_SPEED) {
      return;
    }
    sink.report(
        Severity.WARNING,
        standing
            ? "an object that is said to stand moves"
            : "an object that is said to move stands",
        tracks.labels().location(tracks.row(bestFirst), tracks.row(bestLast)),
        new Evidence.OutOfRange(
            "mean speed over " + Math.rint(10 * seconds(tracks, bestFirst, bestLast)) / 10 + " s",
            mean,
            standing ? null : MOVING_SPEED,
            standing ? STANDING_SPEED : null,
            "m/s"));
  }

  private static double seconds(Tracks tracks, int first, int last) {
    return tracks.t[last] - tracks.t[first];
  }

  /// Speed on the ground around a box, within `[from, to)`; NaN where that is too short.
  private static double speed(Tracks tracks, int i, int from, int to) {
    int before = i;
    int after = i;
    while (tracks.t[after] - tracks.t[before] < BASE_SECONDS) {
      boolean back = before > from;
      boolean on = after < to - 1;
      if (!back && !on) {
        return Double.NaN;
      }
      before -= back ? 1 : 0;
      after += on ? 1 : 0;
    }
    double dx = tracks.x[after] - tracks.x[before];
    double dy = tracks.y[after] - tracks.y[before];
    return Math.hypot(dx, dy) / (tracks.t[after] - tracks.t[before]);
  }
}
