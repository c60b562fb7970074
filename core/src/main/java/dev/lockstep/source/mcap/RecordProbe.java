package dev.lockstep.source.mcap;

import dev.lockstep.payload.ZeroRuns;
import java.lang.foreign.MemorySegment;

/// Judges whether bytes look like a record, which is how damage is noticed and how sound records
/// are found behind it.
///
/// Most records say their length twice: in the record head and through the lengths of their fields.
/// A message does not; it is believed if another record head follows it.
final class RecordProbe {
  /// The record's fields say nothing about its length.
  static final long UNTOLD = -1;

  /// The record's fields contradict each other or reach beyond any file.
  static final long ABSURD = -2;

  /// Lengths above are no lengths of records. Judged: 1 TiB.
  static final long MAX_RECORD_BYTES = 1L << 40;

  /// Longest name of a compression that is taken for one. Judged: the known ones have four letters.
  private static final int MAX_COMPRESSION_BYTES = 32;

  /// Bytes of a private record that the fields of another kind do not fill by chance. Judged.
  private static final int MIN_TELLING_BYTES = 32;

  /// Records in a row that make a find credible where the first one alone could be chance.
  private static final int CHAIN = 3;

  private final MemorySegment segment;
  private final long end;
  private final boolean chunked;

  /// A probe of `segment`, whose records end at `end`.
  ///
  /// @param chunked whether the records are those of a chunk and not of a file
  RecordProbe(MemorySegment segment, long end, boolean chunked) {
    this.segment = segment;
    this.end = end;
    this.chunked = chunked;
  }

  /// Where the records end.
  long end() {
    return end;
  }

  int opcode(long at) {
    return segment.get(McapLayout.U8, at) & 0xFF;
  }

  /// Length of the body as the record head gives it, unsigned.
  long length(long at) {
    return segment.get(McapLayout.U64, at + McapLayout.LENGTH_OFFSET);
  }

  /// Whether the whole record head lies before the end.
  boolean hasHead(long at) {
    return end - at >= McapLayout.RECORD_HEAD_BYTES;
  }

  /// Whether the whole record at `at` lies before the end, going by its head.
  boolean fits(long at) {
    long length = length(at);
    return length >= 0 && length <= end - at - McapLayout.RECORD_HEAD_BYTES;
  }

  /// Whether the head at `at` could be one, going by its nine bytes alone.
  boolean headCredible(long at) {
    int opcode = opcode(at);
    long length = length(at);
    if (opcode == McapLayout.CHUNK && length == McapLayout.OPEN_LENGTH) {
      return !chunked;
    }
    if (opcode == 0 && length == 0) {
      return false;
    }
    return length >= 0 && length < MAX_RECORD_BYTES && length >= minLength(opcode);
  }

  /// Whether the record of that kind has a fixed length, which nothing may follow.
  static boolean isFixed(int opcode) {
    return opcode == McapLayout.DATA_END || opcode == McapLayout.FOOTER;
  }

  private static long minLength(int opcode) {
    return switch (opcode) {
      case McapLayout.HEADER, McapLayout.METADATA -> 8;
      case McapLayout.FOOTER -> McapLayout.FOOTER_BYTES;
      case McapLayout.SCHEMA -> 14;
      case McapLayout.CHANNEL -> 16;
      case McapLayout.MESSAGE -> McapLayout.MESSAGE_HEAD_BYTES;
      case McapLayout.CHUNK -> 40;
      case McapLayout.MESSAGE_INDEX -> McapLayout.MESSAGE_INDEX_HEAD_BYTES;
      case McapLayout.CHUNK_INDEX -> 64;
      case McapLayout.ATTACHMENT -> 36;
      case McapLayout.ATTACHMENT_INDEX -> 48;
      case McapLayout.STATISTICS -> 46;
      case McapLayout.METADATA_INDEX -> 20;
      case McapLayout.SUMMARY_OFFSET -> 17;
      case McapLayout.DATA_END -> McapLayout.DATA_END_BYTES;
      default -> 0;
    };
  }

  /// Length of the body at `body` as its own fields give it, which may reach beyond the end;
  /// [#UNTOLD] or [#ABSURD].
  long selfLength(int opcode, long body) {
    return switch (opcode) {
      case McapLayout.HEADER -> fields(body, 0, "SS");
      case McapLayout.FOOTER -> McapLayout.FOOTER_BYTES;
      case McapLayout.SCHEMA -> fields(body, 2, "SSS");
      case McapLayout.CHANNEL -> fields(body, 4, "SSS");
      case McapLayout.CHUNK -> chunkLength(body);
      case McapLayout.MESSAGE_INDEX -> messageIndexLength(body);
      case McapLayout.CHUNK_INDEX -> fields(body, 32, "S8C88");
      case McapLayout.ATTACHMENT -> fields(body, 16, "SSB4");
      case McapLayout.ATTACHMENT_INDEX -> fields(body, 40, "SS");
      case McapLayout.STATISTICS -> fields(body, 42, "S");
      case McapLayout.METADATA -> fields(body, 0, "SS");
      case McapLayout.METADATA_INDEX -> fields(body, 16, "S");
      case McapLayout.SUMMARY_OFFSET -> 17;
      case McapLayout.DATA_END -> McapLayout.DATA_END_BYTES;
      default -> UNTOLD;
    };
  }

  private long chunkLength(long body) {
    return fields(body, McapLayout.CHUNK_FIXED_BYTES, "CB");
  }

  private long messageIndexLength(long body) {
    long length = fields(body, 2, "S");
    boolean told = length >= 0 && length <= end - body;
    return told
            && (length - McapLayout.MESSAGE_INDEX_HEAD_BYTES) % McapLayout.MESSAGE_INDEX_ENTRY_BYTES
                != 0
        ? ABSURD
        : length;
  }

  /// Sums up fields: `fixed` bytes, then by letter: `S` text, map, array or bytes with a 32-bit
  /// length, `C` the name of a compression, `B` bytes with a 64-bit length, a digit that many
  /// bytes. Lengths that lie beyond the end cannot be read; what is known by then is returned, plus
  /// one byte that shows that it reaches beyond.
  private long fields(long body, int fixed, String kinds) {
    long at = body + fixed;
    for (int i = 0; i < kinds.length(); i++) {
      char kind = kinds.charAt(i);
      int prefix = kind == 'B' ? 8 : kind >= '0' && kind <= '9' ? 0 : 4;
      if (prefix > end - at) {
        return Math.max(at, end) - body + 1;
      }
      long length =
          switch (kind) {
            case 'B' -> segment.get(McapLayout.U64, at);
            case 'S', 'C' -> Integer.toUnsignedLong(segment.get(McapLayout.U32, at));
            default -> kind - '0';
          };
      if (length < 0
          || length > MAX_RECORD_BYTES
          || kind == 'C' && length > MAX_COMPRESSION_BYTES) {
        return ABSURD;
      }
      at += prefix + length;
    }
    return at - body;
  }

  /// Whether a sound record begins at `at`, one that chance is unlikely to have made, and lies
  /// before the end.
  boolean isRecord(long at) {
    return isRecord(at, CHAIN);
  }

  private boolean isRecord(long at, int chain) {
    if (!hasHead(at) || !headCredible(at) || !fits(at)) {
      return false;
    }
    int opcode = opcode(at);
    long length = length(at);
    if (chunked && !belongsInChunk(opcode)) {
      return false;
    }
    long body = at + McapLayout.RECORD_HEAD_BYTES;
    long next = body + length;
    long self = selfLength(opcode, body);
    if (opcode >= McapLayout.FIRST_PRIVATE) {
      // Private records have no fields to judge them by: believed in company only.
      if (chain == CHAIN) {
        return false;
      }
    } else if (opcode != McapLayout.MESSAGE
        && (self < 0 || self > length || isFixed(opcode) && self != length)) {
      return false;
    }
    if (next == end || opcode == McapLayout.FOOTER) {
      return true;
    }
    return chain == 1 || isRecord(next, chain - 1) || chain < CHAIN && isCut(next);
  }

  /// Whether the records can go on at `at`: they end there, or the record there is whole and, if it
  /// is one whose fields say nothing, has another behind it.
  boolean goesOn(long at) {
    if (at == end) {
      return true;
    }
    if (!hasHead(at) || !headCredible(at) || !fits(at)) {
      return false;
    }
    if (opcode(at) < McapLayout.FIRST_PRIVATE) {
      return isRecord(at, 1);
    }
    long next = at + McapLayout.RECORD_HEAD_BYTES + length(at);
    return next == end
        || hasHead(next) && isKnown(opcode(next)) && headCredible(next) && fits(next);
  }

  /// Whether the last footer stands at `at`: magic or no records up to another one follow.
  boolean isLastFooter(long at) {
    if (opcode(at) != McapLayout.FOOTER || length(at) != McapLayout.FOOTER_BYTES) {
      return false;
    }
    long next = at + McapLayout.RECORD_HEAD_BYTES + McapLayout.FOOTER_BYTES;
    if (hasHead(next) && segment.get(McapLayout.U64, next) == McapLayout.MAGIC) {
      return true;
    }
    while (hasHead(next) && headCredible(next) && fits(next)) {
      if (opcode(next) == McapLayout.FOOTER) {
        return false;
      }
      next += McapLayout.RECORD_HEAD_BYTES + length(next);
    }
    return true;
  }

  /// The kind of record that one stands for whose opcode no specification defines: the one from
  /// which a single bit sets it apart and whose fields fill the record exactly. -1 if there is
  /// none.
  int damagedKind(long at) {
    int opcode = opcode(at);
    if (isKnown(opcode) || opcode == 0 || !hasHead(at) || !fits(at)) {
      return -1;
    }
    long body = at + McapLayout.RECORD_HEAD_BYTES;
    for (int bit = 4; bit < 8; bit++) {
      int kind = opcode ^ 1 << bit;
      // Those without lengths of their own fit by chance; private records may be short.
      if (isKnown(kind)
          && kind != McapLayout.MESSAGE
          && length(at) >= minLength(kind)
          && (opcode < McapLayout.FIRST_PRIVATE || length(at) >= MIN_TELLING_BYTES)
          && selfLength(kind, body) == length(at)) {
        return kind;
      }
    }
    return -1;
  }

  /// Whether the specification defines that opcode.
  static boolean isKnown(int opcode) {
    return opcode != 0 && opcode <= McapLayout.LAST_KNOWN;
  }

  private static boolean belongsInChunk(int opcode) {
    return opcode == McapLayout.SCHEMA
        || opcode == McapLayout.CHANNEL
        || opcode == McapLayout.MESSAGE
        || opcode >= McapLayout.FIRST_PRIVATE;
  }

  /// Whether a record begins at `at` that the end cuts off.
  private boolean isCut(long at) {
    return !hasHead(at) || headCredible(at) && !fits(at);
  }

  /// The first place at or behind `from` where a sound record begins, or -1.
  long find(long from) {
    return find(from, end);
  }

  /// The first place from `from` to before `limit` where a sound record begins, or -1.
  long find(long from, long limit) {
    for (long at = Math.max(0, from); at < limit && hasHead(at); at++) {
      int opcode = opcode(at);
      if (opcode == 0) {
        // No record begins at a zero, and lost pages are gigabytes of them.
        at = ZeroRuns.end(segment, at) - 1;
      } else if (opcode <= McapLayout.LAST_KNOWN && isRecord(at)) {
        return at;
      }
    }
    return -1;
  }
}
