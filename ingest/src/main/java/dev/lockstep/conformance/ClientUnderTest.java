package dev.lockstep.conformance;

import java.io.IOException;
import java.nio.file.Path;

/// A client that is to send one file in spool mode.
@FunctionalInterface
public interface ClientUnderTest {
  /// Sends `file` as stream `stream` of `session` to a server on this machine, and returns its exit
  /// code; -1 if it had to be ended.
  int send(Path file, int port, String session, String stream)
      throws IOException, InterruptedException;
}
