package dev.lockstep.source;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Opens what holds files before it is known whether it can be used.
public final class Opening {
  /// Looks at what was opened.
  @FunctionalInterface
  public interface Reading {
    /// Whether it can be used.
    ///
    /// @throws IOException if it cannot be read
    boolean read() throws IOException;
  }

  private Opening() {}

  /// Gives `opened` if it can be used; else it is closed, and null comes back.
  ///
  /// @throws IOException from `reading`, after which it is closed too
  public static <T> @Nullable T keepIf(Reading reading, T opened, Runnable close)
      throws IOException {
    boolean kept = false;
    try {
      kept = reading.read();
      return kept ? opened : null;
    } finally {
      if (!kept) {
        close.run();
      }
    }
  }
}
