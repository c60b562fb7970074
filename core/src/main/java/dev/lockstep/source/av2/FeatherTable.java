package dev.lockstep.source.av2;

import dev.lockstep.arrow.FeatherFile;
import dev.lockstep.arrow.MalformedFeatherException;
import dev.lockstep.codec.Decompressors;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.source.CoverageTally;
import dev.lockstep.source.FileFaults;
import dev.lockstep.source.FileItem;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingSink;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// A Feather file of a log that is read whole: what is wrong with it becomes defects, what is in it
/// goes to a [Content].
final class FeatherTable implements FileItem {
  /// Kinds of defect that are looked for in every Feather file.
  static final List<DefectKind> KINDS =
      List.of(
          DefectKind.HEADER_MALFORMED,
          DefectKind.FILE_TRUNCATED,
          DefectKind.FOOTER_POINTER,
          DefectKind.RECORD_MALFORMED,
          DefectKind.RECORD_LENGTH,
          DefectKind.CHUNK_UNREADABLE,
          DefectKind.CHUNK_SIZE);

  /// Reads one kind of table.
  interface Content {
    /// Reads the table, on any thread.
    ///
    /// @throws MalformedFeatherException if it is damaged
    void read(FeatherFile table, Findings findings) throws MalformedFeatherException;

    /// Hands over what was read, in reading order.
    void commit(RecordingSink sink);
  }

  /// What reading a table brings to light.
  static final class Findings {
    private final List<Defect> defects = new ArrayList<>();
    private final Map<DefectKind, Long> examined = new EnumMap<>(DefectKind.class);

    void defect(Defect defect) {
      defects.add(defect);
    }

    void examined(DefectKind kind, long count) {
      examined.merge(kind, count, Long::sum);
    }
  }

  private final Path path;
  private final String name;
  private final Content content;
  private final ReadOptions options;
  private final Decompressors decompressors;
  private final CoverageTally tally;
  private final Findings findings = new Findings();
  private long lengthBytes;
  private boolean sound;

  /// @param name name of the file relative to the recording
  FeatherTable(
      Path path,
      String name,
      Content content,
      ReadOptions options,
      Decompressors decompressors,
      CoverageTally tally) {
    this.path = path;
    this.name = name;
    this.content = content;
    this.options = options;
    this.decompressors = decompressors;
    this.tally = tally;
  }

  @Override
  public void scan() {
    FileFaults.read(
        path, Location.file(name), length -> lengthBytes = length, this::read, this::lose);
  }

  private void lose(Defect defect) {
    sound = false;
    findings.defect(defect);
  }

  private void read(MemorySegment file) {
    findings.examined(DefectKind.FILE_EMPTY, 1);
    findings.examined(DefectKind.LFS_POINTER, 1);
    Defect unfit = FileFaults.emptyOrPointer(file, Location.file(name));
    if (unfit != null) {
      findings.defect(unfit);
      return;
    }
    KINDS.forEach(kind -> findings.examined(kind, 1));
    try (FeatherFile table = FeatherFile.open(file, options.maxBlockBytes(), decompressors)) {
      content.read(table, findings);
      sound = true;
    } catch (MalformedFeatherException e) {
      Defect zeros = FileFaults.zeroPages(file, Location.file(name));
      findings.defect(zeros == null ? defect(e) : zeros);
    }
  }

  private Defect defect(MalformedFeatherException e) {
    DefectKind kind = kind(e);
    Location at = Location.bytes(name, e.offsetBytes(), e.lengthBytes());
    return new Defect(kind, severity(kind), at, evidence(e));
  }

  /// The kind of defect that damage to a Feather file is.
  static DefectKind kind(MalformedFeatherException e) {
    return switch (e.fault()) {
      case HEADER -> DefectKind.HEADER_MALFORMED;
      case END -> DefectKind.FILE_TRUNCATED;
      case FOOTER -> DefectKind.FOOTER_POINTER;
      case METADATA -> DefectKind.RECORD_MALFORMED;
      case RANGE -> DefectKind.RECORD_LENGTH;
      case COMPRESSION -> DefectKind.CHUNK_UNREADABLE;
      case TOO_LARGE -> DefectKind.CHUNK_TOO_LARGE;
      case CONTENT -> DefectKind.CHUNK_SIZE;
      case UNSUPPORTED -> DefectKind.RECORD_UNKNOWN;
    };
  }

  /// A table that cannot be read is more than a fact worth knowing, whatever the reason.
  private static Severity severity(DefectKind kind) {
    return kind == DefectKind.RECORD_UNKNOWN ? Severity.WARNING : kind.severity();
  }

  /// The damage as evidence.
  static Evidence evidence(MalformedFeatherException e) {
    return new Evidence.Violation(e.what(), e.observed(), e.expected());
  }

  @Override
  public void commit(RecordingSink sink) {
    sink.examined(DefectKind.FILE_UNREADABLE, 1);
    sink.examined(DefectKind.FILE_CHANGED, 1);
    findings.examined.forEach(sink::examined);
    findings.defects.forEach(sink::defect);
    if (sound) {
      tally.add(lengthBytes);
      content.commit(sink);
    } else {
      tally.addLost(lengthBytes);
    }
  }
}
