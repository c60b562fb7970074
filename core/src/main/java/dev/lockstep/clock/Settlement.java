package dev.lockstep.clock;

/// Decides the pending messages `[0, z]` at once: message `z` lies on the lattice, moved by a step
/// from there on where there is one; those before it took slots between, in order; slots left over
/// are empty and messages left over are surplus.
final class Settlement {

  private final LatticeState state;
  private final PendingStamps pending;
  private final LatticeEvents out;
  private final int z;
  private double stepNs;

  /// The lattice as it was, since accepting messages moves it; behind a hole that no phase survives
  /// as the first message there has it.
  private long baseStampNs;

  private double baseResidualNs;
  private long baseAt;
  private final double basePeriodNs;
  private final long baseSlot;
  private final long end;

  private long creditLeft;
  private long slot;
  private long beforeMessage;
  private long beforeStampNs;
  private int run;
  private long runMessage;
  private long runStampNs;
  private double runPeakNs;

  Settlement(LatticeState state, PendingStamps pending, int z, double stepNs, LatticeEvents out) {
    this.state = state;
    this.pending = pending;
    this.out = out;
    this.z = z;
    long nearest = pending.slot(z);
    this.end = stepNs == 0 ? nearest : Math.max(nearest, z + 1);
    // A step that would put two messages into one slot is one the other way.
    this.stepNs = stepNs == 0 ? 0 : stepNs - (end - nearest) * state.periodNs;
    this.baseStampNs = state.stampNs;
    this.baseResidualNs = state.residualNs;
    this.basePeriodNs = state.periodNs;
    this.baseSlot = state.slot;
    this.creditLeft = state.credit;
    this.beforeMessage = state.message;
    this.beforeStampNs = state.stampNs;
  }

  void run(int knownPhase) {
    for (int j = 0; j < z; j++) {
      between(j);
    }
    if (baseAt != 0) {
      double off = deviationNs(z, end);
      stepNs = Math.abs(off) > state.gain.wideAt(pending.stampNs(z) - beforeStampNs) ? off : 0;
    }
    boolean stepped = stepNs != 0;
    boolean hadHole = hole(end, z, stepped);
    flush();
    if (!stepped) {
      take(z, end);
      return;
    }
    if (!hadHole) {
      out.phaseStep(pending.message(z), pending.stampNs(z), Math.round(stepNs));
    }
    double residual = deviationNs(z, end) - stepNs;
    long slots = baseSlot + end - state.slot;
    state.resume(pending.message(z), pending.stampNs(z), residual, slots, knownPhase, out);
  }

  private void between(int j) {
    long latest = end - (z - j);
    if (latest <= slot) {
      flush();
      out.extra(pending.message(j), pending.stampNs(j));
      state.displaced++;
      return;
    }
    long next = Math.clamp(pending.slot(j), slot + 1, latest);
    boolean fades = state.gain.phaseFades(next - slot, basePeriodNs);
    boolean fresh = hole(next, j, false) && fades;
    double deviation = deviationNs(j, next);
    long step = pending.stampNs(j) - beforeStampNs;
    if (fresh) {
      flush();
      take(j, next);
      baseStampNs = state.stampNs;
      baseResidualNs = state.residualNs;
      baseAt = next;
    } else if (Math.abs(deviation) > state.gain.wideAt(step)) {
      displace(j, deviation);
    } else {
      flush();
      take(j, next);
    }
    slot = next;
    beforeMessage = pending.message(j);
    beforeStampNs = pending.stampNs(j);
  }

  private void displace(int j, double deviation) {
    if (run == 0) {
      runMessage = pending.message(j);
      runStampNs = pending.stampNs(j);
      runPeakNs = deviation;
    } else if (Math.abs(deviation) > Math.abs(runPeakNs)) {
      runPeakNs = deviation;
    }
    run++;
    state.displaced++;
    state.gain.observe(Math.min(Math.abs(deviation), basePeriodNs / 2), basePeriodNs);
  }

  private double deviationNs(int j, long at) {
    return (double) (pending.stampNs(j) - baseStampNs)
        + baseResidualNs
        - (at - baseAt) * basePeriodNs;
  }

  private void take(int j, long at) {
    if (pending.stampNs(j) <= state.stampNs) {
      state.displaced++;
      return;
    }
    long slots = baseSlot + at - state.slot;
    double residual = state.distanceNs(pending.stampNs(j)) - slots * state.periodNs;
    state.accept(pending.message(j), pending.stampNs(j), residual, slots, out);
  }

  /// Reports the empty slots before slot `next`, less those that messages with useless stamps may
  /// have taken; false where none are left.
  private boolean hole(long next, int j, boolean stepped) {
    long empty = next - slot - 1;
    long covered = Math.min(empty, creditLeft);
    creditLeft -= covered;
    long count = empty - covered;
    if (count <= 0) {
      return false;
    }
    flush();
    state.missing += count;
    long first = baseSlot + slot + 1 + covered;
    long after = pending.stampNs(j);
    if (stepped || state.gain.phaseLost(next - slot, basePeriodNs)) {
      long phase = Math.round(stepped ? stepNs : pending.residualNs(j));
      out.reconnected(first, count, beforeMessage, beforeStampNs, after, phase);
    } else {
      out.dropped(first, count, beforeMessage, beforeStampNs, after);
    }
    return true;
  }

  private void flush() {
    if (run == 1) {
      out.doublet(runMessage, runStampNs, Math.round(runPeakNs));
    } else if (run > 1) {
      out.excursion(runMessage, run, Math.round(runPeakNs));
    }
    run = 0;
  }
}
