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
  /// Limits were set with sight of drives below.
  private static final long FIRST_SEED = 1001;

  private SensorLabels() {}

  /// A sequence.
  static final class Sided {
    private final int number;
    private final LabelSet clean;
    private final LabelTable labels;
    private final SensorDrive drive;
    private final Map<String, Integer> rows;

    private Sided(
        int number,
        LabelSet clean,
        LabelTable labels,
        SensorDrive drive,
        Map<String, Integer> rows) {
      this.number = number;
      this.clean = clean;
      this.labels = labels;
      this.drive = drive;
      this.rows = rows;
    }

    private static Sided of(int number, LabelSet clean, SensorDrive drive) {
      Map<String, Integer> rows = new HashMap<>();
      for (int row = 0; row < clean.size(); row++) {
        rows.put(key(clean, row), row);
      }
      return new Sided(number, clean, LabelTable.of(clean), drive, rows);
    }

    /// Its number.
    int number() {
      return number;
    }

    /// Its labels as a table.
    LabelTable labels() {
      return labels;
    }

    /// Calibration and poses.
    SensorDrive drive() {
      return drive;
    }

    /// Labels of a table, with what the table does not hold: the frame, and what hides or cuts the
    /// objects.
    LabelSet build(LabelTable table) {
      LabelSet set = table.build();
      set.details().setFrameName(clean.details().frameName());
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
        new KittiTracking(FIRST_SEED + i, frames, 60).write(root, i);
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
        all.add(Sided.of(all.size(), labels, drive));
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
