package dev.lockstep.source.mcap;

import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.payload.PayloadFacts;
import dev.lockstep.source.MessageAt;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingIndex;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.collections.impl.list.mutable.primitive.IntArrayList;
import org.jspecify.annotations.Nullable;

/// Finds messages of an MCAP file through its summary: chunk index, then message indexes, then the
/// message itself. Only what is asked for is read, and held against what the summary says of it.
///
/// Memory: the summary, 8 bytes for each chunk of a stream, 16 bytes for each message of a chunk
/// that was asked for, the stamps that were read, what a [ChunkShelf] holds.
final class McapIndex implements RecordingIndex {
  private final MappedFile file;
  private final ScanContext context;
  private final SummaryIndex summary;
  private final Map<String, IndexedStream> streams = new LinkedHashMap<>();
  private final ChunkShelf shelf;
  private final PayloadFacts facts = new PayloadFacts();

  private McapIndex(MappedFile file, SummaryIndex summary) {
    this.file = file;
    this.summary = summary;
    this.context = new ScanContext(file, ReadOptions.DEFAULT);
    this.shelf = new ChunkShelf(context);
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
      ChannelChunks chunks = byChannel[channel.id()];
      streams.put(
          name, new IndexedStream(streams.size(), name, resolved, chunks, summary, shelf, facts));
    }
    for (IndexedStream stream : streams.values()) {
      stream.look();
    }
  }

  @Override
  public boolean wasScanned() {
    return false;
  }

  @Override
  public List<StreamInfo> streams() {
    return streams.values().stream().map(IndexedStream::info).toList();
  }

  @Override
  public long messages(String stream) {
    IndexedStream known = streams.get(stream);
    return known == null ? 0 : known.count();
  }

  private IndexedStream stream(String name) {
    IndexedStream stream = streams.get(name);
    if (stream == null) {
      throw new IndexOutOfBoundsException("no stream " + name);
    }
    return stream;
  }

  @Override
  public MessageAt message(String stream, long index) throws IOException {
    IndexedStream known = stream(stream);
    if (index < 0 || index >= known.count()) {
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
    IndexedStream known = streams.get(stream);
    if (known == null || known.count() == 0) {
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
      for (IndexedStream stream : streams.values()) {
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

  @Override
  public int crc32c(MessageAt message) throws IOException {
    IndexedStream stream = stream(message.stream());
    int[] crc = new int[1];
    guarded(() -> crc[0] = stream.crc32c((int) message.index()));
    return crc[0];
  }

  @Override
  public List<LabelSet> labels(long fromNs, long toNs) throws IOException {
    List<LabelSet> sets = new ArrayList<>();
    guarded(() -> {
      for (IndexedStream stream : streams.values()) {
        if (stream.labelled()) {
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
      for (IndexedStream stream : streams.values()) {
        if (stream.labelled() && position >= 0 && position < stream.count()) {
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
      for (IndexedStream stream : streams.values()) {
        if (stream.labelled()) {
          sets.addAll(stream.labelsInFrame(frame));
        }
      }
    });
    return sets;
  }

  @Override
  public void close() {
    shelf.close();
  }
}
