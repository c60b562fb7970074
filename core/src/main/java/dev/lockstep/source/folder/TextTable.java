package dev.lockstep.source.folder;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.checksum.Crc32c;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Times;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingSink;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// A text with a stamp a line: a list, or a table of columns.
final class TextTable extends TableFile {
  /// Rows between places that are remembered, from which rows are read again.
  private static final int STRIDE = 256;

  private final Layout.Stamps rule;
  private Layout.@Nullable Turns turns;
  private @Nullable Heading heading;
  private final boolean blanksCount;
  private final @Nullable List<String> files;
  private final RowFaults malformed = new RowFaults();
  private final RowFaults lost = new RowFaults();
  private final RowFaults pending = new RowFaults();
  private final StampColumn offsets = new StampColumn();
  private final StampColumn lines = new StampColumn();
  private int stampColumn;
  private int fileColumn = -1;
  private long blanks;
  private long lastBlankLine;
  private long lastNs = Times.NONE;

  /// @param blanksCount whether a line without a stamp stands for a message that was lost, because
  ///   line `i` belongs to file `i`
  private TextTable(
      String name, Layout.Stamps rule, Layout.@Nullable Turns turns, boolean blanksCount) {
    super(name);
    this.rule = rule;
    this.turns = turns != null && turns.npy().isEmpty() ? turns : null;
    this.blanksCount = blanksCount;
    NamePattern line = rule.line();
    boolean named = rule.fileColumn() != null || (line != null && line.givesFile());
    files = named ? new ArrayList<>() : null;
  }

  static TextTable open(
      Path path,
      String name,
      Layout.Stamps rule,
      Layout.@Nullable Turns turns,
      boolean blanksCount) {
    TextTable table = new TextTable(name, rule, turns, blanksCount);
    table.load(path);
    return table;
  }

  @Override
  public @Nullable List<String> files() {
    return files;
  }

  @Override
  public long stampStepNs() {
    return 1;
  }

  @Override
  void parse(MemorySegment text) {
    if (!resolveColumns(text)) {
      return;
    }
    TextRows rows = new TextRows(text, rule);
    while (rows.next()) {
      if (rows.blank()) {
        blanks++;
        pending.add(0, rows.line(), rows.offsetBytes(), rows.lengthBytes(), "");
        continue;
      }
      if (blanks > 0 && !passBlanks(rows)) {
        return;
      }
      long stampNs = stampNs(rows);
      if (rule.together() && stampNs != Times.NONE && stampNs == lastNs) {
        continue;
      }
      lastNs = stampNs;
      int row = stamps().size();
      if (row % STRIDE == 0) {
        offsets.add(rows.offsetBytes());
        lines.add(rows.line() - 1);
      }
      if (stampNs == Times.NONE) {
        malformed.add(row, rows.line(), rows.offsetBytes(), rows.lengthBytes(), rows.text());
      }
      if (!add(stampNs, rows.offsetBytes())) {
        break;
      }
    }
    shift(rule.epoch());
  }

  private long stampNs(TextRows rows) {
    NamePattern line = rule.line();
    return line == null ? columns(rows) : pattern(rows, line);
  }

  /// Takes blank lines in front of a row for lost messages, where they are.
  private boolean passBlanks(TextRows rows) {
    boolean room = true;
    for (long i = 0; blanksCount && room && i < blanks; i++) {
      int row = stamps().size();
      if (row % STRIDE == 0) {
        offsets.add(rows.offsetBytes());
        lines.add(rows.line() - 1);
      }
      lost.add(row, rows.line() - blanks + i, rows.offsetBytes() - blanks + i, 1, "");
      if (files != null) {
        files.add("");
      }
      room = add(Times.NONE, rows.offsetBytes());
    }
    lastBlankLine = rows.line() - 1;
    blanks = 0;
    return room;
  }

  private boolean resolveColumns(MemorySegment text) {
    if (turns != null) {
      heading = new Heading(names(firstLine(text)));
    }
    stampColumn = rule.column().number();
    Layout.Column file = rule.fileColumn();
    fileColumn = file == null ? -1 : file.number();
    boolean ok = true;
    if (stampColumn < 0) {
      stampColumn = named(text, rule.column().name());
      ok = stampColumn >= 0;
    }
    if (file != null && fileColumn < 0) {
      fileColumn = named(text, file.name());
      ok &= fileColumn >= 0;
    }
    return ok;
  }

  /// What the first line says of the columns, where it is asked which of them tell how a sensor
  /// turned; else null.
  @Nullable Heading heading() {
    return heading;
  }

  /// Where it stands how the sensor turned, or null where this table does not say so.
  Layout.@Nullable Turns turns() {
    return turns;
  }

  /// Lets no column tell how the sensor turned any more.
  void forgetTurns() {
    turns = null;
  }

  private TextRows firstLine(MemorySegment text) {
    Layout.Stamps all =
        new Layout.Stamps(
            rule.source(),
            rule.path(),
            null,
            null,
            rule.column(),
            null,
            0,
            rule.delimiter(),
            "",
            0,
            rule.rate(),
            false,
            rule.unit(),
            rule.epoch());
    return new TextRows(text, all);
  }

  /// The fields of the next row, without the mark of a comment.
  private List<String> names(TextRows rows) {
    List<String> names = new ArrayList<>();
    if (rows.next()) {
      for (int i = 0; rows.field(i); i++) {
        String field = rows.fieldText();
        if (i == 0 && !rule.comment().isEmpty() && field.startsWith(rule.comment())) {
          field = field.substring(rule.comment().length()).strip();
        }
        names.add(field);
      }
    }
    return names;
  }

  /// Number of the column of that name in the first line; -1, and a defect, if there is none.
  private int named(MemorySegment text, String column) {
    TextRows rows = firstLine(text);
    List<String> names = names(rows);
    int at = names.indexOf(column);
    if (at >= 0) {
      return at;
    }
    String there = String.join(", ", names.subList(0, Math.min(12, names.size())));
    fault(
        Defect.of(
            DefectKind.LAYOUT_BROKEN,
            Location.bytes(name(), 0, rows.lengthBytes()),
            new Evidence.Violation(
                "column " + column, "not in the first line", "one of " + there)));
    return -1;
  }

  private long columns(TextRows rows) {
    if (files != null) {
      files.add(rows.field(fileColumn) ? rows.fieldText() : "");
    }
    if (rule.unit() == StampUnit.GPS_WEEK) {
      long weekNs = rows.field(stampColumn) ? rows.stampNs(StampUnit.SECONDS) : Times.NONE;
      long timeNs = rows.field(rule.column().second()) ? rows.stampNs(rule.unit()) : Times.NONE;
      return gpsWeek(weekNs == Times.NONE ? -1 : weekNs / Times.SECOND, timeNs);
    }
    return rows.field(stampColumn) ? rows.stampNs(rule.unit()) : Times.NONE;
  }

  /// A GPS week and the time in it; [Times#NONE] if there are no such.
  static long gpsWeek(long week, long timeNs) {
    if (week < 0 || week > 10_000 || timeNs == Times.NONE) {
      return Times.NONE;
    }
    return week * StampUnit.WEEK_SECONDS * Times.SECOND + timeNs;
  }

  private long pattern(TextRows rows, NamePattern line) {
    MatchResult match = line.match(rows.text().strip());
    if (files != null) {
      String file = match == null ? null : match.group("file");
      files.add(file == null ? "" : file);
    }
    return match == null ? Times.NONE : line.stampNs(match, rule.unit());
  }

  @Override
  void read(MemorySegment text, int first, int last, MessageBatch batch, ReadOptions options) {
    int from = first / STRIDE;
    TextRows rows = new TextRows(text, rule, offsets.get(from), lines.get(from));
    CRC32 crc = new CRC32();
    int row = from * STRIDE - 1;
    long before = Times.NONE;
    while (rows.next()) {
      if (rows.blank()) {
        continue;
      }
      if (rule.together()) {
        long raw = stampNs(rows);
        if (raw != Times.NONE && raw == before) {
          extend(text, rows, batch, options);
          continue;
        }
        before = raw;
      }
      if (++row > last) {
        break;
      }
      if (row >= first) {
        long stampNs = stamps().get(row);
        int length = rows.lengthBytes();
        int at = batch.add(stampNs, Times.NONE, Times.NONE, rows.offsetBytes(), length);
        batch.setFile(at, name());
        if (stampNs == Times.NONE) {
          batch.addFlags(at, MessageBatch.UNREADABLE);
        }
        if (options.digests()) {
          batch.setDigest(at, digest(rows, crc));
        }
        if (options.crc32c()) {
          batch.setCrc32c(at, Crc32c.of(text, rows.offsetBytes(), length));
        }
        if (turns != null && options.payloads()) {
          turn(rows, turns, batch, at);
        }
      }
    }
  }

  /// Reads how the sensor turned; a row that does not say so leaves it unknown.
  private static void turn(TextRows rows, Layout.Turns turns, MessageBatch batch, int row) {
    double[] values = new double[turns.columns().size()];
    for (int i = 0; i < values.length; i++) {
      try {
        boolean there = rows.field(turns.columns().get(i));
        values[i] = there ? Double.parseDouble(rows.fieldText()) : Double.NaN;
      } catch (NumberFormatException e) {
        values[i] = Double.NaN;
      }
    }
    turns.set(batch, row, values);
  }

  /// A further row of the last message.
  private void extend(MemorySegment text, TextRows rows, MessageBatch batch, ReadOptions options) {
    int at = batch.size() - 1;
    if (at < 0) {
      return;
    }
    long from = batch.positionsBytes()[at];
    int length = (int) Math.min(rows.offsetBytes() + rows.lengthBytes() - from, Integer.MAX_VALUE);
    batch.lengthsBytes()[at] = length;
    if (options.digests()) {
      batch.setDigest(at, Crc32.of(text, from, length));
    }
    if (options.crc32c()) {
      batch.setCrc32c(at, Crc32c.of(text, from, length));
    }
  }

  /// Of the row without its stamp, so that a sensor that repeats itself shows.
  private int digest(TextRows rows, CRC32 crc) {
    int from = rows.start();
    int end = from + rows.lengthBytes();
    boolean apart = rule.line() == null && rows.field(stampColumn);
    int stampFrom = apart ? rows.fieldStart() : end;
    int stampEnd = apart ? rows.fieldEnd() : end;
    crc.reset();
    crc.update(rows.bytes(), from, stampFrom - from);
    crc.update(rows.bytes(), stampEnd, end - stampEnd);
    if (stampEnd - stampFrom == end - from) {
      // A row that is nothing but a stamp says nothing that could be repeated.
      crc.update(rows.bytes(), from, end - from);
    }
    return (int) crc.getValue();
  }

  @Override
  void reportRows(String stream, RecordingSink sink) {
    int rows = stamps().size();
    sink.examined(DefectKind.TEXT_MALFORMED, rows);
    if (blanksCount) {
      sink.examined(DefectKind.STAMP_LINE_LOST, rows);
    }
    if (malformed.count() > 0) {
      sink.defect(
          Defect.of(
              DefectKind.TEXT_MALFORMED,
              at(stream, malformed),
              new Evidence.Violation(
                  malformed.lines(), "no stamp: " + printable(malformed.example()), expected())));
    }
    if (lost.count() > 0) {
      long n = lost.count();
      sink.defect(
          Defect.of(
              DefectKind.STAMP_LINE_LOST,
              at(stream, lost),
              new Evidence.Violation(
                  lost.lines(),
                  "blank",
                  "a stamp: "
                      + (n == 1 ? "1 message is" : n + " messages are")
                      + " lost; skipping blank lines would shift all later ones")));
    } else if (!blanksCount && pending.count() > 0 && lastBlankLine > 0) {
      sink.note(name() + ": " + pending.lines() + " blank, passed over");
    }
  }

  private Location at(String stream, RowFaults faults) {
    return Location.stream(stream)
        .withFile(name())
        .withBytes(faults.offsetBytes(), faults.lengthBytes())
        .withMessages(faults.firstRow(), faults.lastRow());
  }

  /// What may stand in a report: no control characters.
  private static String printable(String text) {
    String clean = text.strip().replaceAll("\\p{Cntrl}", "?");
    return new String(clean.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private String expected() {
    NamePattern line = rule.line();
    String what =
        switch (rule.unit()) {
          case ISO -> "date and time";
          case GPS_WEEK -> "GPS week and seconds in it";
          case SECONDS, MILLISECONDS, MICROSECONDS, NANOSECONDS ->
              "a number of " + rule.unit().word();
        };
    if (line != null) {
      return what + " in: " + line;
    }
    String second = rule.column().second() < 0 ? "" : " and " + rule.column().second();
    return what + " in column " + stampColumn + second;
  }
}
