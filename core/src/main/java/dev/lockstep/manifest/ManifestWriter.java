package dev.lockstep.manifest;

import dev.lockstep.arrow.ArrowFileOutput;
import dev.lockstep.model.Block;
import dev.lockstep.model.Times;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.types.pojo.Schema;

/// Writes a block manifest beside its recording, a batch of rows at a time.
///
/// The file appears whole and durable at [#commit] or not at all; until then it grows under another
/// name. Bytes depend on header and blocks alone. Memory: one batch. Used by one thread.
public final class ManifestWriter implements AutoCloseable {
  private static final String PART_SUFFIX = ".part";

  private final Path target;
  private final Path part;
  private final FileChannel channel;
  private final ArrowFileOutput out;
  private final ManifestDigest digest;
  private final List<Block> rows = new ArrayList<>();
  private long blocks;
  private long messages;
  private long payloadBytes;
  private boolean done;

  private ManifestWriter(Path target, Path part, FileChannel channel, Schema schema) {
    this.target = target;
    this.part = part;
    this.channel = channel;
    this.out = new ArrowFileOutput(channel, schema, CodecType.NO_COMPRESSION);
    this.digest = new ManifestDigest(schema.getCustomMetadata());
  }

  /// What a manifest holds.
  ///
  /// @param blocks number of blocks
  /// @param messages number of messages in them
  /// @param payloadBytes bytes of their payloads
  /// @param fileBytes length of the manifest
  public record Written(long blocks, long messages, long payloadBytes, long fileBytes) {}

  /// Begins the manifest `target`.
  ///
  /// @throws IOException if its folder cannot be written to
  public static ManifestWriter create(Path target, ManifestHeader header) throws IOException {
    Path part = target.resolveSibling(target.getFileName() + PART_SUFFIX);
    FileChannel channel =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    try {
      return new ManifestWriter(target, part, channel, ManifestSchema.of(header));
    } catch (RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  /// Adds a block; the blocks of one stream come in order.
  ///
  /// @throws IOException if the file cannot be written
  public void add(Block block) throws IOException {
    // A full batch waits for the next row: the last one of all carries the root.
    if (rows.size() == ManifestLayout.GROUP_ROWS) {
      flush(false);
    }
    rows.add(block);
    blocks++;
    messages += block.messages();
    payloadBytes += block.bytes();
  }

  /// Makes the manifest whole and durable under its name, replacing one that was there.
  ///
  /// @throws IOException if it cannot be written
  public Written commit() throws IOException {
    if (!rows.isEmpty()) {
      flush(true);
    }
    out.finish();
    long fileBytes = channel.position();
    channel.force(true);
    out.close();
    channel.close();
    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    done = true;
    Path folder = target.toAbsolutePath().getParent();
    if (folder != null) {
      // Without this the new name itself could be lost with the power.
      DurableFile.syncFolder(folder);
    }
    return new Written(blocks, messages, payloadBytes, fileBytes);
  }

  private void flush(boolean last) throws IOException {
    VectorSchemaRoot root = out.root();
    VarCharVector stream = (VarCharVector) vector(root, ManifestColumn.STREAM);
    UInt4Vector crc = (UInt4Vector) vector(root, ManifestColumn.CRC);
    UInt4Vector chained = (UInt4Vector) vector(root, ManifestColumn.CHAINED_CRC);
    IntVector count = (IntVector) vector(root, ManifestColumn.MESSAGES);
    ListVector lists = (ListVector) vector(root, ManifestColumn.MESSAGE_CRC);
    UInt4Vector items = (UInt4Vector) lists.getDataVector();
    int item = 0;
    for (int row = 0; row < rows.size(); row++) {
      Block block = rows.get(row);
      digest.add(block);
      stream.setSafe(row, block.stream().getBytes(StandardCharsets.UTF_8));
      set(root, ManifestColumn.BLOCK, row, block.index());
      set(root, ManifestColumn.FIRST_MESSAGE, row, block.firstMessage());
      count.setSafe(row, block.messages());
      set(root, ManifestColumn.POSITION, row, block.positionBytes());
      set(root, ManifestColumn.FIRST_STAMP, row, block.firstStampNs());
      set(root, ManifestColumn.LAST_STAMP, row, block.lastStampNs());
      set(root, ManifestColumn.PAYLOAD_BYTES, row, block.bytes());
      crc.setSafe(row, block.crc32c());
      chained.setSafe(row, block.chainedCrc32c());
      lists.startNewValue(row);
      for (int i = 0; i < block.messages(); i++) {
        items.setSafe(item++, block.messageCrc32c().get(i));
      }
      lists.endValue(row, block.messages());
    }
    int at = rows.size() - 1;
    setDigest(root, ManifestColumn.GROUP_SHA, at, digest.group());
    if (last) {
      setDigest(root, ManifestColumn.ROOT_SHA, at, digest.root());
    }
    out.writeBatch(rows.size());
    rows.clear();
  }

  private static FieldVector vector(VectorSchemaRoot root, ManifestColumn column) {
    return root.getVector(column.ordinal());
  }

  private static void set(VectorSchemaRoot root, ManifestColumn column, int row, long value) {
    BigIntVector vector = (BigIntVector) vector(root, column);
    if (value == Times.NONE) {
      vector.setNull(row);
    } else {
      vector.setSafe(row, value);
    }
  }

  private static void setDigest(
      VectorSchemaRoot root, ManifestColumn column, int row, byte[] value) {
    ((FixedSizeBinaryVector) vector(root, column)).setSafe(row, value);
  }

  /// Leaves nothing behind unless [#commit] was called.
  ///
  /// @throws IOException if the unfinished file cannot be removed
  @Override
  public void close() throws IOException {
    if (done) {
      return;
    }
    done = true;
    try {
      out.close();
    } finally {
      channel.close();
      Files.deleteIfExists(part);
    }
  }
}
