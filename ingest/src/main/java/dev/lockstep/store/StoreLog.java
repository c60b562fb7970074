package dev.lockstep.store;

/// Told what a store did that somebody may want to know.
public interface StoreLog {
  /// Tells nobody.
  StoreLog NONE =
      new StoreLog() {
        @Override
        public void note(String text) {}

        @Override
        public void synced(long durationNs) {}
      };

  /// One sentence for people.
  void note(String text);

  /// One sync took so long.
  void synced(long durationNs);
}
