package dev.lockstep.lineage;

import dev.lockstep.model.ByteRange;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import dev.lockstep.source.MessageAt;
import dev.lockstep.source.RecordingIndex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Tells which labels findings about bytes are about, where the labels themselves do not know their
/// bytes because messages hold them.
public final class FindingPlaces {
  private FindingPlaces() {}

  /// The findings, those about bytes of a recording with the messages of `sets` in their place that
  /// lie there; one that touches none of them is left out.
  ///
  /// Sets that know their bytes, and files in which no such set lies, are as before.
  ///
  /// @throws IOException if the recording cannot be read
  public static List<ReportedFinding> atMessages(
      List<ReportedFinding> findings, List<LabelSet> sets, RecordingIndex index)
      throws IOException {
    List<ReportedFinding> placed = new ArrayList<>();
    for (ReportedFinding finding : findings) {
      Location at = finding.location();
      String file = at.file();
      ByteRange bytes = at.bytes();
      List<String> within =
          file == null || bytes == null || at.stream() != null
              ? List.of()
              : sets.stream().filter(set -> holds(set, file)).map(LabelSet::name).toList();
      if (file == null || bytes == null || within.isEmpty()) {
        placed.add(finding);
        continue;
      }
      for (MessageAt message : index.touching(file, bytes)) {
        if (within.contains(message.stream())) {
          placed.add(
              finding.at(
                  Location.stream(message.stream())
                      .withMessages(message.index(), message.index())));
        }
      }
    }
    return placed;
  }

  /// Whether rows of a set lie in messages of that file, without bytes of their own.
  private static boolean holds(LabelSet set, String file) {
    return set.size() > 0 && set.details().offsetBytes(0) < 0 && file.equals(set.file(0));
  }
}
