package dev.lockstep.source.nuscenes;

import dev.lockstep.labels.BoxExamination;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The boxes of the table of annotations: in the world, one track an instance, each with the stamp
/// of its sample, its attributes and how much of it cameras see.
final class Annotations {
  /// Name of the label set.
  static final String NAME = "sample_annotation";

  /// Name under which the names in the table of attributes stand, one or several a box.
  static final String ATTRIBUTE = "attribute";

  /// Name under which the level of visibility stands.
  static final String VISIBILITY = "visibility";

  /// Levels of visibility of nuScenes and Lyft: share of the object that cameras see, percent.
  private static final Pattern SHARE = Pattern.compile("v(\\d{1,3})-(\\d{1,3})");

  private Annotations() {}

  /// All boxes whose sample is known.
  static LabelSet read(
      Table annotations,
      Table samples,
      Table instances,
      Table categories,
      Table attributes,
      Table visibilities) {
    LabelSet labels = new LabelSet(NAME, LabelSet.Frame.WORLD, StampSource.COLUMN);
    int[] sample = annotations.link("sample_token");
    int[] instance = annotations.link("instance_token");
    int[] category = instances.link("category_token");
    double[] centre = annotations.vectors("translation");
    double[] size = annotations.vectors("size");
    double[] turn = annotations.vectors("rotation");
    int[] visibility = annotations.link("visibility_token");
    Links.ListLinks said = annotations.links().lists("attribute_tokens");
    int entry = 0;
    Map<Integer, String> tracks = new HashMap<>();
    for (int row = 0; row < annotations.rows(); row++) {
      int firstEntry = entry;
      while (entry < said.rows().length && said.rows()[entry] == row) {
        entry++;
      }
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
      List<Attribute> list = new ArrayList<>(2);
      for (int i = firstEntry; i < entry; i++) {
        if (said.targets()[i] >= 0) {
          list.add(new Attribute(ATTRIBUTE, attributes.name("name", said.targets()[i])));
        }
      }
      if (visibility[row] >= 0) {
        String level = visibilities.name("level", visibility[row]);
        list.add(new Attribute(VISIBILITY, level));
        labels.setVisibility(at, Double.NaN, hidden(level));
      }
      labels.details().setAttributes(at, list);
      labels.setPoints(at, Math.max(-1, annotations.number("num_lidar_pts", row)));
    }
    labels.seal();
    return labels;
  }

  /// Share of an object that is hidden, in the middle of what its level of visibility says; NaN of
  /// levels in words.
  private static double hidden(String level) {
    Matcher share = SHARE.matcher(level);
    return share.matches()
        ? 1 - (Integer.parseInt(share.group(1)) + Integer.parseInt(share.group(2))) / 200.0
        : Double.NaN;
  }

  /// Looks for boxes that cannot exist.
  static void examine(LabelSet labels, Faults faults) {
    long boxes = BoxExamination.examine(labels, defect -> faults.add("box", defect));
    faults.examined(DefectKind.BOX_INVALID, boxes);
  }
}
