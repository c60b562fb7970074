package dev.lockstep.synth.fault;

import java.io.IOException;

/// Where the unedited payloads of a [Tape] are.
@FunctionalInterface
public interface PayloadStore {
  /// The payload that was stored under `key`; the array may be changed by the caller.
  ///
  /// @throws IOException if it cannot be read
  byte[] read(long key) throws IOException;
}
