package dev.lockstep.source;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.Span;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Joins what the readers of several parts hand over: streams by name, message numbers through all
/// parts, label sets, coverage.
public final class PartsSink implements RecordingSink {
  /// What costs messages of a part.
  private static final Set<DefectKind> LOSSES =
      EnumSet.of(
          DefectKind.FILE_EMPTY,
          DefectKind.FILE_TRUNCATED,
          DefectKind.FILE_CHANGED,
          DefectKind.FILE_UNREADABLE,
          DefectKind.LFS_POINTER,
          DefectKind.ZERO_PAGES,
          DefectKind.HEADER_MALFORMED,
          DefectKind.RECORD_LENGTH,
          DefectKind.RECORD_MALFORMED,
          DefectKind.CHUNK_UNREADABLE,
          DefectKind.CHUNK_TOO_LARGE,
          DefectKind.CHANNEL_UNKNOWN);

  /// One stream of the recording.
  private static final class Joined {
    final StreamInfo info;
    long messages;

    /// Messages of the parts before.
    long base;

    /// The sender's last counter, and what is added to those of the part under way.
    int sequence;

    int shift;

    /// Whether messages are missing in front of the next one, as is told.
    boolean afterLoss;

    Joined(StreamInfo info) {
      this.info = info;
    }
  }

  private final boolean several;
  private boolean lostMessages;
  private boolean lostInPart;
  private final Map<String, Joined> streams = new LinkedHashMap<>();
  private final Map<String, List<LabelSet>> labels = new LinkedHashMap<>();
  private final Map<Integer, Joined> byId = new HashMap<>();
  private final Map<String, Calibration> calibrations = new LinkedHashMap<>();
  private Coverage coverage = new Coverage(0, 0, 0, 0, "none");
  private @Nullable Part part;
  private @Nullable RecordingSink sink;

  PartsSink(boolean several) {
    this.several = several;
  }

  PartsSink over(Part part, RecordingSink sink) {
    if (part.isAfterLoss() && !part.equals(this.part)) {
      streams.values().forEach(stream -> stream.afterLoss = true);
    }
    this.part = part;
    this.sink = sink;
    return this;
  }

  void partEnds() {
    byId.clear();
    for (Joined stream : streams.values()) {
      stream.base = stream.messages;
      stream.afterLoss |= lostInPart;
    }
    lostInPart = false;
  }

  /// Notes that a part could not be read at all.
  void partLost() {
    lostMessages = true;
    lostInPart = true;
    partEnds();
  }

  /// The stream of that name with the type of its messages, or null if there is none.
  public @Nullable StreamInfo stream(String name) {
    Joined joined = streams.get(name);
    return joined == null ? null : joined.info;
  }

  /// Number of messages of each stream, in order of first appearance.
  public Map<String, Long> counts() {
    Map<String, Long> counts = new LinkedHashMap<>();
    streams.forEach((name, stream) -> counts.put(name, stream.messages));
    return counts;
  }

  /// Whether a part is damaged in a way that costs messages: then fewer of them are no news.
  public boolean lostMessages() {
    return lostMessages;
  }

  Coverage coverage() {
    return coverage;
  }

  private RecordingSink sink() {
    RecordingSink to = sink;
    if (to == null) {
      throw new IllegalStateException("no part is being committed");
    }
    return to;
  }

  private String partName() {
    Part of = part;
    return of == null ? "" : of.name();
  }

  @Override
  public void stream(StreamInfo stream) {
    Joined joined = streams.get(stream.name());
    if (joined == null) {
      joined = new Joined(stream.withId(streams.size()));
      streams.put(stream.name(), joined);
      sink().stream(joined.info);
    }
    byId.put(stream.id(), joined);
  }

  @Override
  public void messages(MessageBatch batch) {
    Joined joined = byId.get(batch.stream().id());
    Part of = part;
    if (joined == null || of == null) {
      throw new IllegalStateException("messages of a stream that was not declared");
    }
    long[] times = batch.logTimesNs();
    for (int row = 0; row < batch.size(); row++) {
      if (times[row] != Times.NONE) {
        of.count(times[row]);
      }
    }
    count(joined, batch);
    if (joined.afterLoss && batch.size() > 0) {
      batch.addFlags(0, MessageBatch.AFTER_LOSS);
      joined.afterLoss = false;
    }
    joined.messages += batch.size();
    batch.assignTo(joined.info);
    if (several) {
      batch.setPart(of.name());
    }
    sink().messages(batch);
  }

  /// A writer that begins a new file may begin to count anew: that is no fault of the sender.
  private static void count(Joined joined, MessageBatch batch) {
    int size = batch.size();
    if (size == 0) {
      return;
    }
    int[] sequences = batch.sequences();
    if (joined.messages == joined.base) {
      boolean back = Integer.compareUnsigned(sequences[0], joined.sequence) <= 0;
      joined.shift = joined.sequence != 0 && back ? joined.sequence + 1 - sequences[0] : 0;
    }
    if (joined.shift != 0) {
      for (int row = 0; row < size; row++) {
        batch.setSequence(row, sequences[row] + joined.shift);
      }
    }
    joined.sequence = batch.sequences()[size - 1];
  }

  @Override
  public void defect(Defect defect) {
    lostMessages |= LOSSES.contains(defect.kind());
    lostInPart |= LOSSES.contains(defect.kind());
    Location at = defect.location();
    String stream = at.stream();
    Span messages = at.messages();
    Joined joined = stream == null ? null : streams.get(stream);
    if (joined != null && messages != null) {
      at = at.withMessages(messages.first() + joined.base, messages.last() + joined.base);
    }
    if (at.file() == null && several) {
      at = at.withFile(partName());
    }
    sink().defect(new Defect(defect.kind(), defect.severity(), at, defect.evidence()));
  }

  @Override
  public void examined(DefectKind kind, long count) {
    sink().examined(kind, count);
  }

  @Override
  public void unexamined(DefectKind kind, String reason) {
    sink().unexamined(kind, reason);
  }

  @Override
  public void note(String fact) {
    String name = partName();
    sink().note(!several || fact.contains(name) ? fact : name + ": " + fact);
  }

  @Override
  public void labels(LabelSet set) {
    labels.computeIfAbsent(nameInWhole(set), name -> new ArrayList<>()).add(set);
  }

  /// The name of the set that a part's set belongs to: which frame of reference is a stream's first
  /// one may differ from part to part.
  private String nameInWhole(LabelSet set) {
    String frame = set.details().frameName();
    String stream = LabelCollector.streamOf(set);
    List<LabelSet> main = labels.get(stream);
    if (main == null) {
      return set.name();
    }
    return main.getFirst().details().frameName().equals(frame)
        ? stream
        : stream + LabelCollector.IN_FRAME + frame;
  }

  @Override
  public void poses(PoseSeries poses) {
    sink().poses(poses);
  }

  @Override
  public void calibration(Calibration calibration) {
    calibrations.merge(calibration.sensor(), calibration, PartsSink::joined);
  }

  @Override
  public void coverage(Coverage coverage) {
    this.coverage = this.coverage.plus(coverage);
  }

  /// The first that is known of a sensor: parts that begin later may know less.
  private static Calibration joined(Calibration first, Calibration later) {
    Calibration placed = first.mounting() == null ? later : first;
    return new Calibration(
        first.sensor(),
        placed.parent(),
        placed.mounting(),
        first.intrinsics() == null ? later.intrinsics() : first.intrinsics());
  }

  /// Hands over calibrations and label sets.
  void finish(RecordingSink to) {
    calibrations.values().forEach(to::calibration);
    labels.forEach((name, sets) -> {
      boolean whole = sets.size() == 1 && sets.getFirst().name().equals(name);
      to.labels(whole ? sets.getFirst() : join(name, sets));
    });
  }

  private static LabelSet join(String name, List<LabelSet> sets) {
    LabelSet first = sets.getFirst();
    LabelSet all = new LabelSet(name, first.frameOfReference(), first.stampSource());
    all.details().setFrameName(first.details().frameName());
    all.details().setOwnAxes(first.details().ownAxes());
    for (LabelSet set : sets) {
      for (int row = 0; row < set.size(); row++) {
        all.addCopy(set, row);
      }
    }
    all.seal();
    return all;
  }
}
