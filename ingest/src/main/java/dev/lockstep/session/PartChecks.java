package dev.lockstep.session;

import dev.lockstep.check.Finding;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// Checks parts while they grow, on threads of its own. Never slows a sender down.
public interface PartChecks {
  /// What came out.
  ///
  /// @param verdict one word
  /// @param sha256 of the whole file, lower-case hexadecimal
  /// @param findings how many there are
  record Checked(String verdict, String sha256, int findings) {}

  /// The checking of one part.
  interface PartCheck {
    /// The first `bytes` bytes are final. Returns at once.
    void advance(long bytes);

    /// No more than `bytes` bytes will come. Never fails: a part that cannot be examined has a
    /// verdict that says so.
    CompletableFuture<Checked> complete(long bytes);

    /// Gives up; whatever is under way ends on its own.
    void close();
  }

  /// Begins at the first byte of a part.
  ///
  /// @param name what the recording is called
  /// @param findings told of findings as they come, on another thread
  PartCheck open(Path file, String name, Consumer<Finding> findings);
}
