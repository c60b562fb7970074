package dev.lockstep.source;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.LabelSet.Frame;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.payload.PayloadFacts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gathers the boxes that the messages of one stream carry into label sets: one, or one for each
/// frame of reference where boxes name their own.
public final class LabelCollector {
  /// Frames of reference that boxes of one stream may be in; each makes a label set (judged: a
  /// message names one, or one for each camera).
  private static final int MAX_FRAMES = 16;

  /// Between the name of a stream and that of a frame of reference, in the names of further sets.
  static final String IN_FRAME = " in ";

  private final StreamInfo stream;
  private final String file;

  /// By name of their frame of reference, empty for none, the stream's own first.
  private final Map<String, LabelSet> sets = new LinkedHashMap<>();

  private @Nullable String mainFrame;
  private long leftOut;

  /// @param file name of the file that holds the stream's messages
  public LabelCollector(StreamInfo stream, String file) {
    this(stream, file, null);
  }

  /// For a part of the messages: sets are named as if all had been added.
  ///
  /// @param file name of the file that holds the stream's messages
  /// @param mainFrame what [#mainFrame] says after the first box of the stream
  public LabelCollector(StreamInfo stream, String file, @Nullable String mainFrame) {
    this.stream = stream;
    this.file = file;
    this.mainFrame = mainFrame;
  }

  /// Frame of reference of the first box, empty for none; null before there is one.
  public @Nullable String mainFrame() {
    return mainFrame;
  }

  /// Name of the stream whose messages hold the labels of `set`, if messages do.
  public static String streamOf(LabelSet set) {
    String frame = set.details().frameName();
    String ofFrame = IN_FRAME + frame;
    return !frame.isEmpty() && set.name().endsWith(ofFrame)
        ? set.name().substring(0, set.name().length() - ofFrame.length())
        : set.name();
  }

  /// Adds the boxes of the messages in `batch`.
  public void add(List<RowNotes.Box> boxes, MessageBatch batch) {
    for (RowNotes.Box box : boxes) {
      LabelSet set = set(box.box(), batch.frameId());
      if (set == null) {
        leftOut++;
      } else {
        add(set, box.box(), batch, box.row());
      }
    }
  }

  /// The set that a box belongs to: that of its own frame of reference, or the stream's; null if
  /// there are too many.
  private @Nullable LabelSet set(PayloadFacts.Box box, @Nullable String batchFrame) {
    String own = box.said().frameId();
    String main = mainFrame;
    if (main == null) {
      main = own != null ? own : batchFrame != null ? batchFrame : "";
      mainFrame = main;
    }
    String frame = own == null ? main : own;
    LabelSet set = sets.get(frame);
    if (set == null && sets.size() < MAX_FRAMES) {
      String name = frame.equals(main) ? stream.name() : stream.name() + IN_FRAME + frame;
      set = new LabelSet(name, frameOf(box, frame), stream.stampSource());
      set.details().setFrameName(frame);
      sets.put(frame, set);
    }
    return set;
  }

  private void add(LabelSet set, PayloadFacts.Box box, MessageBatch batch, int row) {
    PayloadFacts.Said said = box.said();
    long stampNs = said.stampNs() == Times.NONE ? batch.stampsNs()[row] : said.stampNs();
    int label =
        set.add(
            stampNs, said.frame(), said.track(), said.category(), file, batch.firstIndex() + row);
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
    String annotator = said.annotator();
    if (annotator != null) {
      set.setAuthor(label, annotator, said.editedNs());
    }
    if (!Double.isNaN(said.score())) {
      set.details().setScore(label, said.score());
    }
    set.details().setAttributes(label, said.attributes());
  }

  private static Frame frameOf(PayloadFacts.Box first, String frameId) {
    if (Double.isNaN(first.x())) {
      return Frame.IMAGE;
    }
    if (frameId.isEmpty()) {
      return Frame.SENSOR;
    }
    if (FrameNames.isWorld(frameId)) {
      return Frame.WORLD;
    }
    return FrameNames.isEgo(frameId) ? Frame.EGO : Frame.SENSOR;
  }

  /// Hands over the sets, if there was any box.
  public void finish(RecordingSink sink) {
    sealed().forEach(sink::labels);
    if (leftOut > 0) {
      sink.defect(
          Defect.of(
              DefectKind.LABEL_MALFORMED,
              Location.stream(stream.name()).withFile(file),
              new Evidence.Violation(
                  "frames of reference of the labels",
                  "more than " + MAX_FRAMES + "; " + leftOut + " boxes left out",
                  "at most " + MAX_FRAMES)));
    }
  }

  /// The sets, sealed: one for each frame of reference; none if there was no box.
  public List<LabelSet> sealed() {
    sets.values().forEach(LabelSet::seal);
    return List.copyOf(sets.values());
  }
}
