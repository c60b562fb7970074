package dev.lockstep.catalog;

import dev.lockstep.labels.LabelFormat;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.source.av2.Av2Format;
import dev.lockstep.source.kitti.KittiFormat;
import dev.lockstep.source.labelfile.LabelFileFormat;
import dev.lockstep.source.mcap.McapFormat;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Every format.
public final class Formats {
  /// Those with sensors in them.
  private static final List<SourceFormat> OF_SENSORS =
      List.of(new Av2Format(), new KittiFormat(), new McapFormat());

  /// In order of names.
  public static final List<SourceFormat> ALL = all();

  private Formats() {}

  /// A label file alone is a recording too, unless a format above reads it with what lies beside.
  private static List<SourceFormat> all() {
    return Stream.concat(
            OF_SENSORS.stream(),
            LabelFormats.ALL.stream().filter(LabelFormat::standsAlone).map(LabelFileFormat::new))
        .sorted(Comparator.comparing(SourceFormat::name))
        .toList();
  }
}
