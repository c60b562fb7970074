package dev.lockstep.source.kitti;

import dev.lockstep.labels.FrameStamps;
import dev.lockstep.labels.kitti.TrackingLabels;
import dev.lockstep.labels.kitti.TrackletLabels;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Modality;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.source.CoverageTally;
import dev.lockstep.source.FileItem;
import dev.lockstep.source.FileListReader;
import dev.lockstep.source.FileMessage;
import dev.lockstep.source.LabelFile;
import dev.lockstep.source.NumberedFiles;
import dev.lockstep.source.Ranges;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.RecordingSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads a label file as a recording: the labels, and, where it lies in a tracking data set, the
/// images, sweeps, GPS/IMU readings and calibration of its sequence. No stamps exist: frames are
/// spaced at [FrameStamps#NOMINAL_PERIOD_NS].
final class Sequence {
  private final ReadOptions options;
  private final CoverageTally tally = new CoverageTally();
  private final List<FileItem> items = new ArrayList<>();
  private final List<StreamInfo> streams = new ArrayList<>();
  private final List<SensorFiles> folders = new ArrayList<>();
  private final OxtsTrack track = new OxtsTrack();
  private @Nullable CalibrationFile calibration;
  private @Nullable OxtsTable oxts;
  private @Nullable LabelFile labels;

  /// The numbered files of a stream.
  private record SensorFiles(StreamInfo stream, NumberedFiles files) {}

  private Sequence(ReadOptions options) {
    this.options = options;
  }

  /// Opens the label file at `path`.
  ///
  /// @throws IOException if a folder may not be read
  static RecordingReader open(Path path, ReadOptions options) throws IOException {
    Sequence sequence = new Sequence(options);
    sequence.plan(path);
    return new FileListReader(sequence.items, sequence::finish);
  }

  /// Whether a label file lies where those of a tracking data set do.
  static boolean isInDataSet(Path labels) {
    Path folder = labels.getParent();
    return folder != null
        && KittiLayout.LABEL_FOLDER.matcher(String.valueOf(folder.getFileName())).matches()
        && KittiLayout.SEQUENCE_FILE.matcher(String.valueOf(labels.getFileName())).matches();
  }

  /// What is read with a label file of a tracking data set.
  static List<Path> siblings(Path labelFolder, String fileName) {
    String number = fileName.substring(0, fileName.lastIndexOf('.'));
    List<Path> siblings = new ArrayList<>();
    siblings.add(labelFolder.resolveSibling(KittiLayout.TRACKING_CALIB).resolve(fileName));
    siblings.add(labelFolder.resolveSibling(KittiLayout.OXTS).resolve(fileName));
    for (String camera : KittiLayout.TRACKING_IMAGES) {
      siblings.add(labelFolder.resolveSibling(camera).resolve(number));
    }
    siblings.add(labelFolder.resolveSibling(KittiLayout.TRACKING_VELODYNE).resolve(number));
    return siblings;
  }

  private void plan(Path path) throws IOException {
    items.add(new Beginning());
    Path absolute = path.toAbsolutePath().normalize();
    String name = String.valueOf(absolute.getFileName());
    Path folder = absolute.getParent();
    String folderName = folder == null ? "" : String.valueOf(folder.getFileName());
    if (name.endsWith(TrackletLabels.FILE_NAME)) {
      labels = Drive.tracklets(absolute, name, FrameStamps.nominal(), options, tally);
    } else {
      boolean inDataSet = isInDataSet(absolute);
      Path root = folder == null ? null : folder.getParent();
      if (inDataSet && root != null) {
        planSiblings(root, name);
      }
      labels = tracking(absolute, inDataSet ? folderName : "labels", name);
    }
    items.add(labels);
  }

  private void planSiblings(Path root, String fileName) throws IOException {
    String number = fileName.substring(0, fileName.lastIndexOf('.'));
    Path calib = root.resolve(KittiLayout.TRACKING_CALIB).resolve(fileName);
    if (Files.exists(calib)) {
      calibration =
          new CalibrationFile(calib, "../" + KittiLayout.TRACKING_CALIB + "/" + fileName, tally);
      items.add(calibration);
    }
    for (String camera : KittiLayout.TRACKING_IMAGES) {
      planFolder(root, camera, number, Modality.CAMERA);
    }
    Path table = root.resolve(KittiLayout.OXTS).resolve(fileName);
    if (Files.exists(table)) {
      StreamInfo stream = declare(KittiLayout.OXTS, Modality.GNSS, "txt");
      String name = "../" + KittiLayout.OXTS + "/" + fileName;
      oxts = new OxtsTable(stream, table, name, options, tally, track);
      items.add(oxts);
    }
    planFolder(root, KittiLayout.TRACKING_VELODYNE, number, Modality.LIDAR);
  }

  private StreamInfo declare(String name, Modality modality, String encoding) {
    StreamInfo stream =
        StreamInfo.of(streams.size(), name, modality, StampSource.FRAME_NUMBER, encoding, null);
    streams.add(stream);
    return stream;
  }

  private void planFolder(Path root, String sensor, String number, Modality modality)
      throws IOException {
    Path folder = root.resolve(sensor).resolve(number);
    if (!Files.isDirectory(folder)) {
      return;
    }
    NumberedFiles files = NumberedFiles.of(folder);
    String encoding = files.entries().isEmpty() ? "" : files.entries().getFirst().extension();
    StreamInfo stream = declare(sensor, modality, encoding);
    folders.add(new SensorFiles(stream, files));
    long index = 0;
    for (NumberedFiles.Entry file : files.entries()) {
      FileMessage.Content content =
          modality == Modality.LIDAR
              ? SweepPoints.content(file.extension())
              : FileMessage.Content.ofImage(file.extension());
      items.add(
          new FileMessage(
              stream,
              index++,
              file.number() * FrameStamps.NOMINAL_PERIOD_NS,
              file.path(),
              "../" + sensor + "/" + number + "/" + file.path().getFileName(),
              content,
              options,
              tally));
    }
  }

  private LabelFile tracking(Path path, String setName, String name) {
    LabelFile.Parser parser =
        (file, defects) -> {
          TrackingLabels.Result result =
              TrackingLabels.read(file, setName, name, FrameStamps.nominal(), defects);
          return new LabelFile.Parsed(
              result.labels(), Map.of(DefectKind.LABEL_MALFORMED, result.lines()));
        };
    return new LabelFile(path, name, parser, options, tally);
  }

  private void finish(RecordingSink sink) {
    CalibrationFile file = calibration;
    if (file != null) {
      Rig.ofSequence(file, sink);
      file.report(sink);
    }
    int readings = oxts == null ? 0 : oxts.messages();
    for (SensorFiles folder : folders) {
      reportMissing(folder, readings, sink);
    }
    PoseSeries poses = track.series();
    if (poses.size() > 0) {
      sink.poses(poses);
    }
    if (labels != null) {
      labels.sets().forEach(sink::labels);
    }
    sink.coverage(tally.coverage());
  }

  /// Holes in the numbers are losses; a folder that ends early may have been cut on purpose.
  private void reportMissing(SensorFiles folder, int readings, RecordingSink sink) {
    sink.examined(DefectKind.COUNT_MISMATCH, 1);
    long[] present = folder.files().numbers();
    long last = present.length == 0 ? -1 : present[present.length - 1];
    String have = present.length + " files, ";
    if (last - present.length >= StampList.MAX_LINES) {
      sink.note(folder.stream().name() + ": names of files are no frame numbers");
      return;
    }
    long[] all = new long[(int) last + 1];
    Arrays.setAll(all, i -> i);
    long[] missing = Ranges.without(all, present);
    if (missing.length > 0) {
      Evidence loss =
          new Evidence.Loss(
              missing.length == 1 ? "file" : "files",
              missing.length,
              "numbers " + Ranges.text(missing) + "; " + have + "last " + last);
      sink.defect(
          Defect.of(
              DefectKind.COUNT_MISMATCH,
              Location.stream(folder.stream().name())
                  .withFrames(missing[0], missing[missing.length - 1]),
              loss));
    }
    if (last + 1 < readings) {
      Evidence loss =
          new Evidence.Loss(
              "files",
              readings - last - 1,
              "numbers "
                  + Ranges.text(last + 1, readings - 1L)
                  + "; "
                  + have
                  + readings
                  + " GPS/IMU readings");
      sink.defect(
          new Defect(
              DefectKind.COUNT_MISMATCH,
              Severity.WARNING,
              Location.stream(folder.stream().name()).withFrames(last + 1, readings - 1L),
              loss));
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
}
