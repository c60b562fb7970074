package dev.lockstep.source.kitti;

import dev.lockstep.labels.FrameStamps;
import dev.lockstep.labels.kitti.TrackletLabels;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Modality;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.source.CoverageTally;
import dev.lockstep.source.FileItem;
import dev.lockstep.source.FileListReader;
import dev.lockstep.source.FileMessage;
import dev.lockstep.source.LabelFile;
import dev.lockstep.source.NumberedFiles;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.StampedRows;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads a raw drive: stamp lists first, then calibration, then each stream's files in order, then
/// tracklets. Memory grows with the number of files and stamps, not with their size.
final class Drive {
  private final ReadOptions options;
  private final CoverageTally tally = new CoverageTally();
  private final List<DriveStream> streams = new ArrayList<>();
  private final List<FileItem> items = new ArrayList<>();
  private final Map<String, CalibrationFile> calibrations = new TreeMap<>();
  private final OxtsTrack track = new OxtsTrack();
  private @Nullable LabelFile tracklets;

  private Drive(ReadOptions options) {
    this.options = options;
  }

  /// Opens the drive in a folder, or the only drive of a date folder.
  ///
  /// @throws IOException if a folder may not be read
  static RecordingReader open(Path folder, ReadOptions options) throws IOException {
    Drive drive = new Drive(options);
    Path only = onlyDrive(folder);
    if (only != null) {
      drive.plan(only, only.getFileName() + "/", folder, "");
    } else {
      Path parent = folder.toAbsolutePath().normalize().getParent();
      drive.plan(folder, "", parent == null ? folder : parent, "../");
    }
    return new FileListReader(drive.items, drive::finish);
  }

  /// The drive in a date folder, or null where the folder is a drive itself.
  private static @Nullable Path onlyDrive(Path folder) throws IOException {
    for (Path child : folders(folder)) {
      if (KittiLayout.DRIVE.matcher(String.valueOf(child.getFileName())).matches()) {
        return child;
      }
    }
    return null;
  }

  private static List<Path> folders(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder, Files::isDirectory)) {
      children.forEach(found::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    found.sort(null);
    return found;
  }

  private void plan(Path drive, String prefix, Path calibration, String calibrationPrefix)
      throws IOException {
    for (Path folder : folders(drive)) {
      String name = String.valueOf(folder.getFileName());
      Modality modality = modality(name);
      if (modality != null) {
        streams.add(DriveStream.open(streams.size(), folder, prefix + name + "/", modality));
      }
    }
    int longest = 0;
    for (DriveStream stream : streams) {
      longest = Math.max(longest, stream.stamps().stampedLines());
    }
    for (DriveStream stream : streams) {
      stream.settle(longest);
    }
    Path labels = drive.resolve(TrackletLabels.FILE_NAME);
    boolean labelled = Files.exists(labels);
    items.add(new Beginning(streams.isEmpty() && !labelled));
    for (String name : KittiLayout.CALIBRATIONS) {
      Path file = calibration.resolve(name);
      if (Files.exists(file)) {
        CalibrationFile item = new CalibrationFile(file, calibrationPrefix + name, tally);
        calibrations.put(name, item);
        items.add(item);
      }
    }
    for (DriveStream stream : streams) {
      planMessages(stream, prefix);
    }
    if (labelled) {
      tracklets =
          tracklets(labels, prefix + TrackletLabels.FILE_NAME, sweepStamps(), options, tally);
      items.add(tracklets);
    }
  }

  private static @Nullable Modality modality(String folder) {
    if (folder.equals(KittiLayout.VELODYNE)) {
      return Modality.LIDAR;
    }
    if (folder.equals(KittiLayout.OXTS)) {
      return Modality.GNSS;
    }
    return KittiLayout.IMAGES.matcher(folder).matches() ? Modality.CAMERA : null;
  }

  private void planMessages(DriveStream stream, String prefix) {
    String folder = prefix + stream.info().name() + "/" + KittiLayout.DATA + "/";
    long next = 0;
    for (NumberedFiles.Entry file : stream.files()) {
      if (file.number() >= stream.messages()) {
        break;
      }
      planRows(stream, next, file.number() - 1);
      items.add(message(stream, file, folder + file.path().getFileName()));
      next = file.number() + 1;
    }
    planRows(stream, next, stream.messages() - 1L);
  }

  private void planRows(DriveStream stream, long first, long last) {
    if (first <= last) {
      items.add(new StampedRows(stream.info(), stream::stampNs, stream::spanOf, first, last));
    }
  }

  private FileItem message(DriveStream stream, NumberedFiles.Entry file, String name) {
    long stampNs = stream.stampNs(file.number());
    if (stream.info().modality() == Modality.GNSS) {
      return new OxtsMessage(
          stream.info(), file.number(), stampNs, file.path(), name, options, tally, track);
    }
    FileMessage.Content content =
        stream.info().modality() == Modality.LIDAR
            ? SweepPoints.content(file.extension())
            : FileMessage.Content.ofImage(file.extension());
    FileMessage message =
        new FileMessage(
            stream.info(), file.number(), stampNs, file.path(), name, content, options, tally);
    SweepProfile span = stream.spanOf(file.number());
    return span == null ? message : message.spanning(span.firstNs(), span.lastNs());
  }

  private FrameStamps sweepStamps() {
    for (DriveStream stream : streams) {
      if (stream.info().modality() == Modality.LIDAR && stream.stamps().present()) {
        return FrameStamps.of(stream.stampsNs());
      }
    }
    return FrameStamps.nominal();
  }

  /// The item that reads a tracklet file.
  static LabelFile tracklets(
      Path path, String name, FrameStamps stamps, ReadOptions options, CoverageTally tally) {
    LabelFile.Parser parser =
        (file, defects) -> {
          TrackletLabels.Result result =
              TrackletLabels.read(
                  file.toArray(ValueLayout.JAVA_BYTE), "tracklets", name, stamps, defects);
          return new LabelFile.Parsed(
              result.labels(),
              Map.of(
                  DefectKind.LABEL_MALFORMED,
                  result.poses(),
                  DefectKind.COUNT_MISMATCH,
                  result.tracklets() + 1));
        };
    return new LabelFile(path, name, parser, options, tally);
  }

  private void finish(RecordingSink sink) {
    Rig.ofDrive(
        calibrations.get(KittiLayout.CAM_TO_CAM),
        calibrations.get(KittiLayout.VELO_TO_CAM),
        calibrations.get(KittiLayout.IMU_TO_VELO),
        sink);
    calibrations.values().forEach(file -> file.report(sink));
    PoseSeries poses = track.series();
    if (poses.size() > 0) {
      sink.poses(poses);
    }
    if (tracklets != null) {
      tracklets.sets().forEach(sink::labels);
    }
    sink.coverage(tally.coverage());
  }

  /// Declares the streams and tells what lists and names of files say.
  private final class Beginning implements FileItem {
    private final boolean empty;

    Beginning(boolean empty) {
      this.empty = empty;
    }

    @Override
    public void scan() {}

    @Override
    public void commit(RecordingSink sink) {
      streams.forEach(stream -> sink.stream(stream.info()));
      if (empty) {
        sink.defect(
            Defect.of(
                DefectKind.FILE_MISSING,
                Location.RECORDING,
                new Evidence.Violation(
                    "drive", "no sensor folder and no labels", "image_00, velodyne_points, ...")));
      }
      for (DriveStream stream : streams) {
        stream.report(streams.stream().anyMatch(DriveStream::hasData), sink);
        stream.lists().stream()
            .filter(StampList::present)
            .forEach(list -> tally.add(list.lengthBytes()));
      }
    }
  }
}
