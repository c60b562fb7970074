package dev.lockstep.source.nuscenes;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.RecordingSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Files that rows name and that are not there. Folders of which no file is there were left out as
/// a whole, which is one fact; in others each run of missing files is a fault.
final class MissingFiles {
  /// Runs of a folder that are kept; judged, further ones are counted.
  private static final int KEPT = 64;

  private final Map<String, Folder> folders = new TreeMap<>();

  private static final class Folder {
    final StreamInfo stream;
    final List<long[]> runs = new ArrayList<>();
    final List<String> names = new ArrayList<>();
    long present;
    long missing;

    Folder(StreamInfo stream) {
      this.stream = stream;
    }
  }

  /// Takes a row; rows come in order of their streams.
  void see(StreamInfo stream, String name, long index, long stampNs, boolean absent) {
    String place = name.substring(0, Math.max(0, name.lastIndexOf('/')));
    Folder folder = folders.computeIfAbsent(stream.name() + " " + place, f -> new Folder(stream));
    if (!absent) {
      folder.present++;
      return;
    }
    folder.missing++;
    List<long[]> runs = folder.runs;
    if (!runs.isEmpty() && runs.getLast()[1] == index - 1) {
      runs.getLast()[1] = index;
      runs.getLast()[3] = stampNs;
    } else if (runs.size() < KEPT) {
      runs.add(new long[] {index, index, stampNs, stampNs});
      folder.names.add(name);
    }
  }

  /// Tells what is missing.
  ///
  /// @param prefix what stands in front of names relative to the recording
  /// @param table the table that names the files
  void report(String prefix, String table, RecordingSink sink) {
    long whole = 0;
    long leftOut = 0;
    long all = 0;
    for (Folder folder : folders.values()) {
      all += folder.present + folder.missing;
      if (folder.present == 0) {
        whole++;
        leftOut += folder.missing;
      } else {
        report(folder, prefix, sink);
      }
    }
    if (whole > 0) {
      sink.defect(
          new Defect(
              DefectKind.FILE_MISSING,
              Severity.WARNING,
              Location.file(table),
              new Evidence.Violation(
                  "files of " + whole + " of " + folders.size() + " folders",
                  "none is there, " + leftOut + " of " + all + " in all",
                  "the files that the table names; they are not examined")));
    }
  }

  private static void report(Folder folder, String prefix, RecordingSink sink) {
    for (int i = 0; i < folder.runs.size(); i++) {
      long[] run = folder.runs.get(i);
      Location at =
          Location.stream(folder.stream.name())
              .withFile(prefix + folder.names.get(i))
              .withMessages(run[0], run[1]);
      if (run[2] != Times.NONE && run[3] != Times.NONE) {
        at = at.withStamps(run[2], run[3]);
      }
      long count = run[1] - run[0] + 1;
      sink.defect(
          Defect.of(
              DefectKind.FILE_MISSING,
              at,
              new Evidence.Violation(
                  folder.stream.unit() + (count == 1 ? " file" : " files"),
                  count + " missing of " + (folder.present + folder.missing),
                  "the files that the table names")));
    }
  }
}
