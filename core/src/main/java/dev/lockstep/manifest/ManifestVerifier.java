package dev.lockstep.manifest;

import dev.lockstep.arrow.MalformedFeatherException;
import dev.lockstep.arrow.PlainTable;
import dev.lockstep.model.Block;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
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

  /// The header in the metadata of a table that is one of a manifest.
  ///
  /// @throws DamagedManifestException if it is not
  static ManifestHeader header(PlainTable table) throws DamagedManifestException {
    Map<String, String> metadata = table.metadata();
    String version = text(metadata, ManifestLayout.VERSION_KEY);
    if (!version.equals(ManifestLayout.VERSION)) {
      throw new DamagedManifestException("manifest version", version, ManifestLayout.VERSION);
    }
    try {
      if (!table.fits()) {
        throw new DamagedManifestException(
            "columns", table.columnText(), ManifestSchema.fields().toString());
      }
    } catch (MalformedFeatherException e) {
      throw new DamagedManifestException(e);
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
    checkRows(batch, number);
    for (int row = 0; row < batch.size(); row++) {
      accept(batch.block(row), number);
    }
    compare("SHA-256 of batch " + number, batch.group(), digest.group());
    if (number == batches - 1) {
      compare("root SHA-256", batch.root(), digest.root());
    }
  }

  private void checkRows(ManifestBatch batch, int number) throws DamagedManifestException {
    if (number < batches - 1 && batch.size() != ManifestLayout.GROUP_ROWS) {
      throw new DamagedManifestException(
          "rows of batch " + number,
          Integer.toString(batch.size()),
          Integer.toString(ManifestLayout.GROUP_ROWS));
    }
  }

  /// Indexes the next batch by its outline and takes the digest of its rows as it is stored;
  /// [#check] verifies the rows when they are used.
  ///
  /// @throws DamagedManifestException if anything about it is wrong
  void outline(ManifestBatch batch, int number) throws DamagedManifestException {
    checkRows(batch, number);
    for (int row = 0; row < batch.size(); row++) {
      String stream = batch.stream(row);
      checkNext(stream, batch.blockIndex(row), batch.firstMessage(row));
      index.add(stream, number, batch.messages(row), 0);
    }
    byte[] group = batch.group();
    if (group == null) {
      throw new DamagedManifestException("SHA-256 of batch " + number, "missing", "a digest");
    }
    digest.add(group);
    if (number == batches - 1) {
      compare("root SHA-256", batch.root(), digest.root());
    }
  }

  /// Holds the rows of a batch against its own digest, on which the root rests.
  ///
  /// @throws DamagedManifestException if they differ
  static void check(ManifestBatch batch, int number) throws DamagedManifestException {
    ManifestDigest digest = new ManifestDigest(Map.of());
    for (int row = 0; row < batch.size(); row++) {
      digest.add(batch.block(row));
    }
    compare("SHA-256 of batch " + number, batch.group(), digest.group());
  }

  private void checkNext(String stream, long block, long firstMessage)
      throws DamagedManifestException {
    long blocks = index.blocks(stream);
    long messages = index.messages(stream);
    if (block != blocks || firstMessage != messages) {
      throw new DamagedManifestException(
          "next block of " + stream,
          block + " from message " + firstMessage,
          blocks + " from message " + messages);
    }
  }

  private void accept(Block block, int batch) throws DamagedManifestException {
    String stream = block.stream();
    checkNext(stream, block.index(), block.firstMessage());
    int chained =
        BlockBuilder.chain(
            block.crc32c(), stream, block.index(), block.firstStampNs(), index.chained(stream));
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
