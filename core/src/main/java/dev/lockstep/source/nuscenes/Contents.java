package dev.lockstep.source.nuscenes;

import dev.lockstep.model.Modality;
import dev.lockstep.source.FileMessage.Content;
import java.util.Locale;

/// How the files of a channel are read.
final class Contents {
  private Contents() {}

  /// How the file of that name is read.
  static Content of(Modality modality, String name) {
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return switch (modality) {
      case CAMERA -> Content.ofImage(extension);
      case LIDAR, RADAR -> Content.ofCloud(extension, NuscenesLayout.POINT_FLOATS);
      default -> Content.unknown();
    };
  }
}
