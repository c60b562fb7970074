package dev.lockstep.payload;

import java.lang.foreign.MemorySegment;

/// Reads the payloads of one kind of message. Immutable: any number of threads may share it.
public interface PayloadReader {
  /// Reads the message at `[offsetBytes, offsetBytes + lengthBytes)` of `bytes` into `facts`, which
  /// was reset. Bad bytes are facts, never exceptions.
  void read(MemorySegment bytes, long offsetBytes, int lengthBytes, PayloadFacts facts);

  /// Whether there is anything to read in a message of that length. Of one without, the facts stay
  /// as they were reset; small ones come by the million.
  default boolean reads(int lengthBytes) {
    return true;
  }
}
