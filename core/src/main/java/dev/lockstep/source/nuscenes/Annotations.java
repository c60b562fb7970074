package dev.lockstep.source.nuscenes;

import dev.lockstep.labels.BoxExamination;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.Times;
import java.util.HashMap;
import java.util.Map;

/// The boxes of the table of annotations: in the world, one track an instance, each with the stamp
/// of its sample.
final class Annotations {
  /// Name of the label set.
  static final String NAME = "sample_annotation";

  private Annotations() {}

  /// All boxes whose sample is known.
  static LabelSet read(Table annotations, Table samples, Table instances, Table categories) {
    LabelSet labels = new LabelSet(NAME, LabelSet.Frame.WORLD, StampSource.COLUMN);
    int[] sample = annotations.link("sample_token");
    int[] instance = annotations.link("instance_token");
    int[] category = instances.link("category_token");
    double[] centre = annotations.vectors("translation");
    double[] size = annotations.vectors("size");
    double[] turn = annotations.vectors("rotation");
    Map<Integer, String> tracks = new HashMap<>();
    for (int row = 0; row < annotations.rows(); row++) {
      if (sample[row] < 0 || samples.stampsNs()[sample[row]] == Times.NONE) {
        continue;
      }
      String track = null;
      String name = "unknown";
      if (instance[row] >= 0) {
        track = tracks.computeIfAbsent(instance[row], i -> instances.text(i, "token"));
        int named = category[instance[row]];
        name = named >= 0 ? categories.name("name", named) : name;
      } else if (!instances.whole()) {
        track = annotations.text(row, "instance_token");
      }
      int at =
          labels.add(samples.stampsNs()[sample[row]], -1, track, name, annotations.file(), row);
      int t = row * 3;
      int q = row * 4;
      // Sizes are given as width, length, height.
      labels.setBox3d(
          at,
          centre[t],
          centre[t + 1],
          centre[t + 2],
          size[t + 1],
          size[t],
          size[t + 2],
          turn[q],
          turn[q + 1],
          turn[q + 2],
          turn[q + 3]);
      labels.setPoints(at, Math.max(-1, annotations.number("num_lidar_pts", row)));
    }
    labels.seal();
    return labels;
  }

  /// Looks for boxes that cannot exist.
  static void examine(LabelSet labels, Faults faults) {
    long boxes = BoxExamination.examine(labels, defect -> faults.add("box", defect));
    faults.examined(DefectKind.BOX_INVALID, boxes);
  }
}
