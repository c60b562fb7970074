package dev.lockstep.clock;

import dev.lockstep.clock.LatticeFit.Locked;
import dev.lockstep.clock.LatticeFit.Outcome;
import dev.lockstep.clock.LatticeFit.Reason;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Learns the lattice of one stream from its first stamps and then tells, message by message, what
/// left it.
///
/// Hand over every stamp in message order through [#accept], in batches of any size, and call
/// [#finish] once: events depend on the sequence of stamps alone, never on batch borders. Learning
/// takes [#LEARN_STAMPS] messages (fewer at the end of a stream, at least [LatticeFit#MIN_STAMPS])
/// and these are then judged like all others. From then on an event comes as soon as it is decided:
/// one message after a hole, a late stamp or a surplus one, two after the first message of a new
/// phase, at most eight after an unusual message whatever follows. Steps and strays that only many
/// messages tell are reported in hindsight, with the thousandth message or the last. A stream that
/// changes its rate is learned anew.
///
/// Stamps that do not rise are counted, not judged: another check reports them. Each may have taken
/// a slot, so a hole that it can explain is not reported as one.
///
/// Memory is bounded by [#MAX_BYTES] whatever the length of the stream, and steady tracking
/// allocates nothing. Not safe for use by several threads.
public final class LatticeTracker {

  /// Messages from which a lattice is learned. Measured on simulated clocks, see
  /// `LatticeTrackerTest`: with jitter of a twelfth of the period and a fifth of the messages lost,
  /// 64 give the period within 0.2 %, so that slots stay exact from the first prediction on.
  public static final int LEARN_STAMPS = 64;

  /// Bound of the memory that one tracker holds.
  public static final int MAX_BYTES = 80 * 1024;

  /// Longest pause, in messages, between two attempts to lock; pauses double so that a stream
  /// without a lattice costs little. Judged.
  private static final int MAX_PAUSE = 4096;

  /// Least concentration of a lock on half the stamps: jitter of a fourteenth of the period;
  /// judged.
  private static final double HALF_CONCENTRATION = 0.9;

  /// How much larger than a step of a known stream one must be while the lattice is learned, when
  /// nothing tells how far the phase wanders; judged.
  private static final double LEARNED_STEP = 4.0 / 3;

  /// Fewest stamps of a lock on half the stamps where all of them do not lock.
  private static final int HALF_STAMPS = 28;

  /// How many times less half the stamps scatter where a step lies among all; measured on simulated
  /// clocks without a step, late first points by luck come to 4.5.
  private static final double MIXED = 5;

  /// Stamps that give the phase at the start where the fit rests on later ones; judged.
  private static final int PHASE_STAMPS = 7;

  private final LatticeFollower follower = new LatticeFollower();
  private final long[] messages = new long[LEARN_STAMPS];
  private final long[] stampsNs = new long[LEARN_STAMPS];
  private final long[] risingNs = new long[LEARN_STAMPS];
  private final ChangePoint search = new ChangePoint();
  private int stepIndex = -1;
  private double stepNs;
  private int learned;
  private boolean following;
  private boolean everLocked;

  /// Whether what is buffered follows a jump or a long hole, and the messages before were followed.
  private boolean afterJump;

  private boolean finished;

  private long count;
  private long pause;
  private long pauseLeft;
  private long unlocked;
  private long unlockedFrom;
  private long unlockedRun;
  private @Nullable Reason reason;
  private double medianStepNs;
  private long lastUnlockedNs;
  private long longSteps;

  /// A tracker that has seen nothing.
  public LatticeTracker() {}

  /// Takes the next message's stamp.
  ///
  /// @param stampNs nanoseconds of the stream's own clock
  /// @param out receives what became decidable
  /// @throws IllegalStateException after [#finish]
  public void accept(long stampNs, LatticeEvents out) {
    if (finished) {
      throw new IllegalStateException("stream: a stamp after its end");
    }
    long message = count++;
    if (!following) {
      learn(message, stampNs, out);
    } else if (!follower.accept(message, stampNs, out)) {
      following = false;
      learned = follower.release(messages, stampsNs);
      afterJump = follower.takeJump();
    }
  }

  /// Takes the stamps `[from, to)` in order.
  ///
  /// @throws IndexOutOfBoundsException where the range is not inside the array
  /// @throws IllegalStateException after [#finish]
  public void accept(long[] stamps, int from, int to, LatticeEvents out) {
    Objects.checkFromToIndex(from, to, stamps.length);
    for (int i = from; i < to; i++) {
      accept(stamps[i], out);
    }
  }

  /// Ends the stream: decides what is still open with what is known. Further calls do nothing.
  public void finish(LatticeEvents out) {
    if (finished) {
      return;
    }
    finished = true;
    while (!following && learned > 0) {
      if (!tryLock(learned, out)) {
        giveUp(learned, out);
      }
    }
    if (following) {
      follower.finish(out);
    }
    endUnlocked(out);
  }

  private void learn(long message, long stampNs, LatticeEvents out) {
    if (pauseLeft > 0) {
      pauseLeft--;
      passUnlocked(message, stampNs);
      return;
    }
    messages[learned] = message;
    stampsNs[learned] = stampNs;
    learned++;
    if (learned < LEARN_STAMPS || tryLock(learned, out)) {
      return;
    }
    if (afterJump) {
      giveUp(learned, out);
      return;
    }
    drop(LEARN_STAMPS / 2);
    pauseLeft = pause;
    pause = Math.min(MAX_PAUSE, Math.max(LEARN_STAMPS, 2 * pause));
    if (pauseLeft > 0) {
      drop(learned);
    }
  }

  /// Fits the first `n` buffered messages, or either half of them where the phase stepped between,
  /// and replays them.
  private boolean tryLock(int n, LatticeEvents out) {
    Outcome whole = LatticeFit.fit(stampsNs, 0, n);
    if (lockBeforeJump(n, out) || lockStepped(n, out) || lockBeforeEnd(n, out)) {
      return true;
    }
    int half = n / 2;
    boolean halves = half >= LatticeFit.MIN_STAMPS;
    Outcome early = halves ? LatticeFit.fit(stampsNs, 0, half) : whole;
    Outcome late = halves ? LatticeFit.fit(stampsNs, half, n) : whole;
    if (whole instanceof Locked fit) {
      if (early instanceof Locked part && isTight(part) && isMixed(fit, part)) {
        lock(part, 0, half, out);
      } else if (late instanceof Locked part && isTight(part) && isMixed(fit, part)) {
        lock(part, half, n, out);
      } else {
        lock(fit, 0, n, out);
      }
      return true;
    }
    LatticeFit.CannotLock cannot = (LatticeFit.CannotLock) whole;
    reason = cannot.reason();
    medianStepNs = cannot.medianStepNs();
    if (early instanceof Locked part && isTight(part) && part.stamps() >= HALF_STAMPS) {
      lock(part, 0, half, out);
      return true;
    }
    if (late instanceof Locked part && isTight(part) && part.stamps() >= HALF_STAMPS) {
      drop(half);
      lock(part, 0, n - half, out);
      return true;
    }
    return false;
  }

  /// Locks on the messages before a change of clock, or a pause that no phase survives, among the
  /// first `n` buffered ones.
  private boolean lockBeforeJump(int n, LatticeEvents out) {
    int rising = LatticeFit.rising(stampsNs, 0, n, risingNs);
    double longest = StepWatch.MAX_HOLE * LatticeFit.medianStep(risingNs, rising);
    for (int i = LatticeFit.MIN_STAMPS; i < n; i++) {
      boolean usable = LatticeFit.isUsable(stampsNs[i]) && LatticeFit.isUsable(stampsNs[i - 1]);
      if (usable && stampsNs[i] - stampsNs[i - 1] > longest) {
        if (LatticeFit.fit(stampsNs, 0, i) instanceof Locked fit) {
          lock(fit, 0, i, out);
          return true;
        }
        return false;
      }
    }
    return false;
  }

  /// Locks on all but the last few of the first `n` buffered messages where the last one lies off
  /// their lattice: what begins there must not count as the stream's habit.
  private boolean lockBeforeEnd(int n, LatticeEvents out) {
    int end = n - ChangePoint.LEAST_SIDE;
    if (end < LatticeFit.MIN_STAMPS
        || !LatticeFit.isUsable(stampsNs[n - 1])
        || !(LatticeFit.fit(stampsNs, 0, end) instanceof Locked fit)
        || !isTight(fit)) {
      return false;
    }
    double off = Math.abs(fit.lattice().residualNs(stampsNs[n - 1]));
    if (off < LatticeGain.leastStepNs(fit, gridNs(n, fit))) {
      return false;
    }
    lock(fit, 0, end, out);
    return true;
  }

  /// Locks on the first `n` buffered messages where the phase steps among them and they lie on one
  /// lattice once that is taken out.
  private boolean lockStepped(int n, LatticeEvents out) {
    ChangePoint.Step step = findStep(n);
    if (step == null) {
      return false;
    }
    long[] level = Arrays.copyOf(stampsNs, n);
    for (int i = step.index(); i < n; i++) {
      level[i] -= Math.round(step.stepNs());
    }
    if (LatticeFit.fit(level, 0, n) instanceof Locked fit
        && isTight(fit)
        && Math.abs(step.stepNs()) >= LEARNED_STEP * LatticeGain.leastStepNs(fit, gridNs(n, fit))) {
      stepIndex = step.index();
      stepNs = step.stepNs();
      lock(fit, 0, n, out);
      return true;
    }
    return false;
  }

  private long gridNs(int n, Locked fit) {
    int rising = LatticeFit.rising(stampsNs, 0, n, risingNs);
    return StampWindow.gridNs(risingNs, rising, fit.lattice().periodNs());
  }

  /// The step among the first `n` buffered messages, or null: none, or stamps that do not rise or
  /// pause.
  private ChangePoint.@Nullable Step findStep(int n) {
    if (n < 2 * ChangePoint.LEAST_SIDE) {
      return null;
    }
    for (int i = 1; i < n; i++) {
      if (!LatticeFit.isUsable(stampsNs[i - 1]) || stampsNs[i] <= stampsNs[i - 1]) {
        return null;
      }
    }
    double median = LatticeFit.medianStep(stampsNs, n);
    search.clear();
    double slot = 0;
    double before = 0;
    double takenBefore = 0;
    for (int i = 0; i < n; i++) {
      if (i > 0) {
        double slots = (stampsNs[i] - stampsNs[i - 1]) / median;
        if (slots > LatticeFit.LONG_STEP) {
          return null;
        }
        double taken = Math.max(1, Math.rint(slots));
        // A stamp half a period off seems to take one slot too many on one of its sides: what both
        // sides take together is certain.
        if (i + 1 < n) {
          double after = (stampsNs[i + 1] - stampsNs[i]) / median;
          taken = Math.min(taken, Math.rint(slots + after) - Math.max(1, Math.rint(after)));
        }
        if (i > 1) {
          taken = Math.min(taken, Math.rint(before + slots) - takenBefore);
        }
        taken = Math.max(1, taken);
        before = slots;
        takenBefore = taken;
        slot += taken;
      }
      search.add(slot, (stampsNs[i] - stampsNs[0]) - slot * median);
    }
    return search.find(0);
  }

  /// Half the stamps suffice only where jitter is narrow.
  private static boolean isTight(Locked part) {
    return part.concentration() >= HALF_CONCENTRATION;
  }

  /// Whether half the stamps scatter so much less than all that two phases must be among them.
  private static boolean isMixed(Locked whole, Locked part) {
    double floor = whole.lattice().periodNs() * LatticeGain.FLOOR / MIXED;
    return whole.rareNs() > MIXED * Math.max(part.rareNs(), floor)
        && whole.tailNs() > MIXED * Math.max(part.tailNs(), floor);
  }

  /// Starts on the lattice fitted to the buffered messages `[from, to)` and replays all.
  private void lock(Locked fit, int from, int to, LatticeEvents out) {
    boolean afterUnlocked = unlockedRun > 0;
    endUnlocked(out);
    double periodNs = fit.lattice().periodNs();
    int rising = LatticeFit.rising(stampsNs, 0, to, risingNs);
    long grid = StampWindow.gridNs(risingNs, rising, periodNs);
    int lead = 0;
    while (stampsNs[lead] != risingNs[0]) {
      lead++;
    }
    boolean inRun = from == 0 && Math.abs(risingNs[0] - fit.lattice().anchorNs()) <= periodNs;
    double residual =
        inRun ? fit.lattice().residualNs(risingNs[0]) : firstResidual(rising, periodNs);
    if (everLocked) {
      follower.restart(messages[lead], risingNs[0], residual, lead, afterUnlocked, fit, grid, out);
    } else {
      long origin = risingNs[0] - Math.round(residual + (lead + 1) * periodNs);
      follower.start(origin, fit, grid);
    }
    everLocked = true;
    following = true;
    pause = 0;
    replay(to, out);
  }

  /// How far the first stamp lies from the phase that it shares with the next few: the median of
  /// their offsets. For a lattice whose phase was fitted later on, maybe beyond a hole.
  private double firstResidual(int rising, double periodNs) {
    Lattice first = new Lattice(risingNs[0], periodNs);
    double[] offsets = new double[Math.min(PHASE_STAMPS, rising)];
    int n = 0;
    while (n < offsets.length
        && (n == 0 || risingNs[n] - risingNs[n - 1] <= LatticeFit.LONG_STEP * periodNs)) {
      offsets[n] = first.residualNs(risingNs[n]);
      n++;
    }
    Arrays.sort(offsets, 0, n);
    return -offsets[n / 2];
  }

  /// Hands the buffered messages to the follower: those of the fit without adapting, the others as
  /// they would come.
  private void replay(int fitted, LatticeEvents out) {
    int n = learned;
    learned = 0;
    afterJump = false;
    follower.force();
    for (int i = 0; i < fitted; i++) {
      if (i == stepIndex) {
        follower.step(messages[i], stampsNs[i], stepNs, out);
      } else {
        follower.accept(messages[i], stampsNs[i], out);
      }
    }
    stepIndex = -1;
    follower.adaptFrom(fitted);
    replayRest(fitted, n, out);
  }

  private void replayRest(int from, int n, LatticeEvents out) {
    for (int i = from; i < n; i++) {
      if (!follower.accept(messages[i], stampsNs[i], out)) {
        // At most MAX_PENDING slots at the front, all of them read long ago.
        following = false;
        int released = follower.release(messages, stampsNs);
        int rest = n - i - 1;
        System.arraycopy(messages, i + 1, messages, released, rest);
        System.arraycopy(stampsNs, i + 1, stampsNs, released, rest);
        learned = released + rest;
        afterJump = follower.takeJump();
        return;
      }
    }
  }

  /// The buffered messages do not lock: passes them over, or behind a jump goes on as before it.
  private void giveUp(int n, LatticeEvents out) {
    if (!afterJump) {
      drop(n);
      return;
    }
    afterJump = false;
    following = true;
    learned = 0;
    follower.bridge(true);
    replayRest(0, n, out);
    follower.bridge(false);
  }

  /// Passes the oldest `n` buffered messages over as unlocked.
  private void drop(int n) {
    for (int i = 0; i < n; i++) {
      passUnlocked(messages[i], stampsNs[i]);
    }
    learned -= n;
    System.arraycopy(messages, n, messages, 0, learned);
    System.arraycopy(stampsNs, n, stampsNs, 0, learned);
  }

  private void passUnlocked(long message, long stampNs) {
    if (unlockedRun == 0) {
      unlockedFrom = message;
    } else if (stampNs > lastUnlockedNs
        && (double) stampNs - lastUnlockedNs > 1.5 * medianStepNs
        && medianStepNs > 0) {
      longSteps++;
    }
    lastUnlockedNs = stampNs;
    unlockedRun++;
    unlocked++;
  }

  private void endUnlocked(LatticeEvents out) {
    if (unlockedRun > 0) {
      out.unlocked(unlockedFrom, unlockedRun, Objects.requireNonNull(reason));
      unlockedRun = 0;
    }
  }

  /// Messages handed over so far.
  public long messages() {
    return count;
  }

  /// Messages that were placed on a lattice.
  public long examined() {
    return follower.state().accepted + follower.state().displaced;
  }

  /// Messages whose stamp did not rise and that were passed over.
  public long notRising() {
    return follower.state().notRising;
  }

  /// Messages passed over because no lattice fits.
  public long unlocked() {
    return unlocked;
  }

  /// Messages found missing.
  public long missing() {
    return follower.state().missing;
  }

  /// Whether a lattice was ever locked.
  public boolean everLocked() {
    return everLocked;
  }

  /// Why the last attempt to lock failed, or null where none failed.
  public @Nullable Reason cannotLock() {
    return reason;
  }

  /// Of the unlocked messages, how many came more than 1.5 median steps after the one before: a
  /// measurement for streams without a lattice, never proof of a lost message.
  public long longSteps() {
    return longSteps;
  }

  /// Median step of the last stretch that could not be locked, 0 where there was none.
  public double medianStepNs() {
    return medianStepNs;
  }

  /// The lattice since the last change of phase or rate, as far as its windows are closed; null
  /// where none was ever locked. Slots are those of the events.
  public @Nullable Lattice lattice() {
    if (!everLocked) {
      return null;
    }
    LatticeState state = follower.state();
    return state.window.line().lattice(state.stampNs, state.slot, state.periodNs);
  }

  /// How the placed stamps scatter, as far as their windows are closed.
  public Jitter jitter() {
    return follower.state().window.jitter();
  }
}
