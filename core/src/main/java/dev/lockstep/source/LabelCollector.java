package dev.lockstep.source;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.LabelSet.Frame;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.payload.PayloadFacts;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Gathers the boxes that the messages of one stream carry into a label set.
public final class LabelCollector {
  /// Names that frames fixed to the ground usually have (ROS REP 105 and common practice).
  private static final Set<String> WORLD_FRAMES =
      Set.of("map", "odom", "world", "earth", "utm", "enu", "global", "local");

  /// Names that frames fixed to the vehicle usually have (ROS REP 105 and common practice).
  private static final Set<String> EGO_FRAMES =
      Set.of("base_link", "base_footprint", "ego", "ego_vehicle", "vehicle", "body", "base", "rig");

  private final StreamInfo stream;
  private final String file;
  private @Nullable LabelSet labels;

  /// @param file name of the file that holds the stream's messages
  public LabelCollector(StreamInfo stream, String file) {
    this.stream = stream;
    this.file = file;
  }

  /// Adds the boxes of the messages in `batch`.
  public void add(List<RowNotes.Box> boxes, MessageBatch batch) {
    for (RowNotes.Box box : boxes) {
      add(box.box(), batch, box.row());
    }
  }

  private void add(PayloadFacts.Box box, MessageBatch batch, int row) {
    LabelSet set = labels;
    if (set == null) {
      set = new LabelSet(stream.name(), frameOf(box, batch.frameId()), stream.stampSource());
      labels = set;
    }
    long stampNs = box.stampNs() == Times.NONE ? batch.stampsNs()[row] : box.stampNs();
    int label =
        set.add(stampNs, box.frame(), box.track(), box.category(), file, batch.firstIndex() + row);
    if (!Double.isNaN(box.x())) {
      set.setBox3d(
          label,
          box.x(),
          box.y(),
          box.z(),
          box.length(),
          box.width(),
          box.height(),
          box.qw(),
          box.qx(),
          box.qy(),
          box.qz());
    }
    if (!Double.isNaN(box.left())) {
      set.setBox2d(label, box.left(), box.top(), box.right(), box.bottom());
    }
    String annotator = box.annotator();
    if (annotator != null) {
      set.setAuthor(label, annotator, box.editedNs());
    }
  }

  private static Frame frameOf(PayloadFacts.Box first, @Nullable String frameId) {
    if (Double.isNaN(first.x())) {
      return Frame.IMAGE;
    }
    if (frameId == null) {
      return Frame.SENSOR;
    }
    String name = frameId.toLowerCase(Locale.ROOT);
    name = name.substring(name.lastIndexOf('/') + 1);
    if (WORLD_FRAMES.contains(name)) {
      return Frame.WORLD;
    }
    return EGO_FRAMES.contains(name) ? Frame.EGO : Frame.SENSOR;
  }

  /// Hands over the set, if there was any box.
  public void finish(RecordingSink sink) {
    LabelSet set = sealed();
    if (set != null) {
      sink.labels(set);
    }
  }

  /// The set, sealed; null if there was no box.
  public @Nullable LabelSet sealed() {
    LabelSet set = labels;
    if (set != null) {
      set.seal();
    }
    return set;
  }
}
