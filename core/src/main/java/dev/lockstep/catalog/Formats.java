package dev.lockstep.catalog;

import dev.lockstep.source.SourceFormat;
import dev.lockstep.source.av2.Av2Format;
import dev.lockstep.source.folder.FolderFormat;
import dev.lockstep.source.kitti.KittiFormat;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.source.mp4.Mp4Format;
import dev.lockstep.source.nuscenes.NuscenesFormat;
import dev.lockstep.source.rosbag1.Rosbag1Format;
import dev.lockstep.source.rosbag2.Rosbag2Format;
import java.util.List;

/// Every format.
public final class Formats {
  /// In order of names.
  public static final List<SourceFormat> ALL =
      List.of(
          new Av2Format(),
          new FolderFormat(),
          new KittiFormat(),
          new McapFormat(),
          new Mp4Format(),
          new NuscenesFormat(),
          new Rosbag1Format(),
          new Rosbag2Format(new McapFormat()));

  private Formats() {}
}
