package dev.lockstep.shadow;

import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.source.IgnoringSink;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.source.labelfile.LabelFileFormat;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where labels are read from: a recording, or a file of a label format.
///
/// @param path where it is
/// @param recording format of the recording, or null for a label file
/// @param file format of the label file; for a recording the one whose words its labels use, or
///   null
public record LabelSource(Path path, @Nullable SourceFormat recording, @Nullable LabelFormat file) {
  /// What a read gave.
  ///
  /// @param sets label sets
  /// @param defects what was wrong
  /// @param coverage how much was read
  public record Read(List<LabelSet> sets, List<Defect> defects, Coverage coverage) {}

  /// Name of the format.
  public String format() {
    SourceFormat container = recording;
    LabelFormat labels = file;
    return container != null ? container.name() : labels != null ? labels.name() : "";
  }

  /// What its labels can say.
  LabelCapabilities capabilities() {
    LabelFormat labels = file;
    return labels == null ? LabelCapabilities.EVERYTHING : labels.capabilities();
  }

  /// The first read, the way in which recordings are checked: mapped, from front to back.
  ///
  /// @throws IOException if a file cannot be opened
  public Read first() throws IOException {
    SourceFormat container = recording;
    LabelFormat labels = file;
    SourceFormat format =
        container != null || labels == null ? container : new LabelFileFormat(labels);
    if (format == null) {
      throw new IllegalStateException(path + " has no format");
    }
    Sink sink = new Sink();
    try (RecordingReader reader = format.open(path, ReadOptions.DEFAULT)) {
      reader.readAll(sink);
    }
    return new Read(sink.sets, sink.defects, sink.coverage);
  }

  /// The second read, through plain reads of the file instead of a mapping; null for recordings.
  ///
  /// @throws IOException if a file cannot be read
  @Nullable Read second() throws IOException {
    LabelFormat labels = file;
    if (recording != null || labels == null) {
      return null;
    }
    byte[] bytes = bytes(path);
    List<Defect> defects = new ArrayList<>();
    LabelFormat.Reading reading =
        bytes.length == 0
            ? new LabelFormat.Reading(List.of(), 0, List.of())
            : labels.read(LabelInput.of(path, MemorySegment.ofArray(bytes)), defects::add);
    return new Read(reading.sets(), defects, new Coverage(bytes.length, 0, 0, 0, "none"));
  }

  private static byte[] bytes(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (channel.size() > ReadOptions.DEFAULT_MAX_BLOCK_BYTES) {
        throw new IOException(
            path
                + ": "
                + channel.size()
                + " bytes (expected at most "
                + ReadOptions.DEFAULT_MAX_BLOCK_BYTES
                + ")");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // Reads on until the end of what there is.
      }
      byte[] read = new byte[bytes.position()];
      bytes.flip().get(read);
      return read;
    }
  }

  private static final class Sink extends IgnoringSink {
    private final List<LabelSet> sets = new ArrayList<>();
    private final List<Defect> defects = new ArrayList<>();
    private Coverage coverage = new Coverage(0, 0, 0, 0, "none");

    @Override
    public void defect(Defect defect) {
      if (defect.kind().losesMessages() || defect.kind() == DefectKind.LABEL_MALFORMED) {
        defects.add(defect);
      }
    }

    @Override
    public void labels(LabelSet labels) {
      sets.add(labels);
    }

    @Override
    public void coverage(Coverage coverage) {
      this.coverage = coverage;
    }
  }
}
