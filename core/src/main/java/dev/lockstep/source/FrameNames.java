package dev.lockstep.source;

import java.util.Locale;
import java.util.Set;

/// What the names of frames of reference usually mean (ROS REP 105 and common practice).
final class FrameNames {
  private static final Set<String> WORLD =
      Set.of("map", "odom", "world", "earth", "utm", "enu", "global", "local");

  private static final Set<String> EGO =
      Set.of("base_link", "base_footprint", "ego", "ego_vehicle", "vehicle", "body", "base", "rig");

  private FrameNames() {}

  /// Whether a frame is fixed to the ground.
  static boolean isWorld(String frame) {
    return WORLD.contains(last(frame));
  }

  /// Whether a frame is fixed to the vehicle.
  static boolean isEgo(String frame) {
    return EGO.contains(last(frame));
  }

  private static String last(String frame) {
    String name = frame.toLowerCase(Locale.ROOT);
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
