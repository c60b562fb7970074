package dev.lockstep.source.kitti;

import dev.lockstep.source.FileMessage;
import dev.lockstep.source.TextCloud;
import java.util.Locale;
import java.util.regex.Pattern;

/// How KITTI sweeps are read.
final class SweepPoints {
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private SweepPoints() {}

  /// How sweeps with that file name extension (without the dot) are read. Anything but `bin`, `pcd`
  /// and `txt` is taken as it is.
  static FileMessage.Content content(String extension) {
    return switch (extension.toLowerCase(Locale.ROOT)) {
      case "bin", "pcd" -> FileMessage.Content.ofCloud(extension, KittiLayout.POINT_VALUES);
      case "txt" -> TextCloud.content(SPACE, KittiLayout.POINT_VALUES, false, "x y z reflectance");
      default -> FileMessage.Content.unknown();
    };
  }
}
