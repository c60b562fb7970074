package dev.lockstep.source.mcap;

import java.util.EnumSet;
import java.util.Set;

/// How an MCAP file is written. Immutable; begin with one of the constants and change what differs.
///
/// @param profile profile in the header (`ros2`, empty, ...)
/// @param library library in the header
/// @param compression `""`, `lz4` or `zstd`
/// @param chunkBytes a chunk is closed when it holds so many bytes; 0 writes without chunks
/// @param parts what a file need not have, and this one has
public record McapWriterOptions(
    String profile, String library, String compression, int chunkBytes, Set<Part> parts) {
  /// What a file need not have.
  public enum Part {
    /// Checksums of the chunks.
    CHUNK_CRC,
    /// A checksum of the data section.
    DATA_CRC,
    /// A checksum of the summary.
    SUMMARY_CRC,
    /// Checksums of the attachments.
    ATTACHMENT_CRC,
    /// Message indexes behind each chunk.
    MESSAGE_INDEXES,
    /// Indexes of chunks, attachments and metadata in the summary.
    RECORD_INDEXES,
    /// Statistics in the summary.
    STATISTICS,
    /// Schemas and channels in the summary.
    REPEATED_DEFINITIONS,
    /// Offsets of its groups at the end of the summary.
    SUMMARY_OFFSETS
  }

  /// Chunk size of the official libraries.
  public static final int DEFAULT_CHUNK_BYTES = 1 << 20;

  /// Everything that the format offers, not compressed.
  public static final McapWriterOptions DEFAULT =
      new McapWriterOptions("", "lockstep", "", DEFAULT_CHUNK_BYTES, EnumSet.allOf(Part.class));

  /// As `ros2 bag record` writes by default: neither chunk nor data checksums, not compressed.
  public static final McapWriterOptions ROSBAG2 =
      DEFAULT.withProfile("ros2").without(Part.CHUNK_CRC, Part.DATA_CRC);

  /// As `ros2 bag record --storage-preset-profile fastwrite` writes: no chunks, no checksums.
  public static final McapWriterOptions FASTWRITE =
      ROSBAG2.withChunkBytes(0).without(Part.SUMMARY_CRC, Part.ATTACHMENT_CRC);

  /// @throws IllegalArgumentException if the compression is not known or the chunk size negative
  public McapWriterOptions {
    if (!compression.isEmpty() && !compression.equals("lz4") && !compression.equals("zstd")) {
      throw new IllegalArgumentException(
          "compression: " + compression + " (known: none, lz4, zstd)");
    }
    if (chunkBytes < 0) {
      throw new IllegalArgumentException("chunk size: " + chunkBytes + " (expected 0 or more)");
    }
    parts = Set.copyOf(parts);
  }

  /// Whether the file has that part.
  public boolean has(Part part) {
    return parts.contains(part);
  }

  /// The same with more parts.
  public McapWriterOptions with(Part... more) {
    Set<Part> all = EnumSet.noneOf(Part.class);
    all.addAll(parts);
    all.addAll(Set.of(more));
    return new McapWriterOptions(profile, library, compression, chunkBytes, all);
  }

  /// The same with fewer parts.
  public McapWriterOptions without(Part... fewer) {
    Set<Part> rest = EnumSet.noneOf(Part.class);
    rest.addAll(parts);
    rest.removeAll(Set.of(fewer));
    return new McapWriterOptions(profile, library, compression, chunkBytes, rest);
  }

  /// The same with another profile.
  public McapWriterOptions withProfile(String profile) {
    return new McapWriterOptions(profile, library, compression, chunkBytes, parts);
  }

  /// The same with another name of the library.
  public McapWriterOptions withLibrary(String library) {
    return new McapWriterOptions(profile, library, compression, chunkBytes, parts);
  }

  /// The same with another compression: `""`, `lz4` or `zstd`.
  public McapWriterOptions withCompression(String compression) {
    return new McapWriterOptions(profile, library, compression, chunkBytes, parts);
  }

  /// The same with another chunk size; 0 writes without chunks.
  public McapWriterOptions withChunkBytes(int chunkBytes) {
    return new McapWriterOptions(profile, library, compression, chunkBytes, parts);
  }
}
