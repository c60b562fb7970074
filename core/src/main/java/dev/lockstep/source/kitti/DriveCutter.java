package dev.lockstep.source.kitti;

import dev.lockstep.model.StreamInfo;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.ScannedIndex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Cuts KITTI drives and tracking sequences along frame numbers. What is kept is numbered from 0
/// again, in names of files, lists of stamps and label lines, so that nothing seems to be missing;
/// only where tracklets are kept, whose file is not rewritten, numbers begin where they began.
final class DriveCutter implements RecordingCutter {
  private static final String TRACKLETS = "tracklets";

  private final Path recording;
  private final ScannedIndex index;
  private final List<String> labelSets;

  /// Cuts the drive or label file at `recording`, which `index` has read.
  DriveCutter(Path recording, ScannedIndex index) {
    this.recording = recording.toAbsolutePath().normalize();
    this.index = index;
    this.labelSets =
        index.labels(Long.MIN_VALUE, Long.MAX_VALUE).stream().map(set -> set.name()).toList();
  }

  @Override
  public List<String> streams() {
    List<String> all = new ArrayList<>(index.streams().stream().map(StreamInfo::name).toList());
    all.addAll(labelSets);
    return all;
  }

  @Override
  public Window whole() {
    long last = 0;
    for (StreamInfo stream : index.streams()) {
      last = Math.max(last, index.messages(stream.name()) - 1);
    }
    for (var set : index.labels(Long.MIN_VALUE, Long.MAX_VALUE)) {
      for (int row = 0; row < set.size(); row++) {
        last = Math.max(last, set.frames()[row]);
      }
    }
    return new Window(0, last);
  }

  @Override
  public long axisOf(String stream, long message) {
    for (var set : index.labels(Long.MIN_VALUE, Long.MAX_VALUE)) {
      if (set.name().equals(stream)) {
        for (int row = 0; row < set.size(); row++) {
          if (set.positions()[row] == message) {
            return Math.max(0, set.frames()[row]);
          }
        }
        return 0;
      }
    }
    return Math.max(0, message);
  }

  @Override
  public long axisOfByte(String file, long offsetBytes) {
    for (StreamInfo stream : index.streams()) {
      for (long i = 0; i < index.messages(stream.name()); i++) {
        if (index.message(stream.name(), i).file().equals(file)) {
          return i;
        }
      }
    }
    return 0;
  }

  @Override
  public long step(String stream) {
    return 1;
  }

  @Override
  public boolean hasContainer() {
    return false;
  }

  @Override
  public Path cut(Plan plan, Path folder) throws IOException {
    return Files.isDirectory(recording) ? cutDrive(plan, folder) : cutSequence(plan, folder);
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private Path cutDrive(Plan plan, Path folder) throws IOException {
    Path target = folder.resolve(name(recording));
    Path drive = recording;
    Path driveTarget = target;
    Path calibrations = recording.getParent();
    Path calibrationsTarget = folder;
    try (Stream<Path> children = Files.list(recording)) {
      Path only =
          children
              .filter(child -> KittiLayout.DRIVE.matcher(name(child)).matches())
              .filter(Files::isDirectory)
              .sorted()
              .findFirst()
              .orElse(null);
      if (only != null) {
        drive = only;
        driveTarget = target.resolve(name(only));
        calibrations = recording;
        calibrationsTarget = target;
      }
    }
    Files.createDirectories(driveTarget);
    for (String calibration : KittiLayout.CALIBRATIONS) {
      if (calibrations != null && Files.exists(calibrations.resolve(calibration))) {
        Files.copy(calibrations.resolve(calibration), calibrationsTarget.resolve(calibration));
      }
    }
    boolean tracklets = plan.streams().contains(TRACKLETS);
    Window window = tracklets ? new Window(0, plan.window().last()) : plan.window();
    try (Stream<Path> children = Files.list(drive)) {
      for (Path child : children.sorted().toList()) {
        if (Files.isDirectory(child) && plan.streams().contains(name(child))) {
          cutSensor(child, driveTarget.resolve(name(child)), window);
        } else if (tracklets && Files.isRegularFile(child)) {
          Files.copy(child, driveTarget.resolve(name(child)));
        }
      }
    }
    return target;
  }

  private static void cutSensor(Path from, Path to, Window window) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> children = Files.list(from)) {
      for (Path child : children.sorted().toList()) {
        if (Files.isDirectory(child)) {
          Files.createDirectories(to.resolve(name(child)));
          cutNumbered(child, to.resolve(name(child)), window);
        } else if (name(child).startsWith("timestamps")) {
          Files.write(to.resolve(name(child)), lines(child, window));
        } else {
          Files.copy(child, to.resolve(name(child)));
        }
      }
    }
  }

  /// Lines of a file by their numbers from 0, line ends and damage included.
  private static byte[] lines(Path file, Window window) throws IOException {
    StringBuilder kept = new StringBuilder();
    long number = 0;
    for (String line : linesOf(file)) {
      if (window.contains(number++)) {
        kept.append(line);
      }
    }
    return kept.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /// The lines of a file, each with its end.
  private static List<String> linesOf(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    List<String> lines = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      int next = end < 0 ? text.length() : end + 1;
      lines.add(text.substring(from, next));
      from = next;
    }
    return lines;
  }

  private static void cutNumbered(Path from, Path to, Window window) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = name(file);
        int dot = name.indexOf('.');
        String digits = dot < 0 ? name : name.substring(0, dot);
        if (!digits.matches("\\d{1,18}")) {
          continue;
        }
        long number = Long.parseLong(digits);
        if (window.contains(number)) {
          String anew =
              String.format(Locale.ROOT, "%0" + digits.length() + "d", number - window.first());
          Files.copy(file, to.resolve(anew + name.substring(digits.length())));
        }
      }
    }
  }

  private Path cutSequence(Plan plan, Path folder) throws IOException {
    String file = name(recording);
    Path parent = recording.getParent();
    String parentName = parent == null ? "" : name(parent);
    boolean inDataSet =
        KittiLayout.LABEL_FOLDER.matcher(parentName).matches()
            && KittiLayout.SEQUENCE_FILE.matcher(file).matches();
    @Nullable Path root = parent == null || !inDataSet ? null : parent.getParent();
    Path labels = (inDataSet ? folder.resolve(parentName) : folder).resolve(file);
    Files.createDirectories(labels.getParent() == null ? folder : labels.getParent());
    if (file.endsWith(".xml")) {
      Files.copy(recording, labels);
      return labels;
    }
    Files.write(labels, labelLines(plan.window()));
    if (root != null) {
      cutSiblings(plan, root, folder, file);
    }
    return labels;
  }

  private byte[] labelLines(Window window) throws IOException {
    StringBuilder kept = new StringBuilder();
    for (String line : linesOf(recording)) {
      int blank = line.indexOf(' ');
      String frame = blank < 0 ? "" : line.substring(0, blank);
      if (!frame.matches("\\d{1,9}")) {
        kept.append(line);
      } else if (window.contains(Long.parseLong(frame))) {
        kept.append(Long.parseLong(frame) - window.first()).append(line, blank, line.length());
      }
    }
    return kept.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void cutSiblings(Plan plan, Path root, Path folder, String file)
      throws IOException {
    String number = file.substring(0, file.lastIndexOf('.'));
    Path calibration = root.resolve(KittiLayout.TRACKING_CALIB).resolve(file);
    if (Files.exists(calibration)) {
      Path to = Files.createDirectories(folder.resolve(KittiLayout.TRACKING_CALIB));
      Files.copy(calibration, to.resolve(file));
    }
    Path oxts = root.resolve(KittiLayout.OXTS).resolve(file);
    if (plan.streams().contains(KittiLayout.OXTS) && Files.exists(oxts)) {
      Path to = Files.createDirectories(folder.resolve(KittiLayout.OXTS));
      Files.write(to.resolve(file), lines(oxts, plan.window()));
    }
    List<String> sensors = new ArrayList<>(KittiLayout.TRACKING_IMAGES);
    sensors.add(KittiLayout.TRACKING_VELODYNE);
    for (String sensor : sensors) {
      Path from = root.resolve(sensor).resolve(number);
      if (plan.streams().contains(sensor) && Files.isDirectory(from)) {
        Path to = Files.createDirectories(folder.resolve(sensor).resolve(number));
        cutNumbered(from, to, plan.window());
      }
    }
  }

  @Override
  public void close() {
    index.close();
  }
}
