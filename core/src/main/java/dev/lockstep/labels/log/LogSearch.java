package dev.lockstep.labels.log;

import dev.lockstep.labels.WantedRows;
import dev.lockstep.mapped.TextLines;
import dev.lockstep.model.Order;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the lines of a log on which some labels rest: events that answer to what is wanted, other
/// events of the same labels, and lines that begin a set. All bytes are looked at, few are read: a
/// hundred megabytes take some ten milliseconds.
///
/// Lines that are not written as tools write them are among what is found.
final class LogSearch {
  /// Bytes that are looked at together. Judged: what the second cache of a processor holds.
  private static final int PIECE_BYTES = 1 << 17;

  /// Least bytes for each thread. Judged: what takes longer than to start one.
  static final long SHARE_BYTES = 4 << 20;

  /// Most lines that are found: of more, the whole log is read. Judged.
  private static final int MOST_LINES = 20_000;

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final long LOW = 0x7F7F_7F7F_7F7F_7F7FL;
  private static final long NEWLINES = 0x0A0A_0A0A_0A0A_0A0AL;
  private static final long BACKSLASHES = 0x5C5C_5C5C_5C5C_5C5CL;
  private static final byte[] TYPE = SetHeader.TYPE.getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SHIFTS = shifts();

  /// How far the last byte of a window of the length of [#TYPE] lets it move on.
  private static byte[] shifts() {
    byte[] shifts = new byte[256];
    Arrays.fill(shifts, (byte) TYPE.length);
    for (int i = 0; i < TYPE.length - 1; i++) {
      shifts[TYPE[i]] = (byte) (TYPE.length - 1 - i);
    }
    return shifts;
  }

  /// A line of a log.
  ///
  /// @param number its number, from 1
  record Line(long number, long offsetBytes, int lengthBytes) {}

  private final MemorySegment log;
  private final WantedRows wanted;
  private final long shareBytes;
  private final byte @Nullable [] track;
  private final long firstFrame;
  private final long lastFrame;

  /// Labels whose other events are looked for; empty in the first pass.
  private long[] ids = {};

  /// @param log all of the log
  /// @param firstFrame first number of a frame whose stamp, where an event has none of its own, may
  ///   be wanted
  /// @param lastFrame last one
  /// @param shareBytes least bytes for each thread
  LogSearch(
      MemorySegment log, WantedRows wanted, long firstFrame, long lastFrame, long shareBytes) {
    this.shareBytes = shareBytes;
    this.log = log;
    this.wanted = wanted;
    this.firstFrame = firstFrame;
    this.lastFrame = lastFrame;
    String name = wanted.track();
    this.track = name != null && isPlain(name) ? name.getBytes(StandardCharsets.US_ASCII) : null;
  }

  /// Whether a text has one way to be written, but for escapes that are watched for.
  private static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c < 0x7F && c != '"' && c != '\\');
  }

  /// Names labels.
  interface Ids {
    /// The ids of the labels that lines are events of.
    Set<String> of(List<Line> lines);
  }

  /// The lines in order; null where the whole log has to be read.
  @Nullable List<Line> find(Ids named) {
    List<Part> parts = parts();
    run(parts);
    List<Line> lines = joined(parts);
    if (lines == null) {
      return null;
    }
    Set<String> labels = named.of(lines);
    if (!labels.stream().allMatch(LogSearch::isPlain)) {
      return null;
    }
    if (!labels.isEmpty()) {
      ids = labels.stream().mapToLong(LogSearch::hash).sorted().toArray();
      List<Part> again = parts();
      run(again);
      List<Line> more = joined(again);
      if (more == null) {
        return null;
      }
      Set<Line> all = new HashSet<>(lines);
      all.addAll(more);
      lines = new ArrayList<>(all);
    }
    lines.sort(Order.byLong(Line::number));
    return lines;
  }

  private static long hash(String id) {
    byte[] bytes = id.getBytes(StandardCharsets.US_ASCII);
    return hash(bytes, 0, bytes.length);
  }

  private static long hash(byte[] bytes, int from, int to) {
    long hash = (long) to - from;
    for (int i = from; i < to; i++) {
      hash = hash * 0x5851_F42D_4C95_7F2DL + bytes[i];
    }
    return hash;
  }

  private List<Part> parts() {
    long size = log.byteSize();
    long count = Math.clamp(size / shareBytes, 1, Runtime.getRuntime().availableProcessors());
    List<Part> parts = new ArrayList<>();
    long from = 0;
    for (long i = 1; i <= count; i++) {
      long to = i == count ? size : Math.max(from, afterNewline(size / count * i));
      parts.add(new Part(from, to));
      from = to;
    }
    return parts;
  }

  private long afterNewline(long offset) {
    long at = offset;
    while (at < log.byteSize() && log.get(ValueLayout.JAVA_BYTE, at) != '\n') {
      at++;
    }
    return Math.min(at + 1, log.byteSize());
  }

  private static void run(List<Part> parts) {
    List<Thread> threads = new ArrayList<>();
    for (Part part : parts.subList(1, parts.size())) {
      Thread thread = new Thread(part, "lockstep-search");
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    parts.getFirst().run();
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    for (Part part : parts) {
      if (part.failure instanceof Error error) {
        throw error;
      }
      if (part.failure instanceof RuntimeException exception) {
        throw exception;
      }
    }
  }

  /// The lines of all parts, and the one with the wanted number; null if there are too many.
  private @Nullable List<Line> joined(List<Part> parts) {
    List<Line> lines = new ArrayList<>();
    long before = 0;
    for (Part part : parts) {
      if (part.tooMany || lines.size() + part.found.size() > MOST_LINES) {
        return null;
      }
      for (Line line : part.found) {
        lines.add(new Line(before + line.number(), line.offsetBytes(), line.lengthBytes()));
      }
      long number = wanted.position() - before;
      if (ids.length == 0 && number >= 1 && number <= part.lines) {
        Line line = part.line(number);
        Line there = new Line(wanted.position(), line.offsetBytes(), line.lengthBytes());
        if (!lines.contains(there)) {
          lines.add(there);
        }
      }
      before += part.lines;
    }
    lines.sort(Order.byLong(Line::number));
    return lines;
  }

  /// Consecutive lines, looked at by one thread.
  private final class Part implements Runnable {
    private final long from;
    private final long to;
    private final byte[] bytes = new byte[PIECE_BYTES];
    private final long[] words = new long[PIECE_BYTES / Long.BYTES];
    private final int[] ends = new int[PIECE_BYTES];
    private final LogLine line = new LogLine();

    /// Where pieces begin, and lines in front of them.
    private final List<long[]> pieces = new ArrayList<>();

    final List<Line> found = new ArrayList<>();
    long lines;
    boolean tooMany;
    @Nullable Throwable failure;

    /// Whether the piece holds a backslash.
    private boolean escapes;

    Part(long from, long to) {
      this.from = from;
      this.to = to;
    }

    @Override
    public void run() {
      try {
        long at = from;
        while (at < to && !tooMany) {
          at = piece(at);
        }
        // A fault of mapped memory comes at the next return from native code at the latest.
        boolean _ = Thread.holdsLock(this);
      } catch (RuntimeException | Error e) {
        failure = e;
      }
    }

    /// Looks at the lines that a piece holds whole, and returns where the next one begins.
    private long piece(long at) {
      int length = (int) Math.min(PIECE_BYTES, to - at);
      MemorySegment.copy(log, ValueLayout.JAVA_BYTE, at, bytes, 0, length);
      MemorySegment.copy(log, WORD, at, words, 0, length / Long.BYTES);
      int count = ends(length);
      if (at + length == to && (count == 0 || ends[count - 1] != length - 1)) {
        ends[count++] = length;
      }
      pieces.add(new long[] {at, lines});
      if (count == 0) {
        // Longer than any line that is read.
        lines++;
        return Math.min(afterNewline(at + length), to);
      }
      int start = 0;
      for (int i = 0; i < count; i++) {
        int end = ends[i];
        lines++;
        if (end > start && wants(start, end)) {
          add(lines, at, start, end);
        }
        start = end + 1;
      }
      return at + start;
    }

    private void add(long number, long at, int start, int end) {
      int length = end - start;
      if (length > 0 && bytes[end - 1] == '\r') {
        length--;
      }
      if (found.size() > MOST_LINES) {
        tooMany = true;
      } else if (length <= TextLines.MAX_LINE_BYTES) {
        found.add(new Line(number, at + start, length));
      }
    }

    /// Finds the ends of lines of the piece, and whether it holds a backslash.
    private int ends(int length) {
      int count = 0;
      long slashes = 0;
      int whole = length / Long.BYTES;
      for (int i = 0; i < whole; i++) {
        long word = words[i];
        long x = word ^ NEWLINES;
        long hits = ~((x & LOW) + LOW | x | LOW);
        x = word ^ BACKSLASHES;
        slashes |= ~((x & LOW) + LOW | x | LOW);
        while (hits != 0) {
          ends[count++] = i * Long.BYTES + (Long.numberOfTrailingZeros(hits) >>> 3);
          hits &= hits - 1;
        }
      }
      for (int i = whole * Long.BYTES; i < length; i++) {
        if (bytes[i] == '\n') {
          ends[count++] = i;
        }
        slashes |= bytes[i] == '\\' ? 1 : 0;
      }
      escapes = slashes != 0;
      return count;
    }

    /// The line with a number within this part.
    Line line(long number) {
      int piece = pieces.size() - 1;
      while (piece > 0 && pieces.get(piece)[1] >= number) {
        piece--;
      }
      TextLines there = new TextLines(log.asSlice(pieces.get(piece)[0], to - pieces.get(piece)[0]));
      for (long i = pieces.get(piece)[1]; i < number; i++) {
        there.next();
      }
      return new Line(
          number,
          pieces.get(piece)[0] + there.offsetBytes(),
          (int) Math.min(there.lengthBytes(), Integer.MAX_VALUE));
    }

    /// Whether the line has to be read.
    private boolean wants(int start, int end) {
      if (ids.length > 0) {
        return isOfLabel(start, end);
      }
      if (escapes && disguises(start, end)) {
        return true;
      }
      int begin = start;
      while (begin < end && (bytes[begin] == ' ' || bytes[begin] == '\t' || bytes[begin] == '\r')) {
        begin++;
      }
      return begin < end && (answers(begin, end) || beginsSet(line.position(), end));
    }

    private boolean isOfLabel(int start, int end) {
      if (!line.begin(bytes, start, end)) {
        // Such lines were found in the first pass, but for blank ones.
        return false;
      }
      int member;
      do {
        member = line.next();
      } while (member > 0 && member != LogLine.ID);
      return member < 0
          || member == LogLine.ID
              && Arrays.binarySearch(ids, hash(bytes, line.idFrom, line.idTo)) >= 0;
    }

    /// Whether the event answers to what is wanted, or cannot be told from one that does.
    private boolean answers(int start, int end) {
      if (!line.begin(bytes, start, end)) {
        return true;
      }
      if (wanted.position() >= 0) {
        // Its number tells; a line with a type has to be read for that.
        return false;
      }
      while (true) {
        switch (line.next()) {
          case LogLine.STAMP -> {
            if (!wanted.wantsStamp(line.stampNs)) {
              return false;
            }
          }
          case LogLine.FRAME -> {
            if (wanted.frame() >= 0 && line.frame != wanted.frame()) {
              return false;
            }
          }
          case LogLine.TRACK -> {
            byte[] name = track;
            if (name != null
                && !Arrays.equals(bytes, line.trackFrom, line.trackTo, name, 0, name.length)) {
              return false;
            }
          }
          case LogLine.ID -> {}
          case 0 -> {
            boolean stamped = (line.seen & LogLine.STAMP) != 0;
            boolean framed = (line.seen & LogLine.FRAME) != 0;
            return stamped || framed && line.frame >= firstFrame && line.frame <= lastFrame;
          }
          default -> {
            return true;
          }
        }
      }
    }

    /// Whether the rest of a line names the type of lines that begin a set.
    private boolean beginsSet(int start, int end) {
      byte[] text = bytes;
      int last = TYPE.length - 1;
      int at = start + last;
      while (at < end) {
        int b = text[at] & 0xFF;
        if (b == TYPE[last] && Arrays.equals(text, at - last, at + 1, TYPE, 0, TYPE.length)) {
          return true;
        }
        at += SHIFTS[b];
      }
      return false;
    }

    /// Whether an escape may stand for what is looked for in plain letters: a letter of ASCII, or a
    /// slash.
    private boolean disguises(int start, int end) {
      for (int i = start; i < end - 1; i++) {
        if (bytes[i] == '\\') {
          if (bytes[i + 1] == '/'
              || bytes[i + 1] == 'u'
                  && i + 4 < end
                  && bytes[i + 2] == '0'
                  && bytes[i + 3] == '0'
                  && bytes[i + 4] >= '2'
                  && bytes[i + 4] <= '7') {
            return true;
          }
          i++;
        }
      }
      return false;
    }
  }
}
