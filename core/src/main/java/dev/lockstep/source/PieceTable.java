package dev.lockstep.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.collections.impl.list.mutable.primitive.IntArrayList;
import org.eclipse.collections.impl.list.mutable.primitive.LongArrayList;

/// The pieces that a recording is made of, such as messages and rows, as columns of 40 bytes a
/// piece: whose each is, where it lies on the axis of its format and where in the recording.
///
/// Pieces come in the order of the recording. One may hold others, which follow it: a chunk.
public final class PieceTable {
  /// Name of the stream of pieces that belong to none and go with all.
  public static final String ANY = "";

  private final List<String> streams = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> files = new ArrayList<>();
  private final IntArrayList streamOf = new IntArrayList();
  private final IntArrayList fileOf = new IntArrayList();
  private final IntArrayList parents = new IntArrayList();
  private final LongArrayList places = new LongArrayList();
  private final LongArrayList offsets = new LongArrayList();
  private final LongArrayList lengths = new LongArrayList();

  /// Adds a piece and gives its number.
  ///
  /// @param stream name of its stream or label set, or [#ANY]
  /// @param at where it lies on the axis
  /// @param file file that holds it, relative to the recording
  /// @param offsetBytes where in the file it begins
  /// @param lengthBytes its length there
  /// @param parent the piece that holds it, or -1
  public int add(
      String stream, long at, String file, long offsetBytes, long lengthBytes, int parent) {
    streamOf.add(
        numbers.computeIfAbsent(
            stream,
            name -> {
              streams.add(name);
              return streams.size() - 1;
            }));
    if (files.isEmpty() || !files.getLast().equals(file)) {
      files.add(file);
    }
    fileOf.add(files.size() - 1);
    parents.add(parent);
    places.add(at);
    offsets.add(offsetBytes);
    lengths.add(lengthBytes);
    return places.size() - 1;
  }

  /// Number of pieces.
  public int size() {
    return places.size();
  }

  /// Names of the streams in order of their first pieces.
  public List<String> streams() {
    return streams.stream().filter(name -> !name.equals(ANY)).toList();
  }

  /// Stream of a piece, or [#ANY].
  public String stream(int piece) {
    return streams.get(streamOf.get(piece));
  }

  /// Where a piece lies on the axis.
  public long at(int piece) {
    return places.get(piece);
  }

  /// File of a piece.
  public String file(int piece) {
    return files.get(fileOf.get(piece));
  }

  /// Where a piece begins in its file.
  public long offsetBytes(int piece) {
    return offsets.get(piece);
  }

  /// Length of a piece.
  public long lengthBytes(int piece) {
    return lengths.get(piece);
  }

  /// The piece that holds it, or -1.
  public int parent(int piece) {
    return parents.get(piece);
  }
}
