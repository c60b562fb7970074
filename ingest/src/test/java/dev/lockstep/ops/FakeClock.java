package dev.lockstep.ops;

import java.time.Instant;
import java.time.InstantSource;

/// A clock that goes when it is told to.
final class FakeClock implements InstantSource {
  private long millis = 1_795_000_000_000L;

  void advance(long moreMillis) {
    millis += moreMillis;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis);
  }
}
