package dev.lockstep.synth.fault;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A table of text, one row a line, of which the rows that begin with a whole number are taken as
/// stamped by it. Lines in front of and between them (headings, comments) stay as they are.
final class StampedRows {
  /// A whole number that 64 bits hold (below 9e18), and what follows it: the end, or what separates
  /// columns.
  private static final Pattern STAMP =
      Pattern.compile("(\\d{1,18}|[1-8]\\d{18})([,; \\t].*)?", Pattern.DOTALL);

  private final List<String> lines;

  /// Lines that are stamped, by their numbers.
  private final List<Integer> rows = new ArrayList<>();

  private StampedRows(List<String> lines) {
    this.lines = new ArrayList<>(lines);
    for (int i = 0; i < lines.size(); i++) {
      if (STAMP.matcher(lines.get(i)).matches()) {
        rows.add(i);
      }
    }
  }

  static StampedRows read(Path file) throws IOException {
    // Byte by byte, so that what is no UTF-8 is written as it was.
    return new StampedRows(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
  }

  /// Whether a file is named as tables are and has stamped rows.
  static boolean isTable(Path file) throws IOException {
    String name = file.toString();
    return (name.endsWith(".csv") || name.endsWith(".txt")) && !read(file).rows.isEmpty();
  }

  void write(Path file) throws IOException {
    Files.write(file, lines, StandardCharsets.ISO_8859_1);
  }

  int size() {
    return rows.size();
  }

  /// The stamp of a row, in the unit of the table.
  long stamp(int row) {
    return Long.parseLong(matched(row).group(1));
  }

  void setStamp(int row, long stamp) {
    String rest = matched(row).group(2);
    lines.set(rows.get(row), stamp + (rest == null ? "" : rest));
  }

  private Matcher matched(int row) {
    Matcher matcher = STAMP.matcher(lines.get(rows.get(row)));
    if (!matcher.matches()) {
      throw new IllegalStateException("row without a stamp: " + row);
    }
    return matcher;
  }
}
