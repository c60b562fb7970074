package dev.lockstep.source.folder;

import dev.lockstep.source.Ranges;
import java.util.Arrays;

/// Rows of a table with one kind of fault: how many, which, and where the first run of them lies.
final class RowFaults {
  /// Lines whose numbers are kept; judged: a finding shows a few ranges.
  private static final int KEPT = 1024;

  private final long[] lines = new long[KEPT];
  private int kept;
  private long count;
  private long offsetBytes;
  private long lengthBytes;
  private int firstRow;
  private int lastRow;
  private long runLine;
  private String example = "";

  void add(int row, long line, long offset, long length, String text) {
    if (count == 0) {
      offsetBytes = offset;
      lengthBytes = length;
      firstRow = row;
      lastRow = row;
      runLine = line;
      example = text.length() <= 40 ? text : text.substring(0, 40) + "...";
    } else if (line == runLine + 1) {
      runLine = line;
      lengthBytes = offset + length - offsetBytes;
      lastRow = row;
    }
    if (kept < KEPT) {
      lines[kept++] = line;
    }
    count++;
  }

  long count() {
    return count;
  }

  /// `line 3` or `lines 3, 7..9`.
  String lines() {
    String ranges = Ranges.text(Arrays.copyOf(lines, kept));
    return (count == 1 ? "line " : "lines ") + ranges + (count > kept ? " and more" : "");
  }

  String example() {
    return example;
  }

  /// The first run of neighbouring lines.
  long offsetBytes() {
    return offsetBytes;
  }

  long lengthBytes() {
    return lengthBytes;
  }

  int firstRow() {
    return firstRow;
  }

  int lastRow() {
    return lastRow;
  }
}
