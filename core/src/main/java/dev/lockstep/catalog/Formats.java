package dev.lockstep.catalog;

import dev.lockstep.source.SourceFormat;
import dev.lockstep.source.av2.Av2Format;
import dev.lockstep.source.kitti.KittiFormat;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.source.rosbag1.Rosbag1Format;
import dev.lockstep.source.rosbag2.Rosbag2Format;
import java.util.List;

/// Every format.
public final class Formats {
  /// In order of names.
  public static final List<SourceFormat> ALL =
      List.of(
          new Av2Format(),
          new KittiFormat(),
          new McapFormat(),
          new Rosbag1Format(),
          new Rosbag2Format(new McapFormat()));

  private Formats() {}
}
