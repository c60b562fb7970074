package dev.lockstep.check;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.PoseSeries;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A rule about one label set, seen whole: rows by time and by track.
public non-sealed interface LabelCheck extends Check {
  /// Looks at a sealed label set.
  Conclusion examine(LabelSet labels, Context context, CheckSink sink);

  /// What else is known about the recording that the labels belong to.
  interface Context {
    /// Poses of the vehicle, or null.
    @Nullable PoseSeries poses();

    /// Stamps of the LiDAR streams, each ascending as recorded; empty where there is none.
    List<Sweeps> sweeps();

    /// Stamps of the sweeps of one LiDAR stream.
    final class Sweeps {
      private final String stream;
      private final long[] stampsNs;

      /// @param stream name of the stream
      /// @param stampsNs stamps in order of recording, all valid; kept, not copied
      public Sweeps(String stream, long[] stampsNs) {
        this.stream = stream;
        this.stampsNs = stampsNs;
      }

      /// Name of the stream.
      public String stream() {
        return stream;
      }

      /// Stamps in order of recording, ns.
      public long[] stampsNs() {
        return stampsNs;
      }
    }
  }
}
