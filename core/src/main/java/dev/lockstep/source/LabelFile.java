package dev.lockstep.source;

import dev.lockstep.labels.BoxExamination;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A file of labels: read, its boxes examined, its label sets handed over at the end.
public final class LabelFile implements FileItem {
  /// Reads the labels of a file.
  public interface Parser {
    /// Reads a file; `defects` is told of what is wrong.
    Parsed parse(MemorySegment file, Consumer<Defect> defects);
  }

  /// What a file held.
  ///
  /// @param sets its label sets, sealed
  /// @param examined how often which kind of defect was looked for
  /// @param notes facts worth telling
  /// @param sums the file's own checksums
  public record Parsed(
      List<LabelSet> sets,
      Map<DefectKind, Long> examined,
      List<String> notes,
      LabelFormat.Sums sums) {
    /// Copies lists and map.
    public Parsed {
      sets = List.copyOf(sets);
      examined = Map.copyOf(examined);
      notes = List.copyOf(notes);
    }

    /// A file without checksums.
    public Parsed(List<LabelSet> sets, Map<DefectKind, Long> examined, List<String> notes) {
      this(sets, examined, notes, LabelFormat.Sums.NONE);
    }

    /// What a label format read.
    public static Parsed of(LabelFormat.Reading reading) {
      Map<DefectKind, Long> examined = new EnumMap<>(DefectKind.class);
      examined.put(DefectKind.LABEL_MALFORMED, Math.max(1, reading.examined()));
      if (reading.sums().compared() > 0) {
        examined.put(DefectKind.CHUNK_CRC, reading.sums().compared());
      }
      return new Parsed(reading.sets(), examined, reading.notes(), reading.sums());
    }

    /// One set, and nothing to note.
    public Parsed(LabelSet labels, Map<DefectKind, Long> examined) {
      this(List.of(labels), examined, List.of());
    }
  }

  private final Path path;
  private final boolean zerosAreData;
  private final boolean streamed;
  private final String name;
  private final Parser parser;
  private final ReadOptions options;
  private final CoverageTally tally;
  private final List<Defect> defects = new ArrayList<>();
  private final Map<DefectKind, Long> examined = new EnumMap<>(DefectKind.class);
  private final List<String> notes = new ArrayList<>();
  private LabelFormat.Sums sums = LabelFormat.Sums.NONE;
  private @Nullable List<LabelSet> sets;
  private long lengthBytes;

  /// @param path where the file is
  /// @param name name of the file relative to the recording
  /// @param parser reads its content
  /// @param tally told what was read
  public LabelFile(
      Path path, String name, Parser parser, ReadOptions options, CoverageTally tally) {
    this(path, name, parser, options, tally, false, false);
  }

  /// @param path where the file is
  /// @param name name of the file relative to the recording
  /// @param format format of the file
  /// @param parser reads its content by that format
  /// @param tally told what was read
  public LabelFile(
      Path path,
      String name,
      LabelFormat format,
      Parser parser,
      ReadOptions options,
      CoverageTally tally) {
    this(path, name, parser, options, tally, format.zerosAreData(), format.isStreamed());
  }

  private LabelFile(
      Path path,
      String name,
      Parser parser,
      ReadOptions options,
      CoverageTally tally,
      boolean zerosAreData,
      boolean streamed) {
    this.zerosAreData = zerosAreData;
    this.streamed = streamed;
    this.path = path;
    this.name = name;
    this.parser = parser;
    this.options = options;
    this.tally = tally;
  }

  @Override
  public void scan() {
    FileFaults.read(
        path, Location.file(name), length -> lengthBytes = length, this::read, this::lose);
  }

  private void lose(Defect defect) {
    sets = null;
    defects.add(defect);
  }

  private void read(MemorySegment file) {
    FileFaults.KINDS.stream()
        .filter(kind -> !zerosAreData || kind != DefectKind.ZERO_PAGES)
        .forEach(kind -> examined.put(kind, 1L));
    if (!holdsData(file) || !options.labels()) {
      return;
    }
    if (!streamed && file.byteSize() > options.maxBlockBytes()) {
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
    long boxes = 0;
    for (LabelSet labels : parsed.sets()) {
      boxes += BoxExamination.examine(labels, defects::add);
    }
    examined.put(DefectKind.BOX_INVALID, boxes);
    notes.addAll(parsed.notes());
    sums = parsed.sums();
    sets = parsed.sets();
  }

  private boolean holdsData(MemorySegment file) {
    if (!zerosAreData) {
      return FileFaults.examine(file, Location.file(name), defects::add);
    }
    Defect fault = FileFaults.emptyOrPointer(file, Location.file(name));
    if (fault != null) {
      defects.add(fault);
    }
    return fault == null;
  }

  /// The label sets; none where the file could not be read.
  public List<LabelSet> sets() {
    List<LabelSet> read = sets;
    return read == null ? List.of() : read;
  }

  @Override
  public void commit(RecordingSink sink) {
    if (sets == null) {
      tally.addLost(lengthBytes);
    } else if (sums.compared() > 0) {
      tally.addProtected(lengthBytes, sums.protectedBytes(), sums.basis());
    } else {
      tally.add(lengthBytes);
    }
    sink.examined(DefectKind.FILE_UNREADABLE, 1);
    sink.examined(DefectKind.FILE_CHANGED, 1);
    examined.forEach(sink::examined);
    defects.forEach(sink::defect);
    notes.forEach(sink::note);
  }
}
