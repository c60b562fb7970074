package dev.lockstep.lineage;

import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.MessageAt;
import dev.lockstep.source.RecordingIndex;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Says on which sensor message a label was made, and which messages of other sensors belong to it.
final class LabelBasis {
  /// Sensors on which 3D boxes are made, in order of preference, and 2D ones.
  private static final List<Set<Modality>> SOLID =
      List.of(Set.of(Modality.LIDAR), Set.of(Modality.CAMERA, Modality.VIDEO));

  private static final List<Set<Modality>> FLAT =
      List.of(Set.of(Modality.CAMERA, Modality.VIDEO), Set.of(Modality.LIDAR));

  /// What labels are made on.
  static final Set<Modality> SENSORS =
      Set.of(Modality.LIDAR, Modality.CAMERA, Modality.VIDEO, Modality.RADAR);

  private static final Pattern WORDS = Pattern.compile("[^a-z0-9]+");

  private final RecordingIndex index;
  private final Map<String, StreamInfo> streams;
  private final Map<String, Set<String>> words = new HashMap<>();

  /// @param streams the streams of the recording by name
  LabelBasis(RecordingIndex index, Map<String, StreamInfo> streams) {
    this.index = index;
    this.streams = streams;
  }

  /// The sensor message that a label was made on.
  ///
  /// @param message it, null where there is none
  /// @param timed whether their stamps can be compared
  /// @param why how it was found, or why there is none
  record Basis(@Nullable MessageAt message, boolean timed, String why) {}

  /// The message that a label was made on, or why there is none.
  Basis of(LabelRow label) throws IOException {
    if (label.stampNs() == Times.NONE) {
      return new Basis(null, false, "the label has no stamp");
    }
    for (Set<Modality> kind : label.solid() ? SOLID : FLAT) {
      Basis best = null;
      int bestAlike = -1;
      for (StreamInfo stream : streams.values()) {
        if (!kind.contains(stream.modality()) || index.messages(stream.name()) == 0) {
          continue;
        }
        // Cameras of a rig expose at one instant: their names tell more than their stamps.
        int alike = alike(stream.name(), label.set());
        Basis each = alike < bestAlike ? null : basisIn(stream, label);
        if (each != null
            && (best == null || alike > bestAlike || away(each, label) < away(best, label))) {
          best = each;
          bestAlike = alike;
        }
      }
      if (best != null) {
        return best;
      }
    }
    return new Basis(null, false, "the recording has no LiDAR, camera or video message for it");
  }

  /// Number of words that the names of a stream and a label set share (`/camera/front/image` and
  /// `/labels/camera/front`, `image_02` and `label_02`).
  private int alike(String stream, String set) {
    Set<String> ofSet = words.computeIfAbsent(set, LabelBasis::words);
    int alike = 0;
    for (String word : words.computeIfAbsent(stream, LabelBasis::words)) {
      alike += ofSet.contains(word) ? 1 : 0;
    }
    return alike;
  }

  private static Set<String> words(String name) {
    return WORDS
        .splitAsStream(name.toLowerCase(Locale.ROOT))
        .filter(word -> !word.isEmpty())
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static long away(Basis basis, LabelRow label) {
    MessageAt message = basis.message;
    return message == null || !basis.timed
        ? 0
        : Math.abs(Times.difference(message.stampNs(), label.stampNs()));
  }

  private @Nullable Basis basisIn(StreamInfo stream, LabelRow label) throws IOException {
    boolean byFrame =
        label.stampSource() == StampSource.FRAME_NUMBER
            && stream.stampSource() != StampSource.FRAME_NUMBER;
    if (byFrame) {
      return label.frame() < 0 || label.frame() >= index.messages(stream.name())
          ? null
          : new Basis(
              index.message(stream.name(), label.frame()), false, "by the number of its frame");
    }
    long nearest = index.nearest(stream.name(), label.stampNs());
    return nearest < 0
        ? null
        : new Basis(
            index.message(stream.name(), nearest),
            true,
            "the " + stream.unit() + " nearest in time");
  }

  /// The message of another stream that is the nearest to `message` while this one is the nearest
  /// to it, or null.
  @Nullable MessageAt pairOf(MessageAt message, String stream) throws IOException {
    if (message.stampNs() == Times.NONE) {
      return null;
    }
    long nearest = index.nearest(stream, message.stampNs());
    if (nearest < 0) {
      return null;
    }
    MessageAt other = index.message(stream, nearest);
    long back = index.nearest(message.stream(), other.stampNs());
    return back == message.index() ? other : null;
  }
}
