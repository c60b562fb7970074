package dev.lockstep.source.labelfile;

import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.labels.WantedRows;
import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.source.MessageAt;
import dev.lockstep.source.RecordingIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The labels of a file, found where its format can find them, else read once, all of them, when
/// they are first asked for.
final class LabelFileIndex implements RecordingIndex {
  /// Shorter files are read: that takes no longer, and they may be something else than labels.
  private static final long LEAST_BYTES = 4 << 10;

  private final Path path;
  private final LabelFormat format;
  private final LabelFileFormat recordings;
  private @Nullable RecordingIndex whole;

  LabelFileIndex(Path path, LabelFormat format, LabelFileFormat recordings) {
    this.path = path;
    this.format = format;
    this.recordings = recordings;
  }

  private RecordingIndex whole() throws IOException {
    RecordingIndex read = whole;
    if (read == null) {
      read = recordings.scan(path);
      whole = read;
    }
    return read;
  }

  /// Nothing in it says where labels lie.
  @Override
  public boolean wasScanned() {
    return true;
  }

  @Override
  public List<StreamInfo> streams() {
    return List.of();
  }

  @Override
  public long messages(String stream) {
    return 0;
  }

  @Override
  public MessageAt message(String stream, long index) {
    throw new IndexOutOfBoundsException("message " + index + " of " + stream);
  }

  @Override
  public long nearest(String stream, long stampNs) {
    return -1;
  }

  @Override
  public List<MessageAt> touching(String file, ByteRange bytes) {
    return List.of();
  }

  @Override
  public int crc32c(MessageAt message) {
    throw new IndexOutOfBoundsException("message " + message.index() + " of " + message.stream());
  }

  @Override
  public List<LabelSet> labels(long fromNs, long toNs) throws IOException {
    return labels(new WantedRows(fromNs, toNs, -1, -1, null));
  }

  @Override
  public List<LabelSet> labels(WantedRows wanted) throws IOException {
    List<LabelSet> found = whole == null && Files.size(path) >= LEAST_BYTES ? find(wanted) : null;
    return found == null ? whole().labels(wanted) : found;
  }

  private @Nullable List<LabelSet> find(WantedRows wanted) throws IOException {
    try (MappedFile file = MappedFile.open(path)) {
      List<@Nullable List<LabelSet>> found = new ArrayList<>();
      file.guard(() -> found.add(format.find(LabelInput.of(path, file.segment()), wanted)));
      return found.getFirst();
    } catch (MappedFaultException e) {
      // Whoever reads all of it says what happened to it.
      return null;
    }
  }

  @Override
  public void close() {
    RecordingIndex read = whole;
    if (read != null) {
      read.close();
    }
  }
}
