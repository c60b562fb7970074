package dev.lockstep.source.mcap;

import dev.lockstep.checksum.Crc32c;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Times;
import dev.lockstep.payload.PayloadFacts;
import dev.lockstep.payload.PayloadProfile;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.SweepVisitor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/// Walks the records of one range, a chunk or a run of top-level records, and fills a [ScanResult].
/// This is the hot loop of the reader.
///
/// The range may lie in the mapped file or in a buffer it was decompressed to. Framing is believed
/// as far as it holds: at the first record that does not fit the range, the scan stops and says
/// where.
final class RecordScan {
  /// A decision about what is scanned.
  ///
  /// @param file name of the file
  /// @param chunkOffset offset of the chunk record, or -1 for top-level records
  /// @param chunkLength length of the chunk record with its head
  /// @param inPlace whether offsets in the segment are offsets in the file
  record Place(String file, long chunkOffset, long chunkLength, boolean inPlace) {
    boolean inChunk() {
      return chunkOffset >= 0;
    }

    /// The bytes of a record, or its chunk where that is compressed.
    Location of(long at, long length) {
      return inPlace
          ? Location.bytes(file, at, length)
          : Location.bytes(file, chunkOffset, chunkLength);
    }

    /// A record in words.
    String name(int opcode, long at) {
      String name = McapLayout.nameOf(opcode);
      return inPlace ? name : name + " at byte " + at + " of the decompressed chunk";
    }
  }

  private static final ValueLayout.OfLong NATIVE = ValueLayout.JAVA_LONG_UNALIGNED;

  private final Place place;
  private final ReadOptions options;
  private final Definitions definitions;
  private final ScanSpace space;
  private final Definitions.Known known;
  private ScanResult result = new ScanResult();
  private final Map<Integer, Records.Schema> ownSchemas = new HashMap<>();
  private final Map<Integer, Resolved> ownChannels = new HashMap<>();
  private MemorySegment segment = MemorySegment.NULL;
  private long base;

  /// Whether another record than a message index was seen in the range.
  private boolean detached;

  /// The piece whose messages were last asked whether their CRC-32C is wanted, and the answer.
  private long pieceAsked = -1;

  private boolean pieceWanted;

  /// @param known what is known of channels and schemas
  RecordScan(Place place, ScanContext context, ScanSpace space, Definitions.Known known) {
    this.place = place;
    this.options = context.options;
    this.definitions = context.definitions;
    this.space = space;
    this.known = known;
  }

  /// What was found since the beginning, or since it was last taken.
  ScanResult result() {
    return result;
  }

  /// Takes what was found, so that the scan goes on with nothing.
  ScanResult take() {
    ScanResult taken = result;
    result = new ScanResult();
    space.forgetRows();
    return taken;
  }

  /// Begins a range; offsets of messages count from `from`.
  ///
  /// @param to end of the range
  /// @param crcWanted whether the CRC-32 of the whole range is wanted
  void start(MemorySegment segment, long from, long to, boolean crcWanted) {
    this.segment = segment;
    this.base = from;
    this.detached = false;
    space.forgetRows();
    space.crc.start(segment, from, to, crcWanted);
    space.near.over(segment);
  }

  /// Scans the records from `from` to `to`. Stops early at a broken record, or when the result
  /// holds `maxMessages`.
  ///
  /// @return how far it came
  long scan(long from, long to, long maxMessages) {
    NearBytes near = space.near;
    long at = from;
    while (at < to && result.messages < maxMessages) {
      if (to - at < McapLayout.RECORD_HEAD_BYTES) {
        result.brokenAt = at;
        return at;
      }
      int opcode = near.u8(at);
      long length = near.u64(at + McapLayout.LENGTH_OFFSET);
      long body = at + McapLayout.RECORD_HEAD_BYTES;
      if (length < 0 || length > to - body) {
        result.brokenAt = at;
        return at;
      }
      if (opcode == McapLayout.MESSAGE && length >= McapLayout.MESSAGE_HEAD_BYTES) {
        message(at, body, length);
      } else if (opcode == McapLayout.MESSAGE || opcode == 0 && (length == 0 || place.inChunk())) {
        // A message shorter than its head, zeros, or what may have been a message.
        result.brokenAt = at;
        return at;
      } else {
        other(opcode, at, body, length);
      }
      at = body + length;
      space.crc.passed(at);
    }
    return at;
  }

  /// Scans one record whose body is `length` bytes long, whatever its head says.
  void scanOne(long at, long length) {
    scanOne(segment.get(McapLayout.U8, at) & 0xFF, at, length);
  }

  /// Scans one record of that opcode whose body is `length` bytes long, whatever its head says.
  void scanOne(int opcode, long at, long length) {
    long body = at + McapLayout.RECORD_HEAD_BYTES;
    if (opcode == McapLayout.MESSAGE) {
      message(at, body, length);
    } else {
      other(opcode, at, body, length);
    }
  }

  /// CRC-32 of the range from its beginning to `to`.
  int crcUpTo(long to) {
    return space.crc.upTo(to);
  }

  private void message(long at, long body, long length) {
    detached = true;
    NearBytes near = space.near;
    int channelId = near.u16(body);
    long logTime = near.u64(body + McapLayout.MESSAGE_LOG_TIME_OFFSET);
    ChannelRows rows = space.rows(channelId);
    if (rows == null) {
      rows = open(channelId, at, body, length);
    }
    result.time(logTime);
    result.messages++;
    rows.count++;
    rows.indexSum += Fingerprint.ofPair(logTime, at - base);
    MessageBatch batch = rows.batch;
    if (batch != null) {
      long publishTime = near.u64(body + McapLayout.MESSAGE_PUBLISH_TIME_OFFSET);
      long payload = body + McapLayout.MESSAGE_HEAD_BYTES;
      long payloadLength = length - McapLayout.MESSAGE_HEAD_BYTES;
      int row =
          batch.add(
              signedTime(logTime),
              signedTime(logTime),
              signedTime(publishTime),
              place.inPlace() ? payload : place.chunkOffset(),
              (int) Math.min(payloadLength, Integer.MAX_VALUE));
      batch.setSequence(row, near.u32(body + McapLayout.MESSAGE_SEQUENCE_OFFSET));
      if (!place.inPlace()) {
        batch.setStored(row, place.chunkLength());
      }
      if ((logTime | publishTime) < 0) {
        rows.fault(
            row,
            at,
            DefectKind.TIME_OUT_OF_RANGE,
            new Evidence.Violation(
                logTime < 0 ? "log time" : "publish time",
                Long.toUnsignedString(logTime < 0 ? logTime : publishTime) + " ns",
                "below 2^63"));
      }
      payload(rows, batch, row, at, payloadLength);
    }
  }

  private void payload(ChannelRows rows, MessageBatch batch, int row, long at, long payloadLength) {
    long payload = at + McapLayout.RECORD_HEAD_BYTES + McapLayout.MESSAGE_HEAD_BYTES;
    long content = payload;
    long contentLength = payloadLength;
    if (payloadLength > Integer.MAX_VALUE) {
      batch.addFlags(row, MessageBatch.UNREADABLE);
      result.unexaminedBytes += payloadLength;
    } else if (rows.profile != null
        && (options.sweeps() == null
            ? rows.profile.reader().reads((int) payloadLength)
            : rows.profile.modality() == Modality.LIDAR)) {
      PayloadFacts facts = space.facts;
      facts.reset();
      facts.wantFrameId = batch.frameId() == null;
      SweepVisitor visitor = options.sweeps();
      facts.cloud = visitor == null ? null : visitor.room();
      facts.wantGeometry = rows.wantsGeometry();
      rows.profile.reader().read(segment, payload, (int) payloadLength, facts);
      if (visitor != null && rows.used != null) {
        long stampNs = rows.profile.stamped() ? facts.stampNs : batch.logTimesNs()[row];
        visitor.read(rows.used.channel.topic(), stampNs, facts);
      }
      if (rows.profile.stamped()) {
        batch.setStamp(row, facts.stampNs);
      }
      rows.keep(batch, row, at, facts);
      if (facts.contentOffsetBytes >= 0
          && facts.contentLengthBytes >= 0
          && facts.contentLengthBytes <= payloadLength - facts.contentOffsetBytes) {
        content += facts.contentOffsetBytes;
        contentLength = facts.contentLengthBytes;
      }
    }
    if (options.digests()) {
      batch.setDigest(row, space.crc.piece(content, contentLength));
    }
    if (options.crc32c() && wantsCrc32c(batch.positionsBytes()[row])) {
      batch.setCrc32c(row, Crc32c.of(segment, payload, payloadLength));
    }
  }

  private boolean wantsCrc32c(long position) {
    long piece = position >>> ReadOptions.PLACE_BITS;
    if (piece != pieceAsked) {
      pieceAsked = piece;
      pieceWanted = options.crc32cAt(position);
    }
    return pieceWanted;
  }

  private static long signedTime(long unsigned) {
    return unsigned < 0 ? Times.NONE : unsigned;
  }

  private ChannelRows open(int channelId, long at, long body, long length) {
    Resolved own = ownChannels.get(channelId);
    Resolved elsewhere = own == null || known.certain() ? known.channel(channelId) : null;
    Resolved used = elsewhere == null ? own : elsewhere;
    PayloadProfile profile =
        used == null || !options.payloads()
            ? null
            : used.profileFor(
                segment,
                body + McapLayout.MESSAGE_HEAD_BYTES,
                length - McapLayout.MESSAGE_HEAD_BYTES);
    ChannelRows rows = new ChannelRows(channelId, used, own != null, profile, at);
    space.setRows(channelId, rows);
    result.channels.add(rows);
    return rows;
  }

  private void other(int opcode, long at, long body, long length) {
    long whole = body + length - at;
    Fields fields = space.fields.at(segment, body, length);
    detached |= opcode != McapLayout.MESSAGE_INDEX && opcode < McapLayout.FIRST_PRIVATE;
    if (place.inChunk() && opcode != McapLayout.SCHEMA && opcode != McapLayout.CHANNEL) {
      result.strange(at);
    }
    switch (opcode) {
      case McapLayout.SCHEMA -> schema(fields, at, whole);
      case McapLayout.CHANNEL -> channel(fields, at, whole);
      case 0 ->
          result.defects.add(
              DefectKind.RECORD_FORBIDDEN,
              place.of(at, whole),
              new Evidence.Violation("opcode", "0x00, length " + length, "0x01 to 0xFF"));
      default -> {
        if (opcode >= McapLayout.FIRST_PRIVATE) {
          return;
        }
        if (opcode > McapLayout.LAST_KNOWN) {
          result.defects.add(
              DefectKind.RECORD_UNKNOWN,
              place.of(at, whole),
              new Evidence.Violation(
                  "opcode", "0x%02X".formatted(opcode), "one that the specification defines"));
        } else if (place.inChunk()) {
          misplaced(opcode, at, whole, "Schema, Channel or Message in a chunk");
        } else {
          topLevel(opcode, fields, at, whole);
        }
      }
    }
  }

  private void schema(Fields fields, long at, long whole) {
    Records.Schema schema = Records.Schema.read(fields);
    if (malformed(fields, McapLayout.SCHEMA, at, whole)) {
      return;
    }
    ownSchemas.putIfAbsent(schema.id(), schema);
    definitions.guess(schema);
    result.events.add(new ScanResult.SchemaSeen(schema, at, whole, fields.badText()));
  }

  private void channel(Fields fields, long at, long whole) {
    Records.Channel channel = Records.Channel.read(fields);
    if (malformed(fields, McapLayout.CHANNEL, at, whole)) {
      return;
    }
    Records.Schema own = ownSchemas.get(channel.schemaId());
    Records.Schema elsewhere =
        own == null || known.certain() ? known.schema(channel.schemaId()) : null;
    Resolved resolved = definitions.resolve(channel, elsewhere == null ? own : elsewhere);
    ownChannels.putIfAbsent(channel.id(), resolved);
    definitions.guess(resolved);
    result.events.add(new ScanResult.ChannelSeen(channel, at, whole, fields.badText()));
  }

  private void topLevel(int opcode, Fields fields, long at, long whole) {
    switch (opcode) {
      case McapLayout.MESSAGE_INDEX -> messageIndex(fields, at, whole);
      case McapLayout.ATTACHMENT -> attachment(fields, at, whole);
      case McapLayout.METADATA -> {
        String name = fields.text();
        Records.Texts texts = Records.Texts.read(fields);
        if (!malformed(fields, opcode, at, whole)) {
          boolean legible = !badText(fields, opcode, at, whole);
          result.events.add(
              new ScanResult.MetadataSeen(name, texts.duplicateKey(), at, whole, legible));
        }
      }
      case McapLayout.HEADER -> {
        Records.Header header = Records.Header.read(fields);
        if (!malformed(fields, opcode, at, whole)) {
          badText(fields, opcode, at, whole);
          result.events.add(new ScanResult.HeaderSeen(header, at, whole));
        }
      }
      case McapLayout.DATA_END -> result.events.add(new ScanResult.DataEndSeen(at, whole));
      default -> misplaced(opcode, at, whole, "in the summary section");
    }
  }

  private void messageIndex(Fields fields, long at, long whole) {
    int channelId = fields.u16();
    long arrayLength = fields.u32();
    if (arrayLength % McapLayout.MESSAGE_INDEX_ENTRY_BYTES != 0 || arrayLength > fields.left()) {
      result.defects.add(
          DefectKind.RECORD_MALFORMED,
          place.of(at, whole),
          new Evidence.Violation(
              "MessageIndex entries",
              arrayLength + " bytes in a record with " + fields.left() + " left",
              "a multiple of 16 that fits"));
      return;
    }
    long from = fields.position();
    long sum = 0;
    long[] entries = space.indexEntries;
    MemorySegment copy = MemorySegment.ofArray(entries);
    for (long block = from; block < from + arrayLength; block += copy.byteSize()) {
      long bytes = Math.min(copy.byteSize(), from + arrayLength - block);
      MemorySegment.copy(segment, McapLayout.U64, block, copy, NATIVE, 0, bytes / Long.BYTES);
      sum += Fingerprint.ofPairs(entries, (int) (bytes / Long.BYTES));
    }
    result.events.add(
        new ScanResult.IndexSeen(
            channelId,
            at,
            whole,
            arrayLength / McapLayout.MESSAGE_INDEX_ENTRY_BYTES,
            sum,
            !detached));
  }

  private void attachment(Fields fields, long at, long whole) {
    long from = fields.position();
    Records.Attachment attachment = Records.Attachment.read(fields);
    long data = fields.skip(attachment.dataLength());
    int storedCrc = fields.i32();
    if (malformed(fields, McapLayout.ATTACHMENT, at, whole)) {
      return;
    }
    boolean legible = !badText(fields, McapLayout.ATTACHMENT, at, whole);
    long summed = data + attachment.dataLength() - from;
    int crc = storedCrc == 0 ? 0 : space.crc.piece(from, summed);
    result.events.add(
        new ScanResult.AttachmentSeen(attachment, at, whole, storedCrc, crc, summed, legible));
  }

  private void misplaced(int opcode, long at, long whole, String rule) {
    result.defects.add(
        DefectKind.RECORD_MISPLACED,
        place.of(at, whole),
        new Evidence.Violation(
            place.name(opcode, at), place.inChunk() ? "in a chunk" : "in the data section", rule));
  }

  private boolean malformed(Fields fields, int opcode, long at, long whole) {
    if (!fields.broken()) {
      return false;
    }
    result.defects.add(
        DefectKind.RECORD_MALFORMED,
        place.of(at, whole),
        new Evidence.Violation(
            place.name(opcode, at), "fields longer than the record", "fields that fit"));
    result.events.add(new ScanResult.Unreadable(opcode, at, definedId(opcode, at, whole)));
    if (place.inChunk()) {
      result.strange(at);
    }
    return true;
  }

  /// The id that a schema or channel begins with, whatever is wrong behind it.
  private int definedId(int opcode, long at, long whole) {
    boolean defines = opcode == McapLayout.SCHEMA || opcode == McapLayout.CHANNEL;
    return defines && whole >= McapLayout.RECORD_HEAD_BYTES + Short.BYTES
        ? segment.get(McapLayout.U16, at + McapLayout.RECORD_HEAD_BYTES) & 0xFFFF
        : -1;
  }

  private boolean badText(Fields fields, int opcode, long at, long whole) {
    if (fields.badText()) {
      result.defects.add(
          DefectKind.TEXT_ENCODING,
          place.of(at, whole),
          new Evidence.Violation(
              "text of " + place.name(opcode, at), "holds bytes that are not UTF-8", "UTF-8"));
    }
    return fields.badText();
  }
}
