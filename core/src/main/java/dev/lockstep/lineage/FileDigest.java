package dev.lockstep.lineage;

import dev.lockstep.checksum.Sha256;
import dev.lockstep.mapped.MappedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;

/// Length and SHA-256 of a file.
///
/// @param bytes its length
/// @param sha256 lower-case hexadecimal
record FileDigest(long bytes, String sha256) {
  /// Reads `file` whole.
  ///
  /// @throws IOException if it cannot be read
  static FileDigest of(Path file) throws IOException {
    try (MappedFile mapped = MappedFile.open(file)) {
      Sha256 digest = new Sha256();
      long bytes = mapped.lengthBytes();
      mapped.guard(0, bytes, () -> digest.update(mapped.segment(), 0, bytes));
      return new FileDigest(bytes, HexFormat.of().formatHex(digest.digest()));
    }
  }
}
