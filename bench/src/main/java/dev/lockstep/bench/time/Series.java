package dev.lockstep.bench.time;

import dev.lockstep.clock.LatticeFit;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The stamps of one real sensor.
///
/// @param rig where they come from
/// @param info the stream
/// @param stampsNs one a message
/// @param logTimesNs when messages reached a recorder, or null
record Series(String rig, StreamInfo info, long[] stampsNs, long @Nullable [] logTimesNs) {
  String name() {
    return rig + " " + info.name();
  }

  int size() {
    return stampsNs.length;
  }

  /// The same stream with other stamps.
  Series with(long[] stamps) {
    return new Series(rig, info, stamps, null);
  }

  /// The same stream from one message to another.
  Series cut(int from, int to) {
    return with(Arrays.copyOfRange(stampsNs, from, to));
  }

  LatticeFit.@Nullable Locked locked() {
    return LatticeFit.fit(stampsNs, 0, size()) instanceof LatticeFit.Locked locked ? locked : null;
  }

  double periodNs() {
    LatticeFit.Locked locked = locked();
    return locked == null ? Double.NaN : locked.lattice().periodNs();
  }

  double sigmaNs() {
    LatticeFit.Locked locked = locked();
    return locked == null ? Double.NaN : locked.sigmaNs();
  }

  double spanSeconds() {
    return (double) Times.difference(stampsNs[size() - 1], stampsNs[0]) / Times.SECOND;
  }
}
