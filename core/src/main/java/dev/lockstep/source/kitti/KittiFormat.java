package dev.lockstep.source.kitti;

import dev.lockstep.labels.kitti.TrackingLabels;
import dev.lockstep.labels.kitti.TrackletLabels;
import dev.lockstep.mapped.TextLines;
import dev.lockstep.source.Match;
import dev.lockstep.source.Probe;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.RecordingIndex;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.ScannedIndex;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// KITTI: raw drives, tracking label files, tracklet files.
///
/// A recording is a drive's folder, or the date folder that holds calibration and that one drive;
/// or a single label file, together with what a tracking data set keeps beside it for the same
/// sequence. A folder of label files is no recording: each of its files is one.
public final class KittiFormat implements SourceFormat {
  /// Lines of a file that are looked at to recognise labels.
  private static final int PROBED_LINES = 8;

  @Override
  public String name() {
    return "kitti";
  }

  @Override
  public String summary() {
    return "KITTI raw drives (stamp lists, sweeps, images, GPS/IMU, calibration, tracklets) and"
        + " tracking label files";
  }

  @Override
  public Match match(Probe probe) {
    return probe.isDirectory() ? matchFolder(probe) : matchFile(probe);
  }

  private static Match matchFolder(Probe probe) {
    Path folder = probe.path();
    String name = nameOf(folder);
    boolean sensors = probe.children().stream().anyMatch(child -> isSensorFolder(folder, child));
    if (sensors) {
      return Match.yes("sensor folders of a KITTI drive");
    }
    if (KittiLayout.DATE.matcher(name).matches()) {
      return matchDate(probe);
    }
    if (KittiLayout.DRIVE.matcher(name).matches()) {
      boolean holdsFolders =
          probe.children().stream().anyMatch(child -> Files.isDirectory(folder.resolve(child)));
      if (!holdsFolders || probe.hasChild(TrackletLabels.FILE_NAME)) {
        return Match.yes("name of a KITTI drive");
      }
    }
    return Match.no("no sensor folder of a KITTI drive");
  }

  private static Match matchDate(Probe probe) {
    long drives =
        probe.children().stream()
            .filter(child -> KittiLayout.DRIVE.matcher(child).matches())
            .filter(child -> Files.isDirectory(probe.path().resolve(child)))
            .count();
    boolean calibrated = KittiLayout.CALIBRATIONS.stream().anyMatch(probe::hasChild);
    return drives == 1 && calibrated
        ? Match.yes("one KITTI drive and its calibration")
        : Match.no("not one KITTI drive with its calibration");
  }

  /// A tracking data set has folders of the same names; there, sequences lie in them.
  private static boolean isSensorFolder(Path folder, String child) {
    Path path = folder.resolve(child);
    if (child.equals(KittiLayout.VELODYNE)) {
      return Files.isDirectory(path);
    }
    if (!child.equals(KittiLayout.OXTS) && !KittiLayout.IMAGES.matcher(child).matches()) {
      return false;
    }
    return Files.isDirectory(path.resolve(KittiLayout.DATA))
        || Files.exists(path.resolve(KittiLayout.STAMPS));
  }

  private static Match matchFile(Probe probe) {
    String name = nameOf(probe.path());
    if (name.endsWith(TrackletLabels.FILE_NAME)) {
      return Match.yes("name of a KITTI tracklet file");
    }
    if (!name.endsWith(".txt")) {
      return Match.no("neither a KITTI folder nor a label file");
    }
    Path parent = probe.path().toAbsolutePath().normalize().getParent();
    if (KittiLayout.SEQUENCE_FILE.matcher(name).matches()
        && parent != null
        && KittiLayout.LABEL_FOLDER.matcher(nameOf(parent)).matches()) {
      return Match.yes("name of a KITTI tracking label file");
    }
    return holdsLabels(probe.head())
        ? Match.yes("columns of KITTI tracking labels")
        : Match.no("no KITTI tracking labels");
  }

  /// Whether most of the first lines are labels; a last one that the probe cuts does not count.
  private static boolean holdsLabels(byte[] head) {
    TextLines lines = new TextLines(MemorySegment.ofArray(head));
    int labels = 0;
    int others = 0;
    while (labels + others < PROBED_LINES && lines.next()) {
      boolean cut = !lines.terminated() && head.length == Probe.HEAD_BYTES;
      if (cut || lines.blank()) {
        continue;
      }
      if (TrackingLabels.looksLikeLabel(lines.text())) {
        labels++;
      } else {
        others++;
      }
    }
    return labels > others;
  }

  private static String nameOf(Path path) {
    @Nullable Path name = path.toAbsolutePath().normalize().getFileName();
    return name == null ? "" : name.toString();
  }

  /// Of a drive the calibration beside it, of a tracking label file what its sequence has.
  @Override
  public List<Path> dependsOn(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    Path folder = absolute.getParent();
    if (folder == null) {
      return List.of();
    }
    if (Files.isDirectory(path)) {
      return KittiLayout.CALIBRATIONS.stream().map(folder::resolve).toList();
    }
    return Sequence.isInDataSet(absolute) ? Sequence.siblings(folder, nameOf(path)) : List.of();
  }

  @Override
  public RecordingReader open(Path path, ReadOptions options) throws IOException {
    return Files.isDirectory(path) ? Drive.open(path, options) : Sequence.open(path, options);
  }

  /// By names and stamp lists, without looking into the files of sensors.
  @Override
  public RecordingIndex index(Path path) throws IOException {
    return ScannedIndex.of(path, open(path, ReadOptions.STRUCTURE), false);
  }

  @Override
  public RecordingCutter cutter(Path path) throws IOException {
    return new DriveCutter(path, ScannedIndex.of(path, open(path, ReadOptions.STRUCTURE), false));
  }
}
