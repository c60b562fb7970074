package dev.lockstep.source.mcap;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.payload.ZeroRuns;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Finds the way round damage among the top-level records of a complete file.
///
/// A record that is whole but for its length is read by the length that its own fields or the chunk
/// index give. Else reading goes on at the next chunk that the index knows or at the next bytes
/// that look like records, whichever comes first.
final class Recovery {
  /// Times that the walk may go back into a record that was too long. Judged: real damage takes
  /// one.
  private static final int MAX_STEPS_BACK = 10_000;

  private final MemorySegment file;
  private final long size;
  private final RecordProbe probe;
  private final Anchors anchors;
  private final Fields fields = new Fields();
  private int stepsBack;

  Recovery(MemorySegment file) {
    this.file = file;
    this.size = file.byteSize();
    this.anchors = new Anchors(file);
    this.probe = new RecordProbe(file, size, false);
  }

  /// How the walk goes on.
  sealed interface Step {}

  /// The record is to be taken as it is.
  record Trust() implements Step {}

  /// Something is wrong up to `resume`.
  ///
  /// @param resume where the walk goes on
  /// @param single true length of the body of the record that ends there, or -1
  /// @param kind true opcode of that record, or -1 where its head says it
  /// @param chunk the record is a chunk, in this state; or null
  /// @param damage what is wrong
  record Over(long resume, long single, int kind, ChunkSpan.@Nullable State chunk, Damage damage)
      implements Step {
    /// A step over a record whose head gives the right opcode.
    Over(long resume, long single, ChunkSpan.@Nullable State chunk, Damage damage) {
      this(resume, single, -1, chunk, damage);
    }
  }

  /// The step over what lies at `at`, which no walk gets over by itself.
  ///
  /// @param previous the record in front, or -1
  Step at(long at, long previous) {
    if (at == size) {
      return cut(at, null, "record boundary");
    }
    Step step = another(at);
    if (step == null) {
      step = zeros(at);
    }
    if (step == null) {
      step = byDamagedOpcode(at);
    }
    if (step == null && probe.hasHead(at) && probe.opcode(at) != McapLayout.CHUNK) {
      step = byChunkIndex(at);
    }
    if (step == null && probe.hasHead(at)) {
      step = byItsOwnFields(at);
    }
    if (step == null) {
      step = byChunkIndex(at);
    }
    if (step == null) {
      step = backInto(previous, at);
    }
    if (step == null) {
      step = ifCut(at);
    }
    return step == null ? search(at) : step;
  }

  /// Goes on at the next sound record behind `from`, everything before it lost.
  Over searchFrom(long from, DefectKind kind, Evidence evidence) {
    long found = probe.find(from + 1);
    long indexed = anchors.nextChunk(from);
    if (indexed >= 0 && (found < 0 || indexed < found) && isChunk(indexed)) {
      found = indexed;
    }
    long resume = found < 0 ? size : found;
    return new Over(
        resume, -1, null, new Damage(kind, from, resume, evidence, resume - from, found < 0));
  }

  /// Ends the recording where the next one begins that was appended to it, or null. What readers of
  /// the whole would make of it follows from that.
  private @Nullable Step another(long at) {
    if (size - at < McapLayout.MAGIC_BYTES + McapLayout.RECORD_HEAD_BYTES
        || file.get(McapLayout.U64, at) != McapLayout.MAGIC
        || probe.opcode(at + McapLayout.MAGIC_BYTES) != McapLayout.HEADER) {
      return null;
    }
    Evidence evidence =
        new Evidence.Violation(
            "end of the recording",
            "byte " + at + ", where another MCAP file begins",
            "DataEnd, Footer and magic");
    return new Over(
        size, -1, null, new Damage(DefectKind.FILE_TRUNCATED, at, size, evidence, size - at, true));
  }

  /// The step over zeros at `at` that make up lost sectors at least, or null.
  @Nullable Over zeros(long at) {
    long end = ZeroRuns.end(file, at);
    if (end - at < Math.min(McapLayout.RECORD_HEAD_BYTES, size - at)) {
      return null;
    }
    long begin = ZeroRuns.begin(file, at, 0);
    if (end - begin < ZeroRuns.SECTOR_BYTES) {
      return null;
    }
    Evidence evidence =
        new Evidence.Violation("bytes", (end - begin) + " zeros", "a record at byte " + at);
    Over over = searchFrom(end - 1, DefectKind.ZERO_PAGES, evidence);
    return new Over(
        over.resume(),
        -1,
        null,
        new Damage(
            DefectKind.ZERO_PAGES,
            begin,
            end,
            evidence,
            over.resume() - at,
            over.damage().fatal()));
  }

  private @Nullable Step byDamagedOpcode(long at) {
    int kind = probe.hasHead(at) ? probe.damagedKind(at) : -1;
    if (kind < 0) {
      return null;
    }
    long length = probe.length(at);
    long end = at + McapLayout.RECORD_HEAD_BYTES + length;
    Evidence wrong =
        new Evidence.Mismatch(
            "opcode of a record laid out as " + McapLayout.nameOf(kind),
            "0x%02X".formatted(probe.opcode(at)),
            "0x%02X".formatted(kind));
    Damage damage = new Damage(DefectKind.RECORD_MALFORMED, at, end, wrong, 0, false);
    return kind == McapLayout.CHUNK
        ? chunk(end, ChunkSpan.State.LENGTH_WRONG, damage)
        : new Over(end, length, kind, null, damage);
  }

  private @Nullable Step byItsOwnFields(long at) {
    int opcode = probe.opcode(at);
    long length = probe.length(at);
    long body = at + McapLayout.RECORD_HEAD_BYTES;
    boolean known = RecordProbe.isKnown(opcode);
    if (opcode == McapLayout.MESSAGE) {
      return probe.headCredible(at) && probe.fits(at) ? message(at, body, length) : null;
    }
    boolean nextIsRecord = probe.fits(at) && probe.goesOn(body + length);
    if (nextIsRecord && probe.headCredible(at) && !RecordProbe.isFixed(opcode)) {
      return opcode == McapLayout.CHUNK
          ? chunk(body + length, ChunkSpan.State.WHOLE, fieldsBeyond(at, opcode))
          : new Trust();
    }
    long self = known ? probe.selfLength(opcode, body) : RecordProbe.UNTOLD;
    if (self < 0 || self > size - body || !isBoundary(body + self)) {
      return null;
    }
    Evidence wrong =
        Evidence.Mismatch.ofCount("length of " + McapLayout.nameOf(opcode), length, self);
    Damage damage = new Damage(DefectKind.RECORD_LENGTH, at, body + self, wrong, 0, false);
    return opcode == McapLayout.CHUNK
        ? chunk(body + self, ChunkSpan.State.LENGTH_WRONG, damage)
        : new Over(body + self, self, null, damage);
  }

  /// A message with nothing credible behind it: its length is wrong, or what follows is damaged.
  private Step message(long at, long body, long length) {
    long next = body + length;
    long found = probe.find(body + McapLayout.MESSAGE_HEAD_BYTES);
    // Too little room for a record behind it says that it is longer, more room that the next one is
    // damaged.
    if (found < 0 || found >= next + McapLayout.RECORD_HEAD_BYTES) {
      return new Trust();
    }
    Evidence wrong = Evidence.Mismatch.ofCount("length of Message", length, found - body);
    return new Over(
        found,
        found - body,
        null,
        new Damage(DefectKind.RECORD_LENGTH, at, found, wrong, 0, false));
  }

  private @Nullable Step byChunkIndex(long at) {
    long length = anchors.chunkLength(at);
    if (length < 0 || length > size - at || !isBoundary(at + length) || !isChunkHead(at, length)) {
      return null;
    }
    int opcode = probe.opcode(at);
    Evidence wrong =
        opcode == McapLayout.CHUNK
            ? Evidence.Mismatch.ofCount(
                "length of Chunk", probe.length(at), length - McapLayout.RECORD_HEAD_BYTES)
            : new Evidence.Mismatch(
                "opcode of an indexed chunk", "0x%02X".formatted(opcode), "0x06");
    DefectKind kind =
        opcode == McapLayout.CHUNK ? DefectKind.RECORD_LENGTH : DefectKind.RECORD_MALFORMED;
    return chunk(
        at + length,
        ChunkSpan.State.LENGTH_WRONG,
        new Damage(kind, at, at + length, wrong, 0, false));
  }

  private @Nullable Step backInto(long previous, long at) {
    if (previous < 0 || stepsBack >= MAX_STEPS_BACK) {
      return null;
    }
    int opcode = probe.opcode(previous);
    long body = previous + McapLayout.RECORD_HEAD_BYTES;
    long self = probe.selfLength(opcode, body);
    long end = body + self;
    if (self < 0 || end >= at || !probe.isRecord(end)) {
      return null;
    }
    stepsBack++;
    Evidence wrong =
        Evidence.Mismatch.ofCount(
            "length of " + McapLayout.nameOf(opcode), probe.length(previous), self);
    return new Over(
        end, -1, null, new Damage(DefectKind.RECORD_LENGTH, previous, end, wrong, 0, false));
  }

  private @Nullable Step ifCut(long at) {
    if (anchors.hasEnd()) {
      return null;
    }
    if (!probe.hasHead(at)) {
      return cut(at, null, "record head");
    }
    if (!probe.headCredible(at) || probe.fits(at)) {
      return null;
    }
    int opcode = probe.opcode(at);
    long body = at + McapLayout.RECORD_HEAD_BYTES;
    String name = McapLayout.nameOf(opcode);
    long self = probe.selfLength(opcode, body);
    if (opcode == McapLayout.CHUNK) {
      return self != RecordProbe.ABSURD || probe.length(at) == McapLayout.OPEN_LENGTH
          ? cut(at, ChunkSpan.State.CUT, name)
          : null;
    }
    if (self == RecordProbe.ABSURD || self >= 0 && self <= size - body) {
      return null;
    }
    return self == RecordProbe.UNTOLD && probe.find(body) >= 0 ? null : cut(at, null, name);
  }

  /// The file ends where a record of that name had begun.
  private Over cut(long at, ChunkSpan.@Nullable State chunk, String name) {
    boolean headless = chunk != null && !isChunkHead(at, size - at);
    long left = size - at;
    String announced =
        left >= McapLayout.RECORD_HEAD_BYTES && probe.length(at) != McapLayout.OPEN_LENGTH
            ? " of " + Long.toUnsignedString(probe.length(at) + McapLayout.RECORD_HEAD_BYTES)
            : "";
    Evidence evidence =
        new Evidence.Violation(
            "end of file",
            left == 0
                ? "behind a whole record"
                : "after " + left + announced + " bytes of a " + name,
            "DataEnd, Footer and magic");
    return new Over(
        size,
        -1,
        headless ? null : chunk,
        new Damage(DefectKind.FILE_TRUNCATED, at, size, evidence, left, true));
  }

  private Over search(long at) {
    Evidence evidence;
    if (!probe.hasHead(at)) {
      evidence = new Evidence.Violation("bytes", (size - at) + " left", "a record");
    } else {
      evidence =
          new Evidence.Violation(
              "record head",
              "%s, length %s"
                  .formatted(
                      McapLayout.nameOf(probe.opcode(at)), Long.toUnsignedString(probe.length(at))),
              "a record that fits the " + (size - at) + " bytes left");
    }
    boolean named = probe.hasHead(at) && RecordProbe.isKnown(probe.opcode(at));
    return searchFrom(at, named ? DefectKind.RECORD_LENGTH : DefectKind.RECORD_MALFORMED, evidence);
  }

  private Over chunk(long end, ChunkSpan.State state, Damage damage) {
    return new Over(end, -1, state, damage);
  }

  private Damage fieldsBeyond(long at, int opcode) {
    long end = at + McapLayout.RECORD_HEAD_BYTES + probe.length(at);
    return new Damage(
        DefectKind.RECORD_MALFORMED,
        at,
        end,
        new Evidence.Violation(
            McapLayout.nameOf(opcode), "fields longer than the record", "fields that fit"),
        0,
        false);
  }

  /// Whether records may end at `at`: the file ends there or another record begins.
  private boolean isBoundary(long at) {
    return at == size || probe.isRecord(at);
  }

  private boolean isChunk(long at) {
    return probe.hasHead(at)
        && probe.opcode(at) == McapLayout.CHUNK
        && isChunkHead(at, anchors.chunkLength(at));
  }

  /// Whether the fields of a chunk of that length stand at `at`.
  private boolean isChunkHead(long at, long length) {
    if (length < McapLayout.RECORD_HEAD_BYTES + 40) {
      return false;
    }
    long body = at + McapLayout.RECORD_HEAD_BYTES;
    Records.ChunkHead.read(fields.at(file, body, length - McapLayout.RECORD_HEAD_BYTES));
    return !fields.broken() && !fields.badText();
  }
}
