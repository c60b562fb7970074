package dev.lockstep.source.mcap;

import dev.lockstep.model.ByteRange;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.source.RecordingSink;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the records of the summary one by one and compares each with the data section.
///
/// Nothing is kept of a record but what grouping and the demands of the specification need. In a
/// summary that is known to be damaged only definitions are read, because messages may need them;
/// where the data section is damaged, what no longer agrees with it is no fault of the summary.
final class SummaryCheck {
  /// Summary offsets that are compared. Judged: there is one for each kind of record.
  private static final int MAX_OFFSETS = 64;

  private final ScanContext context;
  private final DefectLog log;
  private final DataFacts facts;
  private final Streams streams;
  private final SummarySection section;
  private final MemorySegment file;
  private final Fields fields = new Fields();
  private final RecordingSink sink;
  private final boolean judged;
  private final boolean compared;
  private final IndexCheck indexes;

  private final BitSet channels = new BitSet();
  private final BitSet schemas = new BitSet();
  private final BitSet channelsBeforeStatistics = new BitSet();
  private final List<Records.SummaryOffset> offsets = new ArrayList<>();
  private long firstOffsetAt = -1;
  private @Nullable Statistics statistics;
  private boolean statisticsOnce = true;
  private Location statisticsAt = Location.RECORDING;
  private int dataSchemas;
  private int dataChannels;

  SummaryCheck(
      ScanContext context,
      DefectLog log,
      DataFacts facts,
      Streams streams,
      SummarySection section,
      RecordingSink sink) {
    this.context = context;
    this.log = log;
    this.facts = facts;
    this.streams = streams;
    this.section = section;
    this.sink = sink;
    this.file = context.segment();
    this.judged = section.believed();
    this.compared = judged && !facts.damaged;
    this.indexes = new IndexCheck(context, log, facts, judged, compared, sink);
  }

  /// Reads the summary and reports what is wrong with it.
  void run() {
    dataSchemas = context.definitions.schemas().size();
    dataChannels = context.definitions.channels().size();
    RecordProbe probe = new RecordProbe(file, section.end(), false);
    long at = section.behindData();
    while (probe.hasHead(at) && probe.headCredible(at) && probe.fits(at)) {
      long length = probe.length(at);
      record(probe.opcode(at), at, length);
      at += McapLayout.RECORD_HEAD_BYTES + length;
    }
    indexes.finish();
    if (judged) {
      if (statisticsOnce) {
        grouping();
        summaryOffsets();
      }
      if (!facts.damaged) {
        demands();
      }
    }
    if (compared) {
      Statistics read = statistics;
      if (read != null) {
        new StatisticsCheck(read, facts)
            .run(
                dataSchemas + streams.unreadableSchemas().size(),
                context.definitions.schemas().size() + streams.unreadableSchemas().size(),
                dataChannels + streams.unreadableChannels().size(),
                context.definitions.channels().size() + streams.unreadableChannels().size(),
                statisticsAt,
                log,
                sink);
      }
      indexes.missing();
    }
  }

  private void record(int opcode, long at, long length) {
    long whole = McapLayout.RECORD_HEAD_BYTES + length;
    fields.at(file, at + McapLayout.RECORD_HEAD_BYTES, length);
    Location place = Location.bytes(context.name, at, whole);
    switch (opcode) {
      case McapLayout.SCHEMA -> {
        Records.Schema schema = Records.Schema.read(fields);
        if (whole(opcode, place)) {
          schemas.set(schema.id());
          streams.define(schema, place, fields.badText() && judged, judged, sink);
        }
      }
      case McapLayout.CHANNEL -> {
        Records.Channel channel = Records.Channel.read(fields);
        if (whole(opcode, place)) {
          channels.set(channel.id());
          streams.define(channel, place, fields.badText() && judged, judged, sink);
        }
      }
      case McapLayout.STATISTICS -> {
        Statistics read = Statistics.read(fields);
        if (whole(opcode, place)) {
          statistics(read, place);
        }
      }
      case McapLayout.CHUNK_INDEX -> {
        Records.ChunkIndex entry = Records.ChunkIndex.read(fields);
        if (whole(opcode, place)) {
          indexes.chunk(entry, place);
        }
      }
      case McapLayout.ATTACHMENT_INDEX -> {
        Records.AttachmentIndex entry = Records.AttachmentIndex.read(fields);
        if (whole(opcode, place)) {
          indexes.attachment(entry, place);
        }
      }
      case McapLayout.METADATA_INDEX -> {
        Records.MetadataIndex entry = Records.MetadataIndex.read(fields);
        if (whole(opcode, place)) {
          indexes.metadata(entry, place);
        }
      }
      case McapLayout.SUMMARY_OFFSET -> {
        Records.SummaryOffset offset = Records.SummaryOffset.read(fields);
        if (whole(opcode, place)) {
          firstOffsetAt = firstOffsetAt < 0 ? at : firstOffsetAt;
          if (offsets.size() < MAX_OFFSETS) {
            offsets.add(offset);
          }
        }
      }
      default -> foreign(opcode, place);
    }
  }

  private boolean whole(int opcode, Location place) {
    if (!fields.broken()) {
      return true;
    }
    boolean told = false;
    if (opcode == McapLayout.SCHEMA || opcode == McapLayout.CHANNEL) {
      ByteRange bytes = Objects.requireNonNull(place.bytes());
      int id =
          file.get(McapLayout.U16, bytes.offsetBytes() + McapLayout.RECORD_HEAD_BYTES) & 0xFFFF;
      (opcode == McapLayout.SCHEMA ? schemas : channels).set(id);
      // The copy of what cannot be read in the data section, either.
      told = streams.unreadable(opcode, id);
    }
    if (judged && !told) {
      log.report(
          sink,
          DefectKind.RECORD_MALFORMED,
          place,
          new Evidence.Violation(
              McapLayout.nameOf(opcode), "fields longer than the record", "fields that fit"));
    }
    return false;
  }

  private void foreign(int opcode, Location place) {
    if (!judged || opcode >= McapLayout.FIRST_PRIVATE || opcode == McapLayout.FOOTER) {
      // That there is more than one footer was told with the framing.
      return;
    }
    if (opcode == 0) {
      log.report(
          sink,
          DefectKind.RECORD_FORBIDDEN,
          place,
          new Evidence.Violation("opcode", "0x00", "0x01 to 0xFF"));
    } else if (opcode > McapLayout.LAST_KNOWN) {
      log.report(
          sink,
          DefectKind.RECORD_UNKNOWN,
          place,
          new Evidence.Violation(
              "opcode", "0x%02X".formatted(opcode), "one that the specification defines"));
    } else if (opcode == McapLayout.DATA_END) {
      log.report(
          sink,
          DefectKind.RECORD_DUPLICATED,
          place,
          new Evidence.Violation("DataEnd", "in the summary, too", "one, behind all data"));
    } else {
      log.report(
          sink,
          DefectKind.RECORD_MISPLACED,
          place,
          new Evidence.Violation(
              McapLayout.nameOf(opcode), "in the summary section", "in the data section"));
    }
  }

  private void statistics(Statistics read, Location place) {
    if (statistics != null) {
      statisticsOnce = false;
      if (judged) {
        log.report(
            sink,
            DefectKind.RECORD_DUPLICATED,
            place,
            new Evidence.Violation("Statistics", "a second one", "at most one"));
      }
      return;
    }
    statistics = read;
    statisticsAt = place;
    channelsBeforeStatistics.or(channels);
  }

  // ---- structure

  private void grouping() {
    Set<Integer> seen = new HashSet<>();
    int last = -1;
    for (SummarySection.Group group : section.groups()) {
      if (!SummarySection.belongs(group.opcode())) {
        continue;
      }
      log.examined(DefectKind.SUMMARY_UNGROUPED, 1);
      if (group.opcode() != last && !seen.add(group.opcode())) {
        log.report(
            sink,
            DefectKind.SUMMARY_UNGROUPED,
            Location.bytes(context.name, group.start(), group.end() - group.start()),
            new Evidence.Violation(
                McapLayout.nameOf(group.opcode()) + " records",
                "in more than one place",
                "one behind the other"));
        return;
      }
      last = group.opcode();
    }
  }

  private void summaryOffsets() {
    if (offsets.isEmpty() || log.count(DefectKind.SUMMARY_UNGROUPED) > 0) {
      return;
    }
    log.examined(DefectKind.SUMMARY_OFFSET, offsets.size());
    List<Records.SummaryOffset> actual = new ArrayList<>();
    for (SummarySection.Group group : section.groups()) {
      if (SummarySection.belongs(group.opcode())) {
        actual.add(
            new Records.SummaryOffset(
                group.opcode(), group.start() - section.shiftBytes(), group.end() - group.start()));
      }
    }
    List<String> wrong = new ArrayList<>();
    for (Records.SummaryOffset offset : offsets) {
      if (!actual.contains(offset) && !isOfNothing(offset, actual)) {
        wrong.add(inWords(offset));
      }
    }
    List<String> absent = new ArrayList<>();
    for (Records.SummaryOffset group : actual) {
      if (!offsets.contains(group)) {
        absent.add(inWords(group));
      }
    }
    boolean twice = new HashSet<>(offsets).size() < offsets.size();
    if (!wrong.isEmpty() || !absent.isEmpty() || twice) {
      log.report(
          sink,
          DefectKind.SUMMARY_OFFSET,
          Location.bytes(context.name, firstOffsetAt, section.end() - firstOffsetAt),
          new Evidence.Violation(
              "summary offsets",
              wrong.isEmpty() ? (absent.isEmpty() ? "one stands twice" : "none") : join(wrong),
              absent.isEmpty() ? "one for each group" : join(absent)));
    }
  }

  /// Whether an offset names a kind of which the summary holds nothing, and says so: some writers
  /// list all kinds.
  private static boolean isOfNothing(
      Records.SummaryOffset offset, List<Records.SummaryOffset> actual) {
    return offset.length() == 0 && actual.stream().noneMatch(g -> g.opcode() == offset.opcode());
  }

  private static String inWords(Records.SummaryOffset offset) {
    return "%s at %s+%s"
        .formatted(
            McapLayout.nameOf(offset.opcode()),
            Long.toUnsignedString(offset.start()),
            Long.toUnsignedString(offset.length()));
  }

  private static String join(List<String> parts) {
    return String.join(" and ", parts);
  }

  /// What the specification demands of a summary although readers do without.
  private void demands() {
    log.examined(DefectKind.SPEC_MUST, 1);
    BitSet neededChannels = new BitSet();
    BitSet lateChannels = new BitSet();
    BitSet neededSchemas = new BitSet();
    if (indexes.chunks() > 0) {
      for (int id : facts.messagesByChannel.keySet()) {
        // What is defined nowhere is told of as such.
        Resolved channel = context.definitions.channel(id);
        if (channel != null) {
          neededChannels.set(id);
          if (channel.schema != null) {
            neededSchemas.set(channel.channel.schemaId());
          }
        }
      }
    }
    Statistics read = statistics;
    if (read != null) {
      for (int id : read.byChannel().keySet()) {
        lateChannels.set(id);
        if (context.definitions.channel(id) != null) {
          neededChannels.set(id);
        }
      }
      lateChannels.and(channels);
      lateChannels.andNot(channelsBeforeStatistics);
    }
    neededChannels.andNot(channels);
    neededSchemas.andNot(schemas);
    List<String> missing = new ArrayList<>();
    if (!neededChannels.isEmpty()) {
      missing.add("channels " + neededChannels);
    }
    if (!neededSchemas.isEmpty()) {
      missing.add("schemas " + neededSchemas);
    }
    if (missing.isEmpty() && lateChannels.isEmpty()) {
      return;
    }
    log.report(
        sink,
        DefectKind.SPEC_MUST,
        Location.bytes(context.name, section.start(), section.end() - section.start()),
        missing.isEmpty()
            ? new Evidence.Violation(
                "statistics", "in front of channels " + lateChannels, "behind all channels")
            : new Evidence.Violation(
                "summary",
                "without " + join(missing),
                "each channel and schema that it counts or indexes"));
  }

  /// Statistics as stored, or null.
  @Nullable Statistics statistics() {
    return statistics;
  }

  /// Whether the summary lists chunks.
  boolean indexesChunks() {
    return indexes.chunks() > 0;
  }
}
