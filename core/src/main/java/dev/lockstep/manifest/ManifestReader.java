package dev.lockstep.manifest;

import dev.lockstep.arrow.FeatherFile;
import dev.lockstep.arrow.MalformedFeatherException;
import dev.lockstep.codec.Decompressors;
import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Block;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.StoredBlocks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/// A block manifest that proved whole when it was opened; rows are read when they are asked for.
///
/// In memory are [#BATCHES_HELD] batches and, for each batch, 16 bytes a stream that has blocks in
/// it: about 100 bytes for 10,000 messages. Used by one thread.
public final class ManifestReader implements StoredBlocks, AutoCloseable {
  /// Batches kept after use. Streams of one recording advance together, so their blocks lie in one
  /// batch or in neighbours.
  private static final int BATCHES_HELD = 4;

  /// Most memory of one batch: 1024 blocks of [BlockLimits#MAX_MESSAGES] sums, and the rest.
  private static final long MAX_BATCH_BYTES = 64L << 20;

  private final MappedFile file;
  private final Decompressors decompressors;
  private final FeatherFile table;
  private final ManifestHeader header;
  private final ManifestIndex index;
  private final ArrayDeque<Held> held = new ArrayDeque<>();

  private record Held(int number, ManifestBatch batch) {}

  private ManifestReader(
      MappedFile file,
      Decompressors decompressors,
      FeatherFile table,
      ManifestHeader header,
      ManifestIndex index) {
    this.file = file;
    this.decompressors = decompressors;
    this.table = table;
    this.header = header;
    this.index = index;
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
    String name = String.valueOf(path.getFileName());
    MappedFile file = MappedFile.open(path);
    Decompressors decompressors = new Decompressors();
    ManifestReader[] opened = new ManifestReader[1];
    try {
      file.guard(0, file.lengthBytes(), () -> opened[0] = verified(file, decompressors));
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
        decompressors.close();
      }
    }
    return new Opened.Whole(opened[0]);
  }

  private static ManifestReader verified(MappedFile file, Decompressors decompressors)
      throws DamagedManifestException {
    FeatherFile table;
    try {
      table = FeatherFile.open(file.segment(), MAX_BATCH_BYTES, decompressors);
    } catch (MalformedFeatherException e) {
      throw new DamagedManifestException(e);
    }
    try {
      ManifestHeader header = ManifestVerifier.header(table.schema());
      Schema schema = table.schema();
      ManifestVerifier verifier =
          new ManifestVerifier(schema.getCustomMetadata(), table.batchCount());
      for (int number = 0; number < table.batchCount(); number++) {
        verifier.accept(load(table, number, header.limits()), number);
      }
      return new ManifestReader(file, decompressors, table, header, verifier.index());
    } catch (DamagedManifestException | RuntimeException | Error e) {
      table.close();
      throw e;
    }
  }

  private static ManifestBatch load(FeatherFile table, int number, BlockLimits limits)
      throws DamagedManifestException {
    try (VectorSchemaRoot batch = table.load(number)) {
      return ManifestBatch.copy(batch, number, limits);
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
      file.guard(0, file.lengthBytes(), () -> loaded[0] = load(table, number, header.limits()));
    } catch (MappedFaultException | DamagedManifestException e) {
      throw new IllegalStateException("the manifest changed while it was used: " + file.path(), e);
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
  /// @throws IllegalStateException if the file was changed since it was opened
  @Override
  public Block block(String stream, int number) {
    ManifestIndex.Entry entry = index.entryOfBlock(stream, number);
    return blocksIn(entry, stream).get(number - entry.firstBlock());
  }

  /// @throws IndexOutOfBoundsException if there is no such message
  /// @throws IllegalStateException if the file was changed since it was opened
  @Override
  public int blockOf(String stream, long message) {
    ManifestIndex.Entry entry = index.entryOfMessage(stream, message);
    List<Block> blocks = blocksIn(entry, stream);
    int at = Collections.binarySearch(blocks.stream().map(Block::firstMessage).toList(), message);
    return entry.firstBlock() + (at >= 0 ? at : -at - 2);
  }

  private List<Block> blocksIn(ManifestIndex.Entry entry, String stream) {
    Map<String, List<Block>> byStream = batch(entry.batch()).byStream();
    @Nullable List<Block> blocks = byStream.get(stream);
    if (blocks == null) {
      throw new IllegalStateException("the manifest changed while it was used: " + file.path());
    }
    return blocks;
  }

  /// Releases the mapping.
  @Override
  public void close() {
    table.close();
    file.close();
    decompressors.close();
  }
}
