package dev.lockstep.shadow;

import dev.lockstep.check.ShadowCheck.Kind;
import dev.lockstep.model.Location;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.MessageAt;
import dev.lockstep.source.RecordingIndex;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Gives the labels of messages their sensor messages a second time, by stamps from raw bytes, and
/// holds against it what the index of the recording gives them, which `trace` goes by.
///
/// A second read that saw a share of the messages knows no better one for certain, but where it has
/// one that lies nearer than that of the index, the index is wrong.
final class SensorMatch {
  /// Stamps of one sensor as a second read has them, rising.
  private static final class Stamps {
    long[] ns = new long[16];
    int size;

    void add(long stampNs) {
      if (size == ns.length) {
        ns = Arrays.copyOf(ns, size * 2);
      }
      ns[size++] = stampNs;
    }

    long nearest(long stampNs) {
      int above = 0;
      for (int below = size; above < below; ) {
        int middle = (above + below) >>> 1;
        if (ns[middle] < stampNs) {
          above = middle + 1;
        } else {
          below = middle;
        }
      }
      if (above == size) {
        return ns[size - 1];
      }
      boolean earlier =
          above > 0
              && Times.difference(stampNs, ns[above - 1]) <= Times.difference(ns[above], stampNs);
      return ns[earlier ? above - 1 : above];
    }
  }

  private final Map<String, Stamps> sensors = new HashMap<>();
  private final Set<String> unordered = new HashSet<>();

  /// Stamps of labels and where the first of each is.
  private final TreeMap<Long, Location> labels = new TreeMap<>();

  /// A message that a second read found.
  void message(StreamInfo stream, long stampNs) {
    if (stampNs == Times.NONE || !isSensor(stream.modality())) {
      return;
    }
    Stamps stamps = sensors.computeIfAbsent(stream.name(), _ -> new Stamps());
    if (stamps.size > 0 && stampNs < stamps.ns[stamps.size - 1]) {
      // Nearest is not one message then, whoever looks for it.
      unordered.add(stream.name());
    }
    stamps.add(stampNs);
  }

  private static boolean isSensor(Modality modality) {
    return switch (modality) {
      case LIDAR, CAMERA, VIDEO, RADAR -> true;
      default -> false;
    };
  }

  /// A label with that stamp.
  void label(long stampNs, Location at) {
    if (stampNs != Times.NONE) {
      labels.putIfAbsent(stampNs, at);
    }
  }

  /// Whether there is nothing to compare.
  boolean isEmpty() {
    return labels.isEmpty() || unordered.containsAll(sensors.keySet());
  }

  /// Compares with what `index` gives the labels.
  ///
  /// @throws IOException if it cannot be read
  void compare(RecordingIndex index, Disagreements out) throws IOException {
    for (Map.Entry<String, Stamps> sensor : sensors.entrySet()) {
      String stream = sensor.getKey();
      if (unordered.contains(stream)) {
        continue;
      }
      for (Map.Entry<Long, Location> label : labels.entrySet()) {
        long stampNs = label.getKey();
        out.examined(Kind.SENSORS, 1);
        long found = index.nearest(stream, stampNs);
        long againNs = sensor.getValue().nearest(stampNs);
        MessageAt first = found < 0 ? null : index.message(stream, found);
        if (first == null || away(againNs, stampNs) < away(first.stampNs(), stampNs)) {
          out.report(
              Kind.SENSORS,
              label.getValue(),
              "message of " + stream + " for the label",
              first == null ? "none" : "message " + found + ", stamp " + first.stampNs() + " ns",
              "stamp " + againNs + " ns",
              "index and second read");
        }
      }
    }
  }

  private static long away(long aNs, long bNs) {
    return aNs == Times.NONE ? Long.MAX_VALUE : Math.abs(Times.difference(aNs, bNs));
  }
}
