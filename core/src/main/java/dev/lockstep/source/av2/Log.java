package dev.lockstep.source.av2;

import dev.lockstep.codec.Decompressors;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.CoverageTally;
import dev.lockstep.source.FileItem;
import dev.lockstep.source.FileListReader;
import dev.lockstep.source.FileMessage;
import dev.lockstep.source.NumberedFiles;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.RecordingSink;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/// Reads a log: poses, calibration, each sensor's files in order of their stamps, annotations.
/// Memory grows with the number of files, poses and boxes, not with the size of sweeps and images.
final class Log {
  private final ReadOptions options;
  private final CoverageTally tally = new CoverageTally();
  private final Decompressors decompressors = new Decompressors();
  private final SweepTable sweeps;
  private final List<FileItem> items = new ArrayList<>();
  private final List<StreamInfo> streams = new ArrayList<>();
  private final Map<String, CalibrationTable> calibrations = new TreeMap<>();
  private final List<Annotations> annotations = new ArrayList<>();
  private final List<FileMessage> sweepMessages = new ArrayList<>();
  private final List<TableRows> others = new ArrayList<>();
  private long[] sweepStampsNs = {};

  private Log(ReadOptions options) {
    this.options = options;
    this.sweeps = new SweepTable(options.maxBlockBytes(), decompressors);
  }

  /// Opens the log in a folder.
  ///
  /// @throws IOException if a folder may not be read
  static RecordingReader open(Path folder, ReadOptions options) throws IOException {
    Log log = new Log(options);
    log.plan(folder);
    return log.reader();
  }

  /// Opens a single Feather file.
  ///
  /// @throws IOException if it may not be read
  static RecordingReader openTable(Path file, ReadOptions options) throws IOException {
    Log log = new Log(options);
    log.planTable(file);
    return log.reader();
  }

  private RecordingReader reader() {
    items.add(new AnnotationStamps());
    return new FileListReader(items, this::finish, decompressors::close);
  }

  private void plan(Path folder) throws IOException {
    items.add(new Beginning());
    Path poses = folder.resolve(Av2Layout.POSES);
    if (Files.exists(poses)) {
      addPoses(poses, Av2Layout.POSES);
    }
    for (String name : List.of(Av2Layout.EXTRINSICS, Av2Layout.INTRINSICS)) {
      Path file = folder.resolve(Av2Layout.CALIBRATION).resolve(name);
      if (Files.exists(file)) {
        addCalibration(file, Av2Layout.CALIBRATION + "/" + name, name);
        if (name.equals(Av2Layout.EXTRINSICS)) {
          sweeps.mount(LidarMounts.read(file, decompressors));
        }
      }
    }
    Path sensors = folder.resolve(Av2Layout.SENSORS);
    Path cameras = sensors.resolve(Av2Layout.CAMERAS);
    for (Path camera : children(cameras)) {
      if (Files.isDirectory(camera)) {
        String name = nameOf(camera);
        addFiles(camera, Av2Layout.SENSORS + "/cameras/" + name + "/", name, Modality.CAMERA);
      }
    }
    Path lidar = sensors.resolve(Av2Layout.LIDAR);
    if (Files.isDirectory(lidar)) {
      addFiles(lidar, Av2Layout.SENSORS + "/lidar/", Av2Layout.LIDAR, Modality.LIDAR);
    }
    for (Path file : children(folder)) {
      String name = nameOf(file);
      if (Av2Layout.ANNOTATIONS.matcher(name).matches()) {
        addAnnotations(file, name);
      } else if (name.endsWith(Av2Layout.EXTENSION) && !name.equals(Av2Layout.POSES)) {
        addRows(file, name);
      }
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
        children.forEach(found::add);
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    found.sort(null);
    return found;
  }

  private static String nameOf(Path path) {
    return String.valueOf(path.getFileName());
  }

  private StreamInfo declare(String name, Modality modality, StampSource stamps, String encoding) {
    StreamInfo stream = StreamInfo.of(streams.size(), name, modality, stamps, encoding, null);
    streams.add(stream);
    return stream;
  }

  private void addPoses(Path path, String name) {
    String stream = name.substring(0, name.length() - Av2Layout.EXTENSION.length());
    PoseTable table =
        new PoseTable(declare(stream, Modality.POSE, StampSource.COLUMN, "feather"), name);
    items.add(table(path, name, table));
  }

  private void addCalibration(Path path, String name, String key) {
    CalibrationTable table = new CalibrationTable(name);
    calibrations.put(key, table);
    items.add(table(path, name, table));
  }

  private void addAnnotations(Path path, String name) {
    Annotations table =
        new Annotations(name.substring(0, name.length() - Av2Layout.EXTENSION.length()), name);
    annotations.add(table);
    if (options.labels()) {
      items.add(table(path, name, table));
    }
  }

  private void addRows(Path path, String name) {
    TableRows rows = new TableRows(name);
    others.add(rows);
    items.add(table(path, name, rows));
  }

  private FeatherTable table(Path path, String name, FeatherTable.Content content) {
    return new FeatherTable(path, name, content, options, decompressors, tally);
  }

  private void addFiles(Path folder, String prefix, String sensor, Modality modality)
      throws IOException {
    NumberedFiles files = NumberedFiles.of(folder);
    String encoding = files.entries().isEmpty() ? "" : files.entries().getFirst().extension();
    StreamInfo stream = declare(sensor, modality, StampSource.FILE_NAME, encoding);
    long index = 0;
    for (NumberedFiles.Entry file : files.entries()) {
      addMessage(stream, index++, file.number(), file.path(), prefix, file.extension());
    }
    if (modality == Modality.LIDAR) {
      sweepStampsNs = files.numbers();
    }
  }

  private void addMessage(
      StreamInfo stream, long index, long stampNs, Path path, String prefix, String extension) {
    FileMessage.Content content =
        stream.modality() == Modality.LIDAR
            ? sweeps.content()
            : FileMessage.Content.ofImage(extension);
    FileMessage message =
        new FileMessage(
            stream, index, stampNs, path, prefix + nameOf(path), content, options, tally);
    if (stream.modality() == Modality.LIDAR) {
      sweepMessages.add(message);
    }
    items.add(message);
  }

  /// A file by itself is what its columns say; one that cannot be opened is taken for annotations,
  /// whose reader says why.
  private void planTable(Path file) throws IOException {
    items.add(new Beginning());
    String name = nameOf(file);
    List<String> columns = TableRows.columns(file, decompressors);
    switch (TableKind.of(columns)) {
      case SWEEP -> {
        StreamInfo stream =
            declare(Av2Layout.LIDAR, Modality.LIDAR, StampSource.FILE_NAME, "feather");
        addMessage(stream, 0, TableKind.stampOf(name), file, "", "feather");
      }
      case POSES -> addPoses(file, name);
      case EXTRINSICS -> addCalibration(file, name, Av2Layout.EXTRINSICS);
      case INTRINSICS -> addCalibration(file, name, Av2Layout.INTRINSICS);
      case ANNOTATIONS -> addAnnotations(file, name);
      case OTHER -> addRows(file, name);
    }
  }

  private void finish(RecordingSink sink) {
    if (!sweeps.span().isEmpty()) {
      sink.note(Av2Layout.LIDAR + ": " + sweeps.span());
    }
    if (streams.stream().noneMatch(stream -> stream.modality() == Modality.POSE)) {
      sink.note("no poses of the vehicle");
    }
    reportFlow(sink);
    CalibrationTable.report(
        calibrations.get(Av2Layout.EXTRINSICS), calibrations.get(Av2Layout.INTRINSICS), sink);
    for (Annotations table : annotations) {
      for (LabelSet set : table.sets()) {
        sink.labels(set);
      }
    }
    sink.coverage(tally.coverage());
  }

  /// Scene flow has one row for each point of one sweep.
  private void reportFlow(RecordingSink sink) {
    for (TableRows table : others) {
      if (!table.name().equals(Av2Layout.FLOW) || sweepMessages.isEmpty() || !table.read()) {
        continue;
      }
      sink.examined(DefectKind.COUNT_MISMATCH, 1);
      if (sweepMessages.stream().noneMatch(sweep -> sweep.points() == table.rows())) {
        sink.defect(
            Defect.of(
                DefectKind.COUNT_MISMATCH,
                Location.file(table.name()),
                new Evidence.Violation(
                    "rows", Long.toString(table.rows()), "the points of one of the sweeps")));
      }
    }
  }

  /// Declares the streams.
  private final class Beginning implements FileItem {
    @Override
    public void scan() {}

    @Override
    public void commit(RecordingSink sink) {
      streams.forEach(sink::stream);
    }
  }

  /// The stamps of the annotations as a stream, where sweeps of the same stamps are not at hand:
  /// annotations carry the stamps of their sweeps, so these still tell how the LiDAR kept time.
  private final class AnnotationStamps implements FileItem {
    @Override
    public void scan() {}

    @Override
    public void commit(RecordingSink sink) {
      long[] stamps =
          annotations.stream()
              .filter(Annotations::ofOneLog)
              .flatMapToLong(table -> LongStream.of(table.stampsNs()))
              .sorted()
              .distinct()
              .toArray();
      boolean covered =
          LongStream.of(stamps).allMatch(s -> Arrays.binarySearch(sweepStampsNs, s) >= 0);
      if (covered) {
        return;
      }
      // By the name of the label set, so that rules about either know of each other.
      String file = annotations.getFirst().file();
      String name = file.substring(file.lastIndexOf('/') + 1).replace(".feather", "");
      StreamInfo stream =
          declare(
              annotations.size() == 1 ? name : "annotations",
              Modality.LABELS,
              StampSource.COLUMN,
              "feather");
      sink.stream(stream);
      MessageBatch rows = new MessageBatch(stream, stamps.length);
      for (long stampNs : stamps) {
        int row = rows.add(stampNs, Times.NONE, Times.NONE, 0, 0);
        rows.setFile(row, annotations.getFirst().file());
      }
      sink.messages(rows);
    }
  }
}
