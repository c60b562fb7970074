package dev.lockstep.check.label;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.source.kitti.KittiFormat;
import dev.lockstep.synth.KittiTracking;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.RecordedReading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A synthetic sequence whose labels have 2D and 3D boxes, and what is known of its cameras.
final class SideScenes {
  private static final RecordedReading READ = read();

  private SideScenes() {}

  private static RecordedReading read() {
    try {
      Path root = Files.createTempDirectory("sides");
      try {
        new KittiTracking(3, 120, 60).write(root, 0);
        return RecordedReading.of(new KittiFormat(), root.resolve("label_02/0000.txt"));
      } finally {
        try (Stream<Path> files = Files.walk(root)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static LabelTable labels() {
    return LabelTable.of(READ.labels().getFirst());
  }

  static LabelSet build(LabelTable table) {
    LabelSet set = table.build();
    set.details().setFrameName("image_00");
    return set;
  }

  /// The 2D boxes of earlier instants (of later ones if below 0).
  static LabelTable flatLagging(int frames) {
    LabelTable table = labels();
    Map<String, LabelTable.Box> by = new HashMap<>();
    labels().boxes.forEach(b -> by.put(b.track + "@" + b.frame, b));
    return table.where(b -> {
      LabelTable.Box other = by.get(b.track + "@" + (b.frame - frames));
      if (other == null) {
        return false;
      }
      b.left = other.left;
      b.top = other.top;
      b.right = other.right;
      b.bottom = other.bottom;
      return true;
    });
  }

  static LabelCheck.Context context() {
    return context(READ.calibrations());
  }

  static LabelCheck.Context context(List<Calibration> calibrations) {
    Map<LabelSet, SharedAnalyses> shared = new HashMap<>();
    return new LabelCheck.Context() {
      @Override
      public PoseSeries poses() {
        return null;
      }

      @Override
      public List<Sweeps> sweeps() {
        return List.of();
      }

      @Override
      public List<Calibration> calibrations() {
        return calibrations;
      }

      @Override
      public SharedAnalyses shared(LabelSet set) {
        return shared.computeIfAbsent(set, s -> new SharedAnalyses());
      }

      @Override
      public String reported(String labelSet, long stampNs) {
        return null;
      }
    };
  }
}
