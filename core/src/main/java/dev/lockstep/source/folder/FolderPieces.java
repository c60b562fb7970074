package dev.lockstep.source.folder;

import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.MessageAt;
import dev.lockstep.source.PieceCutter;
import dev.lockstep.source.PieceTable;
import dev.lockstep.source.RecordingIndex;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The pieces of a folder with a layout: its messages, which are files of their own or rows of
/// tables.
///
/// Lines of lists go with the files that they name. All other files stay. The axis is the stamp.
final class FolderPieces implements PieceCutter.Pieces {
  /// Longest table that is cut: all of it is held in memory. Judged.
  private static final long MAX_TABLE_BYTES = 64L << 20;

  /// Longest list of files that is. Judged: some hundred thousand names.
  private static final long MAX_LIST_BYTES = 16L << 20;

  private final Path recording;
  private final PieceTable table = new PieceTable();

  /// Pieces by file: one that is the whole of it, or rows in order.
  private final Map<String, List<Integer>> pieces = new HashMap<>();

  private FolderPieces(Path recording) {
    this.recording = recording.toAbsolutePath().normalize();
  }

  /// Whether what is left of such a folder means what it did. It does not where the place of a
  /// message among others tells its stamp, or frames of labels its number.
  static boolean canCut(Layout layout) {
    for (Layout.Stream stream : layout.streams()) {
      Layout.Stamps stamps = stream.stamps();
      NamePattern line = stamps.line();
      boolean names = stamps.fileColumn() != null || line != null && line.givesFile();
      boolean fits =
          switch (stamps.source()) {
            case NAME -> true;
            case LIST -> stream.files() == null || names;
            case NONE, NPY, RATE -> false;
          };
      if (!fits || stream.turns() != null && !stream.turns().npy().isEmpty()) {
        return false;
      }
    }
    return layout.labels().isEmpty();
  }

  /// The pieces of the folder that `index` has read; null if a table is too long.
  ///
  /// @throws IOException if it cannot be read
  static @Nullable FolderPieces of(Path recording, RecordingIndex index) throws IOException {
    FolderPieces pieces = new FolderPieces(recording);
    for (StreamInfo stream : index.streams()) {
      long at = 0;
      for (long i = 0; i < index.messages(stream.name()); i++) {
        MessageAt message = index.message(stream.name(), i);
        at = message.stampNs() == Times.NONE ? at : message.stampNs();
        int piece =
            pieces.table.add(
                stream.name(),
                at,
                message.file(),
                message.bytes().offsetBytes(),
                message.bytes().lengthBytes(),
                -1);
        pieces.pieces.computeIfAbsent(message.file(), _ -> new ArrayList<>()).add(piece);
      }
    }
    for (String file : pieces.pieces.keySet()) {
      if (pieces.isTable(file) && Files.size(pieces.recording.resolve(file)) > MAX_TABLE_BYTES) {
        return null;
      }
    }
    return pieces;
  }

  /// Whether messages are rows of a file.
  private boolean isTable(String file) throws IOException {
    List<Integer> of = pieces.getOrDefault(file, List.of());
    Path path = recording.resolve(file);
    return !of.isEmpty()
        && Files.isRegularFile(path)
        && (of.size() > 1 || table.lengthBytes(of.getFirst()) < Files.size(path));
  }

  @Override
  public PieceTable table() {
    return table;
  }

  @Override
  public Path write(BitSet kept, BitSet shortened, boolean verbatim, Path folder)
      throws IOException {
    Path target = folder.resolve(String.valueOf(recording.getFileName()));
    Set<String> gone = new HashSet<>();
    Set<String> known = new HashSet<>();
    pieces.forEach((file, of) -> {
      String name = last(file);
      known.add(name);
      if (of.stream().noneMatch(kept::get)) {
        gone.add(name);
      }
    });
    List<Path> files;
    try (Stream<Path> all = Files.walk(recording)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      Path relative = recording.relativize(file);
      String name = relative.toString().replace('\\', '/');
      List<Integer> of = pieces.getOrDefault(name, List.of());
      Path to = target.resolve(relative.toString());
      Files.createDirectories(parent(to));
      if (isTable(name)) {
        rows(file, of, kept, to);
      } else if (of.isEmpty()) {
        other(file, known, gone, to);
      } else if (kept.get(of.getFirst())) {
        copy(file, shortened.get(of.getFirst()), to);
      }
    }
    return target;
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  private static String last(String file) {
    return file.substring(file.lastIndexOf('/') + 1);
  }

  private static void copy(Path file, boolean shortened, Path to) throws IOException {
    if (!shortened) {
      Files.copy(file, to);
      return;
    }
    try (InputStream in = Files.newInputStream(file)) {
      Files.write(to, in.readNBytes(PieceCutter.SHORT_BYTES));
    }
  }

  /// A table without the rows that are left out.
  private void rows(Path file, List<Integer> of, BitSet kept, Path to) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(to))) {
      int at = 0;
      for (int piece : of) {
        int from = Math.clamp(table.offsetBytes(piece), at, bytes.length);
        int end = Math.clamp(from + table.lengthBytes(piece), from, bytes.length);
        while (end < bytes.length && bytes[end - 1] != '\n') {
          end++;
        }
        out.write(bytes, at, (kept.get(piece) ? end : from) - at);
        at = end;
      }
      out.write(bytes, at, bytes.length - at);
    }
  }

  /// A file that holds no messages: a list of files goes with these, anything else stays.
  ///
  /// @param known names of files that are messages
  /// @param gone those that are left out
  private static void other(Path file, Set<String> known, Set<String> gone, Path to)
      throws IOException {
    if (gone.isEmpty() || Files.size(file) > MAX_LIST_BYTES) {
      Files.copy(file, to);
      return;
    }
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    StringBuilder left = new StringBuilder();
    int lines = 0;
    int naming = 0;
    for (int from = 0; from < text.length(); ) {
      int end = text.indexOf('\n', from);
      int next = end < 0 ? text.length() : end + 1;
      String line = text.substring(from, next);
      String named = named(line, known);
      lines++;
      naming += named == null ? 0 : 1;
      if (named == null || !gone.contains(named)) {
        left.append(line);
      }
      from = next;
    }
    // A line or two of something else may happen to hold a name.
    boolean list = 2 * naming > lines;
    Files.writeString(to, list ? left : text, StandardCharsets.ISO_8859_1);
  }

  private static @Nullable String named(String line, Set<String> known) {
    for (String word : line.split("[\\s,;]+", -1)) {
      String name = last(word);
      if (known.contains(name)) {
        return name;
      }
    }
    return null;
  }

  @Override
  public void close() {}
}
