package dev.lockstep.bench.time;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.check.Alignment;
import dev.lockstep.clock.PoseLattices;
import dev.lockstep.clock.RisingStamps;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.engine.RecordingRun;
import dev.lockstep.model.Modality;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.Times;
import dev.lockstep.source.folder.FolderFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Finds stamps of real sensors: those of recordings, and those of triggered cameras among poses.
/// Labels of Argoverse 2 carry the stamps of all sweeps, whose files are absent.
final class RealSeries {
  /// Messages that a series must have; judged: several seconds.
  private static final int LEAST = 90;

  /// Data sets by what their paths contain.
  private static final Map<String, String> DATA_SETS =
      Map.of(
          "kitti", "KITTI",
          "av2", "Argoverse 2",
          "Kimera-VIO", "EuRoC",
          "comma2k19", "comma2k19");

  private final List<Series> found = new ArrayList<>();

  private RealSeries() {}

  /// The series of all recordings below `root`, those that a layout describes included, in order.
  ///
  /// @throws IOException if a file cannot be read
  static List<Series> below(Path root) throws IOException {
    RealSeries series = new RealSeries();
    try (Engine engine =
        new Engine(
            Checks.select(List.of("SYN"), List.of()), EngineOptions.defaults().withAllKept())) {
      for (Recording recording : recordings(root)) {
        try (RecordingRun run =
            engine.open(
                recording.path(),
                recording.name(),
                recording.format(),
                finding -> {},
                (done, total) -> {})) {
          run.advance(run.available(), true);
          run.finish();
          String dataSet = dataSet(root.relativize(recording.path()));
          series.add(dataSet, String.valueOf(recording.path().getFileName()), run.alignment());
        }
      }
    }
    return series.found;
  }

  private static String dataSet(Path path) {
    for (Path part : path) {
      String known = DATA_SETS.get(part.toString());
      if (known != null) {
        return known;
      }
    }
    throw new IllegalArgumentException(path + ": of no known data set");
  }

  private static List<Recording> recordings(Path root) throws IOException {
    List<Recording> all = new ArrayList<>();
    for (String family : List.of("kitti/python_camera_library", "av2")) {
      Path folder = root.resolve(family);
      if (Files.isDirectory(folder)) {
        all.addAll(new RecordingFinder(Formats.ALL).find(folder).recordings());
      }
    }
    // A folder that a known layout describes.
    addFolders(root.resolve("multisensor/Kimera-VIO"), "mav0", "euroc", true, all);
    addFolders(root.resolve("multisensor/comma2k19"), "global_pose", "comma2k19", true, all);
    return all;
  }

  private static void addFolders(
      Path root, String marker, String preset, boolean parent, List<Recording> all)
      throws IOException {
    if (!Files.isDirectory(root)) {
      return;
    }
    FolderFormat format = FolderFormat.of(FolderFormat.preset(preset), preset, LabelFormats.ALL);
    try (var walk = Files.walk(root)) {
      for (Path found :
          (Iterable<Path>)
              walk.filter(path -> path.endsWith(marker) && Files.isDirectory(path)).sorted()
                  ::iterator) {
        Path folder = parent ? found.getParent() : found;
        if (folder != null) {
          all.add(new Recording(folder, format, folder.toString()));
        }
      }
    }
  }

  private void add(String dataSet, String rig, Alignment alignment) {
    boolean cameras = false;
    for (Alignment.Stream stream : alignment.all()) {
      cameras |= stream.info().modality() == Modality.CAMERA;
    }
    PoseSeries poses = alignment.poses();
    for (Alignment.Stream stream : alignment.all()) {
      boolean merged = stream.info().modality() == Modality.POSE && poses != null && !cameras;
      if (!merged && stream.info().stampSource().measuredAtSensor()) {
        add(
            dataSet,
            rig,
            stream.name(),
            stream.info().modality(),
            stream.info().stampSource(),
            stream.stampsNs());
      }
    }
    if (!cameras && poses != null) {
      int number = 0;
      for (RisingStamps camera : PoseLattices.find(poses)) {
        // Sensors that are triggered together share some poses: of those one is enough.
        if (!hasHole(camera)) {
          add(
              dataSet,
              rig,
              "camera_" + number++,
              Modality.CAMERA,
              StampSource.COLUMN,
              camera.stampsNs());
        }
      }
    }
  }

  private static boolean hasHole(RisingStamps camera) {
    double step = camera.medianStepNs();
    for (int i = 1; i < camera.size(); i++) {
      if (camera.stampsNs()[i] - camera.stampsNs()[i - 1] > 1.5 * step) {
        return true;
      }
    }
    return false;
  }

  private void add(
      String dataSet,
      String rig,
      String name,
      Modality modality,
      StampSource source,
      long[] stamps) {
    long[] known = Arrays.stream(stamps).filter(s -> s != Times.NONE).toArray();
    // Some recordings are there twice.
    if (known.length >= LEAST && found.stream().noneMatch(s -> s.isSame(rig, name, known))) {
      int id = (int) found.stream().filter(s -> s.rig().equals(rig)).count();
      found.add(new Series(dataSet, rig, Series.info(id, name, modality, source), known, null));
    }
  }
}
