package dev.lockstep.source.mcap;

import dev.lockstep.checksum.Crc32c;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.payload.PayloadFacts;
import dev.lockstep.payload.PayloadProfile;
import dev.lockstep.source.LabelCollector;
import dev.lockstep.source.MessageAt;
import dev.lockstep.source.RowNotes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A channel of an indexed file and, once they are asked for, where its messages lie.
final class IndexedStream {
  /// Bytes of a message in which its header lies, names of frames included. Judged.
  private static final int HEAD_BYTES = 1024;

  private final SummaryIndex summary;
  private final ChunkShelf shelf;
  private final PayloadFacts facts;
  private final Resolved resolved;
  private final ChannelChunks chunks;
  private final int count;
  private PayloadProfile profile;
  private StreamInfo info;
  private final Map<Integer, Long> stampsNs = new HashMap<>();
  private final Map<Integer, Entries> entries = new HashMap<>();

  /// The message index of one channel in one chunk, in order of offsets.
  private record Entries(long[] offsets, long[] logTimesNs) {
    static Entries read(MemorySegment segment, long from, int count) {
      long[] offsets = new long[count];
      long[] logTimesNs = new long[count];
      for (int e = 0; e < count; e++) {
        long at = from + (long) e * McapLayout.MESSAGE_INDEX_ENTRY_BYTES;
        long time = segment.get(McapLayout.U64, at);
        long offset = segment.get(McapLayout.U64, at + Long.BYTES);
        // Nearly always in order already: indexes may be sorted by log time.
        int slot = e;
        while (slot > 0 && offsets[slot - 1] > offset) {
          offsets[slot] = offsets[slot - 1];
          logTimesNs[slot] = logTimesNs[slot - 1];
          slot--;
        }
        offsets[slot] = offset;
        logTimesNs[slot] = time;
      }
      return new Entries(offsets, logTimesNs);
    }
  }

  /// @param id its number
  /// @param chunks its chunks among those of `summary`
  /// @param shelf gives their content
  /// @param facts room to read messages in, which streams of a file may share
  IndexedStream(
      int id,
      String name,
      Resolved resolved,
      ChannelChunks chunks,
      SummaryIndex summary,
      ChunkShelf shelf,
      PayloadFacts facts) {
    this.summary = summary;
    this.shelf = shelf;
    this.facts = facts;
    this.resolved = resolved;
    this.chunks = chunks;
    this.count = chunks.messages();
    this.profile = resolved.profile;
    this.info = info(id, name);
  }

  /// Name, number and kind.
  StreamInfo info() {
    return info;
  }

  /// Number of its messages.
  int count() {
    return count;
  }

  /// Whether its messages hold labels.
  boolean labelled() {
    return profile.labelled();
  }

  private StreamInfo info(int id, String name) {
    Records.Schema schema = resolved.schema;
    return StreamInfo.of(
        id,
        name,
        profile.modality(),
        profile.stamped() ? StampSource.HEADER : StampSource.LOG_TIME,
        resolved.channel.encoding(),
        schema == null ? "" : schema.name());
  }

  /// Looks at the first message, by which messages without a schema show what they are.
  void look() throws IOException {
    if (count == 0 || !resolved.channel.encoding().equals("json")) {
      return;
    }
    ChunkShelf.Place place = place(0);
    ChunkShelf.Content content = shelf.content(place.chunk());
    long at = shelf.recordAt(content, place);
    profile =
        profile.seen(
            content.segment(),
            at + McapLayout.RECORD_HEAD_BYTES + McapLayout.MESSAGE_HEAD_BYTES,
            (int) Math.min(Integer.MAX_VALUE, shelf.payloadLength(content, at)));
    info = info(info.id(), info.name());
  }

  /// Where message `i` lies.
  private ChunkShelf.Place place(int i) throws IOException {
    int nth = chunks.holding(i);
    IndexedChunk chunk = summary.chunks.get(chunks.chunk(nth));
    Entries known = entries.get(nth);
    if (known == null) {
      int count = chunks.first(nth + 1) - chunks.first(nth);
      long at = chunk.entriesAt(shelf.file(), resolved.channel.id(), shelf.name());
      known = Entries.read(shelf.file(), at, count);
      entries.put(nth, known);
    }
    int entry = i - chunks.first(nth);
    return new ChunkShelf.Place(chunk, known.offsets()[entry], known.logTimesNs()[entry]);
  }

  private long logTimeNs(int i) throws IOException {
    return place(i).logTimeNs();
  }

  /// Message `i`, which is there.
  MessageAt message(int i) throws IOException {
    ChunkShelf.Place place = place(i);
    ChunkSpan chunk = shelf.span(place.chunk());
    ChunkShelf.Content content = shelf.content(place.chunk());
    long at = shelf.recordAt(content, place);
    long length = shelf.payloadLength(content, at);
    long payload = at + McapLayout.RECORD_HEAD_BYTES + McapLayout.MESSAGE_HEAD_BYTES;
    boolean plain = chunk.plain();
    return new MessageAt(
        info.name(),
        i,
        stampNs(i),
        place.logTimeNs(),
        shelf.name(),
        plain ? new ByteRange(payload, length) : new ByteRange(chunk.offset(), chunk.length()),
        !plain);
  }

  /// Stamp of a message, or [Times#NONE].
  private long stampNs(int i) throws IOException {
    if (!profile.stamped()) {
      return logTimeNs(i);
    }
    Long known = stampsNs.get(i);
    if (known != null) {
      return known;
    }
    // In CDR the header stands in front, and reading stops there for what is cut off: the stamp
    // is that of the whole message.
    boolean inFront = resolved.channel.encoding().equals("cdr");
    read(i, inFront ? HEAD_BYTES : Integer.MAX_VALUE);
    if (inFront && facts.stampNs == Times.NONE) {
      read(i, Integer.MAX_VALUE);
    }
    long stampNs = facts.stampNs;
    stampsNs.put(i, stampNs);
    return stampNs;
  }

  private void read(int i, int atMost) throws IOException {
    ChunkShelf.Place place = place(i);
    ChunkShelf.Content content = shelf.content(place.chunk());
    long at = shelf.recordAt(content, place);
    long length = Math.min(shelf.payloadLength(content, at), atMost);
    facts.reset();
    if (length < Integer.MAX_VALUE) {
      profile
          .reader()
          .read(
              content.segment(),
              at + McapLayout.RECORD_HEAD_BYTES + McapLayout.MESSAGE_HEAD_BYTES,
              (int) length,
              facts);
    }
  }

  /// The message whose stamp is nearest, or -1.
  ///
  /// Goes where the log times say, corrected by how far the stamp there was off; a few steps do,
  /// since a sensor's delay hardly changes.
  long nearest(long stampNs) throws IOException {
    int i = 0;
    int stamped = stamped(i, 1);
    if (stamped < 0) {
      return -1;
    }
    i = stamped;
    for (int tries = 0; tries < 8; tries++) {
      long delayNs = Times.difference(logTimeNs(i), stampNs(i));
      int next = byLogTime(stampNs + delayNs);
      int with = stamped(next, 1);
      next = with < 0 ? stamped(next, -1) : with;
      if (next == i || next < 0) {
        break;
      }
      i = next;
    }
    return climb(i, stampNs);
  }

  /// From message `i` on in direction `step`, the first with a stamp, or -1.
  private int stamped(int i, int step) throws IOException {
    for (int at = i; at >= 0 && at < count; at += step) {
      if (stampNs(at) != Times.NONE) {
        return at;
      }
    }
    return -1;
  }

  private int byLogTime(long timeNs) throws IOException {
    int low = 0;
    int high = count - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (logTimeNs(middle) < timeNs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int climb(int from, long stampNs) throws IOException {
    int best = from;
    long bestNs = Math.abs(Times.difference(stampNs(from), stampNs));
    for (int step : new int[] {-1, 1}) {
      int i = best;
      while (true) {
        i = stamped(i + step, step);
        if (i < 0) {
          break;
        }
        long awayNs = Math.abs(Times.difference(stampNs(i), stampNs));
        if (awayNs > bestNs || awayNs == bestNs && step > 0) {
          break;
        }
        best = i;
        bestNs = awayNs;
      }
    }
    return best;
  }

  /// Adds the messages of a chunk that hold some of `bytes`.
  void touching(int chunk, ByteRange bytes, List<MessageAt> found) throws IOException {
    int nth = chunks.nth(chunk);
    if (nth < 0) {
      return;
    }
    ChunkSpan span = shelf.span(summary.chunks.get(chunk));
    boolean apart = span.plain() && bytes.offsetBytes() >= span.head().recordsOffset();
    for (int i = chunks.first(nth); i < chunks.first(nth + 1); i++) {
      if (!apart || touches(i, bytes)) {
        found.add(message(i));
      }
    }
  }

  private boolean touches(int i, ByteRange bytes) throws IOException {
    ChunkShelf.Place place = place(i);
    ChunkShelf.Content content = shelf.content(place.chunk());
    long at = shelf.recordAt(content, place);
    long end =
        at
            + McapLayout.RECORD_HEAD_BYTES
            + McapLayout.MESSAGE_HEAD_BYTES
            + shelf.payloadLength(content, at);
    return at < bytes.endBytes() && end > bytes.offsetBytes();
  }

  /// CRC-32C of the payload of message `i`.
  int crc32c(int i) throws IOException {
    ChunkShelf.Place place = place(i);
    ChunkShelf.Content content = shelf.content(place.chunk());
    long at = shelf.recordAt(content, place);
    return Crc32c.of(
        content.segment(),
        at + McapLayout.RECORD_HEAD_BYTES + McapLayout.MESSAGE_HEAD_BYTES,
        shelf.payloadLength(content, at));
  }

  /// The labels of messages stamped from about `fromNs` to `toNs`; all of them from
  /// `Long.MIN_VALUE` on.
  List<LabelSet> labels(long fromNs, long toNs) throws IOException {
    if (fromNs == Long.MIN_VALUE || count == 0) {
      LabelCollector collector = new LabelCollector(info, shelf.name());
      for (int i = 0; i < count; i++) {
        collect(i, Long.MAX_VALUE, collector);
      }
      return collector.sealed();
    }
    LabelCollector collector = partCollector();
    for (int i = (int) Math.max(0, nearest(fromNs) - 1); i < count; i++) {
      if (!collect(i, toNs, collector)) {
        break;
      }
    }
    return collector.sealed();
  }

  /// The labels of message `i`.
  List<LabelSet> labelsAt(int i) throws IOException {
    LabelCollector collector = partCollector();
    collect(i, Long.MAX_VALUE, collector);
    return collector.sealed();
  }

  /// The labels of a frame.
  List<LabelSet> labelsInFrame(long frame) throws IOException {
    int[] span = new FrameSearch(count, this::frames).messagesOf(frame);
    if (span.length == 0) {
      return labels(Long.MIN_VALUE, Long.MAX_VALUE);
    }
    LabelCollector collector = partCollector();
    for (int i = span[0]; i <= span[1]; i++) {
      collect(i, Long.MAX_VALUE, collector);
    }
    return collector.sealed();
  }

  /// The numbers of the frames of a message's labels.
  private long[] frames(int i) throws IOException {
    read(i, Integer.MAX_VALUE);
    return facts.boxes().stream().mapToLong(box -> box.said().frame()).distinct().toArray();
  }

  /// A collector for some of the messages that names sets as one for all does.
  private LabelCollector partCollector() throws IOException {
    LabelCollector first = new LabelCollector(info, shelf.name());
    for (int i = 0; i < count && first.mainFrame() == null; i++) {
      collect(i, Long.MAX_VALUE, first);
    }
    return new LabelCollector(info, shelf.name(), first.mainFrame());
  }

  /// Adds the labels of a message, unless it is stamped after `toNs`: then false.
  private boolean collect(int i, long toNs, LabelCollector collector) throws IOException {
    facts.wantFrameId = true;
    read(i, Integer.MAX_VALUE);
    facts.wantFrameId = false;
    long logTimeNs = logTimeNs(i);
    long stampNs = profile.stamped() ? facts.stampNs : logTimeNs;
    if (stampNs != Times.NONE && stampNs > toNs) {
      return false;
    }
    MessageBatch batch = new MessageBatch(info, 1);
    batch.add(stampNs, logTimeNs, Times.NONE, 0, 0);
    batch.setFirstIndex(i);
    String frameId = facts.frameId;
    if (frameId != null) {
      batch.setFrameId(frameId);
    }
    List<RowNotes.Box> boxes = new ArrayList<>();
    facts.boxes().forEach(box -> boxes.add(new RowNotes.Box(0, box)));
    collector.add(boxes, batch);
    return true;
  }
}
