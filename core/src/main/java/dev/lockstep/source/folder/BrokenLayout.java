package dev.lockstep.source.folder;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.source.CoverageTally;
import dev.lockstep.source.FileItem;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.yaml.YamlProblem;
import java.util.List;

/// A folder whose layout cannot be used: of the recording nothing can be said but that.
///
/// @param text the layout, a character a byte: it need not be UTF-8
record BrokenLayout(String text, List<YamlProblem> problems, CoverageTally tally)
    implements FileItem {
  @Override
  public void scan() {}

  @Override
  public void commit(RecordingSink sink) {
    tally.addLost(text.length());
    sink.examined(DefectKind.LAYOUT_BROKEN, 1);
    for (YamlProblem problem : problems) {
      sink.defect(
          Defect.of(
              DefectKind.LAYOUT_BROKEN,
              place(problem.line()),
              new Evidence.Violation(
                  "line "
                      + problem.line()
                      + (problem.pointer().isEmpty() ? "" : ", " + problem.pointer()),
                  problem.observed(),
                  problem.expected())));
    }
  }

  /// The bytes of a line.
  private Location place(int line) {
    int from = 0;
    for (int i = 1; i < line; i++) {
      int end = text.indexOf('\n', from);
      if (end < 0) {
        break;
      }
      from = end + 1;
    }
    int end = text.indexOf('\n', from);
    return Location.bytes(
        FolderFormat.FILE_NAME, from, (end < 0 ? text.length() : end) - (long) from);
  }
}
