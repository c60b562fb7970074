package dev.lockstep.clock;

/// Follows a known lattice message by message and decides what every unusual stamp means, looking
/// at most [#MAX_PENDING] messages ahead (one or two as a rule).
///
/// The usual message costs a subtraction, a comparison and two multiplications. An unusual one
/// opens a list of pending messages, which is settled as soon as the stream is back on the lattice
/// (what lies between took the slots between), or goes on at another phase for some messages, or
/// does neither until the list is full: then the lock is lost and [LatticeTracker] learns anew.
final class LatticeFollower {

  /// Messages that may stay undecided; judged.
  static final int MAX_PENDING = 8;

  /// A forward jump longer than a day is a change of clock, never a hole; judged.
  static final long MAX_HOLE_NS = 86_400_000_000_000L;

  /// Messages in a row that must agree before a new phase is believed, and before one is that lies
  /// within twice the limit: late stamps like to come in company.
  private static final int STEP_MESSAGES = 3;

  private static final int SMALL_STEP_MESSAGES = 6;

  /// Two steps within this many messages are a change of rate; judged.
  private static final int STEP_REST = 32;

  /// Messages in a row, each a period after the one before, before a clock that went back is
  /// believed.
  private static final int BACK_MESSAGES = 4;

  /// Times a pending message may be overtaken before it is surplus; judged.
  private static final int MAX_OVERTAKEN = 3;

  /// After a drift has outrun the tracking the filter forgets all but this many messages; judged.
  private static final int LAG_MEMORY = 16;

  /// Times a drift may outrun the tracking in short succession; judged.
  private static final int MAX_LAGS = 3;

  private final LatticeState state = new LatticeState();
  private final PendingStamps pending = new PendingStamps(state, MAX_PENDING);

  private boolean forced;
  private long stepMessage = -STEP_REST;
  private long lagMessage = -STEP_REST;
  private boolean bridging;
  private boolean jumped;
  private int lags;
  private int overtaken;

  private int backRun;
  private long backMessage;
  private long backFirstNs;
  private double backOffNs;
  private double backSumNs;
  private long backLastNs;

  LatticeState state() {
    return state;
  }

  /// Starts on a fitted lattice, with no message accepted yet: `originNs` lies on the slot before
  /// that of the first message.
  void start(long originNs, LatticeFit.Locked fit, long gridNs) {
    state.start(originNs, 0, -1, fit, gridNs);
  }

  /// In a forced stretch the lattice stays and the lock cannot be lost: what remains undecided is
  /// displaced.
  void force() {
    forced = true;
  }

  /// Goes on at another phase with a message that is known to be the first of it.
  ///
  /// @param stepNs new phase minus old phase
  void step(long message, long stampNs, double stepNs, LatticeEvents out) {
    pending.add(message, stampNs);
    int z = pending.size() - 1;
    double periodNs = state.periodNs;
    double slot = Math.floor((state.distanceNs(stampNs) - stepNs) / periodNs + 0.5);
    settle(z, stepNs + (slot - pending.slot(z)) * periodNs, out);
    stepMessage = message;
  }

  /// While set, a phase that is lost is taken from the message behind, since too few follow to
  /// learn it.
  void bridge(boolean value) {
    bridging = value;
  }

  /// Whether the lock was lost by a jump or a long hole; asked once.
  boolean takeJump() {
    boolean was = jumped;
    jumped = false;
    return was;
  }

  /// Ends the replay of the learned messages: from now on the lattice adapts.
  void adaptFrom(int learned) {
    forced = false;
    StampWindow window = state.window;
    double periodNs = state.periodNs;
    state.gain.adapt(learned, window.walkRatio(periodNs), window.gridNs(periodNs));
  }

  /// Takes one message; false where the lock is lost, and the pending messages are to be learned.
  boolean accept(long message, long stampNs, LatticeEvents out) {
    if (pending.size() == 0) {
      double residual = state.distanceNs(stampNs) - state.periodNs;
      if (Math.abs(residual) <= state.gain.limitNs && stampNs > state.stampNs) {
        state.acceptNext(message, stampNs, residual, out);
        return true;
      }
    }
    return unusual(message, stampNs, out);
  }

  private boolean unusual(long message, long stampNs, LatticeEvents out) {
    if (!LatticeFit.isUsable(stampNs)) {
      state.notRising++;
      state.credit++;
      return true;
    }
    if (stampNs <= state.stampNs) {
      backward(message, stampNs, out);
      return true;
    }
    backRun = 0;
    if (pending.size() == 0) {
      double residual = state.distanceNs(stampNs) - state.periodNs;
      boolean within = Math.abs(residual) <= state.limitAt(stampNs - state.stampNs);
      if (within || isLag(stampNs, residual)) {
        return followLag(message, stampNs, residual, within, out);
      }
    } else if (stampNs <= pending.stampNs(pending.size() - 1)) {
      overtake(message, stampNs, out);
      return !jumped;
    }
    pending.add(message, stampNs);
    return resolve(out);
  }

  /// Whether a stamp is beyond the limit though its own step is usual: the lattice drifted faster
  /// than it was followed.
  private boolean isLag(long stampNs, double residual) {
    double jump = (double) (stampNs - state.stampNs) - state.periodNs;
    return Math.abs(jump) <= state.gain.limitNs / 2 && Math.abs(residual) <= state.periodNs / 2;
  }

  /// Follows a drift, or one tick of a coarse clock, faster; false where a drift goes on and on:
  /// then it is another rate.
  private boolean followLag(
      long message, long stampNs, double residual, boolean within, LatticeEvents out) {
    if (!within) {
      lags = message - lagMessage < STEP_REST ? lags + 1 : 1;
      lagMessage = message;
      state.steps.suspect();
    }
    state.gain.forget(LAG_MEMORY);
    state.acceptNext(message, stampNs, residual, out);
    if (lags <= MAX_LAGS || forced) {
      return true;
    }
    lags = 0;
    state.residualNs = 0;
    return false;
  }

  private boolean resolve(LatticeEvents out) {
    takeUsual(out);
    int z = pending.size() - 1;
    if (z >= 1) {
      if (pending.isOn(z) && pending.slot(z) > 0 && !pending.keepsOffset(z)) {
        back(z, out);
      } else if (!shift(z, out)) {
        return false;
      }
      if (jumped) {
        return false;
      }
    }
    if (!pending.isFull()) {
      return true;
    }
    if (!forced) {
      return false;
    }
    if (pending.isOn(MAX_PENDING - 1) && pending.slot(MAX_PENDING - 1) > 0) {
      settle(MAX_PENDING - 1, 0, out);
    } else {
      giveUp(out);
    }
    return true;
  }

  /// Message `z` is on the lattice: settles what it decides. Undecided remain a run of equal holes
  /// or of surplus messages (the rate may have changed) and messages that share a slot (they may be
  /// a jam that fills the slots before it).
  private void back(int z, LatticeEvents out) {
    int y = z - 1;
    long before = y > 0 ? pending.slot(y - 1) : 0;
    if (!pending.isOn(y)) {
      if (pending.slot(z) - before > 1) {
        settle(z, 0, out);
      }
      return;
    }
    long advance = pending.slot(z) - pending.slot(y);
    if (advance == 1) {
      settle(z, 0, out);
    } else if (advance > 1 && pending.slot(y) > 0 && advance != pending.slot(y) - before) {
      settle(y, 0, out);
      takeUsual(out);
    }
  }

  /// Message `z` is off the lattice: takes a new phase where enough messages agree on one; false
  /// where that is the second within a short time, which is no step but another rate.
  private boolean shift(int z, LatticeEvents out) {
    boolean far = Math.abs(pending.residualNs(z)) > 2 * state.gain.limitNs;
    int needed = far ? STEP_MESSAGES : SMALL_STEP_MESSAGES;
    int first = z + 1 - needed;
    if (first < 0 || !pending.agree(first, needed)) {
      return true;
    }
    while (first > 0 && pending.agree(first - 1, z + 2 - first)) {
      first--;
    }
    // Jitter beyond what agrees delays the verdict, not the step.
    double moved = pending.meanOffsetNs(first, z + 1 - first);
    while (first > 0 && pending.isMovedBy(first - 1, moved, pending.slot(first) - 1)) {
      first--;
    }
    long rest = pending.message(first) - Math.max(stepMessage, state.steppedMessage);
    if (rest < STEP_REST && !forced) {
      return false;
    }
    double step = pending.meanOffsetNs(first, z + 1 - first);
    if (Math.abs(step) <= state.gain.limitNs / 2) {
      // Their mean is on the lattice after all: wide jitter, not a step.
      step = 0;
    } else {
      stepMessage = pending.message(first);
    }
    settle(first, step, out);
    takeUsual(out);
    return true;
  }

  /// Accepts leading pending messages that are usual again.
  private void takeUsual(LatticeEvents out) {
    while (pending.size() > 0 && pending.slot(0) == 1 && pending.isOn(0)) {
      state.acceptNext(pending.message(0), pending.stampNs(0), pending.residualNs(0), out);
      pending.remove(1);
      overtaken = 0;
    }
  }

  /// Decides the messages `[0, z]`, see [Settlement].
  private void settle(int z, double step, LatticeEvents out) {
    boolean far = pending.stampNs(z) - state.stampNs > MAX_HOLE_NS;
    if (isLost(z) && !forced && !bridging) {
      // Nothing before tells the phase behind: it is learned anew.
      int before = 0;
      while (!isLost(before)) {
        before++;
      }
      if (before > 0) {
        reportDisplaced(before, out);
        pending.remove(before);
      }
      jumped = true;
      return;
    }
    if (far) {
      double jump = state.distanceNs(pending.stampNs(z)) - (z + 1) * state.periodNs;
      out.phaseStep(pending.message(0), pending.stampNs(0), (long) jump);
      state.accepted += z;
      state.resume(pending.message(z), pending.stampNs(z), 0, z + 1, STEP_MESSAGES, out);
    } else {
      new Settlement(state, pending, z, step, out).run(STEP_MESSAGES);
    }
    pending.remove(z + 1);
    overtaken = 0;
  }

  /// Whether the phase cannot be carried to a pending message: behind a jump or a long hole.
  private boolean isLost(int i) {
    return pending.stampNs(i) - state.stampNs > MAX_HOLE_NS
        || state.gain.phaseLost(pending.slot(i), state.periodNs);
  }

  /// A message whose stamp lies between the last accepted one and a pending one.
  private void overtake(long message, long stampNs, LatticeEvents out) {
    double distance = state.distanceNs(stampNs);
    double slot = Math.floor(distance / state.periodNs + 0.5);
    double residual = distance - slot * state.periodNs;
    boolean on = Math.abs(residual) <= state.gain.limitNs;
    if (on && slot - 1 - state.credit >= pending.size() && !pending.isFull()) {
      // Every pending stamp was ahead of its time and the stream is back.
      pending.add(message, stampNs);
      settle(pending.size() - 1, 0, out);
    } else if (on && slot == 1) {
      state.acceptNext(message, stampNs, residual, out);
      pending.remove(0);
      if (++overtaken < MAX_OVERTAKEN) {
        takeUsual(out);
        return;
      }
      for (int i = 0; i < pending.size(); i++) {
        out.extra(pending.message(i), pending.stampNs(i));
      }
      state.displaced += pending.size();
      pending.clear();
      overtaken = 0;
    } else {
      state.notRising++;
      state.credit++;
    }
  }

  /// A stamp at or before the last accepted one: passed over, unless enough of them follow one
  /// another at the stream's own period.
  private void backward(long message, long stampNs, LatticeEvents out) {
    state.notRising++;
    state.credit++;
    double step = (double) (stampNs - backLastNs) - state.periodNs;
    if (backRun > 0 && Math.abs(step) <= state.gain.agreementNs()) {
      backOffNs = (double) (stampNs - backFirstNs) - backRun * state.periodNs;
      backSumNs += backOffNs;
      backRun++;
    } else {
      backRun = 1;
      backMessage = message;
      backFirstNs = stampNs;
      backSumNs = 0;
    }
    backLastNs = stampNs;
    if (backRun < BACK_MESSAGES) {
      return;
    }
    long slots = state.credit + pending.size();
    long before = slots - BACK_MESSAGES + 1;
    double jump = state.distanceNs(backFirstNs) - before * state.periodNs;
    out.phaseStep(backMessage, backFirstNs, Math.round(jump));
    state.notRising -= BACK_MESSAGES;
    state.accepted += BACK_MESSAGES - 1;
    state.displaced += pending.size();
    double residual = backOffNs - backSumNs / BACK_MESSAGES;
    state.resume(message, stampNs, residual, slots, BACK_MESSAGES, out);
    pending.clear();
    overtaken = 0;
    backRun = 0;
  }

  /// Closes an undecided list by force: all but the newest are displaced and took a slot each.
  private void giveUp(LatticeEvents out) {
    int last = pending.size() - 1;
    reportDisplaced(last, out);
    state.credit += last;
    pending.remove(last);
    overtaken = 0;
  }

  private void reportDisplaced(int n, LatticeEvents out) {
    long excess = Math.round(pending.peakNs(n));
    state.displaced += n;
    if (n > 1) {
      out.excursion(pending.message(0), n, excess);
    } else if (pending.slot(0) == 0) {
      out.extra(pending.message(0), pending.stampNs(0));
    } else {
      out.doublet(pending.message(0), pending.stampNs(0), excess);
    }
  }

  /// Ends the stream: settles what is pending with what is known and measures the open window.
  void finish(LatticeEvents out) {
    bridging = true;
    while (pending.size() > 0) {
      int z = pending.size() - 1;
      while (z >= 0 && !(pending.isOn(z) && pending.slot(z) > 0)) {
        z--;
      }
      if (z >= 0) {
        settle(z, 0, out);
      } else if (pending.slot(0) > 1) {
        settle(0, pending.residualNs(0), out);
      } else {
        reportDisplaced(pending.size(), out);
        pending.clear();
      }
    }
    if (state.steps.isOpen()) {
      state.judgeSteps(out);
    }
    state.closeWindow(out);
  }

  /// Hands the pending messages over, after the lock was lost; returns their number.
  int release(long[] messages, long[] stampsNs) {
    overtaken = 0;
    backRun = 0;
    return pending.release(messages, stampsNs);
  }

  /// Goes on with a lattice learned anew, whose first message `message` is at `stampNs` with
  /// `residualNs` to its slot and comes after `lead` messages with useless stamps, and reports what
  /// changed since the last accepted message, unless unexamined messages lie between.
  void restart(
      long message,
      long stampNs,
      double residualNs,
      int lead,
      boolean afterUnlocked,
      LatticeFit.Locked fit,
      long gridNs,
      LatticeEvents out) {
    double fresh = fit.lattice().periodNs();
    boolean newRate = state.isNewRate(fresh, fit.stamps());
    double distance = state.distanceNs(stampNs) - residualNs;
    double longer = newRate ? Math.max(state.periodNs, fresh) : fresh;
    long ahead = Math.max(lead + 1L, (long) Math.floor(distance / longer + 0.5));
    double step = distance - ahead * fresh;
    if (distance > MAX_HOLE_NS) {
      ahead = lead + 1L;
      step = distance - ahead * fresh;
    }
    double limit = state.limitAt(stampNs - state.stampNs);
    state.newSegment(out);
    if (!newRate && !afterUnlocked && Math.abs(step) <= limit) {
      long keep = state.credit;
      state.start(state.stampNs, state.residualNs + step, state.slot, fit, gridNs);
      state.credit = keep;
      return;
    }
    boolean keeps = !newRate && !afterUnlocked;
    if (newRate) {
      out.rateChanged(message, state.periodNs, fresh);
    }
    long empty = ahead - 1 - lead - state.credit;
    if (!afterUnlocked) {
      if (empty > 0 && stampNs - state.stampNs <= MAX_HOLE_NS) {
        state.missing += empty;
        long phase = newRate ? 0 : Math.round(step);
        out.reconnected(state.slot + 1, empty, state.message, state.stampNs, stampNs, phase);
      } else if (!newRate) {
        out.phaseStep(message, stampNs, Math.round(step));
      }
    }
    // The slots in between are accounted for: expect the first message in its own.
    long origin = stampNs - Math.round(residualNs + (lead + 1) * fresh);
    state.credit = 0;
    long slot = state.slot + ahead - 1 - lead;
    if (keeps) {
      state.goOn(origin, slot, fit);
    } else {
      state.start(origin, 0, slot, fit, gridNs);
    }
  }
}
