package dev.lockstep.source.nuscenes;

import dev.lockstep.model.Times;
import dev.lockstep.source.PieceCutter;
import dev.lockstep.source.PieceTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The pieces of a set: rows of sensor data with the files that they name, samples, and boxes. Of
/// the other tables those rows stay that the kept ones name, and what these name.
///
/// Chains close over rows that are left out, and counts go down by as many; a link or count that is
/// wrong stays as wrong as it is. Rows that say nothing of what they are stay in any case.
final class SetPieces implements PieceCutter.Pieces {
  /// Longest tables that are cut, all together: all of it is held in memory. Judged: a set of ten
  /// scenes takes 40 MB.
  private static final long MAX_BYTES = 128L << 20;

  /// Tables whose rows are pieces.
  private static final List<TableKind> OF_PIECES =
      List.of(TableKind.SAMPLE, TableKind.SAMPLE_DATA, TableKind.SAMPLE_ANNOTATION);

  private final Path recording;
  private final Path folder;
  private final Path root;
  private final PieceTable table = new PieceTable();
  private final Map<String, CutTable> tables = new LinkedHashMap<>();

  /// Row of each piece in its table.
  private final List<CutTable> tableOfPiece = new ArrayList<>();

  private final List<Integer> rowOfPiece = new ArrayList<>();

  private SetPieces(Path recording, Path folder, Path root) {
    this.recording = recording;
    this.folder = folder;
    this.root = root;
  }

  /// Reads the tables in `folder`; null if they are too long.
  ///
  /// @param recording the folder that is the recording
  /// @param root what names of files are relative to
  /// @throws IOException if a table cannot be read
  static @Nullable SetPieces open(Path recording, Path folder, Path root) throws IOException {
    SetPieces pieces =
        new SetPieces(
            recording.toAbsolutePath().normalize(),
            folder.toAbsolutePath().normalize(),
            root.toAbsolutePath().normalize());
    long bytes = 0;
    for (TableKind kind : TableKind.ALL) {
      Path file = folder.resolve(kind.name() + NuscenesLayout.SUFFIX);
      if (Files.isRegularFile(file)) {
        bytes += Files.size(file);
        if (bytes > MAX_BYTES) {
          return null;
        }
        pieces.tables.put(kind.name(), new CutTable(kind, Files.readAllBytes(file)));
      }
    }
    pieces.list();
    return pieces;
  }

  private void list() throws IOException {
    for (TableKind kind : OF_PIECES) {
      CutTable rows = tables.get(kind.name());
      if (rows == null) {
        continue;
      }
      String file =
          recording.relativize(folder.resolve(kind.name() + NuscenesLayout.SUFFIX)).toString();
      long last = 0;
      for (int row = 0; row < rows.size(); row++) {
        long at = stamp(rows, row);
        last = at == Times.NONE ? last : at;
        long length = rows.length(row) + fileBytes(rows.text(row, "filename"));
        table.add(stream(rows, row), last, file, rows.start(row), length, -1);
        tableOfPiece.add(rows);
        rowOfPiece.add(row);
      }
    }
  }

  private long stamp(CutTable rows, int row) {
    if (!rows.kind().equals(TableKind.SAMPLE_ANNOTATION)) {
      return rows.stampNs(row);
    }
    CutTable samples = tables.get(TableKind.SAMPLE.name());
    int sample = samples == null ? -1 : samples.row(rows.text(row, "sample_token"));
    return samples == null || sample < 0 ? Times.NONE : samples.stampNs(sample);
  }

  private String stream(CutTable rows, int row) {
    if (rows.kind().equals(TableKind.SAMPLE)) {
      return PieceTable.ANY;
    }
    if (rows.kind().equals(TableKind.SAMPLE_ANNOTATION)) {
      return Annotations.NAME;
    }
    String calibrated =
        follow(rows, row, "calibrated_sensor_token", "calibrated_sensor", "sensor_token");
    CutTable sensors = tables.get("sensor");
    int sensor = sensors == null ? -1 : sensors.row(calibrated);
    return sensors == null || sensor < 0 ? PieceTable.ANY : sensors.text(sensor, "channel");
  }

  /// A field of the row that a field names.
  private String follow(CutTable rows, int row, String field, String target, String of) {
    CutTable to = tables.get(target);
    int found = to == null ? -1 : to.row(rows.text(row, field));
    return to == null || found < 0 ? "" : to.text(found, of);
  }

  @Override
  public PieceTable table() {
    return table;
  }

  @Override
  public Path write(BitSet kept, BitSet shortened, boolean verbatim, Path into) throws IOException {
    Map<CutTable, BitSet> rows = new HashMap<>();
    tables.values().forEach(each -> rows.put(each, each.fixed()));
    for (int piece = kept.nextSetBit(0); piece >= 0; piece = kept.nextSetBit(piece + 1)) {
      bits(rows, tableOfPiece.get(piece)).set(rowOfPiece.get(piece));
    }
    needed(rows);
    Path target = into.resolve(String.valueOf(recording.getFileName()));
    Path targetFolder = target.resolve(recording.relativize(folder).toString());
    // Where the folder of tables is the recording, files lie beside it.
    Path targetRoot = target.resolve(recording.relativize(root).toString()).normalize();
    Files.createDirectories(targetFolder);
    for (CutTable each : tables.values()) {
      BitSet left = bits(rows, each);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      each.write(left, row -> patched(each, row, rows), out);
      Files.write(
          targetFolder.resolve(each.kind().name() + NuscenesLayout.SUFFIX), out.toByteArray());
    }
    for (int piece = kept.nextSetBit(0); piece >= 0; piece = kept.nextSetBit(piece + 1)) {
      String name = tableOfPiece.get(piece).text(rowOfPiece.get(piece), "filename");
      copyFile(name, shortened.get(piece), targetRoot);
    }
    return target;
  }

  private static BitSet bits(Map<CutTable, BitSet> rows, CutTable of) {
    return rows.computeIfAbsent(of, each -> new BitSet());
  }

  /// A file of the set, or null if the name is of none.
  private @Nullable Path file(String name) {
    try {
      Path file = root.resolve(name).normalize();
      return !name.isEmpty() && file.startsWith(root) && Files.isRegularFile(file) ? file : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private long fileBytes(String name) throws IOException {
    Path file = file(name);
    return file == null ? 0 : Files.size(file);
  }

  private void copyFile(String name, boolean shortened, Path targetRoot) throws IOException {
    Path from = file(name);
    Path to = from == null ? targetRoot : targetRoot.resolve(root.relativize(from));
    if (from == null || Files.exists(to)) {
      return;
    }
    Path parent = to.getParent();
    Files.createDirectories(parent == null ? targetRoot : parent);
    if (shortened) {
      try (InputStream in = Files.newInputStream(from)) {
        Files.write(to, in.readNBytes(PieceCutter.SHORT_BYTES));
      }
    } else {
      Files.copy(from, to);
    }
  }

  /// Adds what kept rows name, and what that names; neighbours of a chain and its ends are not
  /// needed, and boxes, data and samples come by themselves.
  private void needed(Map<CutTable, BitSet> rows) {
    boolean more = true;
    while (more) {
      more = false;
      for (CutTable each : tables.values()) {
        BitSet left = bits(rows, each);
        for (int row = left.nextSetBit(0); row >= 0; row = left.nextSetBit(row + 1)) {
          for (TableKind.Link link : each.links()) {
            if (!CutTable.isChain(link.field())) {
              for (String token : each.tokens(row, link.field())) {
                more |= add(rows, tables.get(link.target()), token);
              }
            }
          }
        }
      }
      more |= maps(rows);
    }
  }

  private static boolean add(Map<CutTable, BitSet> rows, @Nullable CutTable to, String token) {
    int row = to == null ? -1 : to.row(token);
    if (to == null || row < 0 || bits(rows, to).get(row)) {
      return false;
    }
    bits(rows, to).set(row);
    return true;
  }

  /// Maps name logs, and nothing names them.
  private boolean maps(Map<CutTable, BitSet> rows) {
    CutTable maps = tables.get(TableKind.MAP.name());
    CutTable logs = tables.get(TableKind.LOG.name());
    boolean more = false;
    for (int row = 0; maps != null && logs != null && row < maps.size(); row++) {
      for (String token : maps.tokens(row, "log_tokens")) {
        int log = logs.row(token);
        if (log >= 0 && bits(rows, logs).get(log) && !bits(rows, maps).get(row)) {
          bits(rows, maps).set(row);
          more = true;
        }
      }
    }
    return more;
  }

  /// A row with links that skip what is left out.
  private byte[] patched(CutTable of, int row, Map<CutTable, BitSet> rows) {
    String text = of.rowText(row);
    String was = text;
    for (TableKind.Link link : of.links()) {
      CutTable to = tables.get(link.target());
      if (to == null || !CutTable.isChain(link.field())) {
        continue;
      }
      String token = of.text(row, link.field());
      boolean forward = link.field().equals("next") || link.field().startsWith("first_");
      String left = to.skip(token, forward ? "next" : "prev", bits(rows, to));
      if (!left.equals(token)) {
        text = CutTable.replaced(text, link.field(), token, left);
      }
    }
    if (of.kind().equals(TableKind.SCENE)) {
      text = counted(text, of, row, "nbr_samples", TableKind.SAMPLE, "scene_token", rows);
    } else if (of.kind().equals(TableKind.INSTANCE)) {
      text =
          counted(
              text,
              of,
              row,
              "nbr_annotations",
              TableKind.SAMPLE_ANNOTATION,
              "instance_token",
              rows);
    }
    return text.equals(was) ? of.rowBytes(row) : text.getBytes(StandardCharsets.UTF_8);
  }

  /// A row whose count of rows that name it is less by those that are left out.
  private String counted(
      String text,
      CutTable of,
      int row,
      String field,
      TableKind counts,
      String link,
      Map<CutTable, BitSet> rows) {
    CutTable counted = tables.get(counts.name());
    String token = of.text(row, "token");
    if (counted == null || token.isEmpty()) {
      return text;
    }
    int gone = 0;
    BitSet left = bits(rows, counted);
    for (int each : counted.naming(link, token)) {
      gone += left.get(each) ? 0 : 1;
    }
    return CutTable.lowered(text, field, gone);
  }

  @Override
  public void close() {}
}
