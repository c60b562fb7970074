package dev.lockstep.source.kitti;

import dev.lockstep.labels.BoxExamination;
import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import dev.lockstep.source.CoverageTally;
import dev.lockstep.source.FileFaults;
import dev.lockstep.source.FileItem;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingSink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A file of labels: read, its boxes examined, its label set handed over at the end.
final class LabelFile implements FileItem {
  /// Reads the labels of a file.
  interface Parser {
    /// Reads a file; `defects` is told of what is wrong.
    Parsed parse(MemorySegment file, Consumer<Defect> defects);
  }

  /// What a file held.
  ///
  /// @param labels its labels, sealed
  /// @param examined how often which kind of defect was looked for
  record Parsed(LabelSet labels, Map<DefectKind, Long> examined) {}

  private final Path path;
  private final String name;
  private final Parser parser;
  private final ReadOptions options;
  private final CoverageTally tally;
  private final List<Defect> defects = new ArrayList<>();
  private final Map<DefectKind, Long> examined = new EnumMap<>(DefectKind.class);
  private @Nullable LabelSet labels;
  private long lengthBytes;

  /// @param name name of the file relative to the recording
  LabelFile(Path path, String name, Parser parser, ReadOptions options, CoverageTally tally) {
    this.path = path;
    this.name = name;
    this.parser = parser;
    this.options = options;
    this.tally = tally;
  }

  @Override
  public void scan() {
    try (MappedFile file = MappedFile.open(path)) {
      lengthBytes = file.lengthBytes();
      file.guard(0, lengthBytes, () -> read(file.segment()));
    } catch (MappedFaultException e) {
      lose(DefectKind.FILE_CHANGED, e);
    } catch (IOException e) {
      lose(DefectKind.FILE_UNREADABLE, e);
    }
  }

  private void lose(DefectKind kind, IOException e) {
    labels = null;
    defects.add(
        Defect.of(
            kind,
            Location.file(name),
            new Evidence.Violation("file", String.valueOf(e.getMessage()), "")));
  }

  private void read(MemorySegment file) {
    FileFaults.KINDS.forEach(kind -> examined.put(kind, 1L));
    if (!FileFaults.examine(file, Location.file(name), defects::add) || !options.labels()) {
      return;
    }
    if (file.byteSize() > options.maxBlockBytes()) {
      defects.add(
          Defect.of(
              DefectKind.CHUNK_TOO_LARGE,
              Location.file(name),
              new Evidence.OutOfRange(
                  "file length", file.byteSize(), null, (long) options.maxBlockBytes(), "bytes")));
      return;
    }
    Parsed parsed = parser.parse(file, defects::add);
    examined.putAll(parsed.examined());
    examined.put(DefectKind.BOX_INVALID, BoxExamination.examine(parsed.labels(), defects::add));
    labels = parsed.labels();
  }

  /// The labels; null where the file holds none that could be read.
  @Nullable LabelSet labels() {
    return labels;
  }

  @Override
  public void commit(RecordingSink sink) {
    if (labels == null) {
      tally.addLost(lengthBytes);
    } else {
      tally.add(lengthBytes);
    }
    sink.examined(DefectKind.FILE_UNREADABLE, 1);
    sink.examined(DefectKind.FILE_CHANGED, 1);
    examined.forEach(sink::examined);
    defects.forEach(sink::defect);
  }
}
