package dev.lockstep.labels.mot;

import dev.lockstep.labels.Decimals;
import dev.lockstep.labels.FrameStamps;
import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.labels.LabelFaults;
import dev.lockstep.labels.LabelField;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.mapped.TextLines;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import java.io.IOException;
import java.io.Writer;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// MOTChallenge: ground truth, detections and tracker results, a line a box (see [MotLayout]).
///
/// Pixels and frames count from 1 in the file; boxes are given with pixels from 0, frames as in the
/// file. Times are frame numbers divided by the rate that `seqinfo.ini` beside the file gives, or
/// by [FrameStamps#VIDEO_HERTZ]. Ground points of 2015's labels become attributes `x`, `y`, `z`.
///
/// Track ids are whole numbers: others are numbered when written, from above the largest one that
/// is a number, in order of appearance.
public final class MotLabels implements LabelFormat {
  private static final int FIRST_FRAME = 1;
  private static final int PIXEL_DECIMALS = 3;
  private static final int VISIBILITY_DECIMALS = 5;

  /// Lines of a file that are looked at to recognise it.
  private static final int PROBED_LINES = 8;

  private static final LabelCapabilities CAPABILITIES =
      LabelCapabilities.flat(
          EnumSet.of(
              LabelField.BOX_2D,
              LabelField.TRACK,
              LabelField.FRAME,
              LabelField.OCCLUDED,
              LabelField.IGNORED),
          PIXEL_DECIMALS,
          LabelCapabilities.TimeBase.FRAMES_FROM_1,
          LabelCapabilities.Anchor2d.CORNER_AND_SIZE,
          LabelCapabilities.Visibility.SHARE);

  @Override
  public String name() {
    return "mot";
  }

  @Override
  public String summary() {
    return "MOTChallenge `gt.txt`, detections and results, with `seqinfo.ini`";
  }

  @Override
  public List<Path> dependsOn(Path file) {
    List<Path> files = new ArrayList<>();
    Path folder = file.toAbsolutePath().normalize().getParent();
    if (folder != null) {
      files.add(folder.resolve(MotLayout.SEQUENCE_FILE));
      files.add(folder.resolve(MotLayout.CLASSES_FILE));
      files.add(folder.resolveSibling(MotLayout.SEQUENCE_FILE));
    }
    return files;
  }

  @Override
  public LabelCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public @Nullable String recognise(String fileName, byte[] head) {
    if (!fileName.endsWith(".txt")) {
      return null;
    }
    TextLines lines = new TextLines(MemorySegment.ofArray(head));
    int rows = 0;
    int others = 0;
    while (rows + others < PROBED_LINES && lines.next()) {
      if (lines.blank() || (!lines.terminated() && head.length >= HEAD_BYTES)) {
        continue;
      }
      if (looksLikeRow(lines.text())) {
        rows++;
      } else {
        others++;
      }
    }
    return rows > others ? "columns of MOTChallenge" : null;
  }

  private static boolean looksLikeRow(String line) {
    String[] fields = line.split(",", -1);
    if (fields.length != MotLayout.TRUTH_COLUMNS && fields.length != MotLayout.RESULT_COLUMNS) {
      return false;
    }
    double[] values = new double[fields.length];
    return numbers(fields, values) < 0
        && isWhole(values[0], 0, FrameStamps.MAX_FRAME)
        && isWhole(values[1], -1, Integer.MAX_VALUE);
  }

  private static boolean isWhole(double value, long min, long max) {
    return value >= min && value <= max && value == Math.rint(value);
  }

  /// Parses numbers; index of the first that is none, or -1.
  private static int numbers(String[] fields, double[] values) {
    for (int i = 0; i < fields.length; i++) {
      try {
        values[i] = Double.parseDouble(fields[i].strip());
      } catch (NumberFormatException e) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public Reading read(LabelInput input, Consumer<Defect> defects) {
    return new Reader(input, defects).read();
  }

  private static final class Reader {
    private final LabelInput input;
    private final LabelFaults faults;
    private final LabelSet labels;
    private final FrameStamps rate;
    private final boolean truthFile;
    private final int length;
    private final List<String> classes;
    private final List<String> notes = new ArrayList<>();
    private final double[] v = new double[MotLayout.RESULT_COLUMNS];

    Reader(LabelInput input, Consumer<Defect> defects) {
      this.input = input;
      SequenceInfo info = SequenceInfo.beside(input.path());
      String name = info == null ? null : info.name();
      String set = name == null || name.isEmpty() ? input.setName() : name;
      faults = new LabelFaults(set, input, defects);
      double declared = info == null ? 0 : info.frameRate();
      rate = input.frames(declared > 0 ? declared : FrameStamps.VIDEO_HERTZ);
      labels = new LabelSet(set, LabelSet.Frame.IMAGE, rate.source());
      labels.details().setFirstFrame(FIRST_FRAME);
      if (info == null) {
        length = 0;
        notes.addAll(rate.noteOf("no " + MotLayout.SEQUENCE_FILE + " with a rate of frames"));
      } else {
        length = info.number("seqlength");
        labels.details().setFrameRate(declared);
        labels.details().setImageSize(info.number("imwidth"), info.number("imheight"));
      }
      truthFile = input.path().endsWith(MotLayout.TRUTH_FILE);
      Path folder = input.path().toAbsolutePath().normalize().getParent();
      List<String> own =
          truthFile && folder != null
              ? SequenceInfo.lines(folder, MotLayout.CLASSES_FILE)
              : List.of();
      classes = own.isEmpty() ? MotLayout.CLASSES : own;
    }

    Reading read() {
      TextLines lines = new TextLines(input.bytes());
      long rows = 0;
      while (lines.next()) {
        if (!lines.blank()) {
          rows++;
          add(lines);
        }
      }
      faults.finish();
      labels.seal();
      return new Reading(List.of(labels), rows, notes);
    }

    private void fault(TextLines line, String what, String observed, String rule) {
      long from = line.offsetBytes();
      faults.add(line.number(), from, from + line.lengthBytes(), what, observed, rule);
    }

    private void add(TextLines line) {
      String[] fields = line.text().split(",", -1);
      boolean truth = fields.length == MotLayout.TRUTH_COLUMNS;
      if (!truth && fields.length != MotLayout.RESULT_COLUMNS) {
        fault(line, "columns", Integer.toString(fields.length), "9 or 10");
        return;
      }
      List<String> names = truth ? MotLayout.COLUMNS : MotLayout.COLUMNS_OF_RESULTS;
      int bad = numbers(fields, v);
      if (bad >= 0) {
        fault(line, "column " + names.get(bad), fields[bad], "a number");
        return;
      }
      long last = length > 0 ? length : FrameStamps.MAX_FRAME;
      if (!isWhole(v[0], FIRST_FRAME, last)) {
        fault(line, "column frame", fields[0], "a whole number from 1 to " + last);
        return;
      }
      if (!isWhole(v[1], -1, Integer.MAX_VALUE)) {
        fault(line, "column id", fields[1], "a whole number, -1 or above");
        return;
      }
      for (int i = 2; i < 6; i++) {
        if (!Double.isFinite(v[i])) {
          fault(line, "column " + names.get(i), fields[i], "a finite number");
          return;
        }
      }
      if (truth && !isWhole(v[7], 1, classes.size())) {
        fault(line, "column class", fields[7], "a whole number from 1 to " + classes.size());
        return;
      }
      addBox(line, truth, fields);
    }

    private void addBox(TextLines line, boolean truth, String[] fields) {
      long frame = (long) v[0];
      String track = v[1] < 0 ? null : Long.toString((long) v[1]);
      String category = truth ? classes.get((int) v[7] - 1) : MotLayout.CLASSES.getFirst();
      int row =
          labels.add(
              rate.stampNs(frame - FIRST_FRAME),
              frame,
              track,
              category,
              input.file(),
              line.number());
      double left = v[2] - MotLayout.FIRST_PIXEL;
      double top = v[3] - MotLayout.FIRST_PIXEL;
      labels.setBox2d(row, left, top, left + v[4], top + v[5]);
      LabelDetails details = labels.details();
      details.setSource(row, line.offsetBytes(), line.lengthBytes());
      if (truth) {
        if (v[8] >= 0 && v[8] <= 1) {
          labels.setVisibility(row, Double.NaN, 1 - v[8]);
        }
      } else {
        if (!truthFile && v[6] != -1) {
          details.setScore(row, v[6]);
        }
        if (v[7] != -1 || v[8] != -1) {
          details.setAttributes(
              row,
              List.of(
                  new LabelDetails.Attribute("x", fields[7].strip()),
                  new LabelDetails.Attribute("y", fields[8].strip()),
                  new LabelDetails.Attribute("z", fields[9].strip())));
        }
      }
      if ((truth || truthFile) && v[6] == 0) {
        details.addFlags(row, LabelDetails.IGNORED);
      }
    }
  }

  @Override
  public List<Path> write(LabelSet labels, LabelWriteOptions options, Path folder)
      throws IOException {
    double rate = options.rateOf(labels);
    if (rate <= 0) {
      rate = FrameStamps.VIDEO_HERTZ;
    }
    long[] frames = options.framesOf(labels, FIRST_FRAME);
    int[] rows = rowsByTrack(labels, frames);
    Path sequence = folder.resolve(options.name());
    Path truth = Files.createDirectories(sequence.resolve(MotLayout.TRUTH_FOLDER));
    List<Path> written = new ArrayList<>();
    List<String> classes = classes(labels);
    if (!classes.equals(MotLayout.CLASSES)) {
      Path file = truth.resolve(MotLayout.CLASSES_FILE);
      Files.writeString(file, String.join("\n", classes) + "\n");
      written.add(file);
    }
    long[] ids = LabelWriteOptions.wholeIds(labels);
    long last = 0;
    Path file = truth.resolve(MotLayout.TRUTH_FILE);
    try (Writer out = Files.newBufferedWriter(file)) {
      for (int row : rows) {
        last = Math.max(last, frames[row]);
        out.write(line(labels, row, frames[row], ids, classes));
      }
    }
    written.addFirst(file);
    Path info = sequence.resolve(MotLayout.SEQUENCE_FILE);
    Files.writeString(
        info,
        "[Sequence]\nname=%s\nimDir=img1\nframeRate=%s\nseqLength=%d\nimWidth=%d\nimHeight=%d\nimExt=.jpg\n"
            .formatted(
                options.name(),
                Decimals.shortest(rate, 6),
                last,
                options.widthOf(labels),
                options.heightOf(labels)));
    written.add(info);
    return written;
  }

  /// Rows with a 2D box, those of a track together, as the data set's own files are.
  private static int[] rowsByTrack(LabelSet labels, long[] frames) {
    Integer[] rows = new Integer[labels.size()];
    Arrays.setAll(rows, i -> i);
    Arrays.sort(
        rows,
        (a, b) -> {
          int byTrack = Integer.compare(labels.tracks()[a], labels.tracks()[b]);
          return byTrack != 0 ? byTrack : Long.compare(frames[a], frames[b]);
        });
    return Arrays.stream(rows).mapToInt(Integer::intValue).filter(labels::has2d).toArray();
  }

  /// The format's own classes if they cover the set's categories, else the categories.
  private static List<String> classes(LabelSet labels) {
    List<String> own = new ArrayList<>();
    for (int c = 0; c < labels.categoryCount(); c++) {
      own.add(labels.categoryName(c));
    }
    return MotLayout.CLASSES.containsAll(own) ? MotLayout.CLASSES : own;
  }

  private static String line(
      LabelSet labels, int row, long frame, long[] ids, List<String> classes) {
    float[] b = labels.boxes2d();
    int at = row * LabelSet.BOX_2D;
    int track = labels.tracks()[row];
    float occluded = labels.occluded()[row];
    String[] fields = {
      Long.toString(frame),
      Long.toString(track < 0 ? -1 : ids[track]),
      pixels((double) b[at] + MotLayout.FIRST_PIXEL),
      pixels((double) b[at + 1] + MotLayout.FIRST_PIXEL),
      pixels((double) b[at + 2] - b[at]),
      pixels((double) b[at + 3] - b[at + 1]),
      labels.details().has(row, LabelDetails.IGNORED) ? "0" : "1",
      Integer.toString(classes.indexOf(labels.categoryName(labels.categories()[row])) + 1),
      Float.isNaN(occluded) ? "-1" : Decimals.shortest(1 - occluded, VISIBILITY_DECIMALS)
    };
    return String.join(",", fields) + "\n";
  }

  private static String pixels(double value) {
    return Decimals.shortest(value, PIXEL_DECIMALS);
  }
}
