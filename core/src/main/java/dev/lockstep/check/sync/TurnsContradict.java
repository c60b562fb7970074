package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.Alignment.Turning;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.clock.TurnGain;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// SYN022: two sensors of one vehicle show different turns, or do so from some moment on.
public final class TurnsContradict implements AlignmentCheck {
  /// Degrees in a radian, which tells that a rate is in degrees a second.
  private static final double DEGREES = 180 / Math.PI;

  /// Rules about readings of motion.
  private static final Set<String> MOTION = Set.of("INT044", "INT046");

  private static final CheckCard.Parameter CHANGE =
      new CheckCard.Parameter(
          "max-change", "", 0.5, "of the ratio of both turns, within a recording; judged");
  private static final CheckCard.Parameter SCALE =
      new CheckCard.Parameter(
          "max-scale", "", 3, "of one to the other, or one through it; judged: units are further");

  private static final CheckCard CARD =
      CheckCard.of(
          "SYN022",
          TurnsContradict.class,
          Severity.ERROR,
          "Two sensors of one vehicle show different turns, or do so from some moment on.",
          CHANGE,
          SCALE);

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
    return "no two streams show how their sensors turned (IMU, poses)";
  }

  @Override
  public void examine(Alignment alignment, Results results) {
    List<Turning> turning = new ArrayList<>();
    List<Turning> witnesses = new ArrayList<>();
    for (Turning one : alignment.turning()) {
      if (one.info().stampSource().measuredAtSensor()) {
        witnesses.add(one);
        if (!one.track().planar()) {
          turning.add(one);
        }
      }
    }
    if (turning.size() < 2) {
      return;
    }
    int finest = 0;
    for (int i = 1; i < turning.size(); i++) {
      if (turning.get(i).track().periodNs() < turning.get(finest).track().periodNs()) {
        finest = i;
      }
    }
    Turning reference = turning.get(finest);
    List<TurnGain> ofReference = new ArrayList<>();
    for (int i = 0; i < turning.size(); i++) {
      if (i != finest) {
        Turning other = turning.get(i);
        results.of(
            AlignmentCheck.pair(reference.info().name(), other.info().name()),
            sink -> judge(reference, other, witnesses, ofReference, sink));
      }
    }
  }

  /// @param witnesses all that show turns, these two included
  /// @param ofReference changes of the reference that were reported beside another stream: beside
  ///   this one they are the same fault
  private static Conclusion judge(
      Turning reference,
      Turning other,
      List<Turning> witnesses,
      List<TurnGain> ofReference,
      CheckSink sink) {
    for (Turning one : List.of(reference, other)) {
      String wrong = wrong(one);
      if (wrong != null) {
        return Conclusion.undecided(wrong + " reports " + one.info().name());
      }
    }
    TurnGain gain = TurnGain.of(reference.track(), other.track());
    String why = gain.undecided();
    if (why != null) {
      return Conclusion.undecided(why);
    }
    sink.measure("turn-ratio", gain.before(), "");
    String names = "of " + reference.info().name() + " to that of " + other.info().name();
    if (gain.changes(CHANGE.value())) {
      if (ofReference.stream().noneMatch(gain::isAt)) {
        reportChange(reference, other, gain, witnesses, ofReference, names, sink);
      }
    } else if (gain.scale() > SCALE.value() || gain.scale() < 1 / SCALE.value()) {
      sink.report(
          Severity.ERROR,
          "two sensors show turns of different size",
          Location.stream(other.info().name()),
          new Evidence.Violation(
              "turn " + names, ratio(gain.scale()) + because(gain.scale()), "about 1"));
    }
    return Conclusion.examined(gain.windows(), "");
  }

  private static void reportChange(
      Turning reference,
      Turning other,
      TurnGain gain,
      List<Turning> witnesses,
      List<TurnGain> ofReference,
      String names,
      CheckSink sink) {
    Boolean told = toldBy(reference, other, gain, witnesses);
    boolean isReference = told == null ? gain.ofReference() : told;
    if (told != null && told) {
      ofReference.add(gain);
    }
    Turning changed = isReference ? reference : other;
    Turning beside = isReference ? other : reference;
    boolean open = told == null && !gain.isPlain();
    sink.report(
        Severity.ERROR,
        "two sensors show the same turns, then different ones",
        Location.stream(changed.info().name()).withStamps(gain.changeNs(), gain.endNs()),
        new Evidence.Change(
            "turn " + names,
            ratio(gain.before()),
            ratio(gain.after()),
            detail(gain.after() / gain.before())
                + (open
                    ? "; or it is " + beside.info().name() + ", which of the two cannot be decided"
                    : "")));
  }

  /// Whether it is the reference that changed, by what a third stream shows at that moment: one of
  /// the two goes on as it was beside it, and one does not. Null where no third one can tell.
  private static @Nullable Boolean toldBy(
      Turning reference, Turning other, TurnGain gain, List<Turning> witnesses) {
    for (Turning witness : witnesses) {
      boolean third = !witness.equals(reference) && !witness.equals(other);
      if (third && wrong(witness) == null) {
        TurnGain one = TurnGain.of(reference.track(), witness.track());
        TurnGain two = TurnGain.of(other.track(), witness.track());
        if (one.undecided() == null && two.undecided() == null) {
          boolean ofOne = one.changes(CHANGE.value()) && one.isAt(gain);
          boolean ofTwo = two.changes(CHANGE.value()) && two.isAt(gain);
          if (ofOne != ofTwo) {
            return ofOne;
          }
        }
      }
    }
    return null;
  }

  /// Id of a rule that reports that some messages do not say how the sensor moved, or when; null
  /// where none does.
  private static @Nullable String wrong(Turning turning) {
    String stamps = turning.wronglyStamped();
    if (stamps != null) {
      return stamps;
    }
    for (Alignment.Absence absence : turning.absences()) {
      if (MOTION.contains(absence.check())) {
        return absence.check();
      }
    }
    return null;
  }

  private static String ratio(double value) {
    return Numbers.fixed(value, 2);
  }

  private static @Nullable String known(double factor) {
    if (Math.abs(factor / DEGREES - 1) < 0.2 || Math.abs(factor * DEGREES - 1) < 0.2) {
      return "as degrees are to radians";
    }
    if (Math.abs(factor + 1) < 0.3) {
      return "as if a sign had changed";
    }
    return Math.abs(factor) < 0.1 ? "as if one stood still or axes were exchanged" : null;
  }

  private static String detail(double factor) {
    String known = known(factor);
    return known == null ? "by turns in half seconds" : known;
  }

  private static String because(double factor) {
    String known = known(factor);
    return known == null ? "" : " (" + known + ")";
  }
}
