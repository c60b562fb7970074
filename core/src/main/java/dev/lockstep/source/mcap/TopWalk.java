package dev.lockstep.source.mcap;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Walks the top-level records of the data section, as far as the file may be read, and cuts it
/// into spans to scan: some records, and the chunk behind them if there is one.
///
/// Only record and chunk heads are touched. Whatever does not look right waits until the file is
/// complete, because a record that is still being written cannot be told from a damaged one, and
/// because the way round damage may lead through the end of the file. So how the file grew makes no
/// difference.
final class TopWalk {
  /// Length at which a run of records without a chunk is handed out. Judged: long enough to make
  /// its overhead invisible, short enough to keep all threads busy.
  static final long RUN_BYTES = 4L << 20;

  /// Private records in a row that are looked through for one of a known kind. Judged.
  private static final int MAX_UNTOLD = 16;

  /// A piece of the file.
  ///
  /// @param start first byte
  /// @param recordsEnd end of the records in front of the chunk
  /// @param end end of the piece
  /// @param chunk chunk at its end, or null
  /// @param single true length of the body of the only record, where its head gives a wrong one, or
  ///   -1
  /// @param kind true opcode of that record, or -1 where its head says it
  /// @param damage what is wrong with the piece, or null
  record Span(
      long start,
      long recordsEnd,
      long end,
      @Nullable ChunkSpan chunk,
      long single,
      int kind,
      @Nullable Damage damage) {}

  private enum Phase {
    MAGIC,
    DATA,
    END
  }

  private enum Judgement {
    /// More bytes are needed.
    WAIT,
    /// A sound record.
    RECORD,
    /// A sound chunk.
    CHUNK,
    /// A record that belongs behind the data section.
    STOP,
    /// Something else.
    DAMAGED
  }

  private final Fields fields = new Fields();
  private MemorySegment segment = MemorySegment.NULL;
  private RecordProbe probe;
  private boolean complete;

  private Phase phase = Phase.MAGIC;
  private long position;
  private long runStart;

  /// The record in front of the position, or -1.
  private long previous = -1;

  /// A message that is believed although no record head follows it, or -1.
  private long trusted = -1;

  /// Records that end the data section do so only from here on.
  private long dataLimit;

  private @Nullable Recovery recovery;

  TopWalk() {
    this.probe = new RecordProbe(segment, 0, false);
  }

  /// Lets the walk go on up to the end of `segment`, the file from its beginning.
  void extend(MemorySegment segment, boolean complete) {
    this.segment = segment;
    this.complete = complete;
    this.probe = new RecordProbe(segment, segment.byteSize(), false);
  }

  /// How far the walk has come.
  long position() {
    return position;
  }

  /// Whether the data section has been walked to an end that its records give.
  boolean ended() {
    return phase == Phase.END;
  }

  /// The next span, or null if there is none yet.
  @Nullable Span next() {
    if (phase == Phase.MAGIC && segment.byteSize() >= McapLayout.MAGIC_BYTES) {
      return magic();
    }
    while (phase == Phase.DATA) {
      switch (judge(position)) {
        case WAIT -> {
          return run();
        }
        case RECORD -> {
          previous = position;
          position = recordEnd(position);
          if (position - runStart >= RUN_BYTES) {
            return run();
          }
        }
        case CHUNK -> {
          return chunk(recordEnd(position), ChunkSpan.State.WHOLE, null);
        }
        case STOP -> {
          if (!complete) {
            return run();
          }
          stop();
        }
        case DAMAGED -> {
          if (!complete || position > runStart) {
            return run();
          }
          Recovery.Step step = recovery().at(position, previous);
          if (step instanceof Recovery.Over over) {
            return over(over);
          }
          trusted = position;
        }
      }
    }
    return run();
  }

  private @Nullable Span magic() {
    phase = Phase.DATA;
    position = McapLayout.MAGIC_BYTES;
    if (segment.get(McapLayout.U64, 0) == McapLayout.MAGIC) {
      return next();
    }
    if (!complete) {
      phase = Phase.MAGIC;
      position = 0;
      return null;
    }
    Recovery.Over zeros = recovery().zeros(0);
    if (zeros != null) {
      return over(zeros);
    }
    String kind = OtherKinds.of(segment);
    Evidence evidence =
        new Evidence.Violation(
            "first eight bytes",
            hex(segment.get(McapLayout.U64, 0)) + (kind == null ? "" : ", " + kind),
            hex(McapLayout.MAGIC));
    String changed = TextTransfer.of(segment);
    if (changed != null) {
      long size = segment.byteSize();
      Evidence transfer =
          new Evidence.Violation(
              "first eight bytes",
              hex(segment.get(McapLayout.U64, 0))
                  + ", as a transfer in text mode leaves them: "
                  + changed,
              hex(McapLayout.MAGIC));
      return over(
          new Recovery.Over(
              size, -1, null, new Damage(DefectKind.MAGIC_DAMAGED, 0, size, transfer, size, true)));
    }
    if (probe.isRecord(position)) {
      return span(
          null,
          -1,
          -1,
          new Damage(DefectKind.MAGIC_DAMAGED, 0, position, evidence, position, false));
    }
    return over(recovery().searchFrom(0, DefectKind.MAGIC_DAMAGED, evidence));
  }

  private static String hex(long bytes) {
    return "%016X".formatted(Long.reverseBytes(bytes));
  }

  private Judgement judge(long at) {
    Judgement unfinished = complete ? Judgement.DAMAGED : Judgement.WAIT;
    if (at == trusted) {
      return Judgement.RECORD;
    }
    if (!probe.hasHead(at)) {
      return unfinished;
    }
    int opcode = probe.opcode(at);
    long length = probe.length(at);
    if (opcode == McapLayout.CHUNK && length == McapLayout.OPEN_LENGTH) {
      return unfinished;
    }
    if (!probe.headCredible(at)
        || RecordProbe.isFixed(opcode) && length != probe.selfLength(opcode, at)) {
      return Judgement.DAMAGED;
    }
    if (at >= dataLimit && endsData(opcode)) {
      return Judgement.STOP;
    }
    if (!probe.fits(at)) {
      return unfinished;
    }
    long body = at + McapLayout.RECORD_HEAD_BYTES;
    long next = body + length;
    if (opcode == 0) {
      return Judgement.DAMAGED;
    }
    if (opcode > McapLayout.LAST_KNOWN && probe.damagedKind(at) >= 0) {
      return Judgement.DAMAGED;
    }
    if (opcode == McapLayout.MESSAGE || opcode > McapLayout.LAST_KNOWN) {
      return judgeByNext(next);
    }
    long self = probe.selfLength(opcode, body);
    if (self == RecordProbe.ABSURD || self > length) {
      return Judgement.DAMAGED;
    }
    return opcode == McapLayout.CHUNK ? Judgement.CHUNK : Judgement.RECORD;
  }

  /// Judges a record whose fields say nothing of its length by what follows it at `next`: a head of
  /// a known kind, or others that such a head follows.
  private Judgement judgeByNext(long next) {
    long at = next;
    for (int i = 0; i < MAX_UNTOLD; i++) {
      if (!probe.hasHead(at)) {
        return complete ? Judgement.RECORD : Judgement.WAIT;
      }
      if (!probe.headCredible(at)) {
        return Judgement.DAMAGED;
      }
      if (RecordProbe.isKnown(probe.opcode(at))) {
        return Judgement.RECORD;
      }
      if (!probe.fits(at)) {
        return complete ? Judgement.DAMAGED : Judgement.WAIT;
      }
      at = recordEnd(at);
    }
    return Judgement.RECORD;
  }

  private static boolean endsData(int opcode) {
    return switch (opcode) {
      case McapLayout.DATA_END,
          McapLayout.FOOTER,
          McapLayout.CHUNK_INDEX,
          McapLayout.ATTACHMENT_INDEX,
          McapLayout.STATISTICS,
          McapLayout.METADATA_INDEX,
          McapLayout.SUMMARY_OFFSET ->
          true;
      default -> false;
    };
  }

  private long recordEnd(long at) {
    return at + McapLayout.RECORD_HEAD_BYTES + probe.length(at);
  }

  private @Nullable Span run() {
    return position > runStart ? span(null, -1, -1, null) : null;
  }

  private Span span(@Nullable ChunkSpan chunk, long single, int kind, @Nullable Damage damage) {
    long start = runStart;
    runStart = position;
    return new Span(
        start, chunk == null ? position : chunk.offset(), position, chunk, single, kind, damage);
  }

  private Span chunk(long end, ChunkSpan.State state, @Nullable Damage damage) {
    long at = position;
    previous = at;
    position = end;
    return span(ChunkSpan.read(segment, at, end - at, state, fields), -1, -1, damage);
  }

  private Span over(Recovery.Over over) {
    if (over.damage().fatal()) {
      phase = Phase.END;
    }
    ChunkSpan.State chunk = over.chunk();
    if (chunk != null) {
      return chunk(over.resume(), chunk, over.damage());
    }
    previous = -1;
    if (over.resume() < position) {
      // The record in front was too long: what it swallowed is walked now.
      position = over.resume();
      runStart = position;
      return new Span(position, position, position, null, -1, -1, over.damage());
    }
    position = over.resume();
    return span(null, over.single(), over.kind(), over.damage());
  }

  private Recovery recovery() {
    if (recovery == null) {
      recovery = new Recovery(segment);
    }
    return recovery;
  }

  /// Decides whether the data section ends at the position. It does not if another DataEnd follows
  /// behind more data.
  private void stop() {
    long lastDataEnd = -1;
    // A record of the summary in the data is misplaced; behind a DataEnd it begins the summary.
    boolean inSummary = false;
    boolean dataEnd = probe.opcode(position) == McapLayout.DATA_END;
    long at = position;
    while (probe.hasHead(at) && probe.headCredible(at) && probe.fits(at)) {
      int opcode = probe.opcode(at);
      if (probe.isLastFooter(at)) {
        break;
      }
      if (opcode == McapLayout.DATA_END && !inSummary) {
        lastDataEnd = at;
      }
      inSummary |=
          dataEnd
              && opcode != McapLayout.DATA_END
              && opcode != McapLayout.FOOTER
              && endsData(opcode);
      at = recordEnd(at);
    }
    if (lastDataEnd > position) {
      dataLimit = lastDataEnd;
    } else {
      phase = Phase.END;
    }
  }
}
