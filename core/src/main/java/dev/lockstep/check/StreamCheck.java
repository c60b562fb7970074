package dev.lockstep.check;

import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StreamInfo;
import org.jspecify.annotations.Nullable;

/// A rule about the messages of one stream, seen once, in order.
public non-sealed interface StreamCheck extends Check {
  /// Why the rule says nothing about `stream` (`stream has no points`), or null if it applies.
  @Nullable String notApplicable(StreamInfo stream);

  /// Whether what the rule finds in a stream of labels is a symptom where a label rule has found
  /// the same stamps wrong: that one holds them against sweeps, this one only against each other.
  /// What it finds in any stream is one where a rule about several streams reports it of all.
  default boolean yieldsToLabels() {
    return false;
  }

  /// Begins to look at one stream. The observer is used by one thread.
  ///
  /// @param shared analyses of this stream that rules share
  Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared);

  /// Looks at one stream. Must not depend on how messages are cut into batches.
  interface Observer {
    /// The next messages.
    void onBatch(MessageBatch batch);

    /// No more messages.
    Conclusion onEnd();
  }
}
