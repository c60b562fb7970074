/// Compressed bytes, from segment to segment: LZ4 frames and zstd frames, read and written, bounded
/// by the output's length and safe on any input.
///
/// Entry types: [dev.lockstep.codec.Decompressors] (by the name that a container stores),
/// [dev.lockstep.codec.Decompressor], [dev.lockstep.codec.Compressor]. Which bytes of a container
/// are compressed, and how large they may become, is for the formats to say.
@NullMarked
package dev.lockstep.codec;

import org.jspecify.annotations.NullMarked;
