package dev.lockstep.arrow;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.types.pojo.Schema;

/// Writes an Arrow file: fill [#root], [#writeBatch], and again; then [#finish].
///
/// Metadata goes into the schema, where every Arrow library shows it; what is written into the
/// footer, some do not. Bytes depend on schema and values alone. Used by one thread.
public final class ArrowFileOutput implements AutoCloseable {
  private final BufferAllocator allocator = new RootAllocator();
  private final VectorSchemaRoot root;
  private final ArrowFileWriter writer;

  /// A file of `schema` on `out`, which stays open.
  ///
  /// @param compression how buffers are compressed
  public ArrowFileOutput(WritableByteChannel out, Schema schema, CodecType compression) {
    root = VectorSchemaRoot.create(schema, allocator);
    writer =
        new ArrowFileWriter(
            root,
            null,
            new Unclosed(out),
            Map.of(),
            IpcOption.DEFAULT,
            ArrowCodecs.INSTANCE,
            compression,
            Optional.empty());
  }

  /// A channel whose owner closes it.
  private record Unclosed(WritableByteChannel out) implements WritableByteChannel {
    @Override
    public int write(java.nio.ByteBuffer bytes) throws IOException {
      return out.write(bytes);
    }

    @Override
    public boolean isOpen() {
      return out.isOpen();
    }

    @Override
    public void close() {}
  }

  /// The columns of the batch that comes next; empty again after [#writeBatch].
  public VectorSchemaRoot root() {
    return root;
  }

  /// Writes the `rows` rows that are in [#root].
  ///
  /// @throws IOException from the channel
  public void writeBatch(int rows) throws IOException {
    root.setRowCount(rows);
    writer.writeBatch();
    root.clear();
  }

  /// Writes the footer, which makes the file whole.
  ///
  /// @throws IOException from the channel
  public void finish() throws IOException {
    writer.end();
  }

  /// Finishes the file if nobody has, and releases memory.
  @Override
  public void close() {
    writer.close();
    root.close();
    allocator.close();
  }
}
