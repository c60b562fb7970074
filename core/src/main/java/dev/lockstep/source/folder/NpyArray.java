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
import java.nio.file.Path;
import java.util.regex.Matcher;

/// A NumPy array of one or two dimensions with a stamp a row.
final class NpyArray extends TableFile {
  private static final int STRIDE = 256;

  private final Layout.Stamps rule;
  private final boolean stamped;
  private final RowFaults malformed = new RowFaults();
  private NpyLayout.Type type = NpyLayout.Type.F8;
  private boolean bigEndian;
  private boolean fortran;
  private long dataAt;
  private long rows;
  private long columns;
  private double greatest;
  private long lastNs = Times.NONE;

  /// First row of every [#STRIDE]th message, where messages may have several.
  private final StampColumn starts = new StampColumn();

  private NpyArray(String name, Layout.Stamps rule, boolean stamped) {
    super(name);
    this.rule = rule;
    this.stamped = stamped;
  }

  static NpyArray open(Path path, String name, Layout.Stamps rule) {
    NpyArray array = new NpyArray(name, rule, true);
    array.load(path);
    return array;
  }

  /// Opens an array with a row for each stamp of another, which holds none itself.
  ///
  /// @param rule of the stamps
  static NpyArray beside(Path path, String name, Layout.Stamps rule) {
    NpyArray array = new NpyArray(name, rule, false);
    array.load(path);
    return array;
  }

  /// Reads how the sensor turned in the rows from `first` on into those of `batch`; a row that does
  /// not say so leaves it unknown.
  void turns(Layout.Turns turns, int first, MessageBatch batch) {
    guarded(file -> {
      double[] values = new double[turns.columns().size()];
      for (int row = 0; row < batch.size() && first + row < rows; row++) {
        for (int i = 0; i < values.length; i++) {
          int column = turns.columns().get(i);
          values[i] =
              column < columns
                  ? type.value(file, place((long) first + row, column), bigEndian)
                  : Double.NaN;
        }
        turns.set(batch, row, values);
      }
    });
  }

  /// A number that is stored as a floating-point one has only so many places.
  @Override
  public long stampStepNs() {
    int power = rule.unit() == StampUnit.GPS_WEEK ? StampUnit.SECONDS.power() : rule.unit().power();
    double ulp =
        switch (type) {
          case F8 -> Math.ulp(greatest);
          case F4 -> Math.ulp((float) greatest);
          case I8, I4, U8, U4 -> 0;
        };
    return Math.max(1, (long) Math.ceil(ulp * Math.pow(10, power)));
  }

  @Override
  void parse(MemorySegment file) {
    if (!header(file)) {
      return;
    }
    long wanted = stamped ? Math.max(rule.column().number(), rule.column().second()) : 0;
    if (wanted >= columns) {
      fault(
          Defect.of(
              DefectKind.LAYOUT_BROKEN,
              Location.bytes(name(), 0, dataAt),
              new Evidence.OutOfRange("column", wanted, 0L, columns - 1, "")));
      return;
    }
    long stored = (file.byteSize() - dataAt) / type.bytes();
    if (stored < rows * columns) {
      fault(
          Defect.of(
              DefectKind.FILE_TRUNCATED,
              Location.bytes(name(), dataAt, file.byteSize() - dataAt),
              new Evidence.Mismatch(
                  "elements of the array", Long.toString(rows * columns), Long.toString(stored))));
      rows = fortran ? 0 : stored / columns;
    } else if (file.byteSize() - dataAt > rows * columns * type.bytes()) {
      long end = dataAt + rows * columns * type.bytes();
      fault(
          Defect.of(
              DefectKind.TRAILING_BYTES,
              Location.bytes(name(), end, file.byteSize() - end),
              new Evidence.Mismatch(
                  "bytes of the array", Long.toString(end), Long.toString(file.byteSize()))));
    }
    for (long row = 0; stamped && row < rows; row++) {
      long stampNs = stampNs(file, row);
      long at = place(row, rule.column().number());
      if (rule.together() && stampNs != Times.NONE && stampNs == lastNs) {
        continue;
      }
      lastNs = stampNs;
      if (rule.together() && stamps().size() % STRIDE == 0) {
        starts.add(row);
      }
      if (stampNs == Times.NONE) {
        malformed.add((int) row, row, at, type.bytes(), type.text(file, at, bigEndian));
      }
      if (!add(stampNs, at)) {
        break;
      }
    }
    shift(rule.epoch());
  }

  private long stampNs(MemorySegment file, long row) {
    long at = place(row, rule.column().number());
    if (rule.unit() == StampUnit.GPS_WEEK) {
      long weekNs = type.scaled(file, at, bigEndian, 9);
      long timeAt = place(row, rule.column().second());
      long timeNs = type.scaled(file, timeAt, bigEndian, 9);
      greatest = Math.max(greatest, Math.abs(timeNs / 1e9));
      boolean whole = weekNs != Times.NONE && weekNs % Times.SECOND == 0;
      return TextTable.gpsWeek(whole ? weekNs / Times.SECOND : -1, timeNs);
    }
    long ns = type.scaled(file, at, bigEndian, rule.unit().power());
    if (ns != Times.NONE) {
      greatest = Math.max(greatest, Math.abs(ns / Math.pow(10, rule.unit().power())));
    }
    return ns;
  }

  /// Offset of an element.
  private long place(long row, long column) {
    return dataAt + (fortran ? column * rows + row : row * columns + column) * type.bytes();
  }

  private boolean header(MemorySegment file) {
    String text = NpyLayout.header(file);
    Matcher dtype = NpyLayout.DTYPE.matcher(text == null ? "" : text);
    Matcher order = NpyLayout.ORDER.matcher(text == null ? "" : text);
    Matcher shape = NpyLayout.SHAPE.matcher(text == null ? "" : text);
    if (text == null || !dtype.find() || !order.find() || !shape.find()) {
      return broken(
          file,
          text == null ? "no NumPy array" : "not understood: " + shown(text),
          NpyLayout.EXPECTED);
    }
    NpyLayout.Type found = NpyLayout.Type.of(dtype.group(2));
    if (found == null) {
      return broken(
          file,
          "elements of type " + shown(dtype.group(1) + dtype.group(2)),
          NpyLayout.Type.words());
    }
    String[] sizes = shape.group(1).replace("L", "").replace(" ", "").split(",", -1);
    int dimensions = sizes[sizes.length - 1].isEmpty() ? sizes.length - 1 : sizes.length;
    if (dimensions < 1 || dimensions > 2) {
      return broken(file, "shape (" + shown(shape.group(1)) + ")", "one or two dimensions");
    }
    type = found;
    bigEndian = dtype.group(1).equals(">");
    fortran = order.group(1).equals("True");
    dataAt = NpyLayout.dataAt(file);
    rows = size(sizes[0]);
    columns = dimensions == 2 ? size(sizes[1]) : 1;
    if (rows < 0 || columns < 1 || rows > Integer.MAX_VALUE || columns > Integer.MAX_VALUE) {
      return broken(file, "shape (" + shown(shape.group(1)) + ")", "rows and at least one column");
    }
    return true;
  }

  private static long size(String digits) {
    return digits.matches("\\d{1,12}") ? Long.parseLong(digits) : -1;
  }

  private static String shown(String text) {
    String clean = text.strip().replaceAll("\\p{Cntrl}", "?");
    return clean.length() <= 80 ? clean : clean.substring(0, 80) + "...";
  }

  private boolean broken(MemorySegment file, String observed, String expected) {
    long length =
        Math.min(file.byteSize(), Math.max(NpyLayout.MAGIC_BYTES, NpyLayout.dataAt(file)));
    fault(
        Defect.of(
            DefectKind.HEADER_MALFORMED,
            Location.bytes(name(), 0, length),
            new Evidence.Violation("array header", observed, expected)));
    return false;
  }

  @Override
  void read(MemorySegment file, int first, int last, MessageBatch batch, ReadOptions options) {
    if (!rule.together()) {
      for (int message = first; message <= last; message++) {
        add(file, message, message, message + 1L, batch, options);
      }
      return;
    }
    int message = first / STRIDE * STRIDE;
    long row = starts.get(first / STRIDE);
    while (message <= last) {
      long begin = row;
      long stampNs = stampNs(file, row++);
      while (row < rows && stampNs != Times.NONE && stampNs(file, row) == stampNs) {
        row++;
      }
      if (message >= first) {
        add(file, message, begin, row, batch, options);
      }
      message++;
    }
  }

  /// Adds the message whose rows are `from` to `to`, exclusively.
  private void add(
      MemorySegment file,
      int message,
      long from,
      long to,
      MessageBatch batch,
      ReadOptions options) {
    long stampNs = stamps().get(message);
    // By columns, the parts of a row lie apart; its stamp stands for it.
    long place = fortran ? place(from, rule.column().number()) : place(from, 0);
    long each = fortran ? type.bytes() : columns * type.bytes();
    int bytes = (int) Math.min((to - from) * each, Integer.MAX_VALUE);
    int at = batch.add(stampNs, Times.NONE, Times.NONE, place, bytes);
    batch.setFile(at, name());
    if (stampNs == Times.NONE) {
      batch.addFlags(at, MessageBatch.UNREADABLE);
    }
    if (options.digests()) {
      batch.setDigest(at, Crc32.of(file, place, bytes));
    }
    if (options.crc32c()) {
      batch.setCrc32c(at, Crc32c.of(file, place, bytes));
    }
  }

  @Override
  void reportRows(String stream, RecordingSink sink) {
    sink.examined(DefectKind.HEADER_MALFORMED, 1);
    sink.examined(DefectKind.FILE_TRUNCATED, 1);
    sink.examined(DefectKind.TRAILING_BYTES, 1);
    sink.examined(DefectKind.TEXT_MALFORMED, stamps().size());
    if (malformed.count() > 0) {
      sink.defect(
          Defect.of(
              DefectKind.TEXT_MALFORMED,
              Location.stream(stream)
                  .withFile(name())
                  .withBytes(malformed.offsetBytes(), type.bytes())
                  .withMessages(malformed.firstRow(), malformed.lastRow()),
              new Evidence.Violation(
                  malformed.lines().replaceFirst("line", "row"),
                  malformed.count() + " without a stamp, such as " + malformed.example(),
                  "numbers of " + rule.unit().word())));
    }
  }
}
