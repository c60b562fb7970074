package dev.lockstep.source.mcap;

import dev.lockstep.checksum.Crc32c;
import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.payload.PayloadFacts;
import dev.lockstep.payload.PayloadProfile;
import dev.lockstep.source.DamagedIndexException;
import dev.lockstep.source.LabelCollector;
import dev.lockstep.source.MessageAt;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingIndex;
import dev.lockstep.source.RowNotes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.collections.impl.list.mutable.primitive.IntArrayList;
import org.jspecify.annotations.Nullable;

/// Finds messages of an MCAP file through its summary: chunk index, then message indexes, then the
/// message itself. Only what is asked for is read, and held against what the summary says of it.
///
/// Memory: the summary, 8 bytes for each chunk of a stream, 16 bytes for each message of a chunk
/// that was asked for, the stamps that were read, the decompressed chunks used last, at most
/// [#HELD_BYTES] or one.
final class McapIndex implements RecordingIndex {
  /// Bytes of decompressed chunks that are kept: messages of one instant lie in a few chunks.
  private static final long HELD_BYTES = 32L << 20;

  /// Bytes of a message in which its header lies, names of frames included. Judged.
  private static final int HEAD_BYTES = 1024;

  private final MappedFile file;
  private final ScanContext context;
  private final SummaryIndex summary;
  private final Map<String, Stream> streams = new LinkedHashMap<>();
  private final ArrayDeque<Held> held = new ArrayDeque<>();
  private final PayloadFacts facts = new PayloadFacts();

  private record Held(IndexedChunk chunk, ChunkContent content) {}

  /// Where a message lies: its chunk and its offset there.
  private record Place(IndexedChunk chunk, long offset, long logTimeNs) {}

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

  /// The records of a chunk.
  private record Content(MemorySegment segment, long from, long to) {}

  private McapIndex(MappedFile file, SummaryIndex summary) {
    this.file = file;
    this.summary = summary;
    this.context = new ScanContext(file, ReadOptions.DEFAULT);
  }

  /// Opens a file; null where its summary does not find every message.
  ///
  /// @throws IOException if it cannot be opened or mapped
  static @Nullable McapIndex open(Path path) throws IOException {
    MappedFile file = MappedFile.open(path);
    McapIndex[] index = new McapIndex[1];
    try {
      file.guard(
          0,
          file.lengthBytes(),
          () -> {
            SummaryIndex summary = SummaryIndex.read(file.segment());
            if (summary != null) {
              McapIndex named = new McapIndex(file, summary);
              named.name();
              index[0] = named;
            }
          });
    } finally {
      if (index[0] == null) {
        file.close();
      }
    }
    return index[0];
  }

  private void name() throws IOException {
    ChannelChunks[] byChannel = ChannelChunks.of(summary);
    for (Records.Channel channel : summary.channels.values()) {
      String name = channel.topic();
      if (streams.containsKey(name)) {
        name = name + " (channel " + channel.id() + ")";
      }
      Resolved resolved =
          context.definitions.resolve(channel, summary.schemas.get(channel.schemaId()));
      streams.put(name, new Stream(streams.size(), name, resolved, byChannel[channel.id()]));
    }
    for (Stream stream : streams.values()) {
      stream.look();
    }
  }

  @Override
  public boolean wasScanned() {
    return false;
  }

  @Override
  public List<StreamInfo> streams() {
    return streams.values().stream().map(stream -> stream.info).toList();
  }

  @Override
  public long messages(String stream) {
    Stream known = streams.get(stream);
    return known == null ? 0 : known.count;
  }

  private Stream stream(String name) {
    Stream stream = streams.get(name);
    if (stream == null) {
      throw new IndexOutOfBoundsException("no stream " + name);
    }
    return stream;
  }

  @Override
  public MessageAt message(String stream, long index) throws IOException {
    Stream known = stream(stream);
    if (index < 0 || index >= known.count) {
      throw new IndexOutOfBoundsException("message " + index + " of " + stream);
    }
    MessageAt[] at = new MessageAt[1];
    guarded(() -> at[0] = known.message((int) index));
    return at[0];
  }

  private interface Work {
    void run() throws IOException;
  }

  private void guarded(Work work) throws IOException {
    try {
      file.guard(0, file.lengthBytes(), work::run);
    } catch (MappedFaultException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public long nearest(String stream, long stampNs) throws IOException {
    Stream known = streams.get(stream);
    if (known == null || known.count == 0) {
      return -1;
    }
    long[] found = new long[1];
    guarded(() -> found[0] = known.nearest(stampNs));
    return found[0];
  }

  @Override
  public List<MessageAt> touching(String name, ByteRange bytes) throws IOException {
    List<MessageAt> found = new ArrayList<>();
    if (!name.equals(context.name)) {
      return found;
    }
    guarded(() -> {
      int[] chunks = chunksIn(bytes);
      for (Stream stream : streams.values()) {
        for (int chunk : chunks) {
          stream.touching(chunk, bytes, found);
        }
      }
    });
    return found;
  }

  /// The chunks that hold some of `bytes`.
  private int[] chunksIn(ByteRange bytes) {
    IntArrayList found = new IntArrayList();
    for (int c = 0; c < summary.chunks.size(); c++) {
      IndexedChunk chunk = summary.chunks.get(c);
      if (chunk.offset() < bytes.endBytes() && chunk.end() > bytes.offsetBytes()) {
        found.add(c);
      }
    }
    return found.toArray();
  }

  private ChunkSpan span(IndexedChunk chunk) throws IOException {
    return chunk.span(file.segment(), context.name);
  }

  @Override
  public int crc32c(MessageAt message) throws IOException {
    Stream stream = stream(message.stream());
    int[] crc = new int[1];
    guarded(() -> {
      Place place = stream.place((int) message.index());
      Content content = content(place.chunk());
      long at = recordAt(content, place);
      crc[0] =
          Crc32c.of(
              content.segment(),
              at + McapLayout.RECORD_HEAD_BYTES + McapLayout.MESSAGE_HEAD_BYTES,
              payloadLength(content, at));
    });
    return crc[0];
  }

  @Override
  public List<LabelSet> labels(long fromNs, long toNs) throws IOException {
    List<LabelSet> sets = new ArrayList<>();
    guarded(() -> {
      for (Stream stream : streams.values()) {
        if (stream.profile.labelled()) {
          sets.addAll(stream.labels(fromNs, toNs));
        }
      }
    });
    return sets;
  }

  /// Labels are messages here, and their position is that of the message.
  @Override
  public List<LabelSet> labelsAt(long position) throws IOException {
    List<LabelSet> sets = new ArrayList<>();
    guarded(() -> {
      for (Stream stream : streams.values()) {
        if (stream.profile.labelled() && position >= 0 && position < stream.count) {
          sets.addAll(stream.labelsAt((int) position));
        }
      }
    });
    return sets;
  }

  /// Found by halving, as long as the numbers rise with the messages.
  @Override
  public List<LabelSet> labelsInFrame(long frame) throws IOException {
    List<LabelSet> sets = new ArrayList<>();
    guarded(() -> {
      for (Stream stream : streams.values()) {
        if (stream.profile.labelled()) {
          sets.addAll(stream.labelsInFrame(frame));
        }
      }
    });
    return sets;
  }

  /// The records of a chunk; those of compressed ones stay until others push them out.
  private Content content(IndexedChunk chunk) throws IOException {
    ChunkSpan span = span(chunk);
    long from = span.head().recordsOffset();
    if (span.plain()) {
      return new Content(file.segment(), from, from + span.recordsLength());
    }
    for (Held each : held) {
      if (each.chunk() == chunk) {
        return plain(each.content());
      }
    }
    long size = Math.max(0, span.head().uncompressedSize());
    while (!held.isEmpty() && size + heldBytes() > HELD_BYTES) {
      held.removeLast().content().close();
    }
    UnitDefects defects = new UnitDefects();
    ChunkContent content = ChunkContent.open(context, span, defects);
    if (!content.whole()) {
      content.close();
      throw new DamagedIndexException(
          context.name + ": the chunk at byte " + chunk.offset() + " cannot be read");
    }
    held.addFirst(new Held(chunk, content));
    return plain(content);
  }

  private static Content plain(ChunkContent content) {
    return new Content(content.segment(), content.from(), content.to());
  }

  private long heldBytes() {
    return held.stream().mapToLong(each -> each.content().to()).sum();
  }

  /// Payload bytes of the message record at `at`.
  private long payloadLength(Content content, long at) throws IOException {
    long left = content.to() - at - McapLayout.RECORD_HEAD_BYTES;
    long length =
        left < McapLayout.MESSAGE_HEAD_BYTES
            ? -1
            : content.segment().get(McapLayout.U64, at + McapLayout.LENGTH_OFFSET);
    if (length < McapLayout.MESSAGE_HEAD_BYTES
        || length > left
        || (content.segment().get(McapLayout.U8, at) & 0xFF) != McapLayout.MESSAGE) {
      throw new DamagedIndexException(context.name + ": a message index points to no message");
    }
    return length - McapLayout.MESSAGE_HEAD_BYTES;
  }

  private long recordAt(Content content, Place place) throws IOException {
    long at = content.from() + place.offset();
    if (place.offset() < 0 || at > content.to() - McapLayout.RECORD_HEAD_BYTES) {
      throw new DamagedIndexException(context.name + ": a message index points past its chunk");
    }
    return at;
  }

  @Override
  public void close() {
    held.forEach(each -> each.content().close());
    context.close();
  }

  /// A channel and, once they are asked for, where its messages lie.
  private final class Stream {
    final Resolved resolved;
    final int count;
    PayloadProfile profile;
    StreamInfo info;
    final Map<Integer, Long> stampsNs = new HashMap<>();
    final ChannelChunks chunks;
    final Map<Integer, Entries> entries = new HashMap<>();

    Stream(int id, String name, Resolved resolved, ChannelChunks chunks) {
      this.resolved = resolved;
      this.chunks = chunks;
      this.count = chunks.messages();
      this.profile = resolved.profile;
      this.info = info(id, name);
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
      Place place = place(0);
      Content content = content(place.chunk());
      long at = recordAt(content, place);
      profile =
          profile.seen(
              content.segment(),
              at + McapLayout.RECORD_HEAD_BYTES + McapLayout.MESSAGE_HEAD_BYTES,
              (int) Math.min(Integer.MAX_VALUE, payloadLength(content, at)));
      info = info(info.id(), info.name());
    }

    /// Where message `i` lies.
    Place place(int i) throws IOException {
      int nth = chunks.holding(i);
      IndexedChunk chunk = summary.chunks.get(chunks.chunk(nth));
      Entries known = entries.get(nth);
      if (known == null) {
        int count = chunks.first(nth + 1) - chunks.first(nth);
        long at = chunk.entriesAt(file.segment(), resolved.channel.id(), context.name);
        known = Entries.read(file.segment(), at, count);
        entries.put(nth, known);
      }
      int entry = i - chunks.first(nth);
      return new Place(chunk, known.offsets()[entry], known.logTimesNs()[entry]);
    }

    private long logTimeNs(int i) throws IOException {
      return place(i).logTimeNs();
    }

    MessageAt message(int i) throws IOException {
      Place place = place(i);
      ChunkSpan chunk = span(place.chunk());
      Content content = content(place.chunk());
      long at = recordAt(content, place);
      long length = payloadLength(content, at);
      long payload = at + McapLayout.RECORD_HEAD_BYTES + McapLayout.MESSAGE_HEAD_BYTES;
      boolean plain = chunk.plain();
      return new MessageAt(
          info.name(),
          i,
          stampNs(i),
          place.logTimeNs(),
          context.name,
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
      Place place = place(i);
      Content content = content(place.chunk());
      long at = recordAt(content, place);
      long length = Math.min(payloadLength(content, at), atMost);
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
      ChunkSpan span = span(summary.chunks.get(chunk));
      boolean apart = span.plain() && bytes.offsetBytes() >= span.head().recordsOffset();
      for (int i = chunks.first(nth); i < chunks.first(nth + 1); i++) {
        if (!apart || touches(i, bytes)) {
          found.add(message(i));
        }
      }
    }

    private boolean touches(int i, ByteRange bytes) throws IOException {
      Place place = place(i);
      Content content = content(place.chunk());
      long at = recordAt(content, place);
      long end =
          at
              + McapLayout.RECORD_HEAD_BYTES
              + McapLayout.MESSAGE_HEAD_BYTES
              + payloadLength(content, at);
      return at < bytes.endBytes() && end > bytes.offsetBytes();
    }

    List<LabelSet> labels(long fromNs, long toNs) throws IOException {
      if (fromNs == Long.MIN_VALUE || count == 0) {
        LabelCollector collector = new LabelCollector(info, context.name);
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

    List<LabelSet> labelsAt(int i) throws IOException {
      LabelCollector collector = partCollector();
      collect(i, Long.MAX_VALUE, collector);
      return collector.sealed();
    }

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
      LabelCollector first = new LabelCollector(info, context.name);
      for (int i = 0; i < count && first.mainFrame() == null; i++) {
        collect(i, Long.MAX_VALUE, first);
      }
      return new LabelCollector(info, context.name, first.mainFrame());
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
}
