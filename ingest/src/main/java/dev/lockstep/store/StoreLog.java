package dev.lockstep.store;

/// Told what the endpoint did that somebody may want to know; on any thread.
public interface StoreLog {
  /// Tells nobody.
  StoreLog NONE =
      new StoreLog() {
        @Override
        public void note(String text) {}

        @Override
        public void problem(String text) {}

        @Override
        public void synced(long durationNs) {}
      };

  /// Something ordinary: one sentence for people.
  void note(String text);

  /// Something that somebody should look at: one sentence.
  void problem(String text);

  /// One sync took so long.
  void synced(long durationNs);
}
