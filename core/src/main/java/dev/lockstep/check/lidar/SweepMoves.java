package dev.lockstep.check.lidar;

import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.lidar.SweepSides.Move;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.SweepProfile.PointTimes;
import dev.lockstep.model.SweepShape;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Follows how the sweeps of a stream lie to each other, and how the times of their points lie to
/// their directions. One analysis for the rules about either: a sweep that is turned has its times
/// at other directions too, and that is one fault.
///
/// What is known of a sweep is known one sweep later.
final class SweepMoves {
  /// Sweeps from which the usual is learned; judged: enough for a median.
  static final int LEARNED = 8;

  /// Differences that the usual one is the middle of; judged: two seconds at 10 Hz.
  private static final int WINDOW = 21;

  /// Times the usual difference that is no more usual; judged: corners of streets stay below 3.
  private static final double MORE = 4;

  /// Octaves by which two sweeps that have nothing wrong may differ, at least; judged.
  private static final double LEAST_APART = 0.1;

  /// Sweeps further apart have seen different things, ns; judged.
  private static final long LONGEST_NS = 250 * Times.MILLISECOND;

  /// Meters by which the mean height of points may change, at least; judged: bridges come nearer
  /// sweep by sweep.
  private static final double LEAST_LIFT = 0.5;

  private static final double LIFT_SIGMAS = 10;

  /// Agreement of directions and times of a LiDAR that turns evenly; judged: most have 0.99.
  private static final double STRONG = 0.9;

  private static final double WEAK = 0.75;

  /// A sweep that moved against the one before the fault.
  ///
  /// @param sides how, where the points moved
  /// @param degrees how far the beam's directions stand from those of its times
  /// @param backward whether the beam runs the other way
  record Moved(long message, long stampNs, SweepSides sides, double degrees, boolean backward) {}

  private static final SweepSides STILL = new SweepSides(0, Move.NONE, 0);

  private final List<Moved> turned = new ArrayList<>();
  private final List<Moved> mistimed = new ArrayList<>();

  private long lastMessage = -1;
  private long lastStampNs = Times.NONE;
  private float @Nullable [] last;
  private double lastHeight = Double.NaN;

  // Distances.
  private final double[] window = new double[WINDOW];
  private int filled;
  private int oldest;
  private long compared;
  private boolean quiet;
  private final SweepObserver.Usual lifts = new SweepObserver.Usual(2 * WINDOW);
  private SweepSides move = STILL;
  private boolean sure;

  // Beam.
  private final List<BeamSweep> learning = new ArrayList<>();
  private final SweepObserver.Usual steps = new SweepObserver.Usual(LEARNED);
  private final SweepObserver.Usual changes = new SweepObserver.Usual(2 * WINDOW);
  private final SweepObserver.Usual spans = new SweepObserver.Usual(WINDOW);
  private double turnNs;
  private int sign;
  private boolean beamKnown;
  private double phase = Double.NaN;
  private long beamsExamined;

  // The sweep before, whose fate the present one decides.
  private @Nullable Moved held;
  private boolean heldTurned;
  private boolean heldMistimed;

  private record BeamSweep(long message, long stampNs, SweepProfile profile) {}

  static SweepMoves of(SharedAnalyses shared) {
    return shared.get(SweepMoves.class, SweepMoves::new);
  }

  /// The next sweep; one that another rule has brought already is left alone.
  void accept(long message, long stampNs, SweepProfile profile) {
    if (message <= lastMessage) {
      return;
    }
    boolean follows = follows(message, stampNs);
    SweepShape shape = profile.shape();
    float[] ranges = shape == null ? null : SweepSides.ranges(shape);
    boolean before = move.move() != Move.NONE;
    double height = shape == null ? Double.NaN : shape.height();
    boolean settled = sides(follows, stampNs, ranges, height - lastHeight);
    release(settled && before);
    double off = beam(follows, message, stampNs, profile);
    boolean beamed = beamKnown && sign != 0;
    boolean backward = off == BACKWARD;
    boolean now = move.move() != Move.NONE;
    held = new Moved(message, stampNs, move, backward ? 0 : off, backward);
    // Where times tell how the beam ran, they decide, and distances say only what it was.
    boolean turns = move.move() == Move.TURNED || move.move() == Move.MIRRORED;
    heldTurned = now && !(beamed && turns);
    heldMistimed = !Double.isNaN(off);
    lastMessage = message;
    lastStampNs = stampNs;
    last = ranges;
    lastHeight = height;
  }

  private static final double BACKWARD = 1e3;
  private static final double DISORDERED = 2e3;

  private boolean follows(long message, long stampNs) {
    if (last == null || message != lastMessage + 1) {
      return false;
    }
    if (stampNs == Times.NONE || lastStampNs == Times.NONE) {
      return true;
    }
    long stepNs = Times.difference(stampNs, lastStampNs);
    return stepNs <= LONGEST_NS;
  }

  /// Hands out what became of the sweep before.
  ///
  /// @param confirmed whether a move that it was in has proved to be one
  private void release(boolean confirmed) {
    Moved sweep = held;
    held = null;
    if (sweep == null) {
      return;
    }
    if (heldTurned && confirmed) {
      turned.add(sweep);
    } else if (heldMistimed && !heldTurned) {
      mistimed.add(sweep);
    }
  }

  /// Compares the distances; whether the move that the sweep before was in is one.
  private boolean sides(boolean follows, long stampNs, float @Nullable [] ranges, double lift) {
    float[] before = last;
    if (!follows || before == null || ranges == null) {
      boolean was = sure;
      if (!sure) {
        move = STILL;
      }
      quiet = false;
      return was;
    }
    double apart = SweepSides.apart(before, ranges);
    if (Double.isNaN(apart)) {
      boolean was = sure;
      move = sure ? move : STILL;
      quiet = false;
      return was;
    }
    double usual = usualApart();
    boolean known = filled >= LEARNED;
    compared += known ? 1 : 0;
    double limit = Math.max(MORE * usual, LEAST_APART);
    boolean level = move.move() == Move.NONE || move.move() == Move.LIFTED;
    boolean lifted =
        known && level && Math.abs(lift) > Math.max(LEAST_LIFT, LIFT_SIGMAS * lifts.sigma());
    if (!known || apart <= limit && !lifted) {
      learn(apart);
      if (!Double.isNaN(lift)) {
        lifts.add(lift);
      }
      quiet = true;
      sure = move.move() != Move.NONE;
      return sure;
    }
    SweepSides found =
        apart > limit
            ? SweepSides.of(
                before, ranges, Math.max(usual, LEAST_APART / MORE), leastSectors(stampNs))
            : new SweepSides(apart, Move.LIFTED, lift);
    if (move.move() == Move.NONE) {
      if (quiet && found.move() != Move.NONE) {
        move = found;
        sure = false;
      }
      quiet = false;
      return false;
    }
    if (found.undoes(move)) {
      move = STILL;
      sure = false;
      quiet = true;
      return true;
    }
    quiet = false;
    if (!sure) {
      move = STILL;
      return false;
    }
    return true;
  }

  private int leastSectors(long stampNs) {
    double degrees = SweepTurned.TURN.value();
    if (stampNs != Times.NONE && lastStampNs != Times.NONE) {
      double seconds = (double) Times.difference(stampNs, lastStampNs) / Times.SECOND;
      degrees = Math.max(degrees, SweepTurned.RATE.value() * seconds);
    }
    return (int) Math.ceil(degrees * SweepShape.SECTORS / 360);
  }

  private void learn(double apart) {
    if (filled < WINDOW) {
      window[filled++] = apart;
    } else {
      window[oldest] = apart;
      oldest = (oldest + 1) % WINDOW;
    }
  }

  /// Middle of the latest usual differences, octaves.
  double usualApart() {
    double[] sorted = Arrays.copyOf(window, filled);
    Arrays.sort(sorted);
    return filled == 0 ? 0 : sorted[filled / 2];
  }

  /// Sweeps whose distances were compared.
  long compared() {
    return compared;
  }

  /// Sweeps whose times were held against directions.
  long beamsExamined() {
    return beamsExamined;
  }

  /// How far the beam stands from where its times have it, degrees; NaN where nothing is wrong or
  /// known.
  private double beam(boolean follows, long message, long stampNs, SweepProfile profile) {
    PointTimes times = profile.pointTimes();
    if (times == null || !profile.hasBeamTimes()) {
      return Double.NaN;
    }
    double spanNs = (double) profile.lastNs() - profile.firstNs();
    if (follows && stampNs != Times.NONE && lastStampNs != Times.NONE && stampNs > lastStampNs) {
      steps.add((double) stampNs - lastStampNs);
    }
    if (!beamKnown) {
      spans.add(spanNs);
      learning.add(new BeamSweep(message, stampNs, profile));
      if (steps.isKnown()) {
        learnBeam();
      }
      return Double.NaN;
    }
    if (times.descents() * 10L > times.looked()) {
      // Times in no order are for LID006.
      return Double.NaN;
    }
    if (sign == 0 || Math.abs(spanNs / spans.median() - 1) > SAME_SPAN) {
      return Double.NaN;
    }
    return judgeBeam(follows, profile);
  }

  /// Spans that differ by more are for the rule about spans.
  private static final double SAME_SPAN = 0.2;

  private void learnBeam() {
    beamKnown = true;
    turnNs = steps.median();
    int ahead = 0;
    int back = 0;
    for (BeamSweep sweep : learning) {
      ahead += BeamPhase.of(sweep.profile, turnNs, 1).strength() > STRONG ? 1 : 0;
      back += BeamPhase.of(sweep.profile, turnNs, -1).strength() > STRONG ? 1 : 0;
    }
    sign = 3 * ahead > 2 * learning.size() ? 1 : 3 * back > 2 * learning.size() ? -1 : 0;
    for (BeamSweep sweep : learning) {
      if (sign != 0) {
        judgeBeam(true, sweep.profile);
      }
    }
    learning.clear();
  }

  private double judgeBeam(boolean follows, SweepProfile profile) {
    BeamPhase here = BeamPhase.of(profile, turnNs, sign);
    if (Double.isNaN(here.strength())) {
      return Double.NaN;
    }
    beamsExamined++;
    if (!(here.strength() >= WEAK)) {
      boolean backward = BeamPhase.of(profile, turnNs, -sign).strength() >= STRONG;
      return backward ? BACKWARD : DISORDERED;
    }
    if (Double.isNaN(phase) || !follows && Double.isNaN(expected())) {
      phase = here.degrees();
      return Double.NaN;
    }
    double off = BeamPhase.between(expected(), here.degrees());
    if (changes.count() >= LEARNED && Math.abs(off) > limitDegrees()) {
      // The course that was expected goes on.
      phase = expected();
      return off;
    }
    changes.add(BeamPhase.between(phase, here.degrees()));
    phase = here.degrees();
    return Double.NaN;
  }

  private double expected() {
    return phase + (changes.count() >= LEARNED ? changes.median() : 0);
  }

  /// Degrees that a beam may stand off its course.
  double limitDegrees() {
    return Math.max(
        PointTimesOffAzimuth.OFF.value(), PointTimesOffAzimuth.SIGMAS.value() * changes.sigma());
  }

  /// Why no times could be held against directions.
  String beamUnknown() {
    return !beamKnown
        ? "fewer than " + LEARNED + " sweeps in a row whose points have times"
        : "the beam does not turn evenly once a sweep";
  }

  /// No sweep follows.
  void end() {
    release(sure);
  }

  /// Hands over sweeps whose points moved.
  void takeTurned(Consumer<Moved> to) {
    turned.forEach(to);
    turned.clear();
  }

  /// Hands over sweeps whose times alone moved.
  void takeMistimed(Consumer<Moved> to) {
    mistimed.forEach(to);
    mistimed.clear();
  }

  /// Whether times and directions have nothing to do with each other.
  static boolean disordered(Moved moved) {
    return moved.degrees() == DISORDERED;
  }
}
