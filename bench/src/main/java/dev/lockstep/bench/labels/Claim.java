package dev.lockstep.bench.labels;

import dev.lockstep.geometry.Angles;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.synth.fault.LabelTable.Box;
import java.util.Locale;
import java.util.regex.Pattern;

/// What the labels themselves leave open: events of which no reader of labels alone can say whether
/// they are faults. They are judged by the undamaged labels and by lists of their own, not by what
/// the rules say, and are counted apart from misses.
final class Claim {
  /// People, animals and what they ride change their outline from one instant to the next; what
  /// bends has no size; what "misc" holds is anybody's guess.
  private static final Pattern NO_FIXED_SIZE =
      Pattern.compile(
          "pedestrian|person|people|cyclist|bicycle|motor.?cycl|wheel|stroller|animal|dog|rider"
              + "|trailer|articulated|tram|misc");

  /// People turn on the spot, and round things have no front.
  private static final Pattern NO_HEADING =
      Pattern.compile(
          "pedestrian|person|people|stroller|animal|dog|misc|bollard|cone|sign|barrel|barrier");

  /// How far an exchange must move labels, in variances of the noise that was added to them: a
  /// reader who knew that noise and every way exactly would find half of these exchanges at one
  /// false finding in 10,000 instants, and less of smaller ones. Of a wrong pose, whose four
  /// numbers such a reader would fit, it is the same: chance makes 23.5 of them once in 10,000, and
  /// 20 and what chance adds are as much every second time.
  private static final double MIN_POWER = 20;

  /// Hidden or cut off by more, or with fewer points, an object may be left out on purpose.
  private static final double MAX_HIDDEN = 0.5;

  private static final int MIN_POINTS = 5;

  private Claim() {}

  /// Whether labels can decide the event.
  ///
  /// @param clean the labels without the fault
  /// @param power of faults of whole instants, how far they move labels, in variances of added
  ///   noise
  static boolean decidable(FaultClass kind, Event event, LabelTable clean, double power) {
    return switch (kind.id()) {
      // What comes back to the last bit needs no power.
      case "F05", "F25" -> power >= MIN_POWER;
      case "F11" -> !is(NO_FIXED_SIZE, event, clean);
      case "F12" -> !is(NO_HEADING, event, clean);
      case "F13" -> inView(event, clean) && !hidden(event, clean);
      default -> true;
    };
  }

  private static boolean is(Pattern words, Event event, LabelTable clean) {
    for (Box box : clean.boxes) {
      if (event.tracks().contains(box.track())
          && words.matcher(box.category.toLowerCase(Locale.ROOT)).find()) {
        return true;
      }
    }
    return false;
  }

  /// Whether the labels on both sides of a gap say that most of the object can be seen.
  private static boolean inView(Event event, LabelTable clean) {
    Box before = null;
    Box after = null;
    for (Box box : clean.boxes) {
      if (event.tracks().contains(box.track())) {
        if (box.stampNs < event.firstNs() && (before == null || box.stampNs > before.stampNs)) {
          before = box;
        }
        if (box.stampNs > event.lastNs() && (after == null || box.stampNs < after.stampNs)) {
          after = box;
        }
      }
    }
    return before != null && after != null && seen(before) && seen(after);
  }

  /// Whether labels that say nothing about it let another box, nearer to the sensor, stand before
  /// half of the object while its box is missing.
  private static boolean hidden(Event event, LabelTable clean) {
    if (clean.frameOfReference == LabelSet.Frame.WORLD) {
      return false;
    }
    for (Box own : clean.boxes) {
      if (!event.tracks().contains(own.track())
          || own.stampNs < event.firstNs()
          || own.stampNs > event.lastNs()
          || own.points >= 0
          || !Double.isNaN(own.occluded)) {
        continue;
      }
      for (Box other : clean.boxes) {
        if (other.stampNs == own.stampNs && other != own && covers(other, own)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean covers(Box near, Box far) {
    double apart =
        Math.abs(Angles.difference(Math.atan2(near.y, near.x), Math.atan2(far.y, far.x)));
    double covered = Math.min(2 * halfAngle(far), halfAngle(far) + halfAngle(near) - apart);
    return Math.hypot(near.x, near.y) < Math.hypot(far.x, far.y)
        && covered > MAX_HIDDEN * 2 * halfAngle(far);
  }

  /// Half the angle under which a box is seen, taken from its diagonal.
  private static double halfAngle(Box box) {
    return Math.atan2(Math.hypot(box.length, box.width) / 2, Math.max(1, Math.hypot(box.x, box.y)));
  }

  private static boolean seen(Box box) {
    return !(box.truncated > MAX_HIDDEN)
        && !(box.occluded > MAX_HIDDEN)
        && (box.points < 0 || box.points >= MIN_POINTS);
  }
}
