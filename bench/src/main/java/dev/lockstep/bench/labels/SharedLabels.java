package dev.lockstep.bench.labels;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.source.IgnoringSink;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.source.av2.Av2Format;
import dev.lockstep.source.kitti.KittiFormat;
import dev.lockstep.synth.fault.LabelTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Real labels beside the project, where there are any.
final class SharedLabels {
  private SharedLabels() {}

  /// KITTI tracking and Argoverse 2 labels below `data`; none where they are absent.
  static List<Sequence> below(Path data) throws IOException {
    List<Sequence> all = new ArrayList<>();
    int number = 0;
    for (Path file : list(data.resolve("kitti/OpenTraj/datasets/KITTI/data/label"))) {
      add(all, "KITTI", number++, new KittiFormat(), file);
    }
    Path unit = data.resolve("av2/av2-api/tests/unit");
    List<Path> logs = new ArrayList<>(list(unit.resolve("evaluation/scenario_mining/data")));
    logs.add(unit.resolve("geometry/data/b87683ae-14c5-321f-8af3-623e7bafc3a7"));
    logs.add(unit.resolve("test_data/sensor/val/7fab2350-7eaf-3b7e-a39d-6937a4c1bede"));
    number = 0;
    for (Path log : logs) {
      if (Files.isDirectory(log)) {
        add(all, "Argoverse 2", number++, new Av2Format(), log);
      }
    }
    return all;
  }

  private static List<Path> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static void add(
      List<Sequence> all, String dataset, int number, SourceFormat format, Path path)
      throws IOException {
    Labels read = new Labels();
    try (RecordingReader reader = format.open(path, ReadOptions.DEFAULT)) {
      reader.readAll(read);
    }
    LabelSet labels = read.labels;
    if (labels != null) {
      all.add(new Sequence(dataset, number, LabelTable.of(labels), read.poses));
    }
  }

  /// Keeps the first label set and the poses.
  private static final class Labels extends IgnoringSink {
    @Nullable LabelSet labels;
    @Nullable PoseSeries poses;

    @Override
    public void labels(LabelSet set) {
      labels = labels == null ? set : labels;
    }

    @Override
    public void poses(PoseSeries series) {
      poses = poses == null ? series : poses;
    }
  }
}
