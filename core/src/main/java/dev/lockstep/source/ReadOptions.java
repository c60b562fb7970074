package dev.lockstep.source;

import org.jspecify.annotations.Nullable;

/// What a read should derive and what it may spend.
///
/// @param payloads whether payloads are interpreted (header stamps, structure); without, only the
///   container is read
/// @param labels whether labels are read
/// @param digests whether a CRC-32 of each payload is computed even where no stored checksum needs
///   it (repeated-payload rule)
/// @param crc32c whether a CRC-32C of each payload is computed (block manifest)
/// @param maxBlockBytes largest piece that is decompressed or held at once; larger ones are
///   reported as not examined
/// @param sweeps sees the points of all sweeps; all other messages are then passed over, so that
///   nothing else of such a read is of use; null for a read of everything
public record ReadOptions(
    boolean payloads,
    boolean labels,
    boolean digests,
    boolean crc32c,
    int maxBlockBytes,
    @Nullable SweepVisitor sweeps) {
  /// Largest chunk that is decompressed at once by default: 128 MiB, over 100 times the official
  /// writers' default chunk size.
  public static final int DEFAULT_MAX_BLOCK_BYTES = 128 << 20;

  /// Everything that the default checks need.
  public static final ReadOptions DEFAULT =
      new ReadOptions(true, true, false, DEFAULT_MAX_BLOCK_BYTES);

  /// Stamps of a folder's files and its labels, without looking into the files of sensors.
  public static final ReadOptions STRUCTURE =
      new ReadOptions(false, true, false, false, DEFAULT_MAX_BLOCK_BYTES, null);

  /// Options that read labels with the payloads.
  public ReadOptions(boolean payloads, boolean digests, boolean crc32c, int maxBlockBytes) {
    this(payloads, payloads, digests, crc32c, maxBlockBytes, null);
  }

  /// The same with CRC-32C of each payload.
  public ReadOptions withCrc32c() {
    return new ReadOptions(payloads, labels, digests, true, maxBlockBytes, sweeps);
  }

  /// The same without looking into payloads.
  public ReadOptions containerOnly() {
    return new ReadOptions(false, false, crc32c, maxBlockBytes);
  }

  /// Options for a read of nothing but the points of sweeps, which `visitor` sees.
  public ReadOptions sweepsOnly(SweepVisitor visitor) {
    return new ReadOptions(true, false, false, false, maxBlockBytes, visitor);
  }
}
