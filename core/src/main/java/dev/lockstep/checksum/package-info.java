/// Checksums over ranges of a `MemorySegment`: [dev.lockstep.checksum.Crc32] (what MCAP, PNG and
/// zlib store), [dev.lockstep.checksum.Crc32c] (what our block manifest and TFRecord store), both
/// with GF(2) combine so that the sums of parts give the sum of the whole without a second pass,
/// and [dev.lockstep.checksum.Sha256] for digests over digest lists. Where sums are stored and what
/// they cover belongs to the formats and to the manifest, not here.
@NullMarked
package dev.lockstep.checksum;

import org.jspecify.annotations.NullMarked;
