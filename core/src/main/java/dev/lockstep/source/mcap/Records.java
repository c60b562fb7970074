package dev.lockstep.source.mcap;

import java.util.HashSet;
import java.util.Set;

/// Record bodies as values, for the records that are few. Each is read from [Fields], which tells
/// afterwards whether all of it was there.
final class Records {
  private Records() {}

  /// Header of the file.
  record Header(String profile, String library) {
    static Header read(Fields fields) {
      return new Header(fields.text(), fields.text());
    }
  }

  /// Footer of the file; offsets are 0 where there is no summary.
  record Footer(long summaryStart, long summaryOffsetStart, int summaryCrc) {
    static Footer read(Fields fields) {
      return new Footer(fields.i64(), fields.i64(), fields.i32());
    }
  }

  /// Head of a chunk: everything but the records.
  ///
  /// @param recordsOffset offset in the file of the records
  /// @param recordsLength their length as stored, unsigned
  record ChunkHead(
      long startNs,
      long endNs,
      long uncompressedSize,
      int crc,
      String compression,
      long recordsOffset,
      long recordsLength) {
    static ChunkHead read(Fields fields) {
      long startNs = fields.i64();
      long endNs = fields.i64();
      long size = fields.i64();
      int crc = fields.i32();
      String compression = fields.text();
      long length = fields.i64();
      return new ChunkHead(startNs, endNs, size, crc, compression, fields.position(), length);
    }
  }

  /// Head of an attachment: everything but the data.
  record Attachment(
      long logTimeNs, long createTimeNs, String name, String mediaType, long dataLength) {
    static Attachment read(Fields fields) {
      return new Attachment(fields.i64(), fields.i64(), fields.text(), fields.text(), fields.i64());
    }

    /// What an attachment index entry for it must hold.
    long fingerprint(long offset, long length) {
      long f = Fingerprint.with(Fingerprint.with(Fingerprint.start(), offset), length);
      f = Fingerprint.with(Fingerprint.with(f, logTimeNs), createTimeNs);
      return Fingerprint.with(Fingerprint.with(Fingerprint.with(f, dataLength), name), mediaType);
    }
  }

  /// An entry of the attachment index.
  record AttachmentIndex(long offset, long length, Attachment attachment) {
    static AttachmentIndex read(Fields fields) {
      long offset = fields.i64();
      long length = fields.i64();
      long logTimeNs = fields.i64();
      long createTimeNs = fields.i64();
      long dataLength = fields.i64();
      return new AttachmentIndex(
          offset,
          length,
          new Attachment(logTimeNs, createTimeNs, fields.text(), fields.text(), dataLength));
    }

    long fingerprint() {
      return attachment.fingerprint(offset, length);
    }
  }

  /// An entry of the metadata index.
  record MetadataIndex(long offset, long length, String name) {
    static MetadataIndex read(Fields fields) {
      return new MetadataIndex(fields.i64(), fields.i64(), fields.text());
    }

    long fingerprint() {
      return fingerprint(offset, length, name);
    }

    /// What the index entry of a metadata record must hold.
    static long fingerprint(long offset, long length, String name) {
      return Fingerprint.with(
          Fingerprint.with(Fingerprint.with(Fingerprint.start(), offset), length), name);
    }
  }

  /// An entry of the chunk index.
  ///
  /// @param indexes sum of the fingerprints of (channel, offset of its message index)
  /// @param indexCount number of message indexes
  record ChunkIndex(
      long startNs,
      long endNs,
      long offset,
      long length,
      long indexes,
      int indexCount,
      long indexLength,
      String compression,
      long compressedSize,
      long uncompressedSize) {
    static ChunkIndex read(Fields fields) {
      long startNs = fields.i64();
      long endNs = fields.i64();
      long offset = fields.i64();
      long length = fields.i64();
      long mapLength = fields.u32();
      long mapEnd = fields.position() + mapLength;
      long indexes = 0;
      int count = 0;
      while (!fields.broken() && fields.position() < mapEnd) {
        int channel = fields.u16();
        indexes += Fingerprint.ofPair(channel, fields.i64());
        count++;
      }
      long indexLength = fields.i64();
      String compression = fields.text();
      return new ChunkIndex(
          startNs,
          endNs,
          offset,
          length,
          indexes,
          count,
          indexLength,
          compression,
          fields.i64(),
          fields.i64());
    }
  }

  /// A summary offset.
  record SummaryOffset(int opcode, long start, long length) {
    static SummaryOffset read(Fields fields) {
      return new SummaryOffset(fields.u8(), fields.i64(), fields.i64());
    }

    // Written out, because what a record has by itself is put together at run time, which takes
    // several milliseconds of every start.

    @Override
    public boolean equals(Object other) {
      return other instanceof SummaryOffset o
          && opcode == o.opcode
          && start == o.start
          && length == o.length;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(Fingerprint.ofPair(start, length) + opcode);
    }
  }

  /// A schema.
  ///
  /// @param data its bytes; empty if there are more than [Definitions#MAX_SCHEMA_BYTES]
  record Schema(int id, String name, String encoding, byte[] data, long dataLength) {
    static Schema read(Fields fields) {
      int id = fields.u16();
      String name = fields.text();
      String encoding = fields.text();
      long before = fields.left();
      byte[] data = fields.bytes(Definitions.MAX_SCHEMA_BYTES);
      return new Schema(id, name, encoding, data, before - fields.left() - Integer.BYTES);
    }

    /// What another schema of the same id must agree in.
    long fingerprint() {
      long f = Fingerprint.with(Fingerprint.with(Fingerprint.start(), name), encoding);
      return Fingerprint.with(Fingerprint.with(f, dataLength), data);
    }
  }

  /// A channel.
  ///
  /// @param metadata fingerprint of the metadata, in whatever order they stand
  /// @param hasQos whether the metadata hold what the profile `ros2` demands
  /// @param duplicateKey a key that stands twice in the metadata, or an empty text
  record Channel(
      int id,
      int schemaId,
      String topic,
      String encoding,
      long metadata,
      boolean hasQos,
      String duplicateKey) {
    private static final String QOS_KEY = "offered_qos_profiles";

    static Channel read(Fields fields) {
      int id = fields.u16();
      int schemaId = fields.u16();
      String topic = fields.text();
      String encoding = fields.text();
      Texts texts = Texts.read(fields);
      return new Channel(
          id,
          schemaId,
          topic,
          encoding,
          texts.fingerprint,
          texts.keys.contains(QOS_KEY),
          texts.duplicateKey);
    }

    /// What another channel of the same id must agree in.
    long fingerprint() {
      long f = Fingerprint.with(Fingerprint.with(Fingerprint.start(), schemaId), topic);
      return Fingerprint.with(Fingerprint.with(f, encoding), metadata);
    }
  }

  /// A map of texts, as far as it matters.
  ///
  /// @param fingerprint sum of the fingerprints of its entries
  /// @param keys its keys
  /// @param duplicateKey a key that stands twice, or an empty text
  record Texts(long fingerprint, Set<String> keys, String duplicateKey) {
    static Texts read(Fields fields) {
      long end = fields.u32();
      end += fields.position();
      long fingerprint = 0;
      Set<String> keys = new HashSet<>();
      String duplicate = "";
      while (!fields.broken() && fields.position() < end) {
        String key = fields.text();
        String value = fields.text();
        fingerprint += Fingerprint.with(Fingerprint.with(Fingerprint.start(), key), value);
        if (!keys.add(key)) {
          duplicate = key;
        }
      }
      return new Texts(fingerprint, keys, duplicate);
    }
  }
}
