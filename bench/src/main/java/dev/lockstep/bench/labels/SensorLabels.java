package dev.lockstep.bench.labels;

import dev.lockstep.bench.files.Folders;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.source.IgnoringSink;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.kitti.KittiFormat;
import dev.lockstep.synth.KittiTracking;
import dev.lockstep.synth.fault.LabelTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Real labels with 2D and 3D boxes and calibration beside the project, where there are any.
final class SensorLabels {
  private SensorLabels() {}

  /// A sequence.
  ///
  /// @param number its number
  /// @param clean its labels
  /// @param labels the same as a table
  /// @param drive calibration and poses
  record Sided(int number, LabelSet clean, LabelTable labels, SensorDrive drive) {
    /// Labels of a table, with what the table does not hold: the frame, and what hides or cuts the
    /// objects.
    LabelSet build(LabelTable table) {
      LabelSet set = table.build();
      set.details().setFrameName(clean.details().frameName());
      Map<String, Integer> rows = new HashMap<>();
      for (int row = 0; row < clean.size(); row++) {
        rows.put(key(clean, row), row);
      }
      for (int row = 0; row < set.size(); row++) {
        Integer of = rows.get(key(set, row));
        if (of != null) {
          set.setVisibility(row, clean.truncated()[of], clean.occluded()[of]);
        }
      }
      return set;
    }

    private static String key(LabelSet set, int row) {
      int track = set.tracks()[row];
      return (track < 0 ? "" : set.trackName(track)) + "@" + set.stampsNs()[row];
    }
  }

  /// Synthetic sequences in the layout of KITTI tracking.
  static List<Sided> synthetic(int count, int frames) throws IOException {
    Path root = Files.createTempDirectory("lockstep-score");
    try {
      for (int i = 0; i < count; i++) {
        new KittiTracking(100L + i, frames, 60).write(root, i);
      }
      return in(root.resolve("label_02"));
    } finally {
      Folders.delete(root);
    }
  }

  /// The sequences of KITTI tracking below `data`.
  static List<Sided> below(Path data) throws IOException {
    return in(data.resolve("kitti/OpenTraj/datasets/KITTI/data/label"));
  }

  private static List<Sided> in(Path folder) throws IOException {
    List<Sided> all = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return all;
    }
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.sorted().toList();
    }
    for (Path file : files) {
      Keeper keeper = new Keeper();
      try (RecordingReader reader = new KittiFormat().open(file, ReadOptions.DEFAULT)) {
        reader.readAll(keeper);
      }
      LabelSet labels = keeper.labels;
      if (labels != null) {
        SensorDrive drive = new SensorDrive(keeper.calibrations, keeper.poses, null);
        all.add(new Sided(all.size(), labels, LabelTable.of(labels), drive));
      }
    }
    return all;
  }

  /// Keeps labels, poses and calibration.
  private static final class Keeper extends IgnoringSink {
    @Nullable LabelSet labels;
    @Nullable PoseSeries poses;
    final List<Calibration> calibrations = new ArrayList<>();

    @Override
    public void labels(LabelSet set) {
      labels = labels == null ? set : labels;
    }

    @Override
    public void poses(PoseSeries series) {
      poses = series;
    }

    @Override
    public void calibration(Calibration calibration) {
      calibrations.add(calibration);
    }
  }
}
