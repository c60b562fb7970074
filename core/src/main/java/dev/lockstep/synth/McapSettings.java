package dev.lockstep.synth;

import dev.lockstep.source.mcap.McapWriterOptions;
import dev.lockstep.source.mcap.McapWriterOptions.Part;
import java.util.List;

/// How an MCAP file is laid out.
///
/// @param compression `none`, `lz4` or `zstd`
/// @param chunkBytes a chunk is closed once it holds so many bytes; 0 writes no chunks
/// @param chunkCrc whether each chunk carries a CRC
/// @param dataCrc whether the data section carries a CRC
/// @param summaryCrc whether the summary carries a CRC
/// @param profile profile in the header
public record McapSettings(
    String compression,
    int chunkBytes,
    boolean chunkCrc,
    boolean dataCrc,
    boolean summaryCrc,
    String profile) {

  /// What [#compression] may be.
  public static final List<String> COMPRESSIONS = List.of("none", "lz4", "zstd");

  /// The common default of MCAP writers: chunks of 1 MiB with a CRC, summary with a CRC.
  public static final McapSettings DEFAULT =
      new McapSettings("none", 1 << 20, true, false, true, "");

  /// @throws IllegalArgumentException if the compression is unknown or needs chunks
  public McapSettings {
    if (!COMPRESSIONS.contains(compression)) {
      throw new IllegalArgumentException(
          "compression: " + compression + " (expected one of " + COMPRESSIONS + ")");
    }
    if (chunkBytes < 0 || (chunkBytes == 0 && !compression.equals("none"))) {
      throw new IllegalArgumentException(
          "chunk size: " + chunkBytes + " (expected above 0 with compression " + compression + ")");
    }
  }

  /// The same in the words of the writer.
  McapWriterOptions options() {
    McapWriterOptions options =
        McapWriterOptions.DEFAULT
            .withProfile(profile)
            .withCompression(compression.equals("none") ? "" : compression)
            .withChunkBytes(chunkBytes);
    options = chunkCrc ? options : options.without(Part.CHUNK_CRC);
    options = dataCrc ? options : options.without(Part.DATA_CRC);
    return summaryCrc ? options : options.without(Part.SUMMARY_CRC);
  }

  /// The same with another compression.
  public McapSettings withCompression(String name) {
    return new McapSettings(name, chunkBytes, chunkCrc, dataCrc, summaryCrc, profile);
  }

  /// The same with chunks of another size.
  public McapSettings withChunkBytes(int bytes) {
    return new McapSettings(compression, bytes, chunkCrc, dataCrc, summaryCrc, profile);
  }

  /// The same with or without checksums.
  public McapSettings withCrcs(boolean chunk, boolean data, boolean summary) {
    return new McapSettings(compression, chunkBytes, chunk, data, summary, profile);
  }

  /// The same with another profile.
  public McapSettings withProfile(String name) {
    return new McapSettings(compression, chunkBytes, chunkCrc, dataCrc, summaryCrc, name);
  }
}
