package dev.lockstep.arrow;

import dev.lockstep.codec.Decompressors;
import java.lang.foreign.MemorySegment;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.ForeignAllocation;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Schema;

/// An Arrow file over bytes that are already in memory, mapped as a rule, and trusted in nothing:
/// every offset, length, count and string offset is checked before Arrow sees it.
///
/// Columns that are not compressed are given out where they lie, without a copy, so they live as
/// long as the bytes do; compressed ones are decompressed into memory of their own. Bytes that are
/// mapped must be read inside their file's guard. Used by one thread.
public final class FeatherFile implements AutoCloseable {
  private final MemorySegment file;
  private final long maxBatchBytes;
  private final Decompressors decompressors;
  private final Schema schema;
  private final FeatherParts parts;
  private final RootAllocator allocator = new RootAllocator();
  private final ArrowBuf bytes;

  private FeatherFile(
      FeatherParts parts, long maxBatchBytes, Decompressors decompressors, Schema schema) {
    this.file = parts.file();
    this.maxBatchBytes = maxBatchBytes;
    this.decompressors = decompressors;
    this.schema = schema;
    this.parts = parts;
    this.bytes = allocator.wrapForeignAllocation(new Mapping(file));
  }

  /// Memory that belongs to somebody else.
  private static final class Mapping extends ForeignAllocation {
    Mapping(MemorySegment file) {
      super(file.byteSize(), file.address());
    }

    @Override
    protected void release0() {}
  }

  /// Reads the footer.
  ///
  /// @param file the whole file; native memory
  /// @param maxBatchBytes most memory that one batch may take decompressed
  /// @param decompressors used for compressed buffers
  /// @throws MalformedFeatherException if it is no Arrow file, or a damaged one
  public static FeatherFile open(
      MemorySegment file, long maxBatchBytes, Decompressors decompressors)
      throws MalformedFeatherException {
    FeatherParts parts = FeatherParts.open(file);
    return new FeatherFile(parts, maxBatchBytes, decompressors, parts.schema());
  }

  /// Names and types of the columns.
  public Schema schema() {
    return schema;
  }

  /// Number of record batches.
  public int batchCount() {
    return parts.batches().size();
  }

  /// The rows of a batch as columns. The caller closes them before this file.
  ///
  /// @throws MalformedFeatherException if anything about the batch is damaged
  public VectorSchemaRoot load(int index) throws MalformedFeatherException {
    FeatherParts.Batch batch = parts.batches().get(index);
    RecordBatch header = parts.header(index);
    try (BatchBuffers buffers =
        new BatchBuffers(file, batch, bytes, allocator, decompressors, maxBatchBytes)) {
      buffers.take(header, schema);
      VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
      try (ArrowRecordBatch loaded =
          new ArrowRecordBatch((int) header.length(), buffers.nodes(), buffers.buffers())) {
        new VectorLoader(root).load(loaded);
        return root;
      } catch (RuntimeException e) {
        root.close();
        throw e;
      }
    } catch (RuntimeException e) {
      throw FeatherParts.malformed(
          batch, "batch " + index, "cannot be loaded: " + e, "a record batch of the schema");
    }
  }

  /// Gives back what was allocated; the file's bytes are the caller's.
  @Override
  public void close() {
    bytes.close();
    allocator.close();
  }
}
