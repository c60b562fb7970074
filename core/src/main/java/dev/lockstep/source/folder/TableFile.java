package dev.lockstep.source.folder;

import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Times;
import dev.lockstep.source.FileFaults;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingSink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What tables have in common: a mapped file, stamps, what is wrong with them.
abstract class TableFile implements StampTable {
  /// Most stamps of a table: 160 MB of them. Judged: five hours at 1 kHz.
  static final int MAX_ROWS = 20_000_000;

  private final String name;
  private final List<Defect> fileDefects = new ArrayList<>();
  private final StampColumn stamps = new StampColumn();
  private @Nullable MappedFile mapped;
  private long lengthBytes;

  TableFile(String name) {
    this.name = name;
  }

  /// Maps the file and reads its stamps.
  final void load(Path path) {
    try {
      MappedFile file = MappedFile.open(path);
      mapped = file;
      lengthBytes = file.lengthBytes();
      file.guard(
          0,
          lengthBytes,
          () -> {
            if (FileFaults.examine(file.segment(), Location.file(name), fileDefects::add)) {
              parse(file.segment());
            }
          });
    } catch (IOException e) {
      fileDefects.add(FileFaults.lost(Location.file(name), e));
    }
  }

  /// Reads the stamps of the whole file.
  abstract void parse(MemorySegment file);

  /// Reads rows of the file.
  abstract void read(
      MemorySegment file, int first, int last, MessageBatch batch, ReadOptions options);

  /// Reports what is wrong with rows.
  abstract void reportRows(String stream, RecordingSink sink);

  final void fault(Defect defect) {
    fileDefects.add(defect);
  }

  /// Adds a row's stamp; `false` if the table holds more than can be kept, which is a defect then.
  final boolean add(long stampNs, long offset) {
    if (stamps.size() == MAX_ROWS) {
      fault(
          Defect.of(
              DefectKind.CHUNK_TOO_LARGE,
              Location.bytes(name, offset, lengthBytes - offset),
              new Evidence.OutOfRange("rows", MAX_ROWS + 1L, null, (long) MAX_ROWS, "")));
      return false;
    }
    stamps.add(stampNs);
    return true;
  }

  /// Makes Unix time of stamps that count from elsewhere.
  final void shift(Epoch epoch) {
    int first = 0;
    while (first < stamps.size() && stamps.get(first) == Times.NONE) {
      first++;
    }
    long shift = first < stamps.size() ? epoch.shiftNs(stamps.get(first)) : 0;
    for (int i = first; shift != 0 && i < stamps.size(); i++) {
      stamps.set(i, shifted(stamps.get(i), shift));
    }
  }

  /// A stamp that was moved; [Times#NONE] if it does not fit.
  static long shifted(long stampNs, long shiftNs) {
    long sum = stampNs + shiftNs;
    boolean overflow = ((stampNs ^ sum) & (shiftNs ^ sum)) < 0;
    return stampNs == Times.NONE || overflow ? Times.NONE : sum;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final long lengthBytes() {
    return lengthBytes;
  }

  @Override
  public final StampColumn stamps() {
    return stamps;
  }

  @Override
  public @Nullable List<String> files() {
    return null;
  }

  @Override
  public final boolean sound() {
    return fileDefects.isEmpty();
  }

  @Override
  public final void report(String stream, RecordingSink sink) {
    FileFaults.KINDS.forEach(kind -> sink.examined(kind, 1));
    sink.examined(DefectKind.FILE_UNREADABLE, 1);
    sink.examined(DefectKind.FILE_CHANGED, 1);
    for (Defect defect : fileDefects) {
      sink.defect(
          new Defect(
              defect.kind(),
              defect.severity(),
              defect.location().withStream(stream),
              defect.evidence()));
    }
    reportRows(stream, sink);
  }

  @Override
  public final void read(
      int first,
      int last,
      MessageBatch batch,
      String stream,
      ReadOptions options,
      Consumer<Defect> defects) {
    MappedFile file = mapped;
    if (file == null) {
      return;
    }
    try {
      file.guard(0, lengthBytes, () -> read(file.segment(), first, last, batch, options));
    } catch (MappedFaultException e) {
      defects.accept(
          FileFaults.lost(Location.stream(stream).withFile(name).withMessages(first, last), e));
    }
  }

  /// Reads from the file; what cannot be read is left out.
  final void guarded(Consumer<MemorySegment> reading) {
    MappedFile file = mapped;
    if (file != null) {
      try {
        file.guard(0, lengthBytes, () -> reading.accept(file.segment()));
      } catch (MappedFaultException e) {
        // The file was read when it was opened: what it lost since is told of its stamps.
        return;
      }
    }
  }

  @Override
  public final void close() {
    MappedFile file = mapped;
    if (file != null) {
      file.close();
    }
  }
}
