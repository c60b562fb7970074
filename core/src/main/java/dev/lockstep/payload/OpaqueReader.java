package dev.lockstep.payload;

import java.lang.foreign.MemorySegment;

/// Reads payloads that nothing is known of: at most whether one is missing.
///
/// @param neverEmpty whether a message takes a byte at least
record OpaqueReader(boolean neverEmpty) implements PayloadReader {
  @Override
  public boolean reads(int lengthBytes) {
    return neverEmpty && lengthBytes == 0;
  }

  @Override
  public void read(MemorySegment bytes, long offsetBytes, int lengthBytes, PayloadFacts facts) {
    if (reads(lengthBytes)) {
      facts.emptyPayload();
    }
  }
}
