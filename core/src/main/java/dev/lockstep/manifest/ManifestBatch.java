package dev.lockstep.manifest;

import dev.lockstep.arrow.MalformedFeatherException;
import dev.lockstep.arrow.PlainRows;
import dev.lockstep.model.Block;
import dev.lockstep.model.MessageCrcs;
import dev.lockstep.model.MessagePlaces;
import dev.lockstep.model.Times;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.collections.impl.list.mutable.primitive.IntArrayList;
import org.jspecify.annotations.Nullable;

/// One batch of a manifest, copied out of the file.
final class ManifestBatch {
  private final PlainRows rows;
  private final int number;
  private final BlockLimits limits;
  private final String[] streams;
  private final long[] blocks;
  private final long[] firstMessages;
  private final int[] messages;
  private final Map<String, IntArrayList> byStream = new HashMap<>();
  private @Nullable Sums sums;

  /// Columns that say more than which block holds which messages.
  private record Sums(
      long[] positions,
      long[] firstStamps,
      long[] lastStamps,
      long[] bytes,
      int[] crcs,
      int[] chained,
      int[] offsets,
      int[] items) {}

  private ManifestBatch(PlainRows rows, int number, BlockLimits limits)
      throws MalformedFeatherException {
    this.rows = rows;
    this.number = number;
    this.limits = limits;
    this.streams = rows.texts(ManifestColumn.STREAM.ordinal());
    this.blocks = longs(ManifestColumn.BLOCK);
    this.firstMessages = longs(ManifestColumn.FIRST_MESSAGE);
    this.messages = rows.ints(ManifestColumn.MESSAGES.ordinal());
  }

  /// Reads of `rows`, whose columns are those of the layout, which blocks hold which messages.
  ///
  /// @param limits bounds what a row may hold
  /// @throws DamagedManifestException if a value cannot be one
  static ManifestBatch outline(PlainRows rows, int number, BlockLimits limits)
      throws DamagedManifestException {
    if (rows.size() < 1 || rows.size() > ManifestLayout.GROUP_ROWS) {
      throw new DamagedManifestException(
          "rows of batch " + number,
          Integer.toString(rows.size()),
          "1 to " + ManifestLayout.GROUP_ROWS);
    }
    try {
      ManifestBatch batch = new ManifestBatch(rows, number, limits);
      batch.checkPresent(
          ManifestColumn.STREAM,
          ManifestColumn.BLOCK,
          ManifestColumn.FIRST_MESSAGE,
          ManifestColumn.MESSAGES);
      for (int row = 0; row < rows.size(); row++) {
        if (batch.messages[row] < 1 || batch.messages[row] > limits.messages()) {
          throw batch.damaged(
              ManifestColumn.MESSAGES,
              row,
              Integer.toString(batch.messages[row]),
              "1 to " + limits.messages());
        }
        batch.byStream.computeIfAbsent(batch.streams[row], _ -> new IntArrayList()).add(row);
      }
      return batch;
    } catch (MalformedFeatherException e) {
      throw new DamagedManifestException(e);
    }
  }

  /// Reads everything of `rows`.
  ///
  /// @throws DamagedManifestException if a value cannot be one
  static ManifestBatch whole(PlainRows rows, int number, BlockLimits limits)
      throws DamagedManifestException {
    ManifestBatch batch = outline(rows, number, limits);
    batch.checkPresent(ManifestColumn.values());
    try {
      batch.readSums();
    } catch (MalformedFeatherException e) {
      throw new DamagedManifestException(e);
    }
    return batch;
  }

  private void checkPresent(ManifestColumn... columns) throws DamagedManifestException {
    for (ManifestColumn column : columns) {
      boolean[] present = rows.present(column.ordinal());
      for (int row = 0; row < present.length && !column.nullable(); row++) {
        if (!present[row]) {
          throw damaged(column, row, "null", "a value");
        }
      }
    }
  }

  private void readSums() throws MalformedFeatherException, DamagedManifestException {
    int lists = ManifestColumn.MESSAGE_CRC.ordinal();
    int[] offsets = rows.offsets(lists);
    for (int row = 0; row < messages.length; row++) {
      int count = offsets[row + 1] - offsets[row];
      if (count != messages[row]) {
        throw damaged(
            ManifestColumn.MESSAGES,
            row,
            messages[row] + " with " + count + " checksums",
            "1 to " + limits.messages() + ", each with one");
      }
    }
    boolean[] present = rows.itemsPresent(lists);
    for (int row = 0; row < messages.length; row++) {
      for (int i = offsets[row]; i < offsets[row + 1]; i++) {
        if (!present[i]) {
          throw damaged(ManifestColumn.MESSAGE_CRC, row, "null", "a value");
        }
      }
    }
    sums =
        new Sums(
            longs(ManifestColumn.POSITION),
            longs(ManifestColumn.FIRST_STAMP),
            longs(ManifestColumn.LAST_STAMP),
            longs(ManifestColumn.PAYLOAD_BYTES),
            rows.ints(ManifestColumn.CRC.ordinal()),
            rows.ints(ManifestColumn.CHAINED_CRC.ordinal()),
            offsets,
            rows.items(lists));
  }

  private long[] longs(ManifestColumn column) {
    long[] values = rows.longs(column.ordinal());
    if (column.nullable()) {
      boolean[] present = rows.present(column.ordinal());
      for (int row = 0; row < values.length; row++) {
        values[row] = present[row] ? values[row] : Times.NONE;
      }
    }
    return values;
  }

  private DamagedManifestException damaged(
      ManifestColumn column, int row, String observed, String expected) {
    return new DamagedManifestException(
        column.title() + " in row " + row + " of batch " + number, observed, expected);
  }

  int size() {
    return streams.length;
  }

  String stream(int row) {
    return streams[row];
  }

  long blockIndex(int row) {
    return blocks[row];
  }

  long firstMessage(int row) {
    return firstMessages[row];
  }

  int messages(int row) {
    return messages[row];
  }

  /// The rows of a stream, in order; none if it has none here.
  IntArrayList rowsOf(String stream) {
    return byStream.getOrDefault(stream, new IntArrayList());
  }

  /// The block of a row.
  ///
  /// @throws IllegalStateException if only the outline was read
  Block block(int row) {
    Sums all = sums;
    if (all == null) {
      throw new IllegalStateException("only the outline of batch " + number + " was read");
    }
    return new Block(
        streams[row],
        blocks[row],
        firstMessages[row],
        all.positions[row],
        all.firstStamps[row],
        all.lastStamps[row],
        all.bytes[row],
        all.crcs[row],
        all.chained[row],
        new MessageCrcs(
            Arrays.copyOfRange(all.items, all.offsets[row], all.offsets[row + 1]), messages[row]),
        MessagePlaces.NONE);
  }

  /// Digest of the rows as stored, null where the last row has none.
  byte @Nullable [] group() {
    return digest(ManifestColumn.GROUP_SHA);
  }

  /// Digest of the file as stored, null where the last row has none.
  byte @Nullable [] root() {
    return digest(ManifestColumn.ROOT_SHA);
  }

  private byte @Nullable [] digest(ManifestColumn column) {
    int last = size() - 1;
    return rows.present(column.ordinal())[last] ? rows.bytes32(column.ordinal(), last) : null;
  }
}
