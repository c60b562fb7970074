package dev.lockstep.clock;

/// Where a followed stream stands on its lattice: the last accepted stamp, how far it lies from its
/// slot, the period, and the counters and windows that every accepted message feeds.
///
/// The position of the lattice is kept as the last stamp minus its residual, so that no absolute
/// time is ever a floating-point number.
final class LatticeState {

  final LatticeGain gain = new LatticeGain();
  final StampWindow window = new StampWindow();
  final StepWatch steps = new StepWatch();

  /// The last accepted stamp, and how far after its slot it lies.
  long stampNs;

  double residualNs;
  double periodNs;
  long slot;
  long message;

  /// Messages since the last accepted one whose stamp could not be used: each may have taken a
  /// slot.
  long credit;

  long accepted;
  long displaced;
  long notRising;
  long missing;

  /// The first message of the last phase that was told by [#judgeSteps].
  long steppedMessage = Long.MIN_VALUE / 2;

  private double referencePeriodNs;
  private int referenceStamps;

  /// Stands on a fitted lattice: `lastStampNs` lies `lastResidualNs` after slot `lastSlot`.
  void start(
      long lastStampNs, double lastResidualNs, long lastSlot, LatticeFit.Locked fit, long gridNs) {
    stampNs = lastStampNs;
    residualNs = lastResidualNs;
    slot = lastSlot;
    periodNs = fit.lattice().periodNs();
    referencePeriodNs = periodNs;
    referenceStamps = fit.stamps();
    gain.start(fit, gridNs);
    window.line().clear();
    steps.clear();
  }

  /// Stands on the same lattice at another phase, as learned; what is usual stays what it was, or
  /// grows where few stamps told it.
  void goOn(long lastStampNs, long lastSlot, LatticeFit.Locked fit) {
    stampNs = lastStampNs;
    residualNs = 0;
    slot = lastSlot;
    periodNs = fit.lattice().periodNs();
    gain.widen(fit, periodNs);
    gain.freeze();
    window.line().clear();
    steps.clear();
  }

  /// Distance of a stamp from the lattice position of the last accepted slot.
  double distanceNs(long later) {
    return (double) (later - stampNs) + residualNs;
  }

  /// Widest usual residual of a stamp `stepNs` after the one before it.
  double limitAt(long stepNs) {
    return gain.limitAt(stepNs, periodNs);
  }

  /// Accepts the message in the next slot.
  void acceptNext(long newMessage, long newStampNs, double residual, LatticeEvents out) {
    periodNs += gain.beta * residual;
    slot++;
    place(newMessage, newStampNs, residual, out);
  }

  /// Accepts a message `slots` after the last accepted one.
  void accept(long newMessage, long newStampNs, double residual, long slots, LatticeEvents out) {
    boolean fades = gain.phaseFades(slots, periodNs);
    if (fades) {
      // What lies behind the hole tells its phase itself, and is not held against what lies before.
      newSegment(out);
      steps.clear();
      gain.newPhase(1);
    }
    periodNs += gain.beta * residual / slots;
    slot += slots;
    place(newMessage, newStampNs, fades ? 0 : residual, out);
  }

  private void place(long newMessage, long newStampNs, double residual, LatticeEvents out) {
    residualNs = (1 - gain.alpha) * residual;
    stampNs = newStampNs;
    message = newMessage;
    credit = 0;
    accepted++;
    gain.count(residual, periodNs);
    keep(out);
    if (steps.add(newMessage, newStampNs, slot, residual * gain.perStepUnit)) {
      judgeSteps(out);
    }
  }

  /// Decides whether the phase stepped a short while ago, where that is suspected.
  void judgeSteps(LatticeEvents out) {
    ChangePoint.Step step = steps.judge(periodNs, gain.leastRecentStepNs);
    if (step == null) {
      return;
    }
    int since = step.index();
    out.phaseStep(steps.message(since), steps.stampNs(since), Math.round(step.stepNs()));
    steppedMessage = steps.message(since);
    window.removeNewest(since);
    newSegment(out);
    for (int back = since; back >= 1; back--) {
      window.add(steps.stampNs(back), steps.slot(back), steps.message(back));
    }
    steps.keep(since);
    residualNs = -steps.meanOffsetNs(since, periodNs);
    gain.newPhase(since);
  }

  private void keep(LatticeEvents out) {
    if (window.tooFar(slot)) {
      closeWindow(out);
    }
    if (window.add(stampNs, slot, message)) {
      closeWindow(out);
    }
  }

  /// Goes on at a new phase with a message `slots` after the last accepted one; `known` messages
  /// have told that phase.
  void resume(
      long newMessage, long newStampNs, double residual, long slots, int known, LatticeEvents out) {
    newSegment(out);
    stampNs = newStampNs;
    residualNs = residual;
    slot += slots;
    message = newMessage;
    credit = 0;
    accepted++;
    gain.newPhase(known);
    keep(out);
    steps.clear();
    boolean _ = steps.add(newMessage, newStampNs, slot, 0);
  }

  /// Closes the window before a new phase or rate: no line is drawn across it.
  void newSegment(LatticeEvents out) {
    closeWindow(out);
    window.line().clear();
  }

  /// Measures the open window, sets the gains by it, and reports its rate where that is new.
  void closeWindow(LatticeEvents out) {
    gain.retune(window.walkRatio(periodNs), window.gridNs(periodNs));
    boolean split = false;
    while (window.splitAtStep(periodNs, gain.leastWindowStepNs(periodNs), out)) {
      split = true;
      // Across a step every phase walks.
      double _ = window.walkRatio(periodNs);
      closePart(out);
      window.line().clear();
      window.restore();
    }
    if (split) {
      gain.retune(window.walkRatio(periodNs), window.gridNs(periodNs));
      steps.keepNewest(window.size());
      steppedMessage = Math.max(steppedMessage, window.firstMessage());
    }
    closePart(out);
  }

  private void closePart(LatticeEvents out) {
    int size = window.size();
    window.reportStrays(gain.leastStepNs(periodNs), gain.roundingNs(), out);
    long first = window.firstMessage();
    double period = window.close();
    if (size < StampWindow.CAPACITY) {
      return;
    }
    if (isNewRate(period, size)) {
      out.rateChanged(first, referencePeriodNs, period);
      window.line().clear();
    } else if (referenceStamps == size) {
      return;
    }
    referencePeriodNs = period;
    referenceStamps = size;
  }

  /// Whether a period fitted over `stamps` stamps is another rate than that of the last lock or
  /// first full window.
  boolean isNewRate(double period, int stamps) {
    return gain.isNewRate(referencePeriodNs, referenceStamps, period, stamps);
  }
}
