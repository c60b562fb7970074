package dev.lockstep.bench.labels;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// One class of faults at one intensity.
///
/// @param id number of the class, `F01` to `F26`
/// @param fault fault of the kit with its settings
/// @param intensity how strong, in words
/// @param rules rules of which one names the fault
/// @param reach whether one event concerns a track or all boxes of a frame
/// @param lasting whether it begins somewhere and stays
/// @param top whether it is the strongest of its class
record FaultClass(
    String id,
    String fault,
    String intensity,
    Set<String> rules,
    Reach reach,
    boolean lasting,
    boolean top) {

  /// What one event concerns.
  enum Reach {
    /// Single tracks; at most one event a track.
    TRACK,
    /// All boxes of some frames; any number of events that do not share a frame.
    FRAME,
    /// All boxes from some frame on; one event a recording.
    REST
  }

  /// All classes that boxes show, in order; the others are in [Beyond].
  static List<FaultClass> all() {
    List<FaultClass> all = new ArrayList<>();
    for (int n : new int[] {1, 3, 5}) {
      all.add(track("F01", "category-flip:frames=" + n, n + " frames", n == 5, "LAB001"));
    }
    all.add(lasting("F02", "category-change", "from here on", true, "LAB002"));
    exchange(all, 0, 1, false);
    exchange(all, 1, 2, true);
    exchange(all, 2, 4, true);
    exchange(all, 4, 12, true);
    all.add(
        track(
            "F03",
            "identity-switch:frames=3,min-distance=1,max-distance=12",
            "1-12 m, 3 frames",
            false,
            "LAB003"));
    all.add(lasting("F04", "fragmentation", "from here on", true, "LAB006"));
    all.add(frame("F05", "frame-swap", "2 frames", true));
    all.add(frame("F05", "frame-rotation", "3 frames", false));
    all.add(frame("F06", "stale-frame", "1 frame", true));
    for (int by : new int[] {1, 2, 5, -1, -2}) {
      all.add(
          new FaultClass(
              "F07",
              "frame-shift:frames=" + by,
              "by " + by,
              Set.of("LAB017"),
              Reach.REST,
              true,
              by == 5));
    }
    for (double d : new double[] {0.25, 0.5, 1, 2, 5}) {
      all.add(track("F09", "teleport:distance=" + d, d + " m", d == 5, "LAB009"));
    }
    for (double d : new double[] {0.3, 0.5, 1}) {
      all.add(track("F09", "stretch-aside:distance=" + d, d + " m, 20 frames", false, "LAB026"));
    }
    for (double d : new double[] {0.05, 0.1, 0.2, 0.5}) {
      all.add(track("F10", "box-jitter:deviation=" + d, d + " m", d == 0.5, "LAB020", "LAB009"));
    }
    for (double f : new double[] {1.02, 1.05, 1.1, 1.3}) {
      all.add(lasting("F11", "size-step:factor=" + f, "x " + f, f == 1.3, "LAB007"));
    }
    for (int degrees : new int[] {30, 90, 180}) {
      all.add(
          track("F12", "yaw-flip:degrees=" + degrees, degrees + " deg", degrees == 180, "LAB008"));
    }
    all.add(track("F12", "yaw-flip:frames=5,degrees=180", "180 deg, 5 frames", false, "LAB008"));
    for (int n : new int[] {1, 2, 3}) {
      all.add(track("F13", "blink:frames=" + n, n + " frames", n == 1, "LAB005"));
    }
    for (double d : new double[] {0, 0.1, 0.3}) {
      all.add(track("F14", "second-box:offset=" + d, d + " m", d == 0, "LAB019"));
    }
    for (int n : new int[] {1, 2, 5, 20}) {
      all.add(track("F16", "frozen-box:frames=" + n, n + " frames", n == 20, "LAB018", "LAB009"));
    }
    for (double degrees : new double[] {0.25, 0.5, 1}) {
      all.add(pose("degrees=" + degrees, degrees + " deg", degrees == 1));
    }
    for (double d : new double[] {0.2, 0.5}) {
      all.add(pose("degrees=0,distance=" + d, d + " m", false));
    }
    for (double f : new double[] {1.01, 1.02}) {
      all.add(pose("degrees=0,factor=" + f, "x " + f, false));
    }
    all.add(
        new FaultClass(
            "F26", "category-lost", "from here on", Set.of("LAB030"), Reach.REST, true, true));
    return all;
  }

  private static FaultClass pose(String how, String intensity, boolean top) {
    return new FaultClass(
        "F25", "frame-pose:" + how, intensity, Set.of("LAB009"), Reach.FRAME, false, top);
  }

  private static void exchange(List<FaultClass> all, int from, int to, boolean top) {
    all.add(
        lasting(
            "F03",
            "identity-switch:min-distance=" + from + ",max-distance=" + to,
            from + "-" + to + " m",
            top,
            "LAB003"));
  }

  private static FaultClass track(
      String id, String fault, String intensity, boolean top, String... rules) {
    return new FaultClass(id, fault, intensity, Set.of(rules), Reach.TRACK, false, top);
  }

  private static FaultClass lasting(
      String id, String fault, String intensity, boolean top, String... rules) {
    return new FaultClass(id, fault, intensity, Set.of(rules), Reach.TRACK, true, top);
  }

  private static FaultClass frame(String id, String fault, String intensity, boolean top) {
    return new FaultClass(id, fault, intensity, Set.of("LAB017"), Reach.FRAME, false, top);
  }
}
