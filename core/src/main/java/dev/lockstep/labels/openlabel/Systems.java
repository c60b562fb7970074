package dev.lockstep.labels.openlabel;

import dev.lockstep.labels.JsonCursor;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Coordinate systems and streams of a document.
final class Systems {
  /// Cosine of the angle to the vertical below which an axis counts as vertical: 45 degrees, so
  /// that exactly one axis can.
  private static final double VERTICAL = Math.sqrt(0.5);

  private static final int MATRIX = 16;

  private final Map<String, SystemOf> systems = new HashMap<>();
  private final Map<String, String> streams = new HashMap<>();
  private final Set<String> solid = new HashSet<>();

  /// Which way is up in a coordinate system.
  enum Up {
    /// Along z.
    Z,
    /// Against y: a camera's axes.
    MINUS_Y,
    /// Neither, so boxes are given as they stand.
    OTHER
  }

  /// @param pose rotation part of `pose_wrt_parent`, row after row, or null
  private record SystemOf(String type, String parent, double @Nullable [] pose) {}

  /// Reads the member `coordinate_systems`.
  void readSystems(JsonCursor json) throws IOException {
    if (!json.enterObject()) {
      return;
    }
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      String type = "";
      String parent = "";
      double[] pose = null;
      if (json.enterObject()) {
        for (String key = json.nextName(); key != null; key = json.nextName()) {
          switch (key) {
            case "type" -> type = orEmpty(json.text());
            case "parent" -> parent = orEmpty(json.text());
            case "pose_wrt_parent" -> pose = pose(json);
            default -> json.skip();
          }
        }
      }
      systems.put(name, new SystemOf(type, parent, pose));
    }
  }

  private static double @Nullable [] pose(JsonCursor json) throws IOException {
    double[] found = null;
    if (json.enterObject()) {
      for (String key = json.nextName(); key != null; key = json.nextName()) {
        if (key.equals("matrix4x4")) {
          double[] m = new double[MATRIX];
          if (json.numbers(m) == MATRIX) {
            found = new double[] {m[0], m[1], m[2], m[4], m[5], m[6], m[8], m[9], m[10]};
          }
        } else {
          json.skip();
        }
      }
    }
    return found;
  }

  /// Reads the member `streams`.
  void readStreams(JsonCursor json) throws IOException {
    if (!json.enterObject()) {
      return;
    }
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      String type = "";
      if (json.enterObject()) {
        for (String key = json.nextName(); key != null; key = json.nextName()) {
          if (key.equals("type")) {
            type = orEmpty(json.text());
          } else {
            json.skip();
          }
        }
      }
      streams.put(name, type);
    }
  }

  /// Notes that there are cuboids in a system.
  void noteCuboid(String system) {
    solid.add(system);
  }

  /// Frame of reference of the boxes of a system.
  LabelSet.Frame frameOf(String system) {
    if (!solid.contains(system)) {
      return LabelSet.Frame.IMAGE;
    }
    SystemOf known = systems.get(system);
    return switch (known == null ? "" : known.type()) {
      case "scene_cs", "geo" -> LabelSet.Frame.WORLD;
      case "local_cs" -> LabelSet.Frame.EGO;
      default -> LabelSet.Frame.SENSOR;
    };
  }

  /// The axes of a system as the document lays them out.
  LabelDetails.OwnAxes ownAxesOf(String system) {
    SystemOf known = systems.get(system);
    boolean laidOut = known != null && known.pose() != null;
    boolean typed =
        known != null && (known.type().equals("local_cs") || known.type().equals("scene_cs"));
    if (!laidOut && !typed && !streams.containsKey(system)) {
      return LabelDetails.OwnAxes.UNDECLARED;
    }
    return switch (upOf(system)) {
      case MINUS_Y -> LabelDetails.OwnAxes.CAMERA;
      case Z -> LabelDetails.OwnAxes.Z_UP;
      case OTHER -> LabelDetails.OwnAxes.UNDECLARED;
    };
  }

  /// Which way is up, from the poses down to the root, or from the kind of stream.
  Up upOf(String system) {
    double[] up = {0, 0, 1};
    boolean posed = false;
    String at = system;
    double[] chain = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    for (int depth = 0; depth <= systems.size(); depth++) {
      SystemOf known = systems.get(at);
      if (known == null || known.pose() == null) {
        break;
      }
      chain = product(known.pose(), chain);
      posed = true;
      at = known.parent();
    }
    if (!posed) {
      return "camera".equals(streams.get(system)) ? Up.MINUS_Y : Up.Z;
    }
    // The root's up axis in the axes of the system: the last row of its rotation.
    System.arraycopy(chain, 6, up, 0, 3);
    if (up[2] > VERTICAL) {
      return Up.Z;
    }
    return -up[1] > VERTICAL ? Up.MINUS_Y : Up.OTHER;
  }

  private static double[] product(double[] a, double[] b) {
    double[] c = new double[9];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        c[3 * i + j] = a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j];
      }
    }
    return c;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
