package dev.lockstep.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Cuts any recording that is made of pieces: a format tells the pieces and writes some of them.
public final class PieceCutter implements RecordingCutter {
  /// Pieces up to which they are left out one by one. Judged: a window holds far fewer.
  private static final int MAX_PARTS = 1 << 16;

  /// Bytes that are left of a payload that is not kept whole. Judged: a stamp and a name of a frame
  /// stand in them.
  public static final int SHORT_BYTES = 240;

  /// Length from which on a payload is worth that.
  private static final int LONG_BYTES = 4 * SHORT_BYTES;

  private final Pieces pieces;
  private final PieceTable table;

  /// What a format that is made of pieces knows of a recording. Used by one thread.
  public interface Pieces extends AutoCloseable {
    /// All pieces. One that holds others is gone with the last of them.
    PieceTable table();

    /// Writes a recording of those pieces that are kept, and of what they cannot be without.
    ///
    /// @param shortened those of which only the first [#SHORT_BYTES] bytes of payload are kept
    /// @param verbatim whether the container's own bytes are kept as they are where that is
    ///   possible
    /// @param folder an empty folder
    /// @return the recording in it
    /// @throws IOException if it cannot be read or written
    Path write(BitSet kept, BitSet shortened, boolean verbatim, Path folder) throws IOException;

    /// Whether `verbatim` makes a difference.
    default boolean hasContainer() {
      return false;
    }

    @Override
    void close();
  }

  /// A cutter for a recording of these pieces, which it closes.
  public PieceCutter(Pieces pieces) {
    this.pieces = pieces;
    this.table = pieces.table();
  }

  @Override
  public List<String> streams() {
    return table.streams();
  }

  @Override
  public Window whole() {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (int piece = 0; piece < table.size(); piece++) {
      first = Math.min(first, table.at(piece));
      last = Math.max(last, table.at(piece));
    }
    return first > last ? new Window(0, 0) : new Window(first, last);
  }

  @Override
  public long axisOf(String stream, long index) {
    long left = index;
    for (int piece = 0; piece < table.size(); piece++) {
      if (table.stream(piece).equals(stream) && left-- == 0) {
        return table.at(piece);
      }
    }
    return whole().first();
  }

  /// The last piece that begins in front of the byte tells.
  @Override
  public long axisOfByte(String file, long offsetBytes) {
    long at = whole().first();
    long best = -1;
    for (int piece = 0; piece < table.size(); piece++) {
      long begins = table.offsetBytes(piece);
      if (begins <= offsetBytes && begins >= best && table.file(piece).equals(file)) {
        best = begins;
        at = table.at(piece);
      }
    }
    return at;
  }

  @Override
  public long step(String stream) {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    long count = 0;
    for (int piece = 0; piece < table.size(); piece++) {
      if (stream.isEmpty() || table.stream(piece).equals(stream)) {
        first = Math.min(first, table.at(piece));
        last = Math.max(last, table.at(piece));
        count++;
      }
    }
    return count < 2 ? 1 : Math.max(1, (last - first) / (count - 1));
  }

  @Override
  public boolean hasContainer() {
    return pieces.hasContainer();
  }

  @Override
  public Path cut(Plan plan, Path folder) throws IOException {
    BitSet kept = new BitSet(table.size());
    Set<String> streams = new HashSet<>(plan.streams());
    streams.add(PieceTable.ANY);
    for (int piece = 0; piece < table.size(); piece++) {
      kept.set(
          piece, plan.window().contains(table.at(piece)) && streams.contains(table.stream(piece)));
    }
    return write(kept, new BitSet(), plan.verbatim(), folder);
  }

  /// A piece that holds others is there if one of them is.
  private Path write(BitSet kept, BitSet shortened, boolean verbatim, Path folder)
      throws IOException {
    BitSet holders = new BitSet(table.size());
    BitSet needed = new BitSet(table.size());
    for (int piece = table.size() - 1; piece >= 0; piece--) {
      int parent = table.parent(piece);
      if (parent >= 0) {
        holders.set(parent);
        if (kept.get(piece) || needed.get(piece)) {
          needed.set(parent);
        }
      }
    }
    kept.andNot(holders);
    kept.or(needed);
    return pieces.write(kept, shortened, verbatim, folder);
  }

  /// The pieces, then the payloads of those that are long.
  @Override
  public List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    if (table.size() > MAX_PARTS) {
      return parts;
    }
    for (int piece = 0; piece < table.size(); piece++) {
      String stream = table.stream(piece);
      boolean any = stream.equals(PieceTable.ANY);
      int parent = table.parent(piece);
      parts.add(new Part(any ? "piece" : stream, table.lengthBytes(piece), false, parent));
    }
    for (int piece : longOnes()) {
      parts.add(new Part("payload", table.lengthBytes(piece) - SHORT_BYTES, true, piece));
    }
    return parts;
  }

  /// Pieces with long payloads, which hold no others.
  private List<Integer> longOnes() {
    List<Integer> found = new ArrayList<>();
    for (int piece = 0; piece < table.size(); piece++) {
      boolean message = !table.stream(piece).equals(PieceTable.ANY);
      if (message && table.lengthBytes(piece) > LONG_BYTES) {
        found.add(piece);
      }
    }
    return found;
  }

  @Override
  public Path cut(BitSet kept, Path folder) throws IOException {
    BitSet left = kept.get(0, table.size());
    for (int piece = 0; piece < table.size(); piece++) {
      int parent = table.parent(piece);
      if (parent >= 0 && !left.get(parent)) {
        left.clear(piece);
      }
    }
    BitSet shortened = new BitSet(table.size());
    int part = table.size();
    for (int piece : longOnes()) {
      shortened.set(piece, !kept.get(part++));
    }
    return write(left, shortened, false, folder);
  }

  @Override
  public void close() {
    pieces.close();
  }
}
