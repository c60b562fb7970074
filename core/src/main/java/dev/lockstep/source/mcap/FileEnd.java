package dev.lockstep.source.mcap;

import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.source.RecordingSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What can be told of a file only when all of it has been read: its end, its summary, its
/// checksums, and how much of it any of them protects.
final class FileEnd {
  /// Channels that a note lists; judged.
  private static final int LISTED = 8;

  /// Faults of one kind in definitions that are told one by one; judged.
  private static final int ALONE = 3;

  private final ScanContext context;
  private final Ledger ledger;
  private final DataFacts facts;
  private final DefectLog log;
  private final Streams streams;
  private final TopWalk walk;
  private final RecordingSink sink;
  private boolean dataCrcRight;
  private @Nullable SummarySection section;
  private @Nullable SummaryCheck summary;

  FileEnd(ScanContext context, Ledger ledger, TopWalk walk, RecordingSink sink) {
    this.context = context;
    this.ledger = ledger;
    this.facts = ledger.facts;
    this.log = ledger.log;
    this.streams = ledger.streams;
    this.walk = walk;
    this.sink = sink;
  }

  /// Reports everything.
  ///
  /// @param wholeFault what is wrong with the file as a whole, or null
  /// @param walkFault why the walk over the file ended early, or null
  void run(@Nullable Defect wholeFault, @Nullable MappedFaultException walkFault) {
    ledger.interruption(sink);
    if (wholeFault != null) {
      facts.damaged = true;
      facts.truncated = true;
      facts.lostBytes = context.file.lengthBytes();
      log.report(sink, wholeFault);
    } else if (walkFault != null && !facts.changed) {
      ledger.fileChanged(walkFault, walk.position(), sink);
    } else if (!facts.changed) {
      try {
        context.file.guard(0, 0, this::end);
      } catch (MappedFaultException e) {
        ledger.fileChanged(e, walk.position(), sink);
      }
    }
    streams.finish(sink);
    examined();
    log.finish(sink);
    notes();
    sink.coverage(coverage());
  }

  private void end() {
    ledger.closeChunk(sink);
    long size = context.segment().byteSize();
    if (size < McapLayout.MAGIC_BYTES) {
      facts.truncated = true;
      facts.damaged = true;
      facts.lostBytes = size;
      log.report(
          sink,
          DefectKind.FILE_TRUNCATED,
          Location.bytes(context.name, 0, size),
          new Evidence.Violation("file size", size + " bytes", "at least the magic of 8"));
    }
    if (!facts.truncated) {
      SummarySection found = new SummarySection(context, ledger, walk.position());
      section = found;
      found.walk(sink);
      SummaryCheck check = new SummaryCheck(context, log, facts, streams, found, sink);
      summary = check;
      check.run();
      header();
      dataEnd(found);
    }
    definitions();
    new ProfileCheck(facts, streams, log, sink).run();
    messageIndexes();
    suspectPages();
  }

  private void header() {
    if (!facts.damaged && facts.header == null && !facts.headerUnreadable) {
      log.report(
          sink,
          DefectKind.HEADER_MALFORMED,
          Location.bytes(context.name, McapLayout.MAGIC_BYTES, 0),
          new Evidence.Violation("Header", "none", "the first record"));
    }
  }

  private void dataEnd(SummarySection found) {
    if (!found.hasDataEnd()) {
      if (!facts.damaged && found.footer() != null) {
        log.report(
            sink,
            DefectKind.RECORD_MISPLACED,
            Location.bytes(context.name, found.dataEnd(), 0),
            new Evidence.Violation("DataEnd", "none", "one, behind all data"));
      }
      return;
    }
    int stored = found.dataEndCrc();
    if (stored == 0) {
      return;
    }
    log.examined(DefectKind.DATA_CRC, 1);
    int crc = ledger.dataCrc(found.dataEnd());
    if (crc == stored) {
      dataCrcRight = true;
      return;
    }
    // Damage that has been told of, or lost pages that will be, explain a sum that does not fit.
    if (facts.faults.count() > 0 || facts.suspectPages.count() > 0 || contradicted()) {
      sink.note("the data section checksum does not match either");
      return;
    }
    log.report(
        sink,
        ledger.sums.defect(
            DefectKind.DATA_CRC, "CRC-32 of the data section", 0, found.dataEnd(), stored, crc));
  }

  private boolean contradicted() {
    return log.count(DefectKind.MESSAGE_INDEX)
            + log.count(DefectKind.CHUNK_TIMES)
            + log.count(DefectKind.CHUNK_SIZE)
            + log.count(DefectKind.RECORD_MALFORMED)
            + log.count(DefectKind.RECORD_FORBIDDEN)
            + log.count(DefectKind.HEADER_MALFORMED)
            + log.count(DefectKind.CODEC_TRAILING)
            + log.count(DefectKind.TEXT_ENCODING)
        > 0;
  }

  /// Channels whose messages came before their definition, or never had one.
  private void definitions() {
    streams.defineUnschemed(sink);
    Set<Integer> unreadable = streams.unreadableChannels();
    Set<Integer> unread = new TreeSet<>();
    Map<Integer, Streams.Waiting> unknown = new TreeMap<>();
    long unreadMessages = 0;
    for (Map.Entry<Integer, Streams.Waiting> entry : streams.waiting().entrySet()) {
      int id = entry.getKey();
      Streams.Waiting waiting = entry.getValue();
      Resolved later = context.definitions.channel(id);
      if (later == null && (unreadable.contains(id) || isDamaged(waiting.first))) {
        unread.add(id);
        unreadMessages += waiting.count;
      } else if (later == null) {
        unknown.put(id, waiting);
      } else if (!facts.damaged) {
        log.report(
            sink,
            DefectKind.CHANNEL_UNKNOWN,
            waiting.first,
            new Evidence.Violation(
                "channel " + id + " ('" + later.channel.topic() + "')",
                "has " + waiting.count + " messages in front of its Channel record",
                "the Channel record first"));
      }
    }
    unknownChannels(unknown);
    if (!unread.isEmpty()) {
      sink.note(
          unreadMessages
              + " messages of channels "
              + first(unread)
              + " were not examined: damage that is reported took their Channel records");
    }
    ledger.deliverWaiting(sink);
    log.examined(DefectKind.CHANNEL_UNKNOWN, facts.messages);
    unknownSchemas();
  }

  /// Reports channels with messages and without a definition: some one by one, many together.
  private void unknownChannels(Map<Integer, Streams.Waiting> unknown) {
    String rule = "a Channel record in front of the first message";
    if (unknown.size() <= ALONE) {
      unknown.forEach((id, waiting) ->
          log.report(
              sink,
              DefectKind.CHANNEL_UNKNOWN,
              waiting.first,
              new Evidence.Violation(
                  "channel " + id,
                  "has " + waiting.count + " messages but no Channel record",
                  rule)));
      return;
    }
    log.report(
        sink,
        DefectKind.CHANNEL_UNKNOWN,
        unknown.values().iterator().next().first,
        new Evidence.Violation(
            "channels " + first(unknown.keySet()),
            "have "
                + unknown.values().stream().mapToLong(w -> w.count).sum()
                + " messages but no Channel records",
            rule));
  }

  /// Reports streams whose schema does not exist or comes too late: some one by one, many together.
  private void unknownSchemas() {
    Set<Integer> unreadable = streams.unreadableSchemas();
    List<StreamState> late = new ArrayList<>();
    List<StreamState> without = new ArrayList<>();
    for (StreamState stream : streams.inOrder()) {
      int id = stream.resolved.channel.schemaId();
      log.examined(DefectKind.SCHEMA_UNKNOWN, 1);
      if (id != 0
          && stream.resolved.schema == null
          && !unreadable.contains(id)
          && !streams.schemaWithoutId()
          && !isDamaged(stream.definition)) {
        (context.definitions.schema(id) == null ? without : late).add(stream);
      }
    }
    unknownSchemas(without, "not defined");
    unknownSchemas(late, "defined behind the channel");
  }

  private void unknownSchemas(List<StreamState> streamsOfThem, String observed) {
    String rule = "a Schema record in front of the channel";
    if (streamsOfThem.size() <= ALONE) {
      for (StreamState stream : streamsOfThem) {
        Records.Channel channel = stream.resolved.channel;
        log.report(
            sink,
            DefectKind.SCHEMA_UNKNOWN,
            stream.definition.withStream(stream.name()),
            new Evidence.Violation(
                "schema " + channel.schemaId() + " of channel " + channel.id(), observed, rule));
      }
      return;
    }
    Set<Integer> schemas = new TreeSet<>();
    Set<Integer> channels = new TreeSet<>();
    for (StreamState stream : streamsOfThem) {
      schemas.add(stream.resolved.channel.schemaId());
      channels.add(stream.resolved.channel.id());
    }
    log.report(
        sink,
        DefectKind.SCHEMA_UNKNOWN,
        streamsOfThem.getFirst().definition,
        new Evidence.Violation(
            "schemas " + first(schemas) + " of channels " + first(channels), observed, rule));
  }

  /// Whether a place lies in bytes that are reported as damaged.
  private boolean isDamaged(Location at) {
    ByteRange bytes = at.bytes();
    return bytes != null && facts.faults.overlaps(bytes.offsetBytes(), bytes.endBytes());
  }

  private static String first(Set<Integer> ids) {
    String listed =
        ids.stream().limit(LISTED).map(String::valueOf).collect(Collectors.joining(", "));
    return ids.size() > LISTED ? listed + " and " + (ids.size() - LISTED) + " more" : listed;
  }

  private void messageIndexes() {
    if (facts.unindexedChunks > 0 && facts.messageIndexes > 0 && !facts.damaged) {
      log.report(
          sink,
          DefectKind.MESSAGE_INDEX_MISSING,
          Location.bytes(context.name, facts.firstUnindexedChunk, 0),
          new Evidence.Loss(
              "chunks' message indexes",
              facts.unindexedChunks,
              facts.unindexedChunks + " of " + facts.chunks.count() + " chunks have none"));
    }
  }

  private void suspectPages() {
    if (dataCrcRight) {
      return;
    }
    for (int i = 0; i < facts.suspectPages.kept(); i++) {
      long from = facts.suspectPages.from(i);
      long length = facts.suspectPages.to(i) - from;
      log.report(
          sink,
          DefectKind.ZERO_PAGES,
          Location.bytes(context.name, from, length),
          new Evidence.Violation(
              "bytes", length + " zeros from page to page", "data that no checksum protects"));
    }
  }

  private void examined() {
    log.examined(DefectKind.FILE_EMPTY, 1);
    log.examined(DefectKind.FILE_TRUNCATED, 1);
    log.examined(DefectKind.LFS_POINTER, 1);
    log.examined(DefectKind.ZERO_PAGES, 1);
    log.examined(DefectKind.FILE_CHANGED, 1);
    log.examined(DefectKind.FILE_UNREADABLE, 1);
    long records =
        facts.messages
            + facts.chunks.count()
            + facts.attachments.count()
            + facts.metadata.count()
            + facts.messageIndexes;
    log.examined(DefectKind.RECORD_LENGTH, records);
    log.examined(DefectKind.RECORD_MISPLACED, records);
    log.examined(DefectKind.CHUNK_SIZE, facts.chunks.count());
    log.examined(DefectKind.CHUNK_UNREADABLE, facts.chunks.count());
    log.examined(DefectKind.CHUNK_CRC, facts.chunksWithCrc);
    log.examined(DefectKind.FRAME_CHECKSUM, facts.framesWithChecksum);
    log.examined(DefectKind.ATTACHMENT_CRC, facts.attachmentsWithCrc);
    if (facts.chunks.count() == 0) {
      sink.unexamined(DefectKind.CHUNK_SIZE, "the file has no chunks");
    }
    if (facts.chunksWithCrc + facts.attachmentsWithCrc == 0) {
      sink.unexamined(DefectKind.CHUNK_CRC, "the file stores no checksum");
    }
    if (facts.messageIndexes == 0) {
      sink.unexamined(DefectKind.MESSAGE_INDEX, "the file has no message index");
    }
    SummaryCheck check = summary;
    if (check == null || check.statistics() == null) {
      sink.unexamined(DefectKind.STATISTICS, "the file has no statistics");
    } else if (facts.damaged) {
      sink.unexamined(DefectKind.STATISTICS, "the data section is damaged");
    }
    if (check == null || !check.indexesChunks()) {
      sink.unexamined(DefectKind.CHUNK_INDEX, "the file has no chunk index");
    }
    if (facts.chunks.count() > 0 && !facts.chunks.isWhole()) {
      sink.unexamined(DefectKind.CHUNK_INDEX, "more than " + IndexTable.MAX_RECORDS + " chunks");
    }
  }

  private void notes() {
    if (!facts.damaged) {
      return;
    }
    StringBuilder note = new StringBuilder();
    note.append(facts.messages).append(" messages could be read");
    SummaryCheck check = summary;
    Statistics statistics = check == null ? null : check.statistics();
    if (statistics != null && Long.compareUnsigned(statistics.messages(), facts.messages) > 0) {
      note.append(" of ").append(Long.toUnsignedString(statistics.messages()));
    } else if (facts.lostMessages > 0) {
      note.append(", the indexes of damaged chunks list ")
          .append(facts.lostMessages)
          .append(" more");
    }
    if (facts.lostBytes > 0) {
      note.append("; ").append(facts.lostBytes).append(" bytes are lost");
    }
    sink.note(note.toString());
  }

  private Coverage coverage() {
    SummarySection end = section;
    List<String> basis = new ArrayList<>();
    long bytes = 0;
    if (end != null && dataCrcRight) {
      bytes = end.dataEnd();
      basis.add("data section CRC-32");
    } else {
      bytes = facts.protectedBytes;
    }
    if (facts.chunksWithCrc > 0) {
      basis.add("chunk CRC-32");
    }
    if (facts.framesWithChecksum > 0) {
      basis.add("checksums of the compressed frames");
    }
    if (facts.attachmentsWithCrc > 0) {
      basis.add("attachment CRC-32");
    }
    if (end != null && end.protectedBytes() > 0) {
      bytes += end.protectedBytes();
      basis.add("summary CRC-32");
    }
    long size = context.file.lengthBytes();
    return new Coverage(
        size,
        Math.min(bytes, size),
        Math.clamp(facts.lostBytes, 0, size),
        Math.clamp(facts.unexaminedBytes, 0, size),
        basis.isEmpty() ? "none" : String.join(", ", basis));
  }
}
