package dev.lockstep.source.kitti;

import dev.lockstep.mapped.TextLines;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Times;
import dev.lockstep.source.FileFaults;
import dev.lockstep.source.IsoStamp;
import dev.lockstep.source.Ranges;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// The stamps of a stream, one line a message: line `i` (from 0) stamps message `i`.
///
/// ```text
/// 2011-09-26 13:02:25.951199337     local time without a zone, read as UTC; to the nanosecond
///                                   a blank line: the message was lost, its number stays
/// ```
///
/// (KITTI raw devkit, `readme.txt`: numbers of files are line numbers, from 0.)
final class StampList {
  /// Longest list that is read, lines. Judged: eleven days at 10 Hz, 80 MB of stamps.
  static final int MAX_LINES = 10_000_000;

  private static final int DATE_LENGTH = "2011-09-26".length();
  private static final int SECONDS_LENGTH = "2011-09-26 13:02:25".length();
  private static final int NANO_DIGITS = 9;

  private final String name;
  private final List<Defect> fileDefects = new ArrayList<>();
  private boolean present;
  private long lengthBytes;
  private int lines;
  private int stamped;
  private long[] stampsNs = new long[128];
  private long[] offsets = new long[128];
  private boolean[] blank = new boolean[128];

  private StampList(String name) {
    this.name = name;
  }

  /// Reads a list; one that is absent is empty and not [#present()].
  ///
  /// @param name name of the file relative to the recording
  static StampList read(Path path, String name) {
    StampList list = new StampList(name);
    if (!Files.exists(path)) {
      return list;
    }
    list.present = true;
    FileFaults.read(
        path,
        Location.file(name),
        length -> list.lengthBytes = length,
        list::parse,
        list.fileDefects::add);
    return list;
  }

  private void parse(MemorySegment text) {
    if (!FileFaults.examine(text, Location.file(name), fileDefects::add)) {
      return;
    }
    TextLines at = new TextLines(text);
    while (at.next()) {
      if (lines == MAX_LINES) {
        fileDefects.add(
            Defect.of(
                DefectKind.CHUNK_TOO_LARGE,
                Location.bytes(name, at.offsetBytes(), text.byteSize() - at.offsetBytes()),
                new Evidence.OutOfRange("lines", (long) lines + 1, null, (long) MAX_LINES, "")));
        return;
      }
      add(at.blank() ? Times.NONE : parse(at.text()), at.blank(), at.offsetBytes());
    }
  }

  private void add(long stampNs, boolean isBlank, long offset) {
    if (lines == stampsNs.length) {
      stampsNs = Arrays.copyOf(stampsNs, lines * 2);
      offsets = Arrays.copyOf(offsets, lines * 2);
      blank = Arrays.copyOf(blank, lines * 2);
    }
    stampsNs[lines] = stampNs;
    offsets[lines] = offset;
    blank[lines] = isBlank;
    lines++;
    if (!isBlank) {
      stamped = lines;
    }
  }

  /// A stamp in nanoseconds since 1970, or [Times#NONE] if the text is none.
  static long parse(String line) {
    String text = line.strip();
    if (text.length() != SECONDS_LENGTH + 1 + NANO_DIGITS
        || text.charAt(DATE_LENGTH) != ' '
        || text.charAt(SECONDS_LENGTH) != '.'
        || text.indexOf('+') >= 0
        || text.lastIndexOf('-') > DATE_LENGTH) {
      return Times.NONE;
    }
    return IsoStamp.parse(text);
  }

  /// Whether there is such a file.
  boolean present() {
    return present;
  }

  /// Name of the file relative to the recording.
  String name() {
    return name;
  }

  /// Length of the file.
  long lengthBytes() {
    return lengthBytes;
  }

  /// Whether the list itself could be read.
  boolean sound() {
    return fileDefects.isEmpty();
  }

  /// Number of lines up to the last that is not blank.
  int stampedLines() {
    return stamped;
  }

  /// Number of lines that stand for messages: blank lines at the very end count only as far as
  /// `others`, the longest list of the drive, says that there were messages.
  int messages(int others) {
    return Math.min(lines, Math.max(stamped, others));
  }

  /// Stamp of message `i`, [Times#NONE] where the list has none.
  long stampNs(long i) {
    return i < lines ? stampsNs[(int) i] : Times.NONE;
  }

  /// Whether line `i` is there and blank.
  boolean blankAt(int i) {
    return i < lines && blank[i];
  }

  /// The stamps of the first `count` messages.
  long[] stampsNs(int count) {
    return Arrays.copyOf(stampsNs, count);
  }

  /// Numbers of the messages that have a line with something in it.
  long[] stampedNumbers() {
    long[] numbers = new long[stamped];
    int n = 0;
    for (int i = 0; i < stamped; i++) {
      if (!blank[i]) {
        numbers[n++] = i;
      }
    }
    return Arrays.copyOf(numbers, n);
  }

  /// Reports what is wrong with the file and with its first `messages` lines; neighbouring lines
  /// with the same fault are one defect.
  ///
  /// @param stream name of the stream that the list belongs to
  /// @param streamMessages number of its messages: a further line belongs to none
  /// @param main the stream's main list: lines that are blank there too are not reported again; the
  ///   list itself if it is the main one
  void report(
      String stream, int streamMessages, int messages, StampList main, Consumer<Defect> defects) {
    fileDefects.forEach(defects);
    for (int i = 0; i < messages; i++) {
      if (stampsNs[i] != Times.NONE || (main != this && main.blankAt(i))) {
        continue;
      }
      int last = i;
      while (last + 1 < messages
          && stampsNs[last + 1] == Times.NONE
          && blank[last + 1] == blank[i]) {
        last++;
      }
      Location place = place(stream, streamMessages, i, last);
      defects.accept(blank[i] ? lost(place, i, last, messages) : malformed(place, i, last));
      i = last;
    }
  }

  private static Defect lost(Location place, int first, int last, int messages) {
    int count = last - first + 1;
    int later = messages - 1 - last;
    String rule =
        "a stamp: "
            + (count == 1 ? "1 message is lost" : count + " messages are lost")
            + "; skipping blank lines would shift "
            + (later == 1 ? "1 later message" : later + " later messages");
    return Defect.of(
        DefectKind.STAMP_LINE_LOST,
        place,
        new Evidence.Violation(lines(first, last), "blank", rule));
  }

  private static Defect malformed(Location place, int first, int last) {
    return Defect.of(
        DefectKind.TEXT_MALFORMED,
        place,
        new Evidence.Violation(lines(first, last), "not a stamp", "YYYY-MM-DD HH:MM:SS.nnnnnnnnn"));
  }

  private static String lines(int first, int last) {
    return (first == last ? "line " : "lines ") + Ranges.text(first + 1L, last + 1L);
  }

  private Location place(String stream, int streamMessages, int first, int last) {
    long end = last + 1 < lines ? offsets[last + 1] : lengthBytes;
    Location lines =
        Location.stream(stream).withFile(name).withBytes(offsets[first], end - offsets[first]);
    return first < streamMessages
        ? lines.withMessages(first, Math.min(last, streamMessages - 1))
        : lines;
  }
}
