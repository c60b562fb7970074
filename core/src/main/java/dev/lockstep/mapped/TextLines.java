package dev.lockstep.mapped;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// The lines of a text in a segment, one after the other. Lines end with `\n` or `\r\n`; the last
/// one need not end. Takes no memory of its own but for the line it stands on and a window.
public final class TextLines {
  /// Longest line that is given out whole, bytes; of longer ones this much. Judged: far above any
  /// line of the text formats that are read this way.
  public static final int MAX_LINE_BYTES = 64 << 10;

  /// Bytes that are looked through at a time: reading an array costs a tenth of reading a segment
  /// where code is not compiled by the second compiler. Judged.
  private static final int WINDOW_BYTES = 16 << 10;

  private final MemorySegment text;
  private final long end;
  private long number;
  private long start;
  private long stop;
  private long next;
  private final byte[] window;
  private long windowAt;
  private int windowBytes;

  /// Stands in front of the first line of `text`.
  public TextLines(MemorySegment text) {
    this.text = text;
    this.end = text.byteSize();
    this.window = new byte[(int) Math.min(end, WINDOW_BYTES)];
  }

  /// Moves to the next line; `false` if there is none.
  public boolean next() {
    if (next >= end) {
      return false;
    }
    start = next;
    long at = lineEnd();
    next = at + 1;
    stop = at > start && byteAt(at - 1) == '\r' ? at - 1 : at;
    number++;
    return true;
  }

  /// Offset of the end of the line that begins at `start`.
  private long lineEnd() {
    long at = start;
    while (at < end) {
      look(at);
      byte[] bytes = window;
      int stop = windowBytes;
      int i = (int) (at - windowAt);
      while (i < stop && bytes[i] != '\n') {
        i++;
      }
      at = windowAt + i;
      if (i < stop) {
        return at;
      }
    }
    return end;
  }

  /// Moves the window so that it holds the byte at `offset`.
  private void look(long offset) {
    if (offset < windowAt || offset >= windowAt + windowBytes) {
      windowAt = offset;
      windowBytes = (int) Math.min(end - offset, window.length);
      MemorySegment.copy(text, offset, MemorySegment.ofArray(window), 0, windowBytes);
    }
  }

  private byte byteAt(long offset) {
    long in = offset - windowAt;
    return in >= 0 && in < windowBytes ? window[(int) in] : text.get(ValueLayout.JAVA_BYTE, offset);
  }

  /// Number of the line, from 1.
  public long number() {
    return number;
  }

  /// Offset of the line's first byte.
  public long offsetBytes() {
    return start;
  }

  /// Length of the line without its end.
  public long lengthBytes() {
    return stop - start;
  }

  /// Whether the line ends with an end of line and not with the text.
  public boolean terminated() {
    return next <= end;
  }

  /// Whether the line holds nothing but spaces and tabs.
  public boolean blank() {
    for (long at = start; at < stop; at++) {
      byte b = byteAt(at);
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  /// The line without its end, cut to [#MAX_LINE_BYTES]; bytes that are not UTF-8 are replaced.
  public String text() {
    int length = (int) Math.min(stop - start, MAX_LINE_BYTES);
    byte[] bytes = text.asSlice(start, length).toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
