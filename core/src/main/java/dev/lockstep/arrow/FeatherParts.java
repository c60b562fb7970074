package dev.lockstep.arrow;

import static dev.lockstep.arrow.MalformedFeatherException.Fault;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;

/// Footer and batch metadata of an Arrow file, with every offset and length checked; the schema and
/// what buffers hold are for others to judge.
///
/// Touches no class of Arrow but those that read flatbuffers: its vectors take longer to load than
/// a small file to read.
///
/// @param file the whole file
/// @param footer its footer
/// @param footerAt where the footer begins
/// @param footerBytes length of the footer
/// @param batches the record batches that it names
record FeatherParts(
    MemorySegment file, Footer footer, long footerAt, int footerBytes, List<Batch> batches) {
  /// Longest footer or message metadata. Judged: a thousand columns with long names take 200 KB.
  static final int MAX_METADATA_BYTES = 64 << 20;

  /// Most batches of a file. Judged: an hour of sweeps with one batch each.
  static final int MAX_BATCHES = 1 << 20;

  /// A record batch as the footer names it.
  record Batch(long offset, int metadataBytes, long bodyBytes) {
    long bodyOffset() {
      return offset + metadataBytes;
    }
  }

  /// Reads the footer.
  ///
  /// @throws MalformedFeatherException if it is no Arrow file, or a damaged one
  static FeatherParts open(MemorySegment file) throws MalformedFeatherException {
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
      return new FeatherParts(
          file, footer, footerAt, footerBytes, batches(footer, footerAt, footerBytes));
    } catch (RuntimeException e) {
      // The accessors of damaged flatbuffers run out of their bounds in many ways.
      throw footerUnreadable(footerAt, footerBytes);
    }
  }

  private static MalformedFeatherException footerUnreadable(long footerAt, int footerBytes) {
    return new MalformedFeatherException(
        Fault.METADATA, footerAt, footerBytes, "footer", "cannot be parsed", "a footer");
  }

  /// The footer cannot be parsed.
  MalformedFeatherException footerUnreadable() {
    return footerUnreadable(footerAt, footerBytes);
  }

  /// The schema as Arrow knows it.
  ///
  /// @throws MalformedFeatherException if it is damaged, or has columns that are not read
  org.apache.arrow.vector.types.pojo.Schema schema() throws MalformedFeatherException {
    try {
      return Schemas.read(footer.schema());
    } catch (Schemas.UnsupportedTypeException e) {
      throw new MalformedFeatherException(
          Fault.UNSUPPORTED, footerAt, footerBytes, "column", e.what(), "a type that is known");
    } catch (RuntimeException e) {
      throw footerUnreadable();
    }
  }

  private static void checkMagic(MemorySegment file, long offset, Fault fault, String what)
      throws MalformedFeatherException {
    byte[] magic = FeatherLayout.magic();
    long there = Math.min(magic.length, file.byteSize() - offset);
    byte[] found = file.asSlice(offset, there).toArray(ValueLayout.JAVA_BYTE);
    if (!Arrays.equals(found, magic)) {
      throw new MalformedFeatherException(
          fault,
          offset,
          there,
          what,
          "0x" + HexFormat.of().withUpperCase().formatHex(found),
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

  /// The metadata of a batch.
  ///
  /// @throws MalformedFeatherException if it is damaged
  RecordBatch header(int index) throws MalformedFeatherException {
    Batch batch = batches.get(index);
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
        throw malformed(
            batch,
            "message of batch " + index,
            "type " + message.headerType(),
            "a record batch, type " + MessageHeader.RecordBatch);
      }
      if (message.bodyLength() != batch.bodyBytes()) {
        throw malformed(
            batch,
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
      throw malformed(batch, "metadata of batch " + index, "cannot be parsed", "a record batch");
    }
  }

  /// Damage to the metadata of a batch.
  static MalformedFeatherException malformed(
      Batch batch, String what, String observed, String expected) {
    return new MalformedFeatherException(
        Fault.METADATA, batch.offset(), batch.metadataBytes(), what, observed, expected);
  }
}
