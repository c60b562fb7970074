package dev.lockstep.source.folder;

import dev.lockstep.model.Times;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// The rows of a text table, one after the other, without an object a row: comments and header
/// lines are passed over. The text is copied to an array piece by piece, over which loops are fast.
final class TextRows {
  /// Bytes that are looked at at once, and the longest line that is read whole; of longer ones this
  /// much is. Judged: far above any row of numbers.
  static final int WINDOW = 1 << 18;

  private final MemorySegment text;
  private final char delimiter;
  private final byte[] comment;
  private final int header;
  private final byte[] window = new byte[WINDOW];

  /// Offset of the window's first byte.
  private long windowAt;

  private int filled;
  private int next;
  private long line;
  private int from;
  private int to;
  private boolean blank;
  private int fieldFrom;
  private int fieldTo;

  /// Bytes behind the window that belong to a line that was longer than it.
  private long longRest;

  /// Stands in front of the first row of `text`.
  TextRows(MemorySegment text, Layout.Stamps rule) {
    this(text, rule, 0, 0);
  }

  /// Stands in front of the row at offset `at`, which begins a line. A byte order mark in front of
  /// the first one is passed over: editors on Windows write it.
  ///
  /// @param linesBefore number of lines in front of it
  TextRows(MemorySegment text, Layout.Stamps rule, long at, long linesBefore) {
    this.text = text;
    this.delimiter = rule.delimiter();
    this.comment = rule.comment().getBytes(StandardCharsets.UTF_8);
    this.header = rule.header();
    windowAt = at;
    line = linesBefore;
    fill(0);
    boolean marked =
        at == 0
            && filled >= 3
            && window[0] == (byte) 0xEF
            && window[1] == (byte) 0xBB
            && window[2] == (byte) 0xBF;
    next = marked ? 3 : 0;
  }

  /// Moves to the next row; `false` if there is none.
  boolean next() {
    while (nextLine()) {
      if (line > header && !isComment()) {
        return true;
      }
    }
    return false;
  }

  private boolean nextLine() {
    if (longRest > 0) {
      windowAt += filled + longRest;
      longRest = 0;
      next = 0;
      fill(0);
    }
    int end = lineEnd(next);
    if (end < 0) {
      // The window ends inside of a line: have it begin with that line.
      windowAt += next;
      int kept = filled - next;
      System.arraycopy(window, next, window, 0, kept);
      fill(kept);
      next = 0;
      if (filled == 0) {
        return false;
      }
      end = lineEnd(0);
    }
    line++;
    from = next;
    if (end < 0) {
      to = filled;
      skipLongLine();
    } else {
      to = end;
      next = Math.min(filled, end + 1);
    }
    if (to > from && window[to - 1] == '\r') {
      to--;
    }
    return true;
  }

  /// End of the line that begins at `at`, or -1 if the window does not hold it.
  private int lineEnd(int at) {
    for (int i = at; i < filled; i++) {
      if (window[i] == '\n') {
        return i;
      }
    }
    return at < filled && windowAt + filled == text.byteSize() ? filled : -1;
  }

  private void fill(int kept) {
    int count = (int) Math.min(WINDOW - kept, text.byteSize() - windowAt - kept);
    if (count > 0) {
      MemorySegment.copy(text, windowAt + kept, MemorySegment.ofArray(window), kept, count);
    }
    filled = kept + Math.max(0, count);
  }

  /// Of a line that is longer than the window the rest is passed over when the next is asked for.
  private void skipLongLine() {
    long at = windowAt + filled;
    while (at < text.byteSize() && text.get(ValueLayout.JAVA_BYTE, at) != '\n') {
      at++;
    }
    long skipped = at + 1 - (windowAt + filled);
    longRest = Math.min(skipped, text.byteSize() - (windowAt + filled));
    next = filled;
  }

  private boolean isComment() {
    int at = from;
    while (at < to && (window[at] == ' ' || window[at] == '\t')) {
      at++;
    }
    blank = at == to;
    if (comment.length == 0 || to - at < comment.length) {
      return false;
    }
    for (int i = 0; i < comment.length; i++) {
      if (window[at + i] != comment[i]) {
        return false;
      }
    }
    return true;
  }

  /// Whether the row holds nothing but spaces.
  boolean blank() {
    return blank;
  }

  /// Number of the row's line, from 1.
  long line() {
    return line;
  }

  /// Offset of the row in the text.
  long offsetBytes() {
    return windowAt + from;
  }

  /// Length of the row without its end.
  int lengthBytes() {
    return to - from;
  }

  /// Finds a field; `false` if the row has none of that number.
  boolean field(int number) {
    return delimiter == 0 ? spaced(number) : delimited(number);
  }

  private boolean spaced(int number) {
    int at = from;
    for (int i = 0; ; i++) {
      while (at < to && (window[at] == ' ' || window[at] == '\t')) {
        at++;
      }
      if (at == to) {
        return false;
      }
      fieldFrom = at;
      while (at < to && window[at] != ' ' && window[at] != '\t') {
        at++;
      }
      if (i == number) {
        fieldTo = at;
        return true;
      }
    }
  }

  private boolean delimited(int number) {
    int at = from;
    for (int i = 0; i <= number; i++) {
      fieldFrom = at;
      boolean quoted = at < to && window[at] == '"';
      at += quoted ? 1 : 0;
      while (at < to && (quoted || window[at] != delimiter)) {
        quoted &= window[at] != '"';
        at++;
      }
      fieldTo = at;
      if (i < number && at++ == to) {
        return false;
      }
    }
    return true;
  }

  /// The stamp in the found field, or [Times#NONE].
  long stampNs(StampUnit unit) {
    return StampText.parse(window, fieldFrom, fieldTo, unit);
  }

  /// The found field as text, without quotes.
  String fieldText() {
    String field =
        new String(window, fieldFrom, fieldTo - fieldFrom, StandardCharsets.UTF_8).strip();
    return field.length() >= 2 && field.startsWith("\"") && field.endsWith("\"")
        ? field.substring(1, field.length() - 1)
        : field;
  }

  /// The row as text.
  String text() {
    return new String(window, from, to - from, StandardCharsets.UTF_8);
  }

  /// The bytes that the row stands in, from [#start].
  byte[] bytes() {
    return window;
  }

  int start() {
    return from;
  }

  int fieldStart() {
    return fieldFrom;
  }

  int fieldEnd() {
    return fieldTo;
  }
}
