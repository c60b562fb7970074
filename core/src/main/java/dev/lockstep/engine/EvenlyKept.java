package dev.lockstep.engine;

import java.util.ArrayList;
import java.util.List;

/// Keeps something of some messages of a stream, evenly over all of it, in bounded memory: of every
/// `2^n`th, where `n` grows each time that there would be more than [#KEPT]. Which ones follows
/// from their indices alone.
final class EvenlyKept<T> {
  /// What is kept at most. Judged: of 512 values the median is known 20 times better than one; the
  /// profiles of sweeps, the largest, take at most 4 MB at 4 to 8 kB each.
  static final int KEPT = 512;

  private final List<T> kept = new ArrayList<>();
  private final List<Long> messages = new ArrayList<>();
  private long step = 1;

  /// Whether something of that message would be kept.
  boolean keeps(long message) {
    return message % step == 0;
  }

  /// Takes what there is of the next message.
  void accept(long message, T value) {
    if (!keeps(message)) {
      return;
    }
    while (kept.size() == KEPT) {
      step *= 2;
      int n = 0;
      for (int i = 0; i < kept.size(); i++) {
        if (keeps(messages.get(i))) {
          kept.set(n, kept.get(i));
          messages.set(n++, messages.get(i));
        }
      }
      kept.subList(n, kept.size()).clear();
      messages.subList(n, messages.size()).clear();
    }
    if (keeps(message)) {
      kept.add(value);
      messages.add(message);
    }
  }

  List<T> kept() {
    return kept;
  }
}
