package dev.lockstep.catalog;

import dev.lockstep.labels.LabelFormat;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.source.av2.Av2Format;
import dev.lockstep.source.folder.FolderFormat;
import dev.lockstep.source.kitti.KittiFormat;
import dev.lockstep.source.labelfile.LabelFileFormat;
import dev.lockstep.source.matroska.MatroskaFormat;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.source.mp4.Mp4Format;
import dev.lockstep.source.nuscenes.NuscenesFormat;
import dev.lockstep.source.rosbag1.Rosbag1Format;
import dev.lockstep.source.rosbag2.Rosbag2Format;
import java.util.List;
import java.util.stream.Stream;

/// Every format.
public final class Formats {
  /// Those with sensors in them.
  private static final List<SourceFormat> OF_SENSORS =
      List.of(
          new Av2Format(),
          new FolderFormat(LabelFormats.ALL),
          new KittiFormat(),
          new MatroskaFormat(),
          new McapFormat(),
          new Mp4Format(),
          new NuscenesFormat(),
          new Rosbag1Format(),
          new Rosbag2Format(new McapFormat()));

  /// In order of names.
  public static final List<SourceFormat> ALL = all();

  private Formats() {}

  /// A label file alone is a recording too, unless a format above reads it with what lies beside.
  private static List<SourceFormat> all() {
    return Stream.concat(
            OF_SENSORS.stream(),
            LabelFormats.ALL.stream().filter(LabelFormat::standsAlone).map(LabelFileFormat::new))
        .sorted((a, b) -> a.name().compareTo(b.name()))
        .toList();
  }
}
