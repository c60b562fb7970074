package dev.lockstep.source.mp4;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.FrameOrder;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Span;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.payload.FrameHeads;
import dev.lockstep.payload.FrameNumbers;
import dev.lockstep.payload.PayloadProfile;
import dev.lockstep.source.FrameTimeList;
import dev.lockstep.source.RecordingSink;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads one track as a stream: cuts its samples into units, and commits them in order.
final class TrackReader {
  /// Samples of a unit, and bytes, whichever comes first. Judged: worth handing to a thread, and a
  /// minute of video still makes several.
  private static final int UNIT_SAMPLES = 256;

  private static final long UNIT_BYTES = 4 << 20;

  /// No frame is shown so much later than it is decoded (judged).
  private static final long FAR_SECONDS = 600;

  /// Runs of doubted samples that are kept (judged).
  private static final int MAX_DOUBTED = 64;

  /// Samples of the same few bytes are sound in pieces, not messages.
  private static final int PIECE_BYTES = 64;

  final Track track;
  final StreamInfo stream;
  private final Session session;
  private final Faults faults;
  private final Supplier<@Nullable SampleCursor> cursors;
  private final @Nullable SampleCursor cursor;
  private final FrameNumbers frameNumbers = new FrameNumbers();
  private @Nullable SampleEntry parametersOf;

  /// Whether the cursor stands at a sample that no unit has yet.
  private boolean pending;

  private boolean ended;

  // Samples that cannot be read, and why.
  private long outsideFile;
  private long outsideFirst = -1;
  private long outsideLast;
  private long outsideMedia;
  private long outsideMediaFirst = -1;
  private long outsideMediaLast;
  private boolean afterLoss;
  private boolean farTimes;

  /// Runs of samples in which what is wrong follows from where they lie, which is told.
  private final List<Span> doubted = new ArrayList<>();

  private boolean malformed;

  /// Bytes that all samples lie off, which is told.
  private long shiftBytes;

  private long messages;
  private long hidden;
  private long hiddenFirst = -1;
  private boolean elsewhere;

  /// @param cursors gives a cursor over the samples as often as it is asked, or null if there are
  ///   none
  TrackReader(
      Track track, int id, String name, Session session, Supplier<@Nullable SampleCursor> cursors) {
    this.track = track;
    this.session = session;
    this.faults = session.faults;
    this.cursors = cursors;
    this.cursor = cursors.get();
    SampleEntry first = track.entry(1);
    this.stream =
        StreamInfo.of(
            id,
            name,
            track.isVideo() ? Modality.VIDEO : Modality.OTHER,
            StampSource.MEDIA_TIME,
            first == null ? "" : first.codec(),
            first == null ? "" : Mp4Layout.name(first.format()));
  }

  /// Name of a track's stream: what it holds, and its id.
  static String nameOf(Track track) {
    String kind =
        track.isVideo()
            ? "video"
            : track.handler == Mp4Layout.SOUND ? "audio" : Mp4Layout.name(track.handler).strip();
    return track.prefix + kind + "/" + track.id;
  }

  String name() {
    return stream.name();
  }

  /// Samples that the tables list.
  long listed() {
    SampleCursor samples = cursor;
    return samples == null ? 0 : samples.index + 1 + samples.remaining();
  }

  /// Whether the track is sound in pieces of the same few bytes, which are no messages.
  static boolean isPieces(Track track) {
    Sizes sizes = track.sizes;
    return !track.isVideo() && sizes != null && sizes.each() > 0 && sizes.each() < PIECE_BYTES;
  }

  /// The next samples that can be read, or null at the end. All samples of a unit have one entry.
  @Nullable Mp4Unit next() {
    SampleCursor samples = cursor;
    if (samples == null || ended) {
      return null;
    }
    Mp4Unit unit = null;
    long entry = 0;
    long bytes = 0;
    while (unit == null || unit.size() < UNIT_SAMPLES && bytes < UNIT_BYTES) {
      if (!pending && !advance(samples)) {
        break;
      }
      pending = unit != null && samples.entry != entry;
      if (pending) {
        break;
      }
      if (unit == null) {
        unit =
            new Mp4Unit(
                this,
                session,
                track.entry(samples.entry),
                (int) Math.min(samples.remaining() + 1, UNIT_SAMPLES));
        entry = samples.entry;
      }
      add(unit, samples);
      bytes += samples.size;
    }
    return unit;
  }

  /// Goes to the next sample that can be read.
  private boolean advance(SampleCursor samples) {
    while (session.takeSample() && samples.next()) {
      if (locate(samples)) {
        return true;
      }
    }
    ended = true;
    return false;
  }

  private void add(Mp4Unit unit, SampleCursor samples) {
    long timescale = track.timescale;
    long decodeNs = Times.NONE;
    long stampNs = Times.NONE;
    if (timescale > 0) {
      EditList edits = track.edits;
      long delayNs =
          session.movie.timescale > 0 ? Ticks.toNs(edits.delayTicks(), session.movie.timescale) : 0;
      farTimes |= Ticks.isFar(samples.time, timescale) || Ticks.isFar(edits.mediaTime(), timescale);
      decodeNs = Ticks.toNs(samples.time - edits.mediaTime(), timescale) + delayNs;
      stampNs =
          Ticks.toNs(samples.time + samples.composition - edits.mediaTime(), timescale) + delayNs;
      countHidden(samples, timescale);
    }
    boolean doubtful =
        samples.doubtful
            || shiftBytes != 0
            || track.doubtful && samples.index > 0
            || doubts(samples);
    unit.add(samples, stampNs, decodeNs, afterLoss || samples.afterLoss, doubtful);
    afterLoss = false;
  }

  private boolean doubts(SampleCursor samples) {
    for (Span run : doubted) {
      if (samples.index >= run.first() && samples.index <= run.last()) {
        return true;
      }
    }
    return false;
  }

  /// Notes that a frame is malformed, which is told there.
  ///
  /// @param ofItself whether that does not follow from anything else
  void malformed(boolean ofItself) {
    malformed |= ofItself;
  }

  /// Whether frames are malformed for no other reason than that their bytes are.
  boolean isMalformed() {
    return malformed;
  }

  /// Notes that what is wrong with samples `[first, last]` follows from where they lie.
  void doubt(long first, long last) {
    if (doubted.size() < MAX_DOUBTED) {
      doubted.add(new Span(first, last));
    }
  }

  /// Notes that all samples lie that many bytes off, which is told.
  void misplaced(long bytes) {
    shiftBytes = bytes;
  }

  /// Whether the sample that `samples` stands at lies in this file.
  boolean holds(SampleCursor samples) {
    SampleEntry entry = track.entry(samples.entry);
    return entry == null || track.holds(entry);
  }

  /// Another cursor over the samples, from the first one; null where there are none.
  @Nullable SampleCursor samples() {
    return cursors.get();
  }

  /// Counts frames that the edit list does not show.
  private void countHidden(SampleCursor samples, long timescale) {
    if (Math.abs(samples.composition) > FAR_SECONDS * timescale) {
      // Its own time is wrong, which is told; no edit list hides it.
      return;
    }
    EditList edits = track.edits;
    long shown = samples.time + samples.composition - edits.mediaTime();
    boolean late = false;
    if (edits.durationTicks() > 0 && session.movie.timescale > 0 && edits.plain()) {
      // What the movie's own ticks round away does not count.
      long endNs = Ticks.toNs(edits.durationTicks() + 1, session.movie.timescale);
      late = Ticks.toNs(shown, timescale) >= endNs;
    }
    boolean early = edits.mediaTime() > 0 && shown < 0;
    if (early || late) {
      hidden++;
      if (hiddenFirst < 0) {
        hiddenFirst = samples.index;
      }
    }
  }

  /// Whether the sample lies where samples may lie.
  private boolean locate(SampleCursor samples) {
    long fileBytes = session.file.lengthBytes();
    if (!holds(samples)) {
      elsewhere = true;
      return false;
    }
    if (samples.offset < 0 || samples.size > fileBytes - samples.offset) {
      outsideFile++;
      outsideFirst = outsideFirst < 0 ? samples.index : outsideFirst;
      outsideLast = samples.index;
    } else if (session.map.media.holding(samples.offset, samples.size) < 0) {
      outsideMedia++;
      outsideMediaFirst = outsideMediaFirst < 0 ? samples.index : outsideMediaFirst;
      outsideMediaLast = samples.index;
    } else {
      return true;
    }
    afterLoss = true;
    return false;
  }

  /// Hands over the rows of a unit; units come in order.
  void commit(MessageBatch batch, @Nullable SampleEntry entry, boolean[] syncs, FrameHeads heads) {
    if (entry != null && !entry.equals(parametersOf)) {
      entry.parameters().forEach(frameNumbers::parameters);
      parametersOf = entry;
    }
    frameNumbers.resolve(heads, batch);
    batch.setFirstIndex(messages);
    messages += batch.size();
    FrameTimeList times = session.times;
    if (times != null && name().equals(session.timed)) {
      times.frames(batch);
    }
    int[] orders = batch.frameOrders();
    for (int row = 0; row < orders.length && row < batch.size(); row++) {
      if (FrameOrder.has(orders[row], FrameOrder.KNOWN)) {
        mark(batch, row, orders[row], syncs[row]);
      }
    }
  }

  private void mark(MessageBatch batch, int row, int order, boolean sync) {
    faults.examined(DefectKind.KEYFRAME_MARK, 1);
    boolean restart = FrameOrder.has(order, FrameOrder.RESTART);
    boolean decodable = restart || FrameOrder.has(order, FrameOrder.INTRA);
    if (sync && !decodable || restart && !sync) {
      session.later(
          batch,
          row,
          DefectKind.KEYFRAME_MARK,
          sync ? Severity.ERROR : Severity.WARNING,
          new Evidence.Violation(
              "keyframe mark",
              sync ? "set, on a frame that refers to others" : "absent, on an IDR frame",
              sync ? "a frame that decoding can begin at" : "a mark"));
    }
  }

  /// Tells what can be told only at the end.
  void finish(RecordingSink sink) {
    if (farTimes) {
      faults.add(
          DefectKind.TIME_OUT_OF_RANGE,
          track.box.at(),
          track.box.end() - track.box.at(),
          new Evidence.Violation("media time of " + name(), "beyond 4e9 s", "a time"));
    }
    faults.examined(DefectKind.TIME_OUT_OF_RANGE, 1);
    if (!session.toldElsewhere || hidden > 0) {
      edits();
    }
    if (elsewhere) {
      sink.note(name() + ": media lies in another file and was not read");
    }
    PayloadProfile profile = profile();
    SampleEntry first = track.entry(1);
    if (profile != null && session.options.payloads()) {
      profile.examined().forEach(kind -> sink.examined(kind, messages));
    } else if (track.isVideo() && messages > 0) {
      String reason = first == null || first.reason().isEmpty() ? "" : first.reason();
      sink.unexamined(
          DefectKind.VIDEO_MALFORMED,
          reason.isEmpty() ? "payloads are left out of this run" : name() + ": " + reason);
    }
  }

  private @Nullable PayloadProfile profile() {
    SampleEntry first = track.entry(1);
    return first == null ? null : first.profile();
  }

  private void edits() {
    EditList edits = track.edits;
    faults.examined(DefectKind.EDIT_LIST, 1);
    List<String> does = new ArrayList<>();
    Severity severity = Severity.INFO;
    // Sound codecs need samples in front of the first one that is heard.
    if (hidden > 0 && track.isVideo()) {
      does.add("hides " + hidden + " of " + messages + " samples, the first is " + hiddenFirst);
      severity = track.doubtful ? Severity.INFO : Severity.WARNING;
    }
    if (edits.parts() > 1) {
      does.add("shows " + edits.parts() + " parts, of which times here follow the first");
      severity = Severity.WARNING;
    }
    if (edits.parts() == 0 && messages > 0) {
      does.add("shows none of " + messages + " samples");
      severity = Severity.WARNING;
    }
    if (!edits.plain()) {
      does.add("changes the speed");
      severity = Severity.WARNING;
    }
    if (edits.delayTicks() > 0 && session.movie.timescale > 0) {
      does.add(
          "begins "
              + Ticks.toNs(edits.delayTicks(), session.movie.timescale) / Times.MILLISECOND
              + " ms late");
    }
    if (!does.isEmpty()) {
      faults.add(
          DefectKind.EDIT_LIST,
          severity,
          faults.at(edits.box().at(), edits.box().end() - edits.box().at()).withStream(name()),
          new Evidence.Violation("edit list", String.join("; ", does), "every frame as it is"));
    }
  }

  /// Samples that lie behind the end of the file, in words; empty if there are none.
  String lostInWords() {
    return outsideFile == 0
        ? ""
        : outsideFile + " of " + listed() + " samples of " + name() + " lost";
  }

  /// Reports samples that lie where none can be.
  ///
  /// @param cut whether the file is known to be cut, so that samples behind its end are a symptom
  void reportOutside(boolean cut) {
    faults.examined(DefectKind.SAMPLE_OUTSIDE, messages + outsideFile + outsideMedia);
    if (shiftBytes != 0) {
      return;
    }
    if (outsideFile > 0 && !cut) {
      outside("outside of the file", outsideFile, outsideFirst, outsideLast);
    }
    if (outsideMedia > 0) {
      outside("outside of any media data", outsideMedia, outsideMediaFirst, outsideMediaLast);
    }
  }

  private void outside(String where, long count, long first, long last) {
    faults.add(
        DefectKind.SAMPLE_OUTSIDE,
        DefectKind.SAMPLE_OUTSIDE.severity(),
        faults
            .at(track.box.at(), track.box.end() - track.box.at())
            .withStream(name())
            .withFrames(first, last),
        new Evidence.Violation(
            "samples " + where,
            count + " of " + listed(),
            "samples inside of mdat, in " + session.file.lengthBytes() + " bytes"));
  }

  /// Whether samples could not be read, which is told.
  boolean lacksSamples() {
    return outsideFile + outsideMedia > 0 || elsewhere;
  }

  /// Whether the tables list samples of which none could be read.
  boolean allLost() {
    return listed() > 0 && messages == 0 && outsideFile + outsideMedia > 0;
  }
}
