package dev.lockstep.labels.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.lockstep.arrow.ArrowFileOutput;
import dev.lockstep.arrow.FeatherColumns;
import dev.lockstep.arrow.FeatherColumns.Integers;
import dev.lockstep.arrow.FeatherColumns.Numbers;
import dev.lockstep.arrow.FeatherColumns.Texts;
import dev.lockstep.arrow.FeatherFile;
import dev.lockstep.arrow.MalformedFeatherException;
import dev.lockstep.codec.Decompressors;
import dev.lockstep.labels.JsonCursor;
import dev.lockstep.labels.JsonOutput;
import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.labels.LabelFaults;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.labels.WantedRows;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Times;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.jspecify.annotations.Nullable;

/// The canonical label table as an Arrow file (see [TableLayout]): one label set, every digit.
public final class LabelTableFile implements LabelFormat {
  /// Ending of its files.
  public static final String EXTENSION = ".arrow";

  /// Rows of a batch; judged: a few megabytes.
  private static final int BATCH_ROWS = 32_768;

  /// Most memory that a batch may take decompressed; judged: a hundred times what ours take.
  private static final long MAX_BATCH_BYTES = 512L << 20;

  /// Most rows that are found: of more, the whole table is read. Judged.
  private static final int MOST_ROWS = 20_000;

  private static final JsonFactory FACTORY = new JsonFactory();

  @Override
  public String name() {
    return "label-table";
  }

  @Override
  public String summary() {
    return "the canonical label table as an Arrow file";
  }

  @Override
  public LabelCapabilities capabilities() {
    return LabelCapabilities.EVERYTHING;
  }

  @Override
  public boolean zerosAreData() {
    return true;
  }

  /// The schema, which holds the metadata, is the first message of a file.
  @Override
  public @Nullable String recognise(String fileName, byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    return fileName.endsWith(EXTENSION)
            && text.startsWith(TableLayout.MAGIC)
            && text.contains(TableLayout.SET_KEY)
        ? "Arrow table of labels"
        : null;
  }

  @Override
  public Reading read(LabelInput input, Consumer<Defect> defects) {
    LabelFaults faults = new LabelFaults(input.setName(), input, defects);
    try (Decompressors decompressors = new Decompressors();
        FeatherFile table = FeatherFile.open(input.bytes(), MAX_BATCH_BYTES, decompressors)) {
      Reading reading = new Reader(input, faults, null).read(table);
      faults.finish();
      return reading;
    } catch (MalformedFeatherException e) {
      faults.at(e.offsetBytes(), e.what(), e.observed(), e.expected());
    } catch (IOException | IllegalArgumentException e) {
      faults.at(
          0,
          "schema metadata " + TableLayout.SET_KEY,
          String.valueOf(e.getMessage()),
          "a label set");
    }
    faults.finish();
    return new Reading(List.of(), 1, List.of());
  }

  /// Of the rows only times and tracks are looked at, and where a wanted one has an id, the ids of
  /// all: another revision of its label may stand anywhere.
  @Override
  public @Nullable List<LabelSet> find(LabelInput input, WantedRows wanted) {
    if (input.stamps() != null || wanted.all()) {
      return null;
    }
    try (Decompressors decompressors = new Decompressors();
        FeatherFile table = FeatherFile.open(input.bytes(), MAX_BATCH_BYTES, decompressors)) {
      Set<String> ids = new HashSet<>();
      BitSet rows =
          rows(
              table,
              (columns, row, number) -> {
                boolean answers = columns.answers(row, number, wanted);
                String id = answers ? Columns.text(columns.id, row) : null;
                if (id != null) {
                  ids.add(id);
                }
                return answers;
              });
      if (rows.cardinality() > MOST_ROWS) {
        return null;
      }
      if (!ids.isEmpty()) {
        rows.or(
            rows(
                table,
                (columns, row, number) -> {
                  String id = Columns.text(columns.id, row);
                  return id != null && ids.contains(id);
                }));
      }
      LabelFaults unheard = new LabelFaults(input.setName(), input, defect -> {});
      return new Reader(input, unheard, rows).read(table).sets();
    } catch (MalformedFeatherException | IOException | IllegalArgumentException e) {
      // Whoever reads all of it says what is wrong with it.
      return null;
    }
  }

  /// Whether a row is one of those that are looked for.
  private interface RowTest {
    boolean test(Columns columns, int row, int number);
  }

  private static BitSet rows(FeatherFile table, RowTest test) throws MalformedFeatherException {
    BitSet rows = new BitSet();
    int before = 0;
    for (int i = 0; i < table.batchCount(); i++) {
      try (VectorSchemaRoot batch = table.load(i)) {
        Columns columns = new Columns(batch);
        for (int row = 0; row < batch.getRowCount(); row++) {
          if (test.test(columns, row, before + row)) {
            rows.set(before + row);
          }
        }
        before = Math.addExact(before, batch.getRowCount());
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException("more than 2^31 rows", e);
      }
    }
    return rows;
  }

  private static final class Reader {
    private final LabelInput input;
    private final LabelFaults faults;

    /// The rows that are read, null for all.
    private final @Nullable BitSet wanted;

    private final LabelEvent event = new LabelEvent();
    private long rows;

    Reader(LabelInput input, LabelFaults faults, @Nullable BitSet wanted) {
      this.wanted = wanted;
      this.input = input;
      this.faults = faults;
    }

    Reading read(FeatherFile table) throws MalformedFeatherException, IOException {
      String header = table.schema().getCustomMetadata().get(TableLayout.SET_KEY);
      if (header == null) {
        throw new IllegalArgumentException("absent");
      }
      Revisions revisions;
      MemorySegment text = MemorySegment.ofArray(header.getBytes(StandardCharsets.UTF_8));
      try (JsonCursor json = JsonCursor.over(text)) {
        json.enterObject();
        revisions = new Revisions(SetHeader.read(json, input.setName()), input);
      }
      for (int i = 0; i < table.batchCount(); i++) {
        try (VectorSchemaRoot batch = table.load(i)) {
          read(batch, revisions);
        }
      }
      List<String> notes =
          revisions.superseded() == 0
              ? List.of()
              : List.of(revisions.superseded() + " rows are superseded by later revisions");
      return new Reading(List.of(revisions.sealed()), rows, notes);
    }

    private void read(VectorSchemaRoot batch, Revisions revisions) throws IOException {
      Columns columns = new Columns(batch);
      for (int i = 0; i < batch.getRowCount(); i++) {
        long row = rows++;
        if (wanted != null && !wanted.get((int) row)) {
          continue;
        }
        columns.fill(i, event);
        String[] fault = event.fault();
        if (fault == null) {
          revisions.take(event, row);
        } else {
          faults.add(row, 0, 0, fault[0], "absent or malformed", fault[1]);
        }
      }
    }
  }

  /// Columns of a batch, those of other types and absent ones as if all null.
  private static final class Columns {
    private final @Nullable Numbers[] flat = new Numbers[LabelSet.BOX_2D];
    private final @Nullable Numbers[] solid = new Numbers[LabelSet.BOX_3D];
    private final @Nullable Integers stampNs;
    private final @Nullable Integers frame;
    private final @Nullable Texts track;
    private final @Nullable Texts category;
    private final @Nullable Integers points;
    private final @Nullable Numbers score;
    private final @Nullable Numbers truncated;
    private final @Nullable Numbers occluded;
    private final @Nullable Integers flags;
    private final @Nullable Texts id;
    private final @Nullable Integers revision;
    private final @Nullable Texts annotator;
    private final @Nullable Texts tool;
    private final @Nullable Integers editedNs;
    private final @Nullable Texts attributes;
    private final @Nullable Texts sourceFile;
    private final @Nullable Integers sourceOffset;
    private final @Nullable Integers sourceLength;
    private final @Nullable Integers sourceMessage;

    Columns(VectorSchemaRoot batch) {
      for (int i = 0; i < flat.length; i++) {
        flat[i] = FeatherColumns.numbers(batch, TableLayout.BOX_2D.get(i));
      }
      for (int i = 0; i < solid.length; i++) {
        solid[i] = FeatherColumns.numbers(batch, TableLayout.BOX_3D.get(i));
      }
      stampNs = FeatherColumns.integers(batch, "stamp_ns");
      frame = FeatherColumns.integers(batch, "frame");
      track = FeatherColumns.texts(batch, "track");
      category = FeatherColumns.texts(batch, "category");
      points = FeatherColumns.integers(batch, "points");
      score = FeatherColumns.numbers(batch, "score");
      truncated = FeatherColumns.numbers(batch, "truncated");
      occluded = FeatherColumns.numbers(batch, "occluded");
      flags = FeatherColumns.integers(batch, "flags");
      id = FeatherColumns.texts(batch, "label_id");
      revision = FeatherColumns.integers(batch, "revision");
      annotator = FeatherColumns.texts(batch, "annotator");
      tool = FeatherColumns.texts(batch, "tool");
      editedNs = FeatherColumns.integers(batch, "edited_ns");
      attributes = FeatherColumns.texts(batch, "attributes");
      sourceFile = FeatherColumns.texts(batch, "source_file");
      sourceOffset = FeatherColumns.integers(batch, "source_offset");
      sourceLength = FeatherColumns.integers(batch, "source_length");
      sourceMessage = FeatherColumns.integers(batch, "source_message");
    }

    void fill(int row, LabelEvent event) throws IOException {
      event.clear();
      event.stampNs = whole(stampNs, row, Times.NONE);
      event.frame = Math.max(-1, whole(frame, row, -1));
      event.track = text(track, row);
      String named = text(category, row);
      event.category = named == null ? "" : named;
      for (int i = 0; i < flat.length; i++) {
        event.box2d[i] = number(flat[i], row);
      }
      for (int i = 0; i < solid.length; i++) {
        event.box3d[i] = number(solid[i], row);
      }
      event.points = whole(points, row, -1);
      event.score = number(score, row);
      event.truncated = number(truncated, row);
      event.occluded = number(occluded, row);
      event.flags = (int) whole(flags, row, 0);
      event.id = text(id, row);
      event.revision = Math.clamp(whole(revision, row, -1), -1, 1 << 30);
      event.annotator = text(annotator, row);
      event.tool = text(tool, row);
      event.editedNs = whole(editedNs, row, Times.NONE);
      event.attributes = attributes(text(attributes, row));
      event.sourceFile = text(sourceFile, row);
      event.sourceOffset = whole(sourceOffset, row, -1);
      event.sourceLength = whole(sourceLength, row, -1);
      event.sourceMessage = whole(sourceMessage, row, -1);
    }

    /// Whether a row answers to what is wanted, as far as times and tracks of its own tell.
    boolean answers(int row, int number, WantedRows wanted) {
      long stamp = whole(stampNs, row, Times.NONE);
      if (wanted.position() >= 0 && number != wanted.position()
          || stamp != Times.NONE && !wanted.wantsStamp(stamp)) {
        return false;
      }
      long shown = Math.max(-1, whole(frame, row, -1));
      String name = wanted.track();
      return (wanted.frame() < 0 || shown < 0 || shown == wanted.frame())
          && (name == null || name.equals(text(track, row)));
    }

    private static List<Attribute> attributes(@Nullable String json) throws IOException {
      if (json == null) {
        return List.of();
      }
      MemorySegment text = MemorySegment.ofArray(json.getBytes(StandardCharsets.UTF_8));
      try (JsonCursor cursor = JsonCursor.over(text)) {
        return cursor.attributes();
      } catch (IOException e) {
        return List.of(new Attribute("attributes", LabelFaults.shortened(json)));
      }
    }

    private static long whole(@Nullable Integers column, int row, long absent) {
      return column != null && column.has(row) ? column.get(row) : absent;
    }

    private static double number(@Nullable Numbers column, int row) {
      return column == null ? Double.NaN : column.get(row);
    }

    private static @Nullable String text(@Nullable Texts column, int row) {
      return column == null ? null : column.get(row);
    }
  }

  @Override
  public List<Path> write(LabelSet labels, LabelWriteOptions options, Path folder)
      throws IOException {
    Path file = folder.resolve(options.name() + EXTENSION);
    write(labels, file);
    return List.of(file);
  }

  /// Writes a set as a table.
  public static void write(LabelSet labels, Path file) throws IOException {
    StringWriter header = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(header)) {
      SetHeader.of(labels).write(json);
    }
    try (FileChannel out =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        ArrowFileOutput table =
            new ArrowFileOutput(
                out, TableLayout.schema(header.toString()), CodecType.NO_COMPRESSION)) {
      LabelEvent event = new LabelEvent();
      int inBatch = 0;
      for (int row = 0; row < labels.size(); row++) {
        event.take(labels, row);
        new Row(table.root(), inBatch++).put(event, labels, row);
        if (inBatch == BATCH_ROWS) {
          table.writeBatch(inBatch);
          inBatch = 0;
        }
      }
      if (inBatch > 0 || labels.size() == 0) {
        table.writeBatch(inBatch);
      }
      table.finish();
    }
  }

  /// Fills a row, column after column.
  private static final class Row {
    private final VectorSchemaRoot root;
    private final int row;

    Row(VectorSchemaRoot root, int row) {
      this.root = root;
      this.row = row;
    }

    void put(LabelEvent event, LabelSet labels, int from) throws IOException {
      whole("stamp_ns", event.stampNs, Times.NONE);
      whole("frame", event.frame, -1);
      text("track", event.track);
      text("category", event.category);
      for (int i = 0; i < event.box2d.length; i++) {
        number(TableLayout.BOX_2D.get(i), event.box2d[i]);
      }
      for (int i = 0; i < event.box3d.length; i++) {
        number(TableLayout.BOX_3D.get(i), event.box3d[i]);
      }
      whole("points", event.points, -1);
      number("score", event.score);
      number("truncated", event.truncated);
      number("occluded", event.occluded);
      whole("flags", event.flags, Long.MIN_VALUE);
      text("label_id", event.id);
      whole("revision", event.revision, -1);
      text("annotator", event.annotator);
      text("tool", event.tool);
      whole("edited_ns", event.editedNs, Times.NONE);
      text("attributes", json(event.attributes));
      text("source_file", event.sourceFile);
      whole("source_offset", event.sourceOffset, -1);
      whole("source_length", event.sourceLength, -1);
      whole("source_message", event.sourceMessage, -1);
      text("file", labels.file(from));
      whole("position", labels.positions()[from], Long.MIN_VALUE);
      whole("byte_offset", labels.details().offsetBytes(from), -1);
      whole("byte_length", labels.details().lengthBytes(from), -1);
    }

    private static @Nullable String json(List<Attribute> attributes) throws IOException {
      if (attributes.isEmpty()) {
        return null;
      }
      StringWriter text = new StringWriter();
      try (JsonGenerator json = FACTORY.createGenerator(text)) {
        json.writeStartObject();
        JsonOutput.members(json, attributes);
        json.writeEndObject();
      }
      return text.toString();
    }

    private void whole(String name, long value, long absent) {
      FieldVector column = root.getVector(name);
      if (column instanceof IntVector narrow) {
        if (value == absent) {
          narrow.setNull(row);
        } else {
          narrow.setSafe(row, (int) value);
        }
      } else if (column instanceof BigIntVector wide) {
        if (value == absent) {
          wide.setNull(row);
        } else {
          wide.setSafe(row, value);
        }
      }
    }

    private void number(String name, double value) {
      FieldVector column = root.getVector(name);
      if (column instanceof Float4Vector single) {
        if (Double.isNaN(value)) {
          single.setNull(row);
        } else {
          single.setSafe(row, (float) value);
        }
      } else if (column instanceof Float8Vector full) {
        if (Double.isNaN(value)) {
          full.setNull(row);
        } else {
          full.setSafe(row, value);
        }
      }
    }

    private void text(String name, @Nullable String value) {
      VarCharVector column = (VarCharVector) root.getVector(name);
      if (value == null || (value.isEmpty() && !name.equals("category"))) {
        column.setNull(row);
      } else {
        column.setSafe(row, value.getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
