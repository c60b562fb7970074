package dev.lockstep.manifest;

import dev.lockstep.checksum.Sha256;
import dev.lockstep.model.Block;
import dev.lockstep.model.MessageCrcs;
import dev.lockstep.model.MessagePlaces;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.jspecify.annotations.Nullable;

/// One batch of a manifest, copied out of the file: its rows in order and by stream.
///
/// @param rows the blocks, in the order of the file
/// @param byStream the blocks of each stream
/// @param group digest of the rows as stored, null where the last row has none
/// @param root digest of the file as stored, null where the last row has none
record ManifestBatch(
    List<Block> rows,
    Map<String, List<Block>> byStream,
    byte @Nullable [] group,
    byte @Nullable [] root) {

  /// Copies the rows of `batch`, whose schema is that of the layout.
  ///
  /// @param limits bounds what a row may hold
  /// @throws DamagedManifestException if a value cannot be one
  static ManifestBatch copy(VectorSchemaRoot batch, int number, BlockLimits limits)
      throws DamagedManifestException {
    int count = batch.getRowCount();
    if (count < 1 || count > ManifestLayout.GROUP_ROWS) {
      throw new DamagedManifestException(
          "rows of batch " + number, Integer.toString(count), "1 to " + ManifestLayout.GROUP_ROWS);
    }
    Columns columns = new Columns(batch, number, limits);
    List<Block> rows = new ArrayList<>(count);
    Map<String, List<Block>> byStream = new java.util.HashMap<>();
    for (int row = 0; row < count; row++) {
      Block block = columns.block(row);
      rows.add(block);
      byStream.computeIfAbsent(block.stream(), _ -> new ArrayList<>()).add(block);
    }
    return new ManifestBatch(
        rows,
        byStream,
        digest(batch, ManifestLayout.GROUP_SHA, count - 1),
        digest(batch, ManifestLayout.ROOT_SHA, count - 1));
  }

  private static byte @Nullable [] digest(VectorSchemaRoot batch, String column, int row) {
    FixedSizeBinaryVector digests = (FixedSizeBinaryVector) batch.getVector(column);
    return digests.isNull(row) ? null : Arrays.copyOf(digests.get(row), Sha256.DIGEST_BYTES);
  }

  /// The columns of a batch.
  private static final class Columns {
    private final int number;
    private final BlockLimits limits;
    private final VectorSchemaRoot batch;
    private final VarCharVector stream;
    private final IntVector messages;
    private final UInt4Vector crc;
    private final UInt4Vector chained;
    private final ListVector lists;
    private final UInt4Vector items;

    Columns(VectorSchemaRoot batch, int number, BlockLimits limits) {
      this.batch = batch;
      this.number = number;
      this.limits = limits;
      stream = (VarCharVector) batch.getVector(ManifestLayout.STREAM);
      messages = (IntVector) batch.getVector(ManifestLayout.MESSAGES);
      crc = (UInt4Vector) batch.getVector(ManifestLayout.CRC);
      chained = (UInt4Vector) batch.getVector(ManifestLayout.CHAINED_CRC);
      lists = (ListVector) batch.getVector(ManifestLayout.MESSAGE_CRC);
      items = (UInt4Vector) lists.getDataVector();
    }

    Block block(int row) throws DamagedManifestException {
      for (String name : ManifestLayout.REQUIRED) {
        FieldVector column = batch.getVector(name);
        if (column.isNull(row)) {
          throw damaged(name, row, "null", "a value");
        }
      }
      int count = messages.get(row);
      int from = lists.getElementStartIndex(row);
      int to = lists.getElementEndIndex(row);
      if (count < 1 || count > limits.messages() || to - from != count) {
        throw damaged(
            ManifestLayout.MESSAGES,
            row,
            count + " with " + (to - from) + " checksums",
            "1 to " + limits.messages() + ", each with one");
      }
      int[] crcs = new int[count];
      for (int i = 0; i < count; i++) {
        if (items.isNull(from + i)) {
          throw damaged(ManifestLayout.MESSAGE_CRC, row, "null", "a value");
        }
        crcs[i] = items.get(from + i);
      }
      return new Block(
          String.valueOf(stream.getObject(row)),
          number(ManifestLayout.BLOCK, row),
          number(ManifestLayout.FIRST_MESSAGE, row),
          number(ManifestLayout.POSITION, row),
          number(ManifestLayout.FIRST_STAMP, row),
          number(ManifestLayout.LAST_STAMP, row),
          number(ManifestLayout.PAYLOAD_BYTES, row),
          crc.get(row),
          chained.get(row),
          new MessageCrcs(crcs, count),
          MessagePlaces.NONE);
    }

    private long number(String name, int row) {
      BigIntVector column = (BigIntVector) batch.getVector(name);
      return column.isNull(row) ? Times.NONE : column.get(row);
    }

    private DamagedManifestException damaged(
        String column, int row, String observed, String expected) {
      return new DamagedManifestException(
          column + " in row " + row + " of batch " + number, observed, expected);
    }
  }
}
