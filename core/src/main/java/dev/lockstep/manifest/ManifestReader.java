package dev.lockstep.manifest;

import dev.lockstep.arrow.MalformedFeatherException;
import dev.lockstep.arrow.PlainRows;
import dev.lockstep.arrow.PlainTable;
import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Block;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.StoredBlocks;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import org.eclipse.collections.impl.list.mutable.primitive.IntArrayList;
import org.jspecify.annotations.Nullable;

/// A block manifest that proved sound when it was opened; rows are read when they are asked for.
///
/// In memory are [#BATCHES_HELD] batches and, for each batch, 16 bytes a stream that has blocks in
/// it: about 100 bytes for 10,000 messages. Used by one thread.
public final class ManifestReader implements StoredBlocks, AutoCloseable {
  /// Batches kept after use. Streams of one recording advance together, so their blocks lie in one
  /// batch or in neighbours.
  private static final int BATCHES_HELD = 4;

  private final MappedFile file;
  private final PlainTable table;
  private final ManifestHeader header;
  private final ManifestIndex index;
  private final boolean verified;
  private final ArrayDeque<Held> held = new ArrayDeque<>();

  private record Held(int number, ManifestBatch batch) {}

  private ManifestReader(
      MappedFile file,
      PlainTable table,
      ManifestHeader header,
      ManifestIndex index,
      boolean verified) {
    this.file = file;
    this.table = table;
    this.header = header;
    this.index = index;
    this.verified = verified;
  }

  /// Rows turn out not to be those that were sealed, or the file changed while it was used.
  public static final class UnsoundException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    UnsoundException(Path path, @Nullable Exception cause) {
      super("the manifest is damaged, or changed while it was used: " + path, cause);
    }
  }

  /// What opening a manifest gives: a manifest, or what is wrong with it.
  public sealed interface Opened {
    /// A manifest in which every checksum is right; the caller closes it.
    record Whole(ManifestReader manifest) implements Opened {}

    /// A manifest that cannot be relied on, with the first thing that is wrong with it.
    record Damaged(Defect defect) implements Opened {}
  }

  /// Opens the manifest `path` and verifies it whole: layout, order of blocks and messages, chained
  /// CRCs, SHA-256 of every group, root.
  ///
  /// @throws IOException if the operating system refuses to open or map it
  public static Opened open(Path path) throws IOException {
    return open(path, true);
  }

  /// Opens the manifest `path` to look up few blocks: verifies layout, order of blocks and messages
  /// and the root over the digests of groups, and a group when one of its rows is asked for.
  ///
  /// What it then tells is what was sealed, as after [#open]; but damage to rows that nobody asks
  /// for goes unnoticed. A few times faster.
  ///
  /// @throws IOException if the operating system refuses to open or map it
  public static Opened openForLookUp(Path path) throws IOException {
    return open(path, false);
  }

  private static Opened open(Path path, boolean whole) throws IOException {
    String name = String.valueOf(path.getFileName());
    MappedFile file = MappedFile.open(path);
    ManifestReader[] opened = new ManifestReader[1];
    try {
      file.guard(() -> opened[0] = read(file, whole));
    } catch (MappedFaultException e) {
      return new Opened.Damaged(
          Defect.of(
              DefectKind.MANIFEST_DAMAGED,
              Location.file(name),
              new Evidence.Violation("file", String.valueOf(e.getMessage()), "readable")));
    } catch (DamagedManifestException e) {
      return new Opened.Damaged(
          Defect.of(DefectKind.MANIFEST_DAMAGED, e.location(name), e.evidence()));
    } finally {
      if (opened[0] == null) {
        file.close();
      }
    }
    return new Opened.Whole(opened[0]);
  }

  private static ManifestReader read(MappedFile file, boolean whole)
      throws DamagedManifestException {
    try {
      PlainTable table = PlainTable.open(file.segment(), ManifestColumn.all());
      ManifestHeader header = ManifestVerifier.header(table);
      ManifestVerifier verifier = new ManifestVerifier(table.metadata(), table.batchCount());
      for (int number = 0; number < table.batchCount(); number++) {
        PlainRows rows = table.rows(number);
        if (whole) {
          verifier.accept(ManifestBatch.whole(rows, number, header.limits()), number);
        } else {
          verifier.outline(ManifestBatch.outline(rows, number, header.limits()), number);
        }
      }
      return new ManifestReader(file, table, header, verifier.index(), whole);
    } catch (MalformedFeatherException e) {
      throw new DamagedManifestException(e);
    }
  }

  private ManifestBatch load(int number) throws DamagedManifestException {
    try {
      ManifestBatch batch = ManifestBatch.whole(table.rows(number), number, header.limits());
      if (!verified) {
        ManifestVerifier.check(batch, number);
      }
      return batch;
    } catch (MalformedFeatherException e) {
      throw new DamagedManifestException(e);
    }
  }

  private ManifestBatch batch(int number) {
    for (Held each : held) {
      if (each.number() == number) {
        return each.batch();
      }
    }
    ManifestBatch[] loaded = new ManifestBatch[1];
    try {
      file.guard(() -> loaded[0] = load(number));
    } catch (MappedFaultException | DamagedManifestException e) {
      throw new UnsoundException(file.path(), e);
    }
    if (held.size() == BATCHES_HELD) {
      held.removeLast();
    }
    held.addFirst(new Held(number, loaded[0]));
    return loaded[0];
  }

  /// What the manifest says about itself.
  public ManifestHeader header() {
    return header;
  }

  @Override
  public List<String> streams() {
    return index.streams();
  }

  @Override
  public int blocks(String stream) {
    return index.blocks(stream);
  }

  @Override
  public long messages(String stream) {
    return index.messages(stream);
  }

  /// @throws IndexOutOfBoundsException if there is no such block
  /// @throws UnsoundException if the file was changed since it was opened, or proves damaged
  @Override
  public Block block(String stream, int number) {
    ManifestIndex.Entry entry = index.entryOfBlock(stream, number);
    ManifestBatch batch = batch(entry.batch());
    IntArrayList rows = rowsIn(batch, stream, number - entry.firstBlock());
    return batch.block(rows.get(number - entry.firstBlock()));
  }

  /// @throws IndexOutOfBoundsException if there is no such message
  /// @throws UnsoundException if the file was changed since it was opened, or proves damaged
  @Override
  public int blockOf(String stream, long message) {
    ManifestIndex.Entry entry = index.entryOfMessage(stream, message);
    ManifestBatch batch = batch(entry.batch());
    IntArrayList rows = rowsIn(batch, stream, 0);
    int low = 0;
    int high = rows.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (batch.firstMessage(rows.get(middle)) <= message) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return entry.firstBlock() + low;
  }

  /// The rows of a stream in a batch, which are more than `last`.
  private IntArrayList rowsIn(ManifestBatch batch, String stream, int last) {
    IntArrayList rows = batch.rowsOf(stream);
    if (rows.size() <= last) {
      throw new UnsoundException(file.path(), null);
    }
    return rows;
  }

  /// Releases the mapping.
  @Override
  public void close() {
    file.close();
  }
}
