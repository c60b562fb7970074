package dev.lockstep.source.nuscenes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.source.FileFaults;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One table of a set, read in one pass from front to back into columns.
///
/// A row takes its token (16 bytes), its place in the index (about 8), its place in the file (12)
/// and what its columns hold; while links are resolved, 16 bytes more a link. Texts that are wanted
/// later (file names, tokens for messages) are read again from the row's place.
final class Table implements AutoCloseable {
  /// Longest row that is read again for its texts.
  private static final int MAX_ROW_BYTES = 16 << 20;

  /// Field with the token of a row.
  static final String TOKEN = "token";

  private static final int FIRST_ROOM = 64;

  /// Rows of a table at most; judged, forty times those of the largest public set.
  private static final int MAX_ROWS = 100_000_000;

  /// How much longer rows may become than the first ones, by the number of their digits.
  private static final double SPARE = 1.01;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .build();

  private final TableKind kind;
  private final String file;
  private final @Nullable MappedFile mapped;
  private final Column.Tokens tokens = new Column.Tokens(TOKEN, true);
  private final TokenIndex index = new TokenIndex(tokens);
  private final Map<String, Column> columns = new LinkedHashMap<>();
  private final Links links = new Links(this);
  private long[] offsets = new long[FIRST_ROOM];
  private int[] lengths = new int[FIRST_ROOM];
  private int rows;
  private boolean whole = true;

  private Table(
      TableKind kind, String file, @Nullable MappedFile mapped, Map<String, Table> before) {
    this.kind = kind;
    this.file = file;
    this.mapped = mapped;
    add(tokens);
    for (TableKind.Link link : kind.links()) {
      Table target = before.get(link.target());
      TokenIndex known = target == null ? null : target.index;
      add(new Column.Tokens(link.field(), link.required(), known));
    }
    kind.lists().forEach(list -> add(new Column.TokenLists(list.field())));
    if (!kind.stamp().isEmpty()) {
      add(new Column.Stamps(kind.stamp()));
    }
    kind.numbers().forEach(number -> add(new Column.Ints(number, false)));
    kind.texts().forEach(text -> add(new Column.Texts(text, true)));
    kind.vectors().forEach(v -> add(new Column.Vectors(v.field(), v.length(), v.required())));
  }

  private void add(Column column) {
    columns.put(column.field, column);
  }

  /// Reads the table in `folder`; one that is not there has no rows.
  ///
  /// @param prefix what stands in front of names relative to the recording
  /// @param before the tables that were read before, by name: links to their rows are resolved as
  ///   they are read
  /// @throws IOException if the file may not be read
  static Table read(
      TableKind kind, Path folder, String prefix, Map<String, Table> before, Faults faults)
      throws IOException {
    Path path = folder.resolve(kind.name() + NuscenesLayout.SUFFIX);
    String name = prefix + kind.name() + NuscenesLayout.SUFFIX;
    if (!Files.isRegularFile(path)) {
      Table absent = new Table(kind, name, null, before);
      absent.whole = false;
      return absent;
    }
    MappedFile mapped = MappedFile.open(path);
    Table table = new Table(kind, name, mapped, before);
    try {
      mapped.guard(() -> table.parse(mapped.segment(), faults));
    } catch (MappedFaultException e) {
      table.lose(faults, FileFaults.lost(Location.file(name), e));
    } catch (RuntimeException | Error e) {
      mapped.close();
      throw e;
    }
    return table;
  }

  private void lose(Faults faults, Defect defect) {
    whole = false;
    faults.add(defect);
  }

  private void parse(MemorySegment text, Faults faults) {
    FileFaults.KINDS.forEach(fault -> faults.examined(fault, 1));
    faults.examined(DefectKind.FILE_CHANGED, 1);
    faults.examined(DefectKind.FILE_TRUNCATED, 1);
    int[] found = {0};
    boolean worth =
        FileFaults.examine(
            text,
            Location.file(file),
            defect -> {
              found[0]++;
              faults.add(defect);
            });
    if (!worth || found[0] > 0) {
      // What else is wrong follows from that.
      whole = false;
      if (!worth) {
        return;
      }
    }
    try (JsonParser json = JSON.createParser(new SegmentInput(text))) {
      try {
        rows(json, text.byteSize(), faults);
      } catch (JsonEOFException e) {
        damage(DefectKind.FILE_TRUNCATED, json, text.byteSize(), "the end of the table", faults);
      } catch (IOException e) {
        String what =
            e instanceof JsonProcessingException json2
                ? String.valueOf(json2.getOriginalMessage())
                : String.valueOf(e.getMessage());
        damage(DefectKind.RECORD_MALFORMED, json, text.byteSize(), cut(what), faults);
      }
    } catch (IOException e) {
      throw new IllegalStateException("closing a parser over memory", e);
    }
    faults.examined(DefectKind.RECORD_MALFORMED, rows + 1L);
  }

  private static String cut(String text) {
    String line = text.lines().findFirst().orElse("");
    return line.length() <= 120 ? line : line.substring(0, 120) + "...";
  }

  private void damage(DefectKind fault, JsonParser json, long size, String what, Faults faults) {
    if (!whole) {
      // Pages of zeros are told already.
      return;
    }
    long at = Math.clamp(json.currentLocation().getByteOffset(), 0, size);
    Evidence evidence =
        fault == DefectKind.FILE_TRUNCATED
            ? new Evidence.Violation("end of the file", "in row " + rows, what)
            : new Evidence.Violation(
                "row " + rows, what, "JSON; the last " + (size - at) + " bytes are not examined");
    lose(faults, Defect.of(fault, Location.bytes(file, at, size - at), evidence));
  }

  private void rows(JsonParser json, long size, Faults faults) throws IOException {
    JsonToken first = json.nextToken();
    if (first != JsonToken.START_ARRAY) {
      lose(
          faults,
          Defect.of(
              DefectKind.RECORD_MALFORMED,
              Location.bytes(file, 0, size),
              new Evidence.Violation(
                  "table", first == null ? "nothing" : first.toString(), "an array of rows")));
      return;
    }
    Column[] all = columns.values().toArray(Column[]::new);
    boolean[] seen = new boolean[all.length];
    Map<String, Integer> numbers = new HashMap<>();
    for (int c = 0; c < all.length; c++) {
      numbers.put(all[c].field, c);
    }
    for (JsonToken at = json.nextToken(); at != JsonToken.END_ARRAY; at = json.nextToken()) {
      if (at == null) {
        throw new JsonEOFException(json, JsonToken.NOT_AVAILABLE, "end of input");
      }
      long offset = json.currentTokenLocation().getByteOffset();
      if (rows == MAX_ROWS) {
        throw new StreamConstraintsException(
            "more than " + MAX_ROWS + " rows", json.currentLocation());
      }
      begin(all, offset, size);
      if (at != JsonToken.START_OBJECT) {
        json.skipChildren();
        end(json, size);
        malformed(faults, "row", at.toString(), "an object");
        continue;
      }
      Arrays.fill(seen, false);
      String wrong = "";
      String expected = "";
      for (JsonToken name = json.nextToken();
          name == JsonToken.FIELD_NAME;
          name = json.nextToken()) {
        Integer c = numbers.get(json.currentName());
        json.nextToken();
        if (c == null) {
          json.skipChildren();
          continue;
        }
        seen[c] = true;
        String should = all[c].read(json, rows);
        if (should != null && wrong.isEmpty()) {
          wrong = all[c].field;
          expected = should;
        }
      }
      if (json.currentToken() != JsonToken.END_OBJECT) {
        throw new JsonEOFException(json, JsonToken.NOT_AVAILABLE, "end of input");
      }
      end(json, size);
      for (int c = 0; c < all.length && wrong.isEmpty(); c++) {
        if (!seen[c] && all[c].required) {
          wrong = all[c].field;
          expected = "present";
        }
      }
      if (!wrong.isEmpty()) {
        malformed(faults, wrong, expected.equals("present") ? "absent" : "malformed", expected);
      }
      duplicates(faults);
      rows++;
    }
    if (json.nextToken() != null) {
      long at = Math.clamp(json.currentTokenLocation().getByteOffset(), 0, size);
      lose(
          faults,
          Defect.of(
              DefectKind.RECORD_MALFORMED,
              Location.bytes(file, at, size - at),
              new Evidence.Violation("table", "more behind its end", "one array")));
    }
  }

  private void begin(Column[] all, long offset, long size) {
    if (rows == offsets.length || rows == 0) {
      int room = rows == 0 ? FIRST_ROOM : room(offset, size);
      offsets = Arrays.copyOf(offsets, room);
      lengths = Arrays.copyOf(lengths, room);
      for (Column column : all) {
        column.grow(room);
      }
    }
    offsets[rows] = Math.max(0, offset);
    for (Column column : all) {
      column.begin(rows);
    }
  }

  /// Room for the rows that the file will have if they go on as they began, so that it need not be
  /// made anew; at most eight times what there is, because they may not.
  private int room(long offset, long size) {
    double rest = (double) size / Math.max(1, offset) * rows * SPARE;
    long most = Math.min(8L * rows, MAX_ROWS);
    return (int) Math.clamp((long) rest, Math.min(most, rows + (rows >> 1) + 1L), most);
  }

  private void end(JsonParser json, long size) {
    long end = Math.clamp(json.currentLocation().getByteOffset(), offsets[rows], size);
    lengths[rows] = (int) Math.min(end - offsets[rows], Integer.MAX_VALUE);
  }

  private void malformed(Faults faults, String field, String observed, String expected) {
    faults.add(
        kind.name() + " malformed " + field,
        Defect.of(
            DefectKind.RECORD_MALFORMED,
            place(rows),
            new Evidence.Violation(kind.name() + "." + field, observed, expected)));
  }

  private void duplicates(Faults faults) {
    if ((tokens.high[rows] | tokens.low[rows]) == 0) {
      return;
    }
    int known = index.add(rows);
    if (known != rows) {
      faults.add(
          kind.name() + " duplicated",
          Defect.of(
              DefectKind.TOKEN_DUPLICATED,
              place(rows),
              new Evidence.Violation(
                  kind.name() + ".token " + text(rows, TOKEN), "also in row " + known, "unique")));
    }
  }

  /// Resolves the links of all rows; rows that a link leads nowhere from are told.
  ///
  /// @param tables all tables by name
  void resolve(Map<String, Table> tables, Faults faults) {
    faults.examined(DefectKind.TOKEN_DUPLICATED, rows);
    links.resolve(tables, faults);
    kind.lists().forEach(list -> columns.remove(list.field()));
  }

  /// Lets go what only resolving links needs.
  void releaseTokens() {
    tokens.release();
    index.release();
  }

  /// Lets go all but stamps and places of the rows.
  void releaseLinks() {
    links.clear();
    columns.keySet().retainAll(Set.of(kind.stamp()));
  }

  /// Number of rows.
  int rows() {
    return rows;
  }

  /// Whether the table is there and was read to its end.
  boolean whole() {
    return whole;
  }

  /// Whether the file is there.
  boolean present() {
    return mapped != null;
  }

  TableKind kind() {
    return kind;
  }

  /// Name of the file relative to the recording.
  String file() {
    return file;
  }

  long lengthBytes() {
    return mapped == null ? 0 : mapped.lengthBytes();
  }

  /// Where the rows lead to, once [#resolve] was called.
  Links links() {
    return links;
  }

  /// Row of another table that a link of each row leads to, see [Links#of].
  int[] link(String field) {
    return links.of(field);
  }

  /// Numbers of rows by token.
  TokenIndex index() {
    return index;
  }

  /// Stamps of the rows, ns, or [dev.lockstep.model.Times#NONE].
  long[] stampsNs() {
    return column(kind.stamp(), Column.Stamps.class).ns;
  }

  int number(String field, int row) {
    return column(field, Column.Ints.class).values[row];
  }

  String name(String field, int row) {
    return column(field, Column.Texts.class).get(row);
  }

  double[] vectors(String field) {
    return column(field, Column.Vectors.class).values;
  }

  /// A column that the table has.
  <T extends Column> T column(String field, Class<T> type) {
    return Objects.requireNonNull(type.cast(columns.get(field)), field);
  }

  /// Where a row lies.
  Location place(int row) {
    return Location.bytes(file, offsets[row], lengths[row]).withMessages(row, row);
  }

  /// The text of a field of a row, read anew; empty if it is none.
  String text(int row, String field) {
    MappedFile source = mapped;
    int length = lengths[row];
    if (source == null || length <= 0 || length > MAX_ROW_BYTES) {
      return "";
    }
    byte[] bytes = source.segment().asSlice(offsets[row], length).toArray(ValueLayout.JAVA_BYTE);
    try (JsonParser json = JSON.createParser(bytes)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean wanted = json.currentName().equals(field);
        JsonToken value = json.nextToken();
        if (wanted) {
          if (value == JsonToken.START_ARRAY) {
            return "a list";
          }
          return value.isScalarValue() ? json.getText() : "";
        }
        json.skipChildren();
      }
    } catch (IOException e) {
      return "";
    }
    return "";
  }

  /// Runs `scan`, which reads texts of rows, and tells when the file was lost meanwhile.
  <E extends Exception> void guard(MappedFile.Scan<E> scan) throws MappedFaultException, E {
    MappedFile source = mapped;
    if (source == null) {
      scan.run();
    } else {
      source.guard(scan);
    }
  }

  @Override
  public void close() {
    MappedFile source = mapped;
    if (source != null) {
      source.close();
    }
  }
}
