package dev.lockstep.source.kitti;

import dev.lockstep.labels.FrameStamps;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.Times;
import dev.lockstep.source.NumberedFiles;
import dev.lockstep.source.Ranges;
import dev.lockstep.source.RecordingSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One sensor folder of a raw drive: its stamp lists and its numbered files.
final class DriveStream {
  /// How far the numbers of files may run ahead of their count before they are no message numbers.
  /// Judged: 19 of 20 messages may be missing, and a short stream may start late.
  private static final long MAX_SPARSENESS = 20;

  private static final long SPARSENESS_SLACK = 10_000;

  private final StreamInfo info;
  private final StampList stamps;
  private final StampList starts;
  private final StampList ends;
  private final boolean hasData;

  /// Name of the sensor folder relative to the recording, with a slash at its end.
  private final String folder;

  private final NumberedFiles files;
  private int listed;
  private int messages;

  private DriveStream(
      StreamInfo info,
      StampList stamps,
      StampList starts,
      StampList ends,
      boolean hasData,
      String folder,
      NumberedFiles files) {
    this.folder = folder;
    this.info = info;
    this.stamps = stamps;
    this.starts = starts;
    this.ends = ends;
    this.hasData = hasData;
    this.files = files;
  }

  /// Reads the lists of a sensor folder and the names of its files.
  ///
  /// @param name name of the folder relative to the recording, with a slash at its end
  /// @throws IOException if a folder may not be read
  static DriveStream open(int id, Path folder, String name, Modality modality) throws IOException {
    StampList stamps = list(folder, name, KittiLayout.STAMPS);
    Path data = folder.resolve(KittiLayout.DATA);
    NumberedFiles files = NumberedFiles.of(data);
    String encoding = files.entries().isEmpty() ? "" : files.entries().getFirst().extension();
    StreamInfo info =
        StreamInfo.of(
            id,
            String.valueOf(folder.getFileName()),
            modality,
            stamps.present() ? StampSource.LIST : StampSource.FRAME_NUMBER,
            encoding,
            null);
    return new DriveStream(
        info,
        stamps,
        list(folder, name, KittiLayout.STAMPS_START),
        list(folder, name, KittiLayout.STAMPS_END),
        Files.isDirectory(data),
        name,
        files);
  }

  private static StampList list(Path folder, String name, String file) {
    return StampList.read(folder.resolve(file), name + file);
  }

  StreamInfo info() {
    return info;
  }

  StampList stamps() {
    return stamps;
  }

  /// All three lists; absent ones are empty.
  List<StampList> lists() {
    return List.of(stamps, starts, ends);
  }

  List<NumberedFiles.Entry> files() {
    return files.entries();
  }

  /// Fixes how many messages there are, now that the longest list of the drive is known.
  void settle(int longestList) {
    listed = stamps.messages(longestList);
    long numbered = 0;
    if (!files.entries().isEmpty()) {
      long last = files.entries().getLast().number();
      long most = Math.max(listed, files.entries().size() * MAX_SPARSENESS + SPARSENESS_SLACK);
      numbered = last < most ? last + 1 : 0;
    }
    messages = (int) Math.max(listed, Math.min(numbered, StampList.MAX_LINES));
  }

  /// Number of messages: every line of the list, and every file beyond.
  int messages() {
    return messages;
  }

  /// Stamp of message `i`.
  long stampNs(long i) {
    return stamps.present() ? stamps.stampNs(i) : i * FrameStamps.NOMINAL_PERIOD_NS;
  }

  /// When sweep `i` began and ended, relative to its stamp, or null where that is not known.
  @Nullable SweepProfile spanOf(long i) {
    if (info.modality() != Modality.LIDAR || !starts.present() || !ends.present()) {
      return null;
    }
    long start = starts.stampNs(i);
    long end = ends.stampNs(i);
    long stamp = stampNs(i);
    // Times that contradict each other are reported as that, and tell nothing of the sweep.
    return start == Times.NONE || end == Times.NONE || stamp == Times.NONE || !inOrder(i)
        ? null
        : SweepProfile.ofSpan(Times.difference(start, stamp), Times.difference(end, stamp));
  }

  /// Stamps of all messages.
  long[] stampsNs() {
    long[] all = new long[messages];
    Arrays.setAll(all, this::stampNs);
    return all;
  }

  /// Whether there is a folder of files.
  boolean hasData() {
    return hasData;
  }

  /// Reports what the lists and the names of the files say.
  ///
  /// @param dataElsewhere whether other streams of the drive have files
  void report(boolean dataElsewhere, RecordingSink sink) {
    sink.examined(DefectKind.FILE_MISSING, 1);
    if (!stamps.present()) {
      sink.defect(
          new Defect(
              DefectKind.FILE_MISSING,
              Severity.WARNING,
              Location.stream(info.name()).withFile(stamps.name()),
              new Evidence.Violation("stamp list", "absent", "a stamp for each message")));
    }
    for (StampList list : lists()) {
      if (list.present()) {
        int count = list == stamps ? listed : list.messages(stamps.stampedLines());
        sink.examined(DefectKind.STAMP_LINE_LOST, count);
        sink.examined(DefectKind.TEXT_MALFORMED, count);
        list.report(info.name(), messages, count, stamps, sink::defect);
      }
    }
    reportCounts(sink);
    if (!hasData && dataElsewhere && listed > 0) {
      sink.defect(
          new Defect(
              DefectKind.FILE_MISSING,
              Severity.WARNING,
              Location.stream(info.name()).withFile(folder + KittiLayout.DATA),
              new Evidence.Violation(
                  "data folder",
                  "missing",
                  "files of " + listed + " stamps, as of other sensors")));
    }
    if (info.modality() == Modality.LIDAR) {
      reportSweepTimes(sink);
    }
  }

  private void reportCounts(RecordingSink sink) {
    if (!hasData) {
      sink.unexamined(DefectKind.COUNT_MISMATCH, info.name() + " has stamps and no data folder");
      sink.note(info.name() + ": stamps only, no data folder");
      return;
    }
    sink.examined(DefectKind.COUNT_MISMATCH, 1);
    if (files.others() > 0) {
      sink.note(info.name() + ": " + files.others() + " files whose names are no message numbers");
    }
    long[] present = files.numbers();
    if (!stamps.present()) {
      long[] all = new long[messages];
      Arrays.setAll(all, i -> i);
      reportMissing(Ranges.without(all, present), count(present.length, "file"), sink);
      return;
    }
    if (!stamps.sound()) {
      return;
    }
    long[] stamped = stamps.stampedNumbers();
    reportMissing(
        Ranges.without(stamped, present),
        count(stamped.length, "stamp") + ", " + count(present.length, "file"),
        sink);
    long[] unstamped = Ranges.without(present, stamped);
    if (unstamped.length > 0) {
      sink.defect(
          Defect.of(
              DefectKind.COUNT_MISMATCH,
              Location.stream(info.name())
                  .withMessages(unstamped[0], unstamped[unstamped.length - 1]),
              new Evidence.Violation(
                  "files without a stamp",
                  unstamped.length + ": " + Ranges.text(unstamped),
                  "a line of " + KittiLayout.STAMPS + " for each file")));
    }
  }

  private static String count(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  private void reportMissing(long[] missing, String basis, RecordingSink sink) {
    if (missing.length > 0) {
      sink.defect(
          Defect.of(
              DefectKind.COUNT_MISMATCH,
              Location.stream(info.name()).withMessages(missing[0], missing[missing.length - 1]),
              new Evidence.Loss(
                  missing.length == 1 ? "file" : "files",
                  missing.length,
                  "numbers " + Ranges.text(missing) + "; " + basis)));
    }
  }

  /// Start, centre and end of each sweep against each other, and ends against next starts.
  private void reportSweepTimes(RecordingSink sink) {
    if (!starts.present() || !ends.present() || !stamps.present()) {
      sink.unexamined(
          DefectKind.STAMPS_CONTRADICT,
          info.name() + " has no lists of the sweeps' starts and ends");
      return;
    }
    int count =
        Math.min(stamps.stampedLines(), Math.min(starts.stampedLines(), ends.stampedLines()));
    sink.examined(DefectKind.STAMPS_CONTRADICT, count);
    if (starts.stampedLines() != stamps.stampedLines()
        || ends.stampedLines() != stamps.stampedLines()) {
      sink.defect(
          Defect.of(
              DefectKind.COUNT_MISMATCH,
              Location.stream(info.name()),
              new Evidence.Violation(
                  "lines of the lists of starts, centres and ends",
                  starts.stampedLines() + ", " + stamps.stampedLines() + ", " + ends.stampedLines(),
                  "all the same")));
    }
    for (int i = 0; i < count; i++) {
      if (inOrder(i)) {
        continue;
      }
      int last = i;
      while (last + 1 < count && !inOrder(last + 1)) {
        last++;
      }
      sink.defect(
          Defect.of(
              DefectKind.STAMPS_CONTRADICT,
              Location.stream(info.name())
                  .withMessages(i, last)
                  .withStamps(stamps.stampNs(i), stamps.stampNs(last)),
              new Evidence.Violation(
                  "start, centre and end",
                  starts.stampNs(i) + ", " + stamps.stampNs(i) + ", " + ends.stampNs(i) + " ns",
                  "ascending")));
      i = last;
    }
    SweepContinuity.note(info.name(), starts, ends, count, sink);
  }

  private boolean inOrder(long i) {
    long start = starts.stampNs(i);
    long centre = stamps.stampNs(i);
    long end = ends.stampNs(i);
    if (start == Times.NONE || centre == Times.NONE || end == Times.NONE) {
      return true;
    }
    return start <= centre && centre <= end;
  }
}
