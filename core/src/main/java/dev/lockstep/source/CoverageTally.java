package dev.lockstep.source;

import dev.lockstep.model.Coverage;
import java.util.Set;
import java.util.TreeSet;

/// Adds up how much of a folder's files was read and protected. Used by the committing thread.
public final class CoverageTally {
  private final Set<String> bases = new TreeSet<>();
  private long totalBytes;
  private long protectedBytes;
  private long lostBytes;

  /// Adds a file that no checksum protects.
  public void add(long lengthBytes) {
    totalBytes += lengthBytes;
  }

  /// Adds a file whose own checksums were verified.
  ///
  /// @param basis what they are (`PNG chunk CRC-32`)
  public void addProtected(long lengthBytes, String basis) {
    addProtected(lengthBytes, lengthBytes, basis);
  }

  /// Adds a file of which a part lies under checksums of its own that were verified.
  public void addProtected(long lengthBytes, long underChecksumBytes, String basis) {
    totalBytes += lengthBytes;
    protectedBytes += underChecksumBytes;
    bases.add(basis);
  }

  /// Adds a file that could not be interpreted.
  public void addLost(long lengthBytes) {
    totalBytes += lengthBytes;
    lostBytes += lengthBytes;
  }

  /// The sum.
  public Coverage coverage() {
    String basis = bases.isEmpty() ? "none" : String.join(", ", bases);
    return new Coverage(totalBytes, protectedBytes, lostBytes, 0, basis);
  }
}
