package dev.lockstep.checksum;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;

/// SHA-256 (FIPS 180-4) over segments: for digests of digest lists and of whole files.
///
/// Slow where the processor has no instruction for it (0.15 GB/s), so nothing on the path of every
/// byte uses it by default. One instance serves one thread and is ready for reuse after
/// [#digest()].
public final class Sha256 {
  /// Length of a digest.
  public static final int DIGEST_BYTES = 32;

  private static final int PIECE_BYTES = 8192;

  private final MessageDigest digest;
  private final byte[] piece = new byte[PIECE_BYTES];

  /// Starts a digest of nothing.
  public Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256, which every Java platform must provide", e);
    }
  }

  /// The digest of a range, [#DIGEST_BYTES] long.
  ///
  /// @throws IndexOutOfBoundsException if the range is not within the segment
  public static byte[] of(MemorySegment segment, long offset, long lengthBytes) {
    return new Sha256().update(segment, offset, lengthBytes).digest();
  }

  /// Adds a range of a segment, copied piece by piece so that a fault on a mapped file is raised in
  /// the copy and not within native code.
  ///
  /// @throws IndexOutOfBoundsException if the range is not within the segment
  public Sha256 update(MemorySegment segment, long offset, long lengthBytes) {
    Objects.checkFromIndexSize(offset, lengthBytes, segment.byteSize());
    long end = offset + lengthBytes;
    for (long position = offset; position < end; position += PIECE_BYTES) {
      int count = (int) Math.min(PIECE_BYTES, end - position);
      MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, position, piece, 0, count);
      digest.update(piece, 0, count);
    }
    return this;
  }

  /// The digest of everything added since the start or the last call, [#DIGEST_BYTES] long.
  public byte[] digest() {
    return digest.digest();
  }
}
