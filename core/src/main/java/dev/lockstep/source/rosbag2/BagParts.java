package dev.lockstep.source.rosbag2;

import dev.lockstep.model.Order;
import dev.lockstep.source.Opening;
import dev.lockstep.source.PieceCutter;
import dev.lockstep.source.PieceTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The pieces of a recording of rosbag2: the messages of its databases.
///
/// What `metadata.yaml` says of counts and times is made to fit: what was wrong by some number is
/// wrong by as much. A part of which nothing stays is left out, there too.
final class BagParts implements PieceCutter.Pieces {
  private final Path recording;
  private final PieceTable table = new PieceTable();
  private final Map<String, DatabasePieces> parts = new LinkedHashMap<>();

  private BagParts(Path recording) {
    this.recording = recording.toAbsolutePath().normalize();
  }

  /// Opens a database or a folder of some; null if there are other parts, or damaged ones.
  ///
  /// @throws IOException if it cannot be read
  static @Nullable BagParts open(Path recording) throws IOException {
    BagParts bag = new BagParts(recording);
    return Opening.keepIf(bag::add, bag, bag::close);
  }

  private boolean add() throws IOException {
    if (!Files.isDirectory(recording)) {
      return add(recording);
    }
    List<Path> files;
    try (Stream<Path> children = Files.list(recording)) {
      files =
          children
              .filter(child -> Rosbag2Format.isPart(String.valueOf(child.getFileName())))
              .sorted(
                  Order.byLong((Path child) -> Bag.number(String.valueOf(child.getFileName())))
                      .thenComparing(child -> child))
              .toList();
    }
    for (Path file : files) {
      if (!Rosbag2Format.isDb3(String.valueOf(file.getFileName())) || !add(file)) {
        return false;
      }
    }
    return !files.isEmpty();
  }

  private boolean add(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    DatabasePieces pieces = DatabasePieces.open(file, name, table);
    if (pieces != null) {
      parts.put(name, pieces);
    }
    return pieces != null;
  }

  @Override
  public PieceTable table() {
    return table;
  }

  @Override
  public Path write(BitSet kept, BitSet shortened, boolean verbatim, Path folder)
      throws IOException {
    Path target = folder.resolve(String.valueOf(recording.getFileName()));
    if (!Files.isDirectory(recording)) {
      for (DatabasePieces part : parts.values()) {
        part.write(kept, shortened, target);
      }
      return target;
    }
    Files.createDirectories(target);
    for (Map.Entry<String, DatabasePieces> part : parts.entrySet()) {
      if (!span(part.getValue(), kept).isEmpty()) {
        part.getValue().write(kept, shortened, target.resolve(part.getKey()));
      }
    }
    Path metadata = recording.resolve(BagMetadata.NAME);
    if (Files.exists(metadata)) {
      Files.writeString(target.resolve(BagMetadata.NAME), fitted(metadata, kept));
    }
    return target;
  }

  @Override
  public void close() {
    parts.values().forEach(DatabasePieces::close);
  }

  /// The text of `metadata.yaml` for what is kept.
  private String fitted(Path file, BitSet kept) throws IOException {
    Map<String, FittedMetadata.Span> was = new LinkedHashMap<>();
    Map<String, FittedMetadata.Span> is = new LinkedHashMap<>();
    parts.forEach((name, part) -> {
      was.put(name, span(part, null));
      is.put(name, span(part, kept));
    });
    return FittedMetadata.text(file, was, is);
  }

  /// Those messages of a part that are kept; all of them if `kept` is null.
  private FittedMetadata.Span span(DatabasePieces part, @Nullable BitSet kept) {
    FittedMetadata.Span span = new FittedMetadata.Span();
    for (int i = part.firstPiece(); i < part.firstPiece() + part.size(); i++) {
      if (kept == null || kept.get(i)) {
        span.add(table.stream(i), table.at(i));
      }
    }
    return span;
  }
}
