package dev.lockstep.clock;

import java.util.IdentityHashMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The rising stamps of the streams of one recording and their lattices, each made for the first
/// rule that asks.
public final class StampFits {
  /// One stream.
  ///
  /// @param stamps usable stamps that rise
  /// @param fit their lattice
  public record Fitted(RisingStamps stamps, LatticeFit.Outcome fit) {}

  private final IdentityHashMap<long[], Fitted> known = new IdentityHashMap<>();

  /// Those of a stream.
  ///
  /// @param stampsNs stamps in order of messages: the array tells streams apart
  /// @param usable whether the stamp of a message counts, or null where all do; asked once
  public Fitted of(long[] stampsNs, @Nullable IntPredicate usable) {
    Fitted fitted = known.get(stampsNs);
    if (fitted == null) {
      RisingStamps stamps = RisingStamps.of(stampsNs, usable);
      fitted = new Fitted(stamps, stamps.fit());
      known.put(stampsNs, fitted);
    }
    return fitted;
  }
}
