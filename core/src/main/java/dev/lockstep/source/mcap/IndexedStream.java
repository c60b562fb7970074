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
import dev.lockstep.source.mcap.ChunkShelf.Content;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One channel of an MCAP file with a summary and, once they are asked for, where its messages lie.
final class IndexedStream {
  /// Bytes of a message in which its header lies, names of frames included. Judged.
  private static final int HEAD_BYTES = 1024;

  private final SummaryIndex summary;
  private final ChunkShelf shelf;
  private final Resolved resolved;
  private final int count;
  private final PayloadFacts facts = new PayloadFacts();
  private final Map<Integer, Long> stampsNs = new HashMap<>();
  private PayloadProfile profile;
  private StreamInfo info;
  private int[] chunks = {};
  private long[] offsets = {};
  private long[] logTimesNs = {};

  IndexedStream(SummaryIndex summary, ChunkShelf shelf, int id, String name, Resolved resolved) {
    this.summary = summary;
    this.shelf = shelf;
    this.resolved = resolved;
    this.count =
        (int)
            Math.min(
                Integer.MAX_VALUE - 8, summary.messages.getOrDefault(resolved.channel.id(), 0L));
    this.profile = resolved.profile;
    this.info = info(id, name);
  }

  StreamInfo info() {
    return info;
  }

  /// Number of messages.
  int count() {
    return count;
  }

  /// Whether messages hold labels.
  boolean isLabelled() {
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
    load();
    Content content = shelf.content(summary.chunks.get(chunks[0]));
    long at = recordAt(content, 0);
    profile =
        profile.seen(
            content.segment(),
            at + McapLayout.RECORD_HEAD_BYTES + McapLayout.MESSAGE_HEAD_BYTES,
            (int) Math.min(Integer.MAX_VALUE, shelf.payloadLength(content, at)));
    info = info(info.id(), info.name());
  }

  private void load() {
    if (chunks.length == count) {
      return;
    }
    chunks = new int[count];
    offsets = new long[count];
    logTimesNs = new long[count];
    int channel = resolved.channel.id();
    MemorySegment segment = shelf.file();
    int to = 0;
    for (int c = 0; c < summary.chunks.size() && to < count; c++) {
      IndexedChunk chunk = summary.chunks.get(c);
      long entries = chunk.messages(segment, channel);
      long at = chunk.entriesAt(channel);
      int first = to;
      for (long e = 0; e < entries && to < count; e++) {
        long time = segment.get(McapLayout.U64, at);
        long offset = segment.get(McapLayout.U64, at + Long.BYTES);
        at += McapLayout.MESSAGE_INDEX_ENTRY_BYTES;
        // Nearly always in order already: indexes may be sorted by log time.
        int slot = to++;
        while (slot > first && offsets[slot - 1] > offset) {
          offsets[slot] = offsets[slot - 1];
          logTimesNs[slot] = logTimesNs[slot - 1];
          slot--;
        }
        offsets[slot] = offset;
        logTimesNs[slot] = time;
        chunks[to - 1] = c;
      }
    }
  }

  private long recordAt(Content content, int i) throws IOException {
    load();
    long at = content.from() + offsets[i];
    if (offsets[i] < 0 || at > content.to() - McapLayout.RECORD_HEAD_BYTES) {
      throw new IOException(shelf.name() + ": a message index points past its chunk");
    }
    return at;
  }

  /// A message.
  MessageAt message(int i) throws IOException {
    load();
    IndexedChunk chunk = summary.chunks.get(chunks[i]);
    Content content = shelf.content(chunk);
    long at = recordAt(content, i);
    long length = shelf.payloadLength(content, at);
    long payload = at + McapLayout.RECORD_HEAD_BYTES + McapLayout.MESSAGE_HEAD_BYTES;
    boolean plain = chunk.span().plain();
    return new MessageAt(
        info.name(),
        i,
        stampNs(i),
        logTimesNs[i],
        shelf.name(),
        plain
            ? new ByteRange(payload, length)
            : new ByteRange(chunk.span().offset(), chunk.span().length()),
        !plain);
  }

  /// CRC-32C of the payload of a message.
  int crc32c(int i) throws IOException {
    load();
    Content content = shelf.content(summary.chunks.get(chunks[i]));
    long at = recordAt(content, i);
    return Crc32c.of(
        content.segment(),
        at + McapLayout.RECORD_HEAD_BYTES + McapLayout.MESSAGE_HEAD_BYTES,
        shelf.payloadLength(content, at));
  }

  /// Stamp of a message, or [Times#NONE].
  private long stampNs(int i) throws IOException {
    load();
    if (!profile.stamped()) {
      return logTimesNs[i];
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
    Content content = shelf.content(summary.chunks.get(chunks[i]));
    long at = recordAt(content, i);
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

  /// Goes where the log times say, corrected by how far the stamp there was off; a few steps do,
  /// since a sensor's delay hardly changes.
  long nearest(long stampNs) throws IOException {
    load();
    int i = 0;
    int stamped = stamped(i, 1);
    if (stamped < 0) {
      return -1;
    }
    i = stamped;
    for (int tries = 0; tries < 8; tries++) {
      long delayNs = Times.difference(logTimesNs[i], stampNs(i));
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

  private int byLogTime(long timeNs) {
    int low = 0;
    int high = count - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (logTimesNs[middle] < timeNs) {
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

  /// Adds the messages that rest on `bytes` to `found`.
  void touching(ByteRange bytes, List<MessageAt> found) throws IOException {
    load();
    for (int i = 0; i < count; i++) {
      ChunkSpan chunk = summary.chunks.get(chunks[i]).span();
      if (chunk.offset() >= bytes.endBytes() || chunk.end() <= bytes.offsetBytes()) {
        continue;
      }
      if (chunk.plain() && bytes.offsetBytes() >= chunk.head().recordsOffset()) {
        Content content = shelf.content(summary.chunks.get(chunks[i]));
        long at = recordAt(content, i);
        long end =
            at
                + McapLayout.RECORD_HEAD_BYTES
                + McapLayout.MESSAGE_HEAD_BYTES
                + shelf.payloadLength(content, at);
        if (at >= bytes.endBytes() || end <= bytes.offsetBytes()) {
          continue;
        }
      }
      found.add(message(i));
    }
  }

  /// The label sets, with at least those rows whose stamps lie in `[fromNs, toNs]`.
  List<LabelSet> labels(long fromNs, long toNs) throws IOException {
    load();
    LabelCollector collector = new LabelCollector(info, shelf.name());
    boolean all = fromNs == Long.MIN_VALUE;
    int first = all ? 0 : (int) Math.max(0, nearest(fromNs) - 1);
    for (int i = first; i < count; i++) {
      read(i, Integer.MAX_VALUE);
      if (!all && facts.stampNs != Times.NONE && facts.stampNs > toNs) {
        break;
      }
      collect(i, collector);
    }
    return collector.sealed();
  }

  private void collect(int i, LabelCollector collector) throws IOException {
    facts.wantFrameId = true;
    read(i, Integer.MAX_VALUE);
    facts.wantFrameId = false;
    MessageBatch batch = new MessageBatch(info, 1);
    batch.add(profile.stamped() ? facts.stampNs : logTimesNs[i], logTimesNs[i], Times.NONE, 0, 0);
    batch.setFirstIndex(i);
    String frameId = facts.frameId;
    if (frameId != null) {
      batch.setFrameId(frameId);
    }
    List<RowNotes.Box> boxes = new ArrayList<>();
    facts.boxes().forEach(box -> boxes.add(new RowNotes.Box(0, box)));
    collector.add(boxes, batch);
  }
}
