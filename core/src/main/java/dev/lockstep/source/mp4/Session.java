package dev.lockstep.source.mp4;

import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Severity;
import dev.lockstep.source.FrameTimeList;
import dev.lockstep.source.ReadOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the readers of the tracks of one file share.
final class Session {
  /// Samples of a file that are read. Judged: 6 days at 30 Hz; more are no recording, and a table
  /// of a few bytes can claim 2^32.
  static final long MAX_SAMPLES = 1 << 24;

  final MappedFile file;
  final String name;
  final ReadOptions options;
  final FileMap map;
  final Movie movie;
  final Faults faults;

  /// Times that lie beside the file, to be held against the first video track; null where none do.
  @Nullable FrameTimeList times;

  /// Name of the track that [#times] are held against.
  @Nullable String timed;

  /// Bytes of samples that were left out because they are too large.
  long unexaminedBytes;

  @Nullable MappedFaultException fault;
  private long taken;
  private final List<Defect> later = new ArrayList<>();

  /// Whether the movie stands in another file, which tells of it.
  final boolean toldElsewhere;

  Session(
      MappedFile file,
      String name,
      ReadOptions options,
      FileMap map,
      Movie movie,
      Faults faults,
      boolean toldElsewhere) {
    this.toldElsewhere = toldElsewhere;
    this.file = file;
    this.name = name;
    this.options = options;
    this.map = map;
    this.movie = movie;
    this.faults = faults;
  }

  /// Whether one more sample may be read.
  boolean takeSample() {
    return taken++ < MAX_SAMPLES;
  }

  /// Whether samples were left out because there are too many.
  boolean exhausted() {
    return taken > MAX_SAMPLES;
  }

  /// Something wrong with a row that is about to be handed over.
  void later(MessageBatch batch, int row, DefectKind kind, Severity severity, Evidence evidence) {
    Location at = batch.location(row).withFile(name);
    boolean symptom = (batch.flags()[row] & MessageBatch.DOUBTFUL) != 0;
    later.add(new Defect(kind, symptom ? Severity.INFO : severity, at, evidence));
  }

  /// What [#later] was told since the last call.
  List<Defect> takeLater() {
    List<Defect> told = List.copyOf(later);
    later.clear();
    return told;
  }
}
