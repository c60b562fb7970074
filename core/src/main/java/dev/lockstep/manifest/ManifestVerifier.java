package dev.lockstep.manifest;

import dev.lockstep.model.Block;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/// Holds a manifest against everything that it says about itself, and indexes it on the way.
final class ManifestVerifier {
  private final ManifestIndex index = new ManifestIndex();
  private final ManifestDigest digest;
  private final int batches;

  ManifestVerifier(Map<String, String> metadata, int batches) {
    this.digest = new ManifestDigest(metadata);
    this.batches = batches;
  }

  /// The header in the metadata of a schema that is one of a manifest.
  ///
  /// @throws DamagedManifestException if it is not
  static ManifestHeader header(Schema schema) throws DamagedManifestException {
    Map<String, String> metadata = schema.getCustomMetadata();
    String version = text(metadata, ManifestLayout.VERSION_KEY);
    if (!version.equals(ManifestLayout.VERSION)) {
      throw new DamagedManifestException("manifest version", version, ManifestLayout.VERSION);
    }
    if (!schema.getFields().equals(ManifestLayout.COLUMNS)) {
      throw new DamagedManifestException(
          "columns", schema.getFields().toString(), ManifestLayout.COLUMNS.toString());
    }
    long messages = number(metadata, ManifestLayout.BLOCK_MESSAGES_KEY);
    long bytes = number(metadata, ManifestLayout.BLOCK_BYTES_KEY);
    if (!BlockLimits.valid(messages, bytes)) {
      throw new DamagedManifestException(
          "block limits",
          messages + " messages, " + bytes + " bytes",
          "1 to " + BlockLimits.MAX_MESSAGES + " messages, at least 1 byte");
    }
    return new ManifestHeader(
        new BlockLimits((int) messages, bytes),
        text(metadata, ManifestLayout.RECORDING_KEY),
        text(metadata, ManifestLayout.FORMAT_KEY),
        number(metadata, ManifestLayout.RECORDING_BYTES_KEY));
  }

  private static String text(Map<String, String> metadata, String key)
      throws DamagedManifestException {
    @Nullable String value = metadata.get(key);
    if (value == null) {
      throw new DamagedManifestException("metadata " + key, "missing", "a value");
    }
    return value;
  }

  private static long number(Map<String, String> metadata, String key)
      throws DamagedManifestException {
    String value = text(metadata, key);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new DamagedManifestException("metadata " + key, "'" + value + "'", "a whole number");
    }
  }

  /// Verifies the next batch.
  ///
  /// @throws DamagedManifestException if anything about it is wrong
  void accept(ManifestBatch batch, int number) throws DamagedManifestException {
    boolean last = number == batches - 1;
    if (!last && batch.rows().size() != ManifestLayout.GROUP_ROWS) {
      throw new DamagedManifestException(
          "rows of batch " + number,
          Integer.toString(batch.rows().size()),
          Integer.toString(ManifestLayout.GROUP_ROWS));
    }
    for (Block block : batch.rows()) {
      accept(block, number);
    }
    compare("SHA-256 of batch " + number, batch.group(), digest.group());
    if (last) {
      compare("root SHA-256", batch.root(), digest.root());
    }
  }

  private void accept(Block block, int batch) throws DamagedManifestException {
    String stream = block.stream();
    long blocks = index.blocks(stream);
    long messages = index.messages(stream);
    if (block.index() != blocks || block.firstMessage() != messages) {
      throw new DamagedManifestException(
          "next block of " + stream,
          block.index() + " from message " + block.firstMessage(),
          blocks + " from message " + messages);
    }
    MemorySegment name = MemorySegment.ofArray(stream.getBytes(StandardCharsets.UTF_8));
    int chained =
        BlockBuilder.chain(
            block.crc32c(), name, block.index(), block.firstStampNs(), index.chained(stream));
    if (chained != block.chainedCrc32c()) {
      throw new DamagedManifestException(
          "chained CRC-32C of block " + block.index() + " of " + stream,
          String.format("0x%08X", block.chainedCrc32c()),
          String.format("0x%08X", chained));
    }
    digest.add(block);
    index.add(stream, batch, block.messages(), chained);
  }

  private static void compare(String what, byte @Nullable [] stored, byte[] computed)
      throws DamagedManifestException {
    if (!Arrays.equals(stored, computed)) {
      throw new DamagedManifestException(
          what,
          stored == null ? "missing" : HexFormat.of().formatHex(stored),
          HexFormat.of().formatHex(computed));
    }
  }

  ManifestIndex index() {
    return index;
  }
}
