package dev.lockstep.source.av2;

import dev.lockstep.arrow.FeatherFile;
import dev.lockstep.arrow.MalformedFeatherException;
import dev.lockstep.labels.BoxExamination;
import dev.lockstep.labels.av2.AnnotationTable;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.source.RecordingSink;
import java.util.Arrays;
import java.util.List;

/// The annotations of a log, or of an evaluation table.
final class Annotations implements FeatherTable.Content {
  private final String name;
  private final String file;
  private List<LabelSet> sets = List.of();

  /// @param name name of the label set
  /// @param file name of the file relative to the recording
  Annotations(String name, String file) {
    this.name = name;
    this.file = file;
  }

  @Override
  public void read(FeatherFile table, FeatherTable.Findings findings)
      throws MalformedFeatherException {
    AnnotationTable.Result result = AnnotationTable.read(table, name, file, findings::defect);
    findings.examined(DefectKind.LABEL_MALFORMED, result.rows());
    for (LabelSet set : result.sets()) {
      findings.examined(DefectKind.BOX_INVALID, BoxExamination.examine(set, findings::defect));
    }
    sets = result.sets();
  }

  /// Hands over nothing: labels come at the end.
  @Override
  public void commit(RecordingSink sink) {}

  /// The label sets that were read; empty where the table is damaged.
  List<LabelSet> sets() {
    return sets;
  }

  /// The different stamps of the labels, ascending.
  long[] stampsNs() {
    return sets.stream()
        .flatMapToLong(set -> Arrays.stream(set.stampsNs(), 0, set.size()))
        .sorted()
        .distinct()
        .toArray();
  }

  /// Whether all rows belong to one log, so that their stamps make a stream.
  boolean ofOneLog() {
    return sets.size() == 1 && sets.getFirst().name().equals(name);
  }

  /// Name of the file relative to the recording.
  String file() {
    return file;
  }
}
