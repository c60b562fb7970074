package dev.lockstep.shadow;

import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.source.ReadOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the first read of a recording told of the messages that are to be read twice.
///
/// Messages are chosen by the place where they lie: all whose record (whose chunk, where that is
/// compressed) begins in a chosen piece of [#PIECE_BITS] bits of the file; where each message has a
/// file of its own, blocks of ten messages of a stream. So a chosen chunk is decompressed for all
/// of its messages and the others for none.
///
/// Where the share holds no piece, one of the first 64 is read, so that a small recording does not
/// pass unseen: the one that would be chosen next, as far as it is among [#isSpare]. Memory is
/// bounded: above [#MAX_MESSAGES] the share is halved, and said to be.
public final class FirstRead {
  /// A piece of 1 MiB: about the chunk of the official MCAP writers.
  static final int PIECE_BITS = ReadOptions.PLACE_BITS;

  /// Pieces at the beginning of a file that one is taken of where the share holds none. Judged.
  private static final int FEW_PIECES = 64;

  /// Pieces that are always among those. Judged: messages of any file begin in one of them.
  private static final int FIRST_PIECES = 2;

  /// Messages of a block where each has a file of its own: as in the block manifest.
  static final int BLOCK_MESSAGES = 10;

  /// Most messages that are kept; some 40 bytes each. Judged.
  static final int MAX_MESSAGES = 1_000_000;

  private final List<StreamInfo> streams = new ArrayList<>();
  private final List<long[]> counts = new ArrayList<>();
  private final TreeMap<Long, Map<Integer, Rows>> pieces = new TreeMap<>();
  private final int mostMessages;
  private ShadowShare share;
  private long kept;

  /// The piece that is the first to be chosen by a larger share, and its rows, as long as none is
  /// chosen.
  private final Map<Integer, Rows> next = new LinkedHashMap<>();

  /// The piece or block that was asked for last, whether it is chosen, and whether it may be read
  /// where none is.
  private long asked = Long.MIN_VALUE;

  private boolean held;
  private boolean spare;

  private long nextKey;
  private double nextRank = 1;

  /// Whether each message lies in a file that its row names.
  private final boolean files;

  FirstRead(ShadowShare share, boolean files, int mostMessages) {
    this.share = share;
    this.files = files;
    this.mostMessages = mostMessages;
  }

  /// Messages of one stream in one piece, in order.
  static final class Rows {
    long[] indices = new long[4];
    long[] positions = new long[4];
    long[] stampsNs = new long[4];
    long[] logTimesNs = new long[4];
    int[] lengths = new int[4];
    int[] sums = new int[4];
    @Nullable String[] files = {};
    int size;

    void add(MessageBatch batch, int row, boolean ownFile) {
      if (size == indices.length) {
        int room = size * 2;
        indices = Arrays.copyOf(indices, room);
        positions = Arrays.copyOf(positions, room);
        stampsNs = Arrays.copyOf(stampsNs, room);
        logTimesNs = Arrays.copyOf(logTimesNs, room);
        lengths = Arrays.copyOf(lengths, room);
        sums = Arrays.copyOf(sums, room);
        files = files.length == 0 ? files : Arrays.copyOf(files, room);
      }
      indices[size] = batch.firstIndex() + row;
      positions[size] = batch.positionsBytes()[row];
      stampsNs[size] = batch.stampsNs()[row];
      logTimesNs[size] = batch.logTimesNs()[row];
      lengths[size] = batch.lengthsBytes()[row];
      sums[size] = batch.crc32cs().length == 0 ? 0 : batch.crc32cs()[row];
      if (ownFile) {
        if (files.length == 0) {
          files = new @Nullable String[indices.length];
        }
        files[size] = batch.file(row);
      }
      size++;
    }
  }

  /// The next stream; its id is the number of streams before it.
  public void stream(StreamInfo stream) {
    streams.add(stream);
    counts.add(new long[1]);
  }

  /// The next messages of a stream, numbered, with their CRC-32C where [#mayChoose] says so.
  public void messages(MessageBatch batch) {
    int stream = batch.stream().id();
    streams.set(stream, batch.stream());
    counts.get(stream)[0] += batch.size();
    long[] positions = batch.positionsBytes();
    Rows rows = null;
    for (int row = 0; row < batch.size(); row++) {
      long key =
          files
              ? blockKey(batch.stream().name(), batch.firstIndex() + row)
              : pieceKey(positions[row]);
      // Neighbours lie in one piece.
      if (key != asked) {
        asked = key;
        held = share.holds(key);
        spare = !held && (files || isSpare(share, key));
        rows = null;
      }
      if (held) {
        if (rows == null) {
          next.clear();
          rows =
              pieces
                  .computeIfAbsent(key, _ -> new LinkedHashMap<>())
                  .computeIfAbsent(stream, _ -> new Rows());
        }
        rows.add(batch, row, files);
        kept++;
      } else if (spare && pieces.isEmpty() && share.rank(key) <= nextRank) {
        if (key != nextKey) {
          next.clear();
        }
        nextKey = key;
        nextRank = share.rank(key);
        next.computeIfAbsent(stream, _ -> new Rows()).add(batch, row, files);
      }
    }
    while (kept > mostMessages) {
      thin();
    }
  }

  /// Whether a message at that byte of a recording of one file may be chosen by a share.
  static boolean mayChoose(ShadowShare share, long position) {
    long key = pieceKey(position);
    return share.holds(key) || isSpare(share, key);
  }

  /// Whether a piece may be read where the share holds none: those that are chosen before each one
  /// in front of them, which are few, so that few checksums are computed for nothing.
  private static boolean isSpare(ShadowShare share, long key) {
    if (key >= FEW_PIECES) {
      return false;
    }
    double rank = share.rank(key);
    for (long before = FIRST_PIECES - 1; before < key; before++) {
      if (share.rank(before) < rank) {
        return false;
      }
    }
    return true;
  }

  /// Key of the piece that holds a byte of a recording of one file.
  static long pieceKey(long position) {
    return position >>> PIECE_BITS;
  }

  private static long blockKey(String stream, long index) {
    return ((long) stream.hashCode() << 32) ^ (1L << 62) ^ (index / BLOCK_MESSAGES);
  }

  private void thin() {
    share = share.halved();
    asked = Long.MIN_VALUE;
    pieces.keySet().removeIf(key -> !share.holds(key));
    kept =
        pieces.values().stream()
            .flatMap(rows -> rows.values().stream())
            .mapToLong(rows -> rows.size)
            .sum();
  }

  /// The share that was kept in the end.
  ShadowShare share() {
    return share;
  }

  List<StreamInfo> streams() {
    return streams;
  }

  /// Messages of a stream, whether or not they are kept.
  long count(int stream) {
    return counts.get(stream)[0];
  }

  /// Messages that are kept.
  long kept() {
    return kept;
  }

  /// Whether the piece or block with this key is to be read again, once everything was read.
  boolean chose(long key) {
    return share.holds(key) || pieces.isEmpty() && !next.isEmpty() && key == nextKey;
  }

  /// The chosen pieces, each with its rows by stream, once everything was read.
  Map<Long, Map<Integer, Rows>> pieces() {
    return pieces.isEmpty() && !next.isEmpty() ? Map.of(nextKey, next) : pieces;
  }
}
