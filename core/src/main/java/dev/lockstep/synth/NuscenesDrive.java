package dev.lockstep.synth;

import dev.lockstep.synth.scene.Category;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Makes a synthetic drive in the layout of nuScenes: a LiDAR at 10 Hz and two cameras that are
/// triggered when its beam crosses their axes, a pose for each measurement, and boxes of every
/// fifth sweep.
///
/// Sweeps are stamped at the END of their turn. The LiDAR's frame has x to the right, y forward, z
/// up. Boxes are exact.
public final class NuscenesDrive {
  /// Channel of the LiDAR.
  public static final String LIDAR = "LIDAR_TOP";

  /// Forward camera.
  public static final String FRONT = "CAM_FRONT";

  /// Camera to the left.
  public static final String LEFT = "CAM_FRONT_LEFT";

  /// Sweeps from one keyframe to the next.
  public static final int KEYFRAME_TURNS = 5;

  private static final Map<Category, String> NAMES =
      Map.of(
          Category.CAR, "vehicle.car",
          Category.TRUCK, "vehicle.truck",
          Category.CYCLIST, "vehicle.bicycle",
          Category.PEDESTRIAN, "human.pedestrian.adult");

  private final SynthOptions options;
  private final int turns;

  /// Attributes of objects that move and that stand.
  public static final String MOVING = "vehicle.moving";

  public static final String STANDING = "vehicle.parked";

  private final boolean pictured;
  private final NuscenesSet set = new NuscenesSet();
  private final NuscenesTokens tokens;

  /// @param options seed, begin, LiDAR and size of images
  /// @param turns sweeps of a scene
  /// @param pictured whether files are made, and not the tables alone
  public NuscenesDrive(SynthOptions options, int turns, boolean pictured) {
    this.options = options;
    this.turns = turns;
    this.pictured = pictured;
    tokens = new NuscenesTokens(options.seed());
  }

  /// Makes the set.
  public NuscenesSet make(int scenes) {
    String log = tokens.next();
    set.add(
        "log",
        "token",
        log,
        "logfile",
        "synth-log",
        "vehicle",
        "synth",
        "date_captured",
        "2026-03-02",
        "location",
        "nowhere");
    set.add(
        "map",
        "token",
        tokens.next(),
        "log_tokens",
        List.of(log),
        "category",
        "semantic_prior",
        "filename",
        "maps/none.png");
    Map<Category, String> categories = new LinkedHashMap<>();
    for (Category category : Category.values()) {
      String token = tokens.next();
      categories.put(category, token);
      set.add(
          "category",
          "token",
          token,
          "name",
          Objects.requireNonNull(NAMES.get(category)),
          "description",
          category.label());
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String name : List.of(MOVING, STANDING)) {
      String token = tokens.next();
      attributes.put(name, token);
      set.add("attribute", "token", token, "name", name, "description", "what the object does");
    }
    for (int level = 1; level <= 4; level++) {
      set.add(
          "visibility",
          "token",
          Integer.toString(level),
          "level",
          List.of("v0-40", "v40-60", "v60-80", "v80-100").get(level - 1),
          "description",
          "share of the object that can be seen");
    }
    NuscenesScene.Shared shared =
        new NuscenesScene.Shared(
            options, turns, pictured, set, tokens, log, categories, attributes);
    for (int scene = 0; scene < scenes; scene++) {
      new NuscenesScene(shared, scene).make();
    }
    return set;
  }
}
