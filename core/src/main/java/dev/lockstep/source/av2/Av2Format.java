package dev.lockstep.source.av2;

import dev.lockstep.source.Match;
import dev.lockstep.source.Probe;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.RecordingIndex;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.ScannedIndex;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Argoverse 2: the folder of a sensor log, or a single Feather table.
///
/// Any part of a log may be absent: annotations are in the test split, sensors are wherever only
/// labels and poses were downloaded.
public final class Av2Format implements SourceFormat {
  @Override
  public String name() {
    return "av2";
  }

  @Override
  public String summary() {
    return "Argoverse 2 sensor logs (Feather sweeps, poses, calibration, annotations; camera"
        + " images) and single Feather tables";
  }

  @Override
  public Match match(Probe probe) {
    if (!probe.isDirectory()) {
      return probe.fileName().endsWith(Av2Layout.EXTENSION)
          ? Match.yes("Feather file")
          : Match.no("no Feather file");
    }
    boolean tables =
        probe.hasChild(Av2Layout.POSES)
            || probe.children().stream()
                .anyMatch(child -> Av2Layout.ANNOTATIONS.matcher(child).matches());
    if (tables) {
      return Match.yes("tables of an Argoverse 2 log");
    }
    Path folder = probe.path();
    Path sensors = folder.resolve(Av2Layout.SENSORS);
    if (Files.isDirectory(sensors.resolve(Av2Layout.LIDAR))
        || Files.isDirectory(sensors.resolve(Av2Layout.CAMERAS))
        || Files.exists(folder.resolve(Av2Layout.CALIBRATION).resolve(Av2Layout.EXTRINSICS))) {
      return Match.yes("sensor folders of an Argoverse 2 log");
    }
    Path name = folder.toAbsolutePath().normalize().getFileName();
    boolean named = name != null && Av2Layout.UUID.matcher(name.toString()).matches();
    return named && Files.isDirectory(folder.resolve(Av2Layout.MAP))
        ? Match.yes("name and map of an Argoverse 2 log")
        : Match.no("no part of an Argoverse 2 log");
  }

  @Override
  public RecordingReader open(Path path, ReadOptions options) throws IOException {
    return Files.isDirectory(path) ? Log.open(path, options) : Log.openTable(path, options);
  }

  /// By names and stamp lists, without looking into the files of sensors.
  @Override
  public RecordingIndex index(Path path) throws IOException {
    return ScannedIndex.of(path, open(path, ReadOptions.STRUCTURE), false);
  }

  @Override
  public RecordingCutter cutter(Path path) throws IOException {
    return new LogCutter(path, ScannedIndex.of(path, open(path, ReadOptions.STRUCTURE), false));
  }
}
