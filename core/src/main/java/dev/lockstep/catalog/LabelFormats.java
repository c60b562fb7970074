package dev.lockstep.catalog;

import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.av2.Av2Labels;
import dev.lockstep.labels.cvat.CvatLabels;
import dev.lockstep.labels.darwin.DarwinLabels;
import dev.lockstep.labels.kitti.KittiTracking;
import dev.lockstep.labels.kitti.KittiTracklets;
import dev.lockstep.labels.labelstudio.LabelStudioLabels;
import dev.lockstep.labels.log.LabelLog;
import dev.lockstep.labels.log.LabelTableFile;
import dev.lockstep.labels.mot.MotLabels;
import dev.lockstep.labels.openlabel.OpenLabel;
import dev.lockstep.labels.scalabel.ScalabelLabels;
import dev.lockstep.labels.scale.ScaleLabels;
import dev.lockstep.labels.waymo.WaymoLabels;
import java.util.List;
import java.util.stream.Collectors;

/// Every label format.
public final class LabelFormats {
  /// In order of names.
  public static final List<LabelFormat> ALL =
      List.of(
          new Av2Labels(),
          new CvatLabels(),
          new DarwinLabels(),
          new KittiTracking(),
          new KittiTracklets(),
          new LabelLog(),
          new LabelStudioLabels(),
          new LabelTableFile(),
          new MotLabels(),
          new OpenLabel(),
          new ScalabelLabels(),
          new ScaleLabels(),
          new WaymoLabels());

  private LabelFormats() {}

  /// The format of that name.
  ///
  /// @throws IllegalArgumentException if there is none; the message lists those that there are
  public static LabelFormat named(String name) {
    return ALL.stream()
        .filter(format -> format.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "unknown label format: "
                    + name
                    + " (known: "
                    + ALL.stream().map(LabelFormat::name).collect(Collectors.joining(", "))
                    + ")"));
  }
}
