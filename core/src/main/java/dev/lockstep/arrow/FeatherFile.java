package dev.lockstep.arrow;

import static dev.lockstep.arrow.MalformedFeatherException.Fault;

import dev.lockstep.codec.Decompressors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
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
  /// Longest footer or message metadata. Judged: a thousand columns with long names take 200 KB.
  static final int MAX_METADATA_BYTES = 64 << 20;

  /// Most batches of a file. Judged: an hour of sweeps with one batch each.
  static final int MAX_BATCHES = 1 << 20;

  private final MemorySegment file;
  private final long maxBatchBytes;
  private final Decompressors decompressors;
  private final Schema schema;
  private final List<Batch> batches;
  private final RootAllocator allocator = new RootAllocator();
  private final ArrowBuf bytes;

  /// A record batch as the footer names it.
  record Batch(long offset, int metadataBytes, long bodyBytes) {
    long bodyOffset() {
      return offset + metadataBytes;
    }
  }

  private FeatherFile(
      MemorySegment file,
      long maxBatchBytes,
      Decompressors decompressors,
      Schema schema,
      List<Batch> batches) {
    this.file = file;
    this.maxBatchBytes = maxBatchBytes;
    this.decompressors = decompressors;
    this.schema = schema;
    this.batches = batches;
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
    long length = file.byteSize();
    checkMagic(file, 0, Fault.HEADER, "first bytes");
    if (length < FeatherLayout.HEAD_BYTES + FeatherLayout.TAIL_BYTES) {
      throw new MalformedFeatherException(
          Fault.END, 0, length, "file length", length + " bytes", "a footer at the end");
    }
    checkMagic(file, length - FeatherLayout.MAGIC_BYTES, Fault.END, "last bytes");
    long lengthAt = length - FeatherLayout.TAIL_BYTES;
    int footerBytes = file.get(FeatherLayout.INT, lengthAt);
    if (footerBytes <= 0
        || footerBytes > lengthAt - FeatherLayout.HEAD_BYTES
        || footerBytes > MAX_METADATA_BYTES) {
      throw new MalformedFeatherException(
          Fault.FOOTER,
          lengthAt,
          Integer.BYTES,
          "footer length",
          footerBytes + " bytes",
          "1 to " + Math.min(lengthAt - FeatherLayout.HEAD_BYTES, MAX_METADATA_BYTES));
    }
    long footerAt = lengthAt - footerBytes;
    try {
      Footer footer = Footer.getRootAsFooter(heapCopy(file, footerAt, footerBytes));
      Schema schema = Schemas.read(footer.schema());
      return new FeatherFile(
          file, maxBatchBytes, decompressors, schema, batches(footer, footerAt, footerBytes));
    } catch (Schemas.UnsupportedTypeException e) {
      throw new MalformedFeatherException(
          Fault.UNSUPPORTED, footerAt, footerBytes, "column", e.what(), "a type that is known");
    } catch (RuntimeException e) {
      // The accessors of damaged flatbuffers run out of their bounds in many ways.
      throw new MalformedFeatherException(
          Fault.METADATA, footerAt, footerBytes, "footer", "cannot be parsed", "a footer");
    }
  }

  private static void checkMagic(MemorySegment file, long offset, Fault fault, String what)
      throws MalformedFeatherException {
    byte[] magic = FeatherLayout.magic();
    long there = Math.min(magic.length, file.byteSize() - offset);
    byte[] found = file.asSlice(offset, there).toArray(ValueLayout.JAVA_BYTE);
    if (!java.util.Arrays.equals(found, magic)) {
      throw new MalformedFeatherException(
          fault,
          offset,
          there,
          what,
          "0x" + java.util.HexFormat.of().withUpperCase().formatHex(found),
          "ARROW1");
    }
  }

  private static ByteBuffer heapCopy(MemorySegment file, long offset, int length) {
    return ByteBuffer.wrap(file.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static List<Batch> batches(Footer footer, long footerAt, int footerBytes)
      throws MalformedFeatherException {
    if (footer.dictionariesLength() > 0) {
      throw new MalformedFeatherException(
          Fault.UNSUPPORTED,
          footerAt,
          footerBytes,
          "dictionaries",
          Integer.toString(footer.dictionariesLength()),
          "plain columns");
    }
    int count = footer.recordBatchesLength();
    List<Batch> batches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Block block = footer.recordBatches(i);
      Batch batch = new Batch(block.offset(), block.metaDataLength(), block.bodyLength());
      boolean inside =
          batch.offset() >= FeatherLayout.HEAD_BYTES
              && batch.metadataBytes() >= FeatherLayout.MESSAGE_PREFIX_BYTES
              && batch.metadataBytes() <= MAX_METADATA_BYTES
              && batch.bodyBytes() >= 0
              && batch.offset() <= footerAt - batch.metadataBytes()
              && batch.bodyBytes() <= footerAt - batch.bodyOffset();
      if (!inside || i >= MAX_BATCHES) {
        throw new MalformedFeatherException(
            Fault.FOOTER,
            footerAt,
            footerBytes,
            "batch " + i,
            "bytes " + batch.offset() + "+" + batch.metadataBytes() + "+" + batch.bodyBytes(),
            "in front of the footer at byte " + footerAt);
      }
      batches.add(batch);
    }
    return batches;
  }

  /// Names and types of the columns.
  public Schema schema() {
    return schema;
  }

  /// Number of record batches.
  public int batchCount() {
    return batches.size();
  }

  /// The rows of a batch as columns. The caller closes them before this file.
  ///
  /// @throws MalformedFeatherException if anything about the batch is damaged
  public VectorSchemaRoot load(int index) throws MalformedFeatherException {
    Batch batch = batches.get(index);
    RecordBatch header = header(index, batch);
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
      throw new MalformedFeatherException(
          Fault.METADATA,
          batch.offset(),
          batch.metadataBytes(),
          "batch " + index,
          "cannot be loaded: " + e,
          "a record batch of the schema");
    }
  }

  private RecordBatch header(int index, Batch batch) throws MalformedFeatherException {
    int marker = file.get(FeatherLayout.INT, batch.offset());
    int prefix = marker == FeatherLayout.CONTINUATION ? 8 : 4;
    int size = file.get(FeatherLayout.INT, batch.offset() + prefix - Integer.BYTES);
    if (size <= 0 || size > batch.metadataBytes() - prefix) {
      throw new MalformedFeatherException(
          Fault.METADATA,
          batch.offset(),
          prefix,
          "metadata length of batch " + index,
          size + " bytes",
          "1 to " + (batch.metadataBytes() - prefix));
    }
    try {
      Message message = Message.getRootAsMessage(heapCopy(file, batch.offset() + prefix, size));
      if (message.headerType() != MessageHeader.RecordBatch) {
        throw new MalformedFeatherException(
            Fault.METADATA,
            batch.offset(),
            batch.metadataBytes(),
            "message of batch " + index,
            "type " + message.headerType(),
            "a record batch, type " + MessageHeader.RecordBatch);
      }
      if (message.bodyLength() != batch.bodyBytes()) {
        throw new MalformedFeatherException(
            Fault.METADATA,
            batch.offset(),
            batch.metadataBytes(),
            "body length of batch " + index,
            message.bodyLength() + " bytes",
            batch.bodyBytes() + ", as the footer says");
      }
      RecordBatch header = new RecordBatch();
      if (message.header(header) == null) {
        throw new IllegalArgumentException("no header");
      }
      return header;
    } catch (RuntimeException e) {
      throw new MalformedFeatherException(
          Fault.METADATA,
          batch.offset(),
          batch.metadataBytes(),
          "metadata of batch " + index,
          "cannot be parsed",
          "a record batch");
    }
  }

  /// Gives back what was allocated; the file's bytes are the caller's.
  @Override
  public void close() {
    bytes.close();
    allocator.close();
  }
}
