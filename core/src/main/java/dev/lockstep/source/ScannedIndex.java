package dev.lockstep.source;

import dev.lockstep.checksum.Crc32c;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An index made by one reading of a recording; what folders need, whose names tell the stamps.
///
/// Takes 40 bytes for each message, 8 more where messages are compressed, and the labels.
public final class ScannedIndex implements RecordingIndex {
  private final Path folder;
  private final String ownFile;
  private final boolean wasScanned;
  private final Sink sink = new Sink();

  private ScannedIndex(Path recording, boolean wasScanned) {
    Path absolute = recording.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    boolean single = !Files.isDirectory(absolute);
    this.folder = single && parent != null ? parent : absolute;
    this.ownFile = single ? String.valueOf(absolute.getFileName()) : "";
    this.wasScanned = wasScanned;
  }

  /// Reads the recording at `recording` with `reader`, which is closed, and keeps where its
  /// messages lie.
  ///
  /// @param payloadsRead whether the reader looks into payloads: it then had to read everything
  /// @throws IOException if the operating system refuses to read
  public static ScannedIndex of(Path recording, RecordingReader reader, boolean payloadsRead)
      throws IOException {
    try (reader) {
      ScannedIndex index = new ScannedIndex(recording, payloadsRead);
      reader.readAll(index.sink);
      return index;
    }
  }

  @Override
  public boolean wasScanned() {
    return wasScanned;
  }

  @Override
  public List<StreamInfo> streams() {
    return sink.rows.stream().map(rows -> rows.stream).toList();
  }

  private @Nullable Rows find(String stream) {
    for (Rows rows : sink.rows) {
      if (rows.stream.name().equals(stream)) {
        return rows;
      }
    }
    return null;
  }

  @Override
  public long messages(String stream) {
    Rows rows = find(stream);
    return rows == null ? 0 : rows.size;
  }

  @Override
  public MessageAt message(String stream, long index) {
    Rows rows = find(stream);
    if (rows == null || index < 0 || index >= rows.size) {
      throw new IndexOutOfBoundsException("message " + index + " of " + stream);
    }
    return at(rows, (int) index);
  }

  private MessageAt at(Rows rows, int i) {
    String file = rows.files[i];
    long stored = rows.storedBytes.length > i ? rows.storedBytes[i] : 0;
    return new MessageAt(
        rows.stream.name(),
        i,
        rows.stampsNs[i],
        rows.logTimesNs[i],
        file == null ? ownFile : file,
        new ByteRange(rows.positionsBytes[i], stored > 0 ? stored : rows.lengthsBytes[i]),
        stored > 0);
  }

  @Override
  public long nearest(String stream, long stampNs) {
    Rows rows = find(stream);
    if (rows == null) {
      return -1;
    }
    long best = -1;
    long bestNs = Long.MAX_VALUE;
    for (int i = 0; i < rows.size; i++) {
      if (rows.stampsNs[i] == Times.NONE) {
        continue;
      }
      long awayNs = Math.abs(Times.difference(rows.stampsNs[i], stampNs));
      if (awayNs < bestNs) {
        bestNs = awayNs;
        best = i;
      }
    }
    return best;
  }

  @Override
  public List<MessageAt> touching(String file, ByteRange bytes) {
    List<MessageAt> found = new ArrayList<>();
    for (Rows rows : sink.rows) {
      for (int i = 0; i < rows.size; i++) {
        MessageAt at = at(rows, i);
        if (at.file().equals(file)
            && at.bytes().offsetBytes() < bytes.endBytes()
            && at.bytes().endBytes() > bytes.offsetBytes()) {
          found.add(at);
        }
      }
    }
    return found;
  }

  @Override
  public int crc32c(MessageAt message) throws IOException {
    Rows rows = find(message.stream());
    if (rows != null && rows.crc32cs.length > message.index()) {
      return rows.crc32cs[(int) message.index()];
    }
    try (MappedFile file = MappedFile.open(folder.resolve(message.file()))) {
      int[] crc = new int[1];
      ByteRange bytes = message.bytes();
      file.guard(
          bytes.offsetBytes(),
          bytes.lengthBytes(),
          () -> {
            MemorySegment payload =
                file.segment().asSlice(bytes.offsetBytes(), bytes.lengthBytes());
            crc[0] = Crc32c.of(payload);
          });
      return crc[0];
    } catch (IndexOutOfBoundsException e) {
      throw new IOException(message.file() + ": shorter than when it was indexed", e);
    }
  }

  @Override
  public List<LabelSet> labels(long fromNs, long toNs) {
    return List.copyOf(sink.labels);
  }

  @Override
  public void close() {}

  /// The messages of one stream as columns.
  private static final class Rows {
    final StreamInfo stream;
    int size;
    long[] stampsNs = new long[16];
    long[] logTimesNs = new long[16];
    long[] positionsBytes = new long[16];
    int[] lengthsBytes = new int[16];
    int[] crc32cs = {};
    long[] storedBytes = {};
    @Nullable String[] files = new @Nullable String[16];

    Rows(StreamInfo stream) {
      this.stream = stream;
    }

    void add(MessageBatch batch) {
      int to = size + batch.size();
      if (to > stampsNs.length) {
        int room = Math.max(to, stampsNs.length * 2);
        stampsNs = Arrays.copyOf(stampsNs, room);
        logTimesNs = Arrays.copyOf(logTimesNs, room);
        positionsBytes = Arrays.copyOf(positionsBytes, room);
        lengthsBytes = Arrays.copyOf(lengthsBytes, room);
        files = Arrays.copyOf(files, room);
      }
      System.arraycopy(batch.stampsNs(), 0, stampsNs, size, batch.size());
      System.arraycopy(batch.logTimesNs(), 0, logTimesNs, size, batch.size());
      System.arraycopy(batch.positionsBytes(), 0, positionsBytes, size, batch.size());
      System.arraycopy(batch.lengthsBytes(), 0, lengthsBytes, size, batch.size());
      if (batch.crc32cs().length > 0) {
        crc32cs = Arrays.copyOf(crc32cs, Math.max(to, crc32cs.length));
        System.arraycopy(batch.crc32cs(), 0, crc32cs, size, batch.size());
      }
      for (int row = 0; row < batch.size(); row++) {
        long stored = batch.stored(row);
        if (stored > 0) {
          if (storedBytes.length < stampsNs.length) {
            storedBytes = Arrays.copyOf(storedBytes, stampsNs.length);
          }
          storedBytes[size + row] = stored;
        }
        files[size + row] = batch.file(row);
        positionsBytes[size + row] = batch.ownsFile(row) ? 0 : batch.positionsBytes()[row];
      }
      size = to;
    }
  }

  /// Keeps rows and labels; what is wrong is for others to judge.
  private static final class Sink extends IgnoringSink {
    final List<Rows> rows = new ArrayList<>();
    final List<LabelSet> labels = new ArrayList<>();

    @Override
    public void stream(StreamInfo stream) {
      rows.add(new Rows(stream));
    }

    @Override
    public void messages(MessageBatch batch) {
      rows.get(batch.stream().id()).add(batch);
    }

    @Override
    public void labels(LabelSet set) {
      labels.add(set);
    }
  }
}
