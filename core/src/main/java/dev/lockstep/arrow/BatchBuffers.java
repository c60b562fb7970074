package dev.lockstep.arrow;

import static dev.lockstep.arrow.MalformedFeatherException.Fault;

import dev.lockstep.codec.Decompressed;
import dev.lockstep.codec.Decompressors;
import dev.lockstep.codec.MalformedCompressionException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BufferLayout;
import org.apache.arrow.vector.TypeLayout;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/// Checks and takes the buffers of one record batch, column by column.
///
/// After [#take], [#nodes] and [#buffers] may be given to Arrow: every buffer lies inside the body
/// and is as long as the number of rows asks, and every string offset lies inside its data.
final class BatchBuffers implements AutoCloseable {
  private final MemorySegment file;
  private final FeatherParts.Batch batch;
  private final ArrowBuf bytes;
  private final BufferAllocator allocator;
  private final Decompressors decompressors;
  private final long maxBytes;

  private final List<ArrowFieldNode> nodes = new ArrayList<>();
  private final List<ArrowBuf> buffers = new ArrayList<>();
  private RecordBatch header = new RecordBatch();
  private @Nullable String compression;
  private long takenBytes;

  /// @param bytes the file's bytes as Arrow sees them
  /// @param maxBytes most bytes that the decompressed buffers may take together
  BatchBuffers(
      MemorySegment file,
      FeatherParts.Batch batch,
      ArrowBuf bytes,
      BufferAllocator allocator,
      Decompressors decompressors,
      long maxBytes) {
    this.file = file;
    this.batch = batch;
    this.bytes = bytes;
    this.allocator = allocator;
    this.decompressors = decompressors;
    this.maxBytes = maxBytes;
  }

  /// Takes all buffers.
  ///
  /// @throws MalformedFeatherException if one does not fit
  /// @throws RuntimeException of some kind if the metadata is damaged
  void take(RecordBatch header, Schema schema) throws MalformedFeatherException {
    this.header = header;
    this.compression = compression(header.compression());
    long rows = header.length();
    if (rows < 0 || rows > Integer.MAX_VALUE - 8) {
      throw malformed("rows of the batch", Long.toString(rows), "0 to 2^31 - 9");
    }
    for (Field field : schema.getFields()) {
      take(field, rows);
    }
    if (nodes.size() != header.nodesLength() || buffers.size() != header.buffersLength()) {
      throw malformed(
          "columns and buffers of the batch",
          header.nodesLength() + " and " + header.buffersLength(),
          nodes.size() + " and " + buffers.size());
    }
  }

  private @Nullable String compression(@Nullable BodyCompression body)
      throws MalformedFeatherException {
    if (body == null) {
      return null;
    }
    return switch (body.codec()) {
      case CompressionType.LZ4_FRAME -> Decompressors.LZ4;
      case CompressionType.ZSTD -> Decompressors.ZSTD;
      default ->
          throw malformed(
              "compression of the batch", "type " + body.codec(), "0 (LZ4) or 1 (zstd)");
    };
  }

  private void take(Field field, long rows) throws MalformedFeatherException {
    if (nodes.size() >= header.nodesLength()) {
      throw malformed(
          "columns of the batch", Integer.toString(header.nodesLength()), "those of the schema");
    }
    FieldNode node = header.nodes(nodes.size());
    if (node.length() != rows || node.nullCount() < 0 || node.nullCount() > rows) {
      throw malformed(
          "rows of column " + field.getName(),
          node.length() + " with " + node.nullCount() + " nulls",
          Long.toString(rows));
    }
    nodes.add(new ArrowFieldNode(node.length(), node.nullCount()));
    long inner = rows;
    long offsetsEnd = -1;
    for (BufferLayout layout : TypeLayout.getTypeLayout(field.getType()).getBufferLayouts()) {
      switch (layout.getType()) {
        case VALIDITY -> take(field, "validity", node.nullCount() == 0 ? 0 : bytesOf(rows, 1));
        case OFFSET -> {
          int width = layout.getTypeBitWidth() / Byte.SIZE;
          ArrowBuf offsets = take(field, "offsets", rows == 0 ? 0 : (rows + 1) * width);
          offsetsEnd = rows == 0 ? 0 : checkOffsets(field, offsets, rows, width);
          inner = offsetsEnd;
        }
        case DATA ->
            take(
                field,
                "data",
                offsetsEnd >= 0 ? offsetsEnd : bytesOf(rows, layout.getTypeBitWidth()));
        default -> throw malformed("column " + field.getName(), layout.toString(), "known buffers");
      }
    }
    if (field.getType() instanceof ArrowType.FixedSizeList list) {
      inner = Math.multiplyExact(rows, (long) list.getListSize());
    }
    for (Field child : field.getChildren()) {
      take(child, inner);
    }
  }

  private static long bytesOf(long rows, int bits) {
    return (Math.multiplyExact(rows, (long) bits) + Byte.SIZE - 1) / Byte.SIZE;
  }

  /// The last offset, after checking that they ascend from 0 or above.
  private long checkOffsets(Field field, ArrowBuf offsets, long rows, int width)
      throws MalformedFeatherException {
    long previous = 0;
    for (long row = 0; row <= rows; row++) {
      long at = row * width;
      long offset = width == Integer.BYTES ? offsets.getInt(at) : offsets.getLong(at);
      if (offset < previous) {
        throw new MalformedFeatherException(
            Fault.CONTENT,
            batch.bodyOffset(),
            batch.bodyBytes(),
            "offset of row " + row + " of column " + field.getName(),
            Long.toString(offset),
            "at least " + previous);
      }
      previous = offset;
    }
    return previous;
  }

  /// Takes the next buffer, which must hold `needed` bytes or more.
  private ArrowBuf take(Field field, String role, long needed) throws MalformedFeatherException {
    if (buffers.size() >= header.buffersLength()) {
      throw malformed(
          "buffers of the batch", Integer.toString(header.buffersLength()), "those of the schema");
    }
    Buffer buffer = header.buffers(buffers.size());
    long offset = buffer.offset();
    long length = buffer.length();
    String name = role + " of column " + field.getName();
    if (offset < 0 || length < 0 || offset > batch.bodyBytes() - length) {
      throw new MalformedFeatherException(
          Fault.RANGE,
          batch.offset(),
          batch.metadataBytes(),
          name,
          "bytes " + offset + "+" + length,
          "inside a body of " + batch.bodyBytes() + " bytes");
    }
    long at = batch.bodyOffset() + offset;
    ArrowBuf taken =
        compression == null || length == 0
            ? stored(at, length)
            : unpacked(name, compression, at, length, needed);
    buffers.add(taken);
    if (taken.capacity() < needed) {
      throw new MalformedFeatherException(
          Fault.CONTENT, at, length, name, taken.capacity() + " bytes", "at least " + needed);
    }
    return taken;
  }

  private ArrowBuf stored(long at, long length) {
    ArrowBuf slice = bytes.slice(at, length);
    slice.getReferenceManager().retain();
    slice.writerIndex(length);
    return slice;
  }

  private ArrowBuf unpacked(String name, String codec, long at, long length, long needed)
      throws MalformedFeatherException {
    if (length < FeatherLayout.LENGTH_BYTES) {
      throw new MalformedFeatherException(
          Fault.COMPRESSION,
          at,
          length,
          name,
          length + " bytes",
          "at least " + FeatherLayout.LENGTH_BYTES);
    }
    long plain = file.get(FeatherLayout.LONG, at);
    long frameAt = at + FeatherLayout.LENGTH_BYTES;
    long frameBytes = length - FeatherLayout.LENGTH_BYTES;
    if (plain == FeatherLayout.STORED) {
      return stored(frameAt, frameBytes);
    }
    if (plain < needed) {
      throw new MalformedFeatherException(
          Fault.CONTENT,
          at,
          FeatherLayout.LENGTH_BYTES,
          "uncompressed length of " + name,
          plain + " bytes",
          "at least " + needed);
    }
    if (plain > maxBytes - takenBytes) {
      throw new MalformedFeatherException(
          Fault.TOO_LARGE,
          at,
          length,
          "uncompressed length of " + name,
          plain + " bytes, after " + takenBytes + " of the batch",
          "at most " + maxBytes + " together");
    }
    takenBytes += plain;
    if (plain == 0) {
      return allocator.getEmpty();
    }
    ArrowBuf target = allocator.buffer(plain);
    try {
      MemorySegment out = Segments.of(target, plain);
      Decompressed result = decompressors.decompress(codec, file.asSlice(frameAt, frameBytes), out);
      if (result.outputBytes() != plain) {
        throw new MalformedFeatherException(
            Fault.COMPRESSION, at, length, name, result.outputBytes() + " bytes", plain + " bytes");
      }
      target.writerIndex(plain);
      return target;
    } catch (MalformedCompressionException e) {
      target.close();
      throw new MalformedFeatherException(
          Fault.COMPRESSION,
          frameAt + e.offset(),
          0,
          name,
          e.what(),
          "a whole " + codec + " frame");
    } catch (MalformedFeatherException | RuntimeException | Error e) {
      target.close();
      throw e;
    }
  }

  private MalformedFeatherException malformed(String what, String observed, String expected) {
    return FeatherParts.malformed(batch, what, observed, expected);
  }

  /// Columns in the order of the schema, nested ones behind their parents.
  List<ArrowFieldNode> nodes() {
    return nodes;
  }

  /// Buffers in the order of the columns.
  List<ArrowBuf> buffers() {
    return buffers;
  }

  /// Gives the buffers back; those that Arrow was given stay alive.
  @Override
  public void close() {
    buffers.forEach(ArrowBuf::close);
  }
}
