package dev.lockstep.clock;

/// The undecided messages of a followed stream, each with its slot (counted from the last accepted
/// one) and its distance from that slot.
final class PendingStamps {

  private final LatticeState state;
  private final long[] stampNs;
  private final long[] message;
  private final long[] slot;
  private final double[] residualNs;
  private int size;

  PendingStamps(LatticeState state, int capacity) {
    this.state = state;
    this.stampNs = new long[capacity];
    this.message = new long[capacity];
    this.slot = new long[capacity];
    this.residualNs = new double[capacity];
  }

  int size() {
    return size;
  }

  boolean isFull() {
    return size == stampNs.length;
  }

  long stampNs(int i) {
    return stampNs[i];
  }

  long message(int i) {
    return message[i];
  }

  long slot(int i) {
    return slot[i];
  }

  double residualNs(int i) {
    return residualNs[i];
  }

  void clear() {
    size = 0;
  }

  void add(long newMessage, long newStampNs) {
    message[size] = newMessage;
    stampNs[size] = newStampNs;
    place(size);
    size++;
  }

  /// Removes the `n` oldest and places the others on the lattice as it is now.
  void remove(int n) {
    size -= n;
    System.arraycopy(stampNs, n, stampNs, 0, size);
    System.arraycopy(message, n, message, 0, size);
    for (int i = 0; i < size; i++) {
      place(i);
    }
  }

  private void place(int i) {
    double distance = state.distanceNs(stampNs[i]);
    double nearest = Math.floor(distance / state.periodNs + 0.5);
    slot[i] = (long) nearest;
    residualNs[i] = distance - nearest * state.periodNs;
  }

  /// Whether a message is within reach of its slot: the limit, and what carrying the phase over the
  /// slots before may have cost.
  boolean isOn(int i) {
    long before = i == 0 ? state.stampNs : stampNs[i - 1];
    double carry = state.gain.carryNs(slot[i], state.periodNs);
    double reach = state.limitAt(stampNs[i] - before) + carry;
    return Math.abs(residualNs[i]) <= Math.min(0.5 * state.periodNs, reach);
  }

  /// Whether a message within reach still shows more than half the offset of the last one beyond
  /// it: the start of a small step rather than a return.
  boolean keepsOffset(int z) {
    int y = z - 1;
    while (y >= 0 && isOn(y)) {
      y--;
    }
    if (y < 0) {
      return false;
    }
    double offset = residualNs[y];
    double next = residualNs[z];
    return offset * next > 0 && Math.abs(next) > Math.abs(offset) / 2;
  }

  /// Whether `n` messages from `i` on lie one period apart each.
  boolean agree(int i, int n) {
    double least = 0;
    double most = 0;
    for (int j = 1; j < n; j++) {
      double moved = (double) (stampNs[i + j] - stampNs[i]) - j * state.periodNs;
      least = Math.min(least, moved);
      most = Math.max(most, moved);
    }
    return most - least <= state.gain.agreementNs();
  }

  /// Whether message `i` lies at a slot from which on the lattice has moved by `stepNs`, or nearer
  /// to that than a stray beside the step would.
  boolean isMovedBy(int i, double stepNs, long atSlot) {
    double off = state.distanceNs(stampNs[i]) - atSlot * state.periodNs;
    return Math.abs(off - stepNs) <= Math.abs(stepNs) / 4
        && slot[i] == atSlot
        && Math.abs(stepNs) > state.gain.limitNs;
  }

  /// Mean offset of `n` messages from `i` on that lie one period apart, against the slot of the
  /// first.
  double meanOffsetNs(int i, int n) {
    double sum = 0;
    for (int j = 0; j < n; j++) {
      sum += state.distanceNs(stampNs[i + j]) - (slot[i] + j) * state.periodNs;
    }
    return sum / n;
  }

  /// The largest distance from their slots among the first `n`, with its sign.
  double peakNs(int n) {
    double peak = 0;
    for (int i = 0; i < n; i++) {
      if (Math.abs(residualNs[i]) > Math.abs(peak)) {
        peak = residualNs[i];
      }
    }
    return peak;
  }

  /// Copies all out and forgets them; returns their number.
  int release(long[] messages, long[] stampsNs) {
    int n = size;
    System.arraycopy(message, 0, messages, 0, n);
    System.arraycopy(stampNs, 0, stampsNs, 0, n);
    size = 0;
    return n;
  }
}
