package dev.lockstep.source;

import dev.lockstep.model.MessageBatch;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// What a read should derive and what it may spend.
///
/// @param payloads whether payloads are interpreted (header stamps, structure); without, only the
///   container is read
/// @param labels whether labels are read
/// @param digests whether a CRC-32 of each payload is computed even where no stored checksum needs
///   it (repeated-payload rule)
/// @param crc32c whether a CRC-32C of each payload is computed (block manifest)
/// @param crc32cPlaces where that CRC-32C is wanted, by [MessageBatch#positionsBytes]; null for
///   everywhere. The answer is the same for all bytes of a piece of 2^[#PLACE_BITS]. A reader may
///   compute it elsewhere, too
/// @param maxBlockBytes largest piece that is decompressed or held at once; larger ones are
///   reported as not examined
/// @param sweeps sees the points of all sweeps; all other messages are then passed over, so that
///   nothing else of such a read is of use; null for a read of everything
public record ReadOptions(
    boolean payloads,
    boolean labels,
    boolean digests,
    boolean crc32c,
    @Nullable LongPredicate crc32cPlaces,
    int maxBlockBytes,
    @Nullable SweepVisitor sweeps) {
  /// Largest chunk that is decompressed at once by default: 128 MiB, over 100 times the official
  /// writers' default chunk size.
  public static final int DEFAULT_MAX_BLOCK_BYTES = 128 << 20;

  /// Pieces of 1 MiB are wanted or not as a whole, so that a reader need not ask for each message.
  public static final int PLACE_BITS = 20;

  /// Everything that the default checks need.
  public static final ReadOptions DEFAULT =
      new ReadOptions(true, true, false, DEFAULT_MAX_BLOCK_BYTES);

  /// Stamps of a folder's files and its labels, without looking into the files of sensors.
  public static final ReadOptions STRUCTURE =
      new ReadOptions(false, true, false, false, null, DEFAULT_MAX_BLOCK_BYTES, null);

  /// Options that read labels with the payloads.
  public ReadOptions(boolean payloads, boolean digests, boolean crc32c, int maxBlockBytes) {
    this(payloads, payloads, digests, crc32c, null, maxBlockBytes, null);
  }

  /// The same with CRC-32C of each payload.
  public ReadOptions withCrc32c() {
    return new ReadOptions(payloads, labels, digests, true, null, maxBlockBytes, sweeps);
  }

  /// The same with CRC-32C of payloads at these places, unless that of each is computed already.
  public ReadOptions withCrc32c(LongPredicate places) {
    return crc32c
        ? this
        : new ReadOptions(payloads, labels, digests, true, places, maxBlockBytes, sweeps);
  }

  /// Whether the CRC-32C of a payload at that position is to be computed.
  public boolean crc32cAt(long position) {
    return crc32c && (crc32cPlaces == null || crc32cPlaces.test(position));
  }

  /// The same without looking into payloads.
  public ReadOptions containerOnly() {
    return new ReadOptions(false, false, false, crc32c, crc32cPlaces, maxBlockBytes, null);
  }

  /// Options for a read of nothing but the points of sweeps, which `visitor` sees.
  public ReadOptions sweepsOnly(SweepVisitor visitor) {
    return new ReadOptions(true, false, false, false, null, maxBlockBytes, visitor);
  }
}
