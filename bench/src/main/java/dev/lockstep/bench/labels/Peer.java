package dev.lockstep.bench.labels;

import dev.lockstep.geometry.ImageOverlap;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.synth.fault.LabelTable.Box;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// Rules of other tools, re-expressed from what they are documented to do: not the tools
/// themselves.
///
/// @param name tool and rule
/// @param rule what it finds
record Peer(String name, Rule rule) {
  /// How far from a fault a place may lie: a frame at 10 Hz.
  static final long TOLERANCE_NS = 105_000_000;

  /// A box that a rule names.
  record Place(String track, long stampNs) {}

  /// A rule over labels.
  interface Rule {
    List<Place> find(LabelTable table);
  }

  static final List<Peer> ALL =
      List.of(
          new Peer("Encord: other class or id at IoU > 0.8 to the frame before", Peer::encord),
          new Peer("Encord: broken track (no IoU > 0.5 in the frame before)", Peer::broken),
          new Peer("Encord: duplicate, same class, IoU > 0.6", Peer::duplicate),
          new Peer("Datumaro: 2D size 5 sigma from the class mean", Peer::farFromMean),
          new Peer("SUSTech: size 5 % from the track's mean", Peer::sizeOff),
          new Peer("raw acceleration above 10 m/s2", Peer::acceleration),
          new Peer("2D box against projected 3D box, IoU < 0.5, ungated", Peer::projection));

  private static Map<Long, List<Box>> instants(LabelTable table) {
    Map<Long, List<Box>> instants = new TreeMap<>();
    for (Box box : table.boxes) {
      if (!box.track().isEmpty()) {
        instants.computeIfAbsent(box.stampNs, s -> new ArrayList<>()).add(box);
      }
    }
    return instants;
  }

  private static double iou(Box a, Box b) {
    return ImageOverlap.iou(a.left, a.top, a.right, a.bottom, b.left, b.top, b.right, b.bottom);
  }

  private static Place place(Box box) {
    return new Place(box.track(), box.stampNs);
  }

  private static List<Place> encord(LabelTable table) {
    List<Place> found = new ArrayList<>();
    List<Box> before = List.of();
    for (List<Box> boxes : instants(table).values()) {
      for (Box box : boxes) {
        for (Box old : before) {
          if (iou(box, old) > 0.8
              && (!box.category.equals(old.category) || !box.track().equals(old.track()))) {
            found.add(place(box));
          }
        }
      }
      before = boxes;
    }
    return found;
  }

  private static List<Place> broken(LabelTable table) {
    List<Place> found = new ArrayList<>();
    List<Box> before = List.of();
    for (List<Box> boxes : instants(table).values()) {
      for (Box box : boxes) {
        for (Box old : before) {
          if (box.track().equals(old.track()) && !Double.isNaN(box.left) && iou(box, old) <= 0.5) {
            found.add(place(box));
          }
        }
      }
      before = boxes;
    }
    return found;
  }

  private static List<Place> duplicate(LabelTable table) {
    List<Place> found = new ArrayList<>();
    for (List<Box> boxes : instants(table).values()) {
      for (int i = 0; i < boxes.size(); i++) {
        for (int j = i + 1; j < boxes.size(); j++) {
          Box a = boxes.get(i);
          Box b = boxes.get(j);
          if (a.category.equals(b.category) && iou(a, b) >= 0.6) {
            found.add(place(b));
          }
        }
      }
    }
    return found;
  }

  private static List<Place> farFromMean(LabelTable table) {
    List<Place> found = new ArrayList<>();
    List<ToDoubleFunction<Box>> sides = List.of(b -> b.right - b.left, b -> b.bottom - b.top);
    for (ToDoubleFunction<Box> side : sides) {
      Map<String, double[]> sums = new HashMap<>();
      for (Box box : table.boxes) {
        if (!Double.isNaN(box.left)) {
          double value = side.applyAsDouble(box);
          double[] sum = sums.computeIfAbsent(box.category, c -> new double[3]);
          sum[0]++;
          sum[1] += value;
          sum[2] += value * value;
        }
      }
      for (Box box : table.boxes) {
        double[] sum = sums.get(box.category);
        if (sum != null && !Double.isNaN(box.left)) {
          double mean = sum[1] / sum[0];
          double deviation = Math.sqrt(Math.max(0, sum[2] / sum[0] - mean * mean));
          if (Math.abs(side.applyAsDouble(box) - mean) > 5 * deviation) {
            found.add(place(box));
          }
        }
      }
    }
    return found;
  }

  private static List<Place> sizeOff(LabelTable table) {
    List<Place> found = new ArrayList<>();
    List<ToDoubleFunction<Box>> sides = List.of(b -> b.length, b -> b.width, b -> b.height);
    for (List<Box> track : table.tracks()) {
      for (ToDoubleFunction<Box> side : sides) {
        double mean = track.stream().mapToDouble(side).average().orElse(Double.NaN);
        for (Box box : track) {
          if (!Double.isNaN(box.x) && Math.abs(side.applyAsDouble(box) / mean - 1) > 0.05) {
            found.add(place(box));
          }
        }
      }
    }
    return found;
  }

  private static List<Place> acceleration(LabelTable table) {
    List<Place> found = new ArrayList<>();
    for (List<Box> track : table.tracks()) {
      for (int i = 1; i < track.size() - 1; i++) {
        Box a = track.get(i - 1);
        Box b = track.get(i);
        Box c = track.get(i + 1);
        double first = (b.stampNs - a.stampNs) / 1e9;
        double second = (c.stampNs - b.stampNs) / 1e9;
        if (first <= 0 || second <= 0) {
          continue;
        }
        double ax = ((c.x - b.x) / second - (b.x - a.x) / first) * 2 / (first + second);
        double ay = ((c.y - b.y) / second - (b.y - a.y) / first) * 2 / (first + second);
        if (Math.hypot(ax, ay) > 10) {
          found.add(place(b));
        }
      }
    }
    return found;
  }

  /// Projects with the pinhole of KITTI's cameras, in whose axes its boxes lie; only its labels
  /// have boxes of both kinds.
  private static List<Place> projection(LabelTable table) {
    double[] xs = table.boxes.stream().mapToDouble(Peer::bearing).toArray();
    if (Arrays.stream(xs).filter(x -> !Double.isNaN(x)).count() < 10) {
      return List.of();
    }
    double focal = 721.5;
    double centreX = 609.6;
    double centreY = 172.9;
    List<Place> found = new ArrayList<>();
    for (Box box : table.boxes) {
      if (Double.isNaN(bearing(box))) {
        continue;
      }
      double left = 1e9;
      double right = -1e9;
      double top = 1e9;
      double bottom = -1e9;
      double yaw = box.get(Box.Field.YAW);
      for (int corner = 0; corner < 8; corner++) {
        double l = ((corner & 1) - 0.5) * box.length;
        double w = (((corner >> 1) & 1) - 0.5) * box.width;
        double h = ((corner >> 2) - 0.5) * box.height;
        double x = box.x + Math.cos(yaw) * l - Math.sin(yaw) * w;
        double y = Math.max(0.1, box.y + Math.sin(yaw) * l + Math.cos(yaw) * w);
        double u = Math.clamp(centreX + focal * x / y, 0, 1241);
        double v = Math.clamp(centreY - focal * (box.z + h) / y, 0, 374);
        left = Math.min(left, u);
        right = Math.max(right, u);
        top = Math.min(top, v);
        bottom = Math.max(bottom, v);
      }
      if (ImageOverlap.iou(left, top, right, bottom, box.left, box.top, box.right, box.bottom)
          < 0.5) {
        found.add(place(box));
      }
    }
    return found;
  }

  private static double bearing(Box box) {
    return Double.isNaN(box.x) || Double.isNaN(box.left) || box.y <= 0 ? Double.NaN : box.x / box.y;
  }
}
