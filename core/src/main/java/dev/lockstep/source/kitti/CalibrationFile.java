package dev.lockstep.source.kitti;

import dev.lockstep.mapped.TextLines;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.source.CoverageTally;
import dev.lockstep.source.FileFaults;
import dev.lockstep.source.FileItem;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.Rigid;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A KITTI calibration file: a name and its numbers a line, `R: 1 0 0 ...`; tracking files leave
/// out some colons.
final class CalibrationFile implements FileItem {
  private static final Pattern SPACE = Pattern.compile("\\s+");

  /// Keys whose values are no numbers.
  private static final String TIME_KEY = "calib_time";

  /// Longest calibration file that is read. Judged: a thousand times the real ones.
  private static final long MAX_BYTES = 4 << 20;

  private final Path path;
  private final String name;
  private final CoverageTally tally;
  private final Map<String, double[]> values = new HashMap<>();
  private final Map<String, Location> places = new HashMap<>();
  private final List<Defect> defects = new ArrayList<>();
  private long lengthBytes;
  private long lines;
  private long rotations;

  /// @param name name of the file relative to the recording
  CalibrationFile(Path path, String name, CoverageTally tally) {
    this.path = path;
    this.name = name;
    this.tally = tally;
  }

  @Override
  public void scan() {
    FileFaults.read(
        path, Location.file(name), length -> lengthBytes = length, this::parse, defects::add);
  }

  private void parse(MemorySegment text) {
    if (!FileFaults.examine(text, Location.file(name), defects::add)) {
      return;
    }
    TextLines at = new TextLines(text.asSlice(0, Math.min(text.byteSize(), MAX_BYTES)));
    while (at.next()) {
      if (at.blank()) {
        continue;
      }
      lines++;
      parse(at.text().strip(), Location.bytes(name, at.offsetBytes(), at.lengthBytes()), at);
    }
  }

  private void parse(String line, Location place, TextLines at) {
    String[] fields = SPACE.split(line, -1);
    String key =
        fields[0].endsWith(":") ? fields[0].substring(0, fields[0].length() - 1) : fields[0];
    if (key.equals(TIME_KEY)) {
      return;
    }
    double[] numbers = new double[fields.length - 1];
    for (int i = 0; i < numbers.length; i++) {
      try {
        numbers[i] = Double.parseDouble(fields[i + 1]);
      } catch (NumberFormatException e) {
        numbers[i] = Double.NaN;
      }
      if (!Double.isFinite(numbers[i])) {
        String field = fields[i + 1];
        defects.add(
            Defect.of(
                DefectKind.TEXT_MALFORMED,
                place,
                new Evidence.Violation(
                    "line " + at.number(),
                    field.length() <= 24 ? field : field.substring(0, 24) + "...",
                    "finite numbers")));
        return;
      }
    }
    values.put(key, numbers);
    places.put(key, place);
  }

  /// The `count` numbers of a key, or null if the file has none; another count is a defect.
  double @Nullable [] numbers(String key, int count) {
    double[] numbers = values.get(key);
    if (numbers == null) {
      return null;
    }
    if (numbers.length != count) {
      defects.add(
          Defect.of(
              DefectKind.TEXT_MALFORMED,
              places.getOrDefault(key, Location.file(name)),
              new Evidence.Violation(
                  "values of " + key, Integer.toString(numbers.length), Integer.toString(count))));
      return null;
    }
    return numbers;
  }

  /// The transform whose rotation is `key`, if it is one; otherwise a defect, and null.
  @Nullable Rigid rigid(String key, double[] rotation, double[] translation) {
    rotations++;
    Rigid rigid = new Rigid(rotation, translation);
    double skewness = rigid.skewness();
    @Nullable Evidence fault = null;
    if (!(skewness <= Rigid.TOLERANCE)) {
      fault =
          new Evidence.OutOfRange(
              "largest element of R Rt - I of " + key, skewness, null, Rigid.TOLERANCE, "");
    } else if (rigid.determinant() < 0) {
      fault =
          new Evidence.Violation(
              "determinant of " + key, Numbers.text(rigid.determinant()), "1: no mirror");
    }
    if (fault == null) {
      return rigid;
    }
    defects.add(
        Defect.of(
            DefectKind.CALIBRATION_INVALID, places.getOrDefault(key, Location.file(name)), fault));
    return null;
  }

  @Override
  public void commit(RecordingSink sink) {
    tally.add(lengthBytes);
    FileFaults.KINDS.forEach(kind -> sink.examined(kind, 1));
    sink.examined(DefectKind.FILE_UNREADABLE, 1);
    sink.examined(DefectKind.FILE_CHANGED, 1);
    sink.examined(DefectKind.TEXT_MALFORMED, lines);
  }

  /// Hands over what was found, that by the users of the values included.
  void report(RecordingSink sink) {
    sink.examined(DefectKind.CALIBRATION_INVALID, rotations);
    defects.forEach(sink::defect);
  }
}
