package dev.lockstep.source;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The list of times, one a frame, that some recorders write beside a video: held against the times
/// at which the file shows its frames.
///
/// For `drive.mp4` that is `drive_timestamps.txt`, `drive.timestamps.csv`, `drive-frame_times.txt`
/// and the like, or any `drive*.txt` that begins as a list of Matroska tools does (`# timestamp
/// format v2`). The first number of each line counts, in whatever unit: seconds, milliseconds,
/// microseconds and nanoseconds are told apart by how long the whole list lasts.
public final class FrameTimeList {
  /// Lines and frames that are compared, 16 bytes each. Judged: 9 hours at 30 Hz; of longer ones
  /// only the numbers are.
  private static final int MAX_COMPARED = 1 << 20;

  private static final String V2 = "(?i)#\\s*time(code|stamp)s? format v2.*";
  private static final Pattern NAME =
      Pattern.compile("[._-](frame_?)?(timestamps?|times|timecodes?)[.](txt|csv)");
  private static final Pattern NUMBER =
      Pattern.compile("\\s*\"?(-?\\d+(?:[.]\\d*)?(?:e[+-]?\\d+)?)");

  /// Nanoseconds of the units that lists are written in.
  private static final long[] UNITS_NS = {Times.SECOND, Times.MILLISECOND, Times.MICROSECOND, 1};

  /// A list that lasts so much longer or shorter has another unit; judged: the next one is off by
  /// 1000.
  private static final double SAME_UNIT = 5;

  /// Judged: quartz clocks differ by less; a changed rate by more.
  private static final double RATE_PPM = 100;

  private final String name;
  private double[] lines = new double[1024];
  private double[] frames = new double[1024];
  private long lineCount;
  private long frameCount;
  private long firstNs = Times.NONE;

  /// The first number, which is taken off all others; exact where it has no fraction.
  private double first;

  private long firstWhole = Long.MIN_VALUE;
  private @Nullable IOException unreadable;

  private FrameTimeList(String name) {
    this.name = name;
  }

  /// The list beside `video`, or null where there is none.
  public static @Nullable FrameTimeList beside(Path video) {
    Path path = pathBeside(video);
    if (path == null) {
      return null;
    }
    FrameTimeList list = new FrameTimeList(String.valueOf(path.getFileName()));
    try {
      list.read(path);
    } catch (IOException e) {
      list.unreadable = e;
    }
    return list;
  }

  /// Where the list beside `video` lies, or null where there is none.
  public static @Nullable Path pathBeside(Path video) {
    Path parent = video.getParent();
    Path folder = parent == null ? Path.of("") : parent;
    String file = String.valueOf(video.getFileName());
    int dot = file.lastIndexOf('.');
    String stem = dot <= 0 ? file : file.substring(0, dot);
    if (!Files.isRegularFile(video)) {
      return null;
    }
    Path best = null;
    try (DirectoryStream<Path> children =
        Files.newDirectoryStream(
            folder, child -> String.valueOf(child.getFileName()).startsWith(stem))) {
      for (Path child : children) {
        boolean earlier = best == null || child.compareTo(best) < 0;
        if (earlier && isList(child, stem)) {
          best = child;
        }
      }
    } catch (IOException e) {
      return null;
    }
    return best;
  }

  private static boolean isList(Path file, String stem) throws IOException {
    String rest =
        String.valueOf(file.getFileName()).substring(stem.length()).toLowerCase(Locale.ROOT);
    if (!Files.isRegularFile(file)) {
      return false;
    }
    if (NAME.matcher(rest).matches()) {
      return true;
    }
    return rest.endsWith(".txt") && firstLine(file).strip().matches(V2);
  }

  /// Lines longer than this are none of a list.
  private static final int MAX_LINE = 512;

  private static String firstLine(Path file) throws IOException {
    try (BufferedReader in = open(file)) {
      String line = line(in);
      return line == null ? "" : line;
    }
  }

  private static BufferedReader open(Path file) throws IOException {
    return new BufferedReader(
        new InputStreamReader(Files.newInputStream(file), StandardCharsets.ISO_8859_1));
  }

  /// The next line, of which at most [#MAX_LINE] letters are kept; null at the end.
  private static @Nullable String line(BufferedReader in) throws IOException {
    StringBuilder line = new StringBuilder();
    int next = in.read();
    if (next < 0) {
      return null;
    }
    for (; next >= 0 && next != '\n'; next = in.read()) {
      if (line.length() < MAX_LINE) {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private void read(Path file) throws IOException {
    try (BufferedReader in = open(file)) {
      for (String line = line(in); line != null; line = line(in)) {
        Matcher number = NUMBER.matcher(line);
        if (number.lookingAt()) {
          add(number.group(1));
        }
      }
    }
  }

  /// Writes the list at `list` for some of the frames of its video: lines in front of the first
  /// time, those of frames that are kept, and those that belong to none.
  ///
  /// @param frames numbers of the frames in the order in which they are shown
  /// @param kept numbers of those that are kept
  /// @throws IOException if it cannot be read or written
  public static void cut(Path list, Path target, int[] frames, BitSet kept) throws IOException {
    StringBuilder out = new StringBuilder();
    int frame = 0;
    try (BufferedReader in = open(list)) {
      for (String line = line(in); line != null; line = line(in)) {
        boolean time = NUMBER.matcher(line).lookingAt();
        if (!time || frame >= frames.length || kept.get(frames[frame])) {
          out.append(line).append('\n');
        }
        frame += time ? 1 : 0;
      }
    }
    Files.writeString(target, out, StandardCharsets.ISO_8859_1);
  }

  private void add(String number) {
    double value;
    // Nanoseconds since 1970 have more digits than a double.
    if (number.length() <= 19 && number.chars().allMatch(c -> c >= '0' && c <= '9')) {
      long whole = Long.parseLong("0" + number.substring(0, Math.min(18, number.length())));
      if (number.length() == 19) {
        whole = whole * 10 + number.charAt(18) - '0';
      }
      if (lineCount == 0) {
        firstWhole = whole;
        first = whole;
      }
      value = firstWhole == Long.MIN_VALUE ? whole - first : whole - firstWhole;
    } else {
      double decimal = Double.parseDouble(number);
      first = lineCount == 0 ? decimal : first;
      value = decimal - first;
    }
    if (lineCount < MAX_COMPARED) {
      lines = room(lines, (int) lineCount);
      lines[(int) lineCount] = value;
    }
    lineCount++;
  }

  private static double[] room(double[] values, int index) {
    return index < values.length ? values : Arrays.copyOf(values, 2 * values.length);
  }

  /// Takes the next frames of the video, in any order.
  public void frames(MessageBatch batch) {
    for (int row = 0; row < batch.size(); row++) {
      long stampNs = batch.stampsNs()[row];
      firstNs = firstNs == Times.NONE ? stampNs : firstNs;
      if (frameCount < MAX_COMPARED && stampNs != Times.NONE) {
        frames = room(frames, (int) frameCount);
        frames[(int) frameCount] = stampNs - firstNs;
      }
      frameCount++;
    }
  }

  /// Tells how list and video agree.
  ///
  /// @param stream name of the video's stream
  /// @param cut whether frames are known to be lost, which is told already
  public void tell(RecordingSink sink, String stream, boolean cut) {
    Location at = Location.file(name).withStream(stream);
    sink.examined(DefectKind.COUNT_MISMATCH, 1);
    IOException failed = unreadable;
    if (failed != null) {
      sink.defect(FileFaults.lost(at, failed));
      return;
    }
    if (lineCount != frameCount) {
      if (!cut) {
        sink.defect(
            Defect.of(
                DefectKind.COUNT_MISMATCH,
                at,
                Evidence.Mismatch.ofCount("times in " + name, lineCount, frameCount)));
      }
      return;
    }
    int count = (int) Math.min(lineCount, MAX_COMPARED);
    if (count < 3 || frameCount > MAX_COMPARED) {
      sink.note(name + ": " + lineCount + " times, as many as frames; not compared");
      return;
    }
    Arrays.sort(frames, 0, count);
    double unit = unit(count);
    if (unit == 0) {
      sink.note(name + ": " + lineCount + " times, as many as frames, of no known unit");
      return;
    }
    sink.examined(DefectKind.STAMPS_CONTRADICT, count);
    compare(sink, at, count, unit);
  }

  /// The unit in which list and video last about as long, ns; 0 if there is none.
  private double unit(int count) {
    double video = frames[count - 1] - frames[0];
    double list = lines[count - 1] - lines[0];
    for (long unit : UNITS_NS) {
      double ratio = list * unit / video;
      if (ratio > 1 / SAME_UNIT && ratio < SAME_UNIT) {
        return unit;
      }
    }
    return 0;
  }

  private void compare(RecordingSink sink, Location at, int count, double unit) {
    double[] steps = new double[count - 1];
    for (int i = 1; i < count; i++) {
      steps[i - 1] = (lines[i] - lines[i - 1]) * unit;
    }
    Arrays.sort(steps);
    double usual = steps[steps.length / 2];
    long parts = 0;
    int first = -1;
    double firstGap = 0;
    double sumGap = 0;
    for (int i = 1; i < count; i++) {
      double gap = (lines[i] - lines[i - 1]) * unit - (frames[i] - frames[i - 1]);
      if (Math.abs(gap) >= usual / 2) {
        parts++;
        first = first < 0 ? i : first;
        firstGap = firstGap == 0 ? gap : firstGap;
        sumGap += gap;
      }
    }
    if (parts > 0) {
      sink.defect(
          new Defect(
              DefectKind.STAMPS_CONTRADICT,
              Severity.WARNING,
              at.withFrames(first, first),
              new Evidence.Violation(
                  "steps between the times in " + name + " and between those in the video",
                  String.format(
                      Locale.ROOT,
                      "%d of %d differ by half a frame or more, at first by %+.3f ms",
                      parts,
                      count - 1,
                      firstGap / Times.MILLISECOND),
                  "all alike")));
    }
    // What jumps make is told by now.
    double video = frames[count - 1] - frames[0];
    double drift = (lines[count - 1] - lines[0]) * unit - video - sumGap;
    double ppm = drift / video * 1e6;
    if (Math.abs(ppm) > RATE_PPM && Math.abs(drift) > usual / 2) {
      sink.defect(
          new Defect(
              DefectKind.STAMPS_CONTRADICT,
              Severity.WARNING,
              at,
              new Evidence.OutOfRange(
                  "rate of the times in " + name + " against those in the video",
                  Math.round(ppm),
                  (long) -RATE_PPM,
                  (long) RATE_PPM,
                  "ppm")));
    }
  }
}
