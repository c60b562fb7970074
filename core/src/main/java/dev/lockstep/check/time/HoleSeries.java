package dev.lockstep.check.time;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds holes that repeat: as many messages lost at equal distances, as where every other message
/// is dropped. They are one fault. A hole is held until the next one or some messages show whether
/// it repeats; what comes out does not depend on how the stream was cut.
final class HoleSeries {
  /// Holes that make a series. Derived: where one message in five is lost by chance, the next hole
  /// lies at the distance of the two before with a probability of 0.16 at most, so that eight in a
  /// row come about once in 300,000 holes; six would in 6,000.
  static final int LEAST = 8;

  /// Messages between two holes of a series at most. Judged: a hole must not wait for long.
  private static final int NEAR = 8;

  /// One hole, or a series of them.
  ///
  /// @param first the first hole
  /// @param last the last one, the same where it is alone
  /// @param holes how many there are
  record Found(LatticeWatch.Hole first, LatticeWatch.Hole last, long holes) {
    boolean repeats() {
      return holes > 1;
    }

    /// Messages from one hole to the next.
    long distance() {
      return repeats() ? (last.afterMessage() - first.afterMessage()) / (holes - 1) : 0;
    }
  }

  /// Holes that may begin a series, fewer than [#LEAST] until they are one.
  private final List<LatticeWatch.Hole> held = new ArrayList<>();

  private LatticeWatch.@Nullable Hole last;
  private long count;

  /// Takes the next hole; adds what is decided by it to `found`.
  void take(LatticeWatch.Hole hole, List<Found> found) {
    if (!continues(hole)) {
      LatticeWatch.Hole before = last;
      boolean mayBegin = before != null && count > 1 && count < LEAST && isNear(before, hole);
      if (mayBegin) {
        // The last one may be the first of a series at another distance.
        held.removeLast();
        count--;
      }
      end(found);
      if (mayBegin && before != null) {
        add(before);
      }
    }
    add(hole);
  }

  private void add(LatticeWatch.Hole hole) {
    if (held.size() < LEAST) {
      held.add(hole);
    }
    last = hole;
    count++;
  }

  private boolean continues(LatticeWatch.Hole hole) {
    LatticeWatch.Hole before = last;
    if (before == null || !isNear(before, hole)) {
      return false;
    }
    return held.size() < 2
        || hole.afterMessage() - before.afterMessage()
            == held.get(1).afterMessage() - held.get(0).afterMessage();
  }

  private static boolean isNear(LatticeWatch.Hole a, LatticeWatch.Hole b) {
    return b.afterMessage() - a.afterMessage() <= NEAR
        && a.count() == b.count()
        && a.stepNs() == 0
        && b.stepNs() == 0;
  }

  /// Says that the stream has come to message `index`; adds what is decided by it to `found`.
  void passed(long index, List<Found> found) {
    LatticeWatch.Hole before = last;
    if (before != null && index > before.afterMessage() + NEAR + 1) {
      end(found);
    }
  }

  /// Ends what is held.
  void end(List<Found> found) {
    LatticeWatch.Hole before = last;
    if (before != null && count >= LEAST) {
      found.add(new Found(held.getFirst(), before, count));
    } else {
      held.forEach(hole -> found.add(new Found(hole, hole, 1)));
    }
    held.clear();
    last = null;
    count = 0;
  }
}
