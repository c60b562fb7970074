package dev.lockstep.engine;

import dev.lockstep.check.Alignment.Sweep;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.SweepProfile;
import java.util.ArrayList;
import java.util.List;

/// Keeps the profiles of some sweeps of a stream, evenly over all of it, in bounded memory: every
/// `2^n`th, where `n` grows each time that there would be more than [#KEPT]. Which ones follows
/// from their indices alone.
final class SweepKeeper {
  /// Sweeps that are kept. Judged: of 512 residuals the median is known 20 times better than one;
  /// at 4 to 8 kB a sweep they take at most 4 MB.
  static final int KEPT = 512;

  private final List<Sweep> kept = new ArrayList<>();
  private long step = 1;

  void accept(MessageBatch batch) {
    for (int row = 0; row < batch.size(); row++) {
      SweepProfile profile = batch.sweep(row);
      long message = batch.firstIndex() + row;
      if (profile == null || message % step != 0 || message > Integer.MAX_VALUE) {
        continue;
      }
      if (kept.size() == KEPT) {
        step *= 2;
        kept.removeIf(sweep -> sweep.message() % step != 0);
        if (message % step != 0) {
          continue;
        }
      }
      kept.add(new Sweep((int) message, profile));
    }
  }

  List<Sweep> kept() {
    return kept;
  }
}
