package dev.lockstep.check;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A rule about a recording as a whole: what its reader found wrong, and its streams side by side.
public non-sealed interface RecordingCheck extends Check {
  /// Begins to look at one recording. The observer is used by one thread.
  Observer open(CheckSink sink);

  /// Looks at one recording.
  interface Observer {
    /// A defect that the reader found.
    default void onDefect(Defect defect) {}

    /// The reader goes on with message `first` of `stream`, and has told all defects of the
    /// messages in front of it.
    default void onMessages(String stream, long first) {}

    /// Everything has been read.
    Conclusion onEnd(Summary summary);
  }

  /// A recording at its end.
  interface Summary {
    /// Streams in order of their ids, those without messages included.
    List<StreamSummary> streams();

    /// Id of a rule that reported all stamps of a stream as wrong so far, or null.
    default @Nullable String wronglyStamped(StreamSummary stream) {
      return null;
    }

    /// How often the reader looked for defects of `kind`.
    long examined(DefectKind kind);

    /// Why the reader could not look for defects of `kind`; empty where it could.
    List<String> unexamined(DefectKind kind);

    /// Where sensors sit and how cameras project, as far as known.
    default List<Calibration> calibrations() {
      return List.of();
    }

    /// How much was read and how much is protected.
    Coverage coverage();
  }
}
