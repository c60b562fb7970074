package dev.lockstep.source.mcap;

import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.source.RecordingSink;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/// Compares the entries of the chunk, attachment and metadata indexes with the records that they
/// list, and finds records that none lists.
final class IndexCheck {
  /// Wrong entries of one index that are told one by one; judged.
  private static final int ALONE = 3;

  private final ScanContext context;
  private final DefectLog log;
  private final DataFacts facts;
  private final boolean judged;
  private final boolean compared;
  private final RecordingSink sink;
  private final MemorySegment file;
  private final RecordProbe probe;
  private final Fields fields = new Fields();
  private long chunks;
  private long attachments;
  private long metadata;

  /// Entries of each index that are wrong, in order; no more than one report names are kept.
  private final Map<DefectKind, Wrong> wrong = new EnumMap<>(DefectKind.class);

  /// @param judged whether the summary is sound
  /// @param compared whether the data section is, too
  IndexCheck(
      ScanContext context,
      DefectLog log,
      DataFacts facts,
      boolean judged,
      boolean compared,
      RecordingSink sink) {
    this.context = context;
    this.log = log;
    this.facts = facts;
    this.judged = judged;
    this.compared = compared;
    this.sink = sink;
    this.file = context.segment();
    this.probe = new RecordProbe(file, file.byteSize(), false);
  }

  /// Number of chunk index entries so far.
  long chunks() {
    return chunks;
  }

  void chunk(Records.ChunkIndex entry, Location place) {
    chunks++;
    listed(
        facts.chunks,
        DefectKind.CHUNK_INDEX,
        "chunk",
        entry.offset(),
        OpenChunk.fingerprint(entry),
        place,
        () -> new ChunkIndexComparison(context, entry).inWords());
  }

  void attachment(Records.AttachmentIndex entry, Location place) {
    attachments++;
    listed(
        facts.attachments,
        DefectKind.ATTACHMENT_INDEX,
        "attachment",
        entry.offset(),
        entry.fingerprint(),
        place,
        () -> difference(entry));
  }

  void metadata(Records.MetadataIndex entry, Location place) {
    metadata++;
    listed(
        facts.metadata,
        DefectKind.METADATA_INDEX,
        "metadata record",
        entry.offset(),
        entry.fingerprint(),
        place,
        () -> difference(entry));
  }

  /// Compares an entry with the record that it lists.
  private void listed(
      IndexTable table,
      DefectKind kind,
      String what,
      long offset,
      long fingerprint,
      Location place,
      Supplier<String> difference) {
    if (!judged) {
      return;
    }
    log.examined(kind, 1);
    int record = table.at(offset);
    if (record < 0) {
      table.countAstray();
      if (compared && table.isWhole()) {
        report(
            kind,
            place,
            "entry of the " + what + " index",
            "points to byte " + Long.toUnsignedString(offset) + ", where " + whatIsAt(offset),
            "to the " + what);
      }
      return;
    }
    boolean twice = table.list(record);
    if (!table.believed(record)) {
      return;
    }
    if (twice) {
      report(kind, place, what + " at byte " + offset, "is indexed twice", "once");
    } else if (table.fingerprint(record) != fingerprint) {
      report(
          kind,
          place,
          "index entry for the " + what + " at byte " + offset,
          "says " + difference.get(),
          "what the " + what + " says");
    }
  }

  private void report(DefectKind kind, Location place, String what, String observed, String rule) {
    wrong.computeIfAbsent(kind, k -> new Wrong()).add(place, what, observed, rule);
  }

  /// Reports the entries that are wrong: some of them one by one, many of one index together.
  void finish() {
    wrong.forEach((kind, entries) -> entries.report(kind));
  }

  /// A wrong entry.
  private record Entry(Location place, String what, String observed, String rule) {}

  /// Wrong entries of one index: one writer's mistake as a rule, so that many are told as one.
  private final class Wrong {
    private final List<Entry> kept = new ArrayList<>();
    private Location last = Location.RECORDING;
    private long count;

    void add(Location place, String what, String observed, String rule) {
      if (kept.size() < ALONE) {
        kept.add(new Entry(place, what, observed, rule));
      }
      last = place;
      count++;
    }

    void report(DefectKind kind) {
      if (count <= ALONE) {
        for (Entry entry : kept) {
          log.report(
              sink,
              kind,
              entry.place,
              new Evidence.Violation(entry.what, entry.observed, entry.rule));
        }
        return;
      }
      Entry first = kept.getFirst();
      ByteRange from = Objects.requireNonNull(first.place.bytes());
      ByteRange to = Objects.requireNonNull(last.bytes());
      log.report(
          sink,
          kind,
          Location.bytes(context.name, from.offsetBytes(), to.endBytes() - from.offsetBytes()),
          new Evidence.Violation(
              count + " entries, the first: " + first.what, first.observed, first.rule));
    }
  }

  private String whatIsAt(long offset) {
    if (offset < 0 || offset > file.byteSize() - McapLayout.RECORD_HEAD_BYTES) {
      return "the file has ended";
    }
    return probe.isRecord(offset)
        ? McapLayout.nameOf(probe.opcode(offset)) + " begins"
        : "no record begins";
  }

  private String difference(Records.AttachmentIndex entry) {
    Records.Attachment stored = entry.attachment();
    long at = entry.offset();
    long length = probe.length(at);
    Records.Attachment actual =
        Records.Attachment.read(fields.at(file, at + McapLayout.RECORD_HEAD_BYTES, length));
    return new FieldDifferences()
        .compare("length", entry.length(), length + McapLayout.RECORD_HEAD_BYTES)
        .compare("log_time", stored.logTimeNs(), actual.logTimeNs())
        .compare("create_time", stored.createTimeNs(), actual.createTimeNs())
        .compare("data_size", stored.dataLength(), actual.dataLength())
        .compare("name", stored.name(), actual.name())
        .compare("media_type", stored.mediaType(), actual.mediaType())
        .inWords();
  }

  private String difference(Records.MetadataIndex entry) {
    long length = probe.length(entry.offset());
    String name = fields.at(file, entry.offset() + McapLayout.RECORD_HEAD_BYTES, length).text();
    return new FieldDifferences()
        .compare("length", entry.length(), length + McapLayout.RECORD_HEAD_BYTES)
        .compare("name", entry.name(), name)
        .inWords();
  }

  /// Reports records that their index does not list. A file without any index is not indexed; one
  /// that indexes other records has lost this index.
  void missing() {
    log.examined(DefectKind.CHUNK_INDEX_MISSING, facts.chunks.count());
    missing(facts.chunks, DefectKind.CHUNK_INDEX_MISSING, "chunk", "chunks");
    missing(facts.attachments, DefectKind.ATTACHMENT_INDEX, "attachment", "attachments");
    missing(facts.metadata, DefectKind.METADATA_INDEX, "metadata", "metadata records");
  }

  private void missing(IndexTable table, DefectKind kind, String name, String records) {
    if (chunks + attachments + metadata == 0 || !table.isWhole()) {
      return;
    }
    int first = table.nextUnlisted(0);
    long unlisted = 0;
    for (int record = first; record >= 0; record = table.nextUnlisted(record + 1)) {
      unlisted++;
    }
    // An entry that points elsewhere explains a record that no entry points to.
    if (unlisted > table.astray()) {
      // Without any entry no reader takes the index for whole: some writers leave it out.
      boolean none = unlisted == table.count();
      log.report(
          sink,
          new Defect(
              kind,
              none ? Severity.WARNING : kind.severity(),
              Location.bytes(context.name, table.offset(first), 0),
              new Evidence.Loss(
                  name + " index entries", unlisted, "of " + table.count() + " " + records)));
    }
  }
}
