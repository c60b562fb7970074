package dev.lockstep.source.folder;

import dev.lockstep.labels.FrameStamps;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Order;
import dev.lockstep.model.Pose;
import dev.lockstep.model.Times;
import dev.lockstep.source.CoverageTally;
import dev.lockstep.source.FileItem;
import dev.lockstep.source.FileListReader;
import dev.lockstep.source.FileMessage;
import dev.lockstep.source.LabelFile;
import dev.lockstep.source.LabelledFormat;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.Rigid;
import dev.lockstep.source.StampedRows;
import dev.lockstep.source.folder.Paths.Found;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads a folder as its layout says. Stamps are read first, 8 bytes a message; then the streams
/// are read side by side, a second of each in turn. Where a stream's stamps go back, its messages
/// stay in their order.
final class Folder {
  /// How much of a stream is read before the others catch up.
  private static final long SLICE_NS = Times.SECOND;

  /// How far a quaternion may be from length 1; judged: three printed decimals give 1e-3.
  private static final double UNIT_TOLERANCE = 1e-2;

  private final Path root;
  private final Layout layout;
  private final ReadOptions options;
  private final CoverageTally tally = new CoverageTally();
  private final List<FolderStream> streams = new ArrayList<>();
  private final List<FileItem> items = new ArrayList<>();
  private final List<LabelFile> labels = new ArrayList<>();
  private final List<Defect> defects = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Set<String> used = new HashSet<>();

  private Folder(Path root, Layout layout, ReadOptions options) {
    this.root = root;
    this.layout = layout;
    this.options = options;
  }

  /// Opens a folder.
  ///
  /// @throws IOException if a folder may not be read
  static RecordingReader open(Path root, Layout layout, ReadOptions options) throws IOException {
    Folder folder = new Folder(root, layout, options);
    try {
      folder.plan();
    } catch (IOException | RuntimeException | Error e) {
      folder.close();
      throw e;
    }
    return new FileListReader(folder.items, folder::finish, folder::close);
  }

  private void plan() throws IOException {
    items.add(new Beginning());
    for (Layout.Stream rule : layout.streams()) {
      planStream(rule);
    }
    ExchangedTables.find(streams, defects);
    interleave();
    for (FolderStream stream : streams) {
      planUnstamped(stream);
    }
    for (Layout.Labels each : layout.labels()) {
      planLabels(each);
    }
    noteUnused();
  }

  private void planStream(Layout.Stream rule) throws IOException {
    Set<String> names = new TreeSet<>(Paths::natural);
    if (Paths.isPattern(rule.name())) {
      for (@Nullable String path : new @Nullable String[] {rule.files(), rule.stamps().path()}) {
        if (path != null) {
          names.addAll(Paths.streams(root, path, rule.name()));
        }
      }
      names.removeIf(
          name -> layout.streams().stream().anyMatch(other -> other.name().equals(name)));
      if (names.isEmpty() && !rule.optional()) {
        String path = rule.files() == null ? rule.stamps().path() : rule.files();
        String pattern = Paths.of(path, rule.name());
        defects.add(
            Defect.of(
                DefectKind.FILE_MISSING,
                Location.stream(rule.name()),
                new Evidence.Violation("streams", Paths.whatIsThere(root, pattern), pattern)));
      }
    } else {
      names.add(rule.name());
    }
    if (rule.optional()) {
      for (String name : List.copyOf(names)) {
        if (!FolderStream.exists(root, rule, name)) {
          names.remove(name);
        }
      }
    }
    if (names.isEmpty() && rule.optional()) {
      notes.add("stream " + rule.name() + ": absent, as the layout allows");
    }
    for (String name : names) {
      if (streams.stream().noneMatch(stream -> stream.info().name().equals(name))) {
        FolderStream stream = FolderStream.open(streams.size(), root, rule, name);
        streams.add(stream);
        if (stream.table() != null) {
          used.add(stream.table().name());
        }
        String absent = stream.absentTurns();
        if (absent != null) {
          notes.add("stream " + name + ": no " + absent + " to tell how the sensor turned");
        }
        if (stream.values() != null) {
          used.add(stream.values().name());
        }
      }
    }
  }

  /// A stream that has been planned up to message `next`.
  private static final class Front {
    private final FolderStream stream;
    private int next;
    private long keyNs = Long.MIN_VALUE;

    Front(FolderStream stream) {
      this.stream = stream;
      advanceKey();
    }

    /// The key never goes back, so that messages stay in order.
    void advanceKey() {
      if (next < stream.messages()) {
        keyNs = Math.max(keyNs, stream.stampNs(next));
      }
    }

    long keyNs() {
      return keyNs;
    }

    int id() {
      return stream.info().id();
    }
  }

  private void interleave() {
    PriorityQueue<Front> fronts =
        new PriorityQueue<>(Order.byLong(Front::keyNs).thenComparingInt(Front::id));
    for (FolderStream stream : streams) {
      if (stream.messages() > 0) {
        fronts.add(new Front(stream));
      }
    }
    while (!fronts.isEmpty()) {
      Front front = fronts.poll();
      long end = front.keyNs > Long.MAX_VALUE - SLICE_NS ? Long.MAX_VALUE : front.keyNs + SLICE_NS;
      int first = front.next;
      do {
        front.next++;
        front.advanceKey();
      } while (front.next < front.stream.messages()
          && front.keyNs < end
          && front.next - first < TableRows.MOST);
      planMessages(front.stream, first, front.next - 1);
      if (front.next < front.stream.messages()) {
        fronts.add(front);
      }
    }
  }

  private void planMessages(FolderStream stream, int first, int last) {
    MessageFiles files = stream.files();
    StampTable table = stream.table();
    if (files == null) {
      if (table != null) {
        items.add(new TableRows(stream, table, first, last, options));
      }
      return;
    }
    int missingFrom = first;
    for (int i = first; i <= last; i++) {
      Found file = files.file(i);
      if (file != null) {
        planMissing(stream, missingFrom, i - 1);
        missingFrom = i + 1;
        planFile(stream, i, stream.stampNs(i), file);
      }
    }
    planMissing(stream, missingFrom, last);
  }

  private void planMissing(FolderStream stream, int first, int last) {
    if (first <= last) {
      items.add(new StampedRows(stream.info(), stream::stampNs, first, last));
    }
  }

  private void planFile(FolderStream stream, int index, long stampNs, Found file) {
    used.add(file.name());
    FileMessage message =
        new FileMessage(
            stream.info(),
            index,
            stampNs,
            file.path(),
            file.name(),
            stream.content(file),
            options,
            tally);
    MessageFiles files = stream.files();
    if (files != null && index >= 0) {
      if (files.isDoubtful(index)) {
        message.doubtful();
      }
      if (files.isAfterLoss(index)) {
        message.afterLoss();
      }
    }
    items.add(message);
  }

  private void planUnstamped(FolderStream stream) {
    MessageFiles files = stream.files();
    if (files != null) {
      files.unstamped().forEach(file -> planFile(stream, -1, Times.NONE, file));
      files.unnamed().forEach(file -> planFile(stream, -1, Times.NONE, file));
    }
  }

  private void planLabels(Layout.Labels each) throws IOException {
    @Nullable FrameStamps stamps = null;
    if (!each.stream().isEmpty()) {
      FolderStream stream =
          streams.stream()
              .filter(s -> s.info().name().equals(each.stream()))
              .findFirst()
              .orElse(null);
      if (stream == null) {
        List<String> names = streams.stream().map(s -> s.info().name()).toList();
        defects.add(
            Defect.of(
                DefectKind.LAYOUT_BROKEN,
                Location.file(each.file()),
                new Evidence.Violation(
                    each.pointer() + "/stream",
                    each.stream(),
                    "one of " + String.join(", ", names))));
      } else {
        long[] all = new long[stream.messages()];
        Arrays.setAll(all, stream::stampNs);
        stamps = FrameStamps.of(all);
      }
    }
    List<Found> found = Paths.files(root, each.file());
    if (found.isEmpty()) {
      defects.add(
          Defect.of(
              DefectKind.FILE_MISSING,
              Location.stream(each.name()),
              new Evidence.Violation("labels", Paths.whatIsThere(root, each.file()), each.file())));
    }
    for (Found file : found) {
      used.add(file.name());
      @Nullable FrameStamps frames = stamps;
      String name = found.size() == 1 ? each.name() : Paths.stemOf(file.name());
      LabelFile item =
          new LabelFile(
              file.path(),
              file.name(),
              each.format(),
              (text, defects) ->
                  LabelFile.Parsed.of(
                      each.format()
                          .read(
                              new LabelInput(file.path(), text, file.name(), name, frames),
                              defects)),
              options,
              tally);
      labels.add(item);
      items.add(item);
    }
  }

  /// Says which files nobody looks at.
  private void noteUnused() throws IOException {
    List<String> unused = new ArrayList<>();
    Path labels = LabelledFormat.labelsOf(root);
    for (Found file : Paths.files(root, "**")) {
      boolean ours =
          file.name().equals(FolderFormat.FILE_NAME)
              || file.name().endsWith(".blocks.arrow")
              || file.path().toAbsolutePath().normalize().equals(labels)
              || file.name().endsWith(".verdict.json");
      if (!ours && !used.contains(file.name())) {
        unused.add(file.name());
      }
    }
    if (!unused.isEmpty()) {
      int n = unused.size();
      notes.add(
          (n == 1 ? "1 file" : n + " files")
              + " that the layout does not name: "
              + String.join(", ", unused.subList(0, Math.min(3, n)))
              + (n > 3 ? ", ..." : ""));
    }
  }

  private void close() {
    for (FolderStream stream : streams) {
      if (stream.table() != null) {
        stream.table().close();
      }
      if (stream.values() != null) {
        stream.values().close();
      }
    }
  }

  private void finish(RecordingSink sink) {
    reportCalibration(sink);
    for (LabelFile file : labels) {
      file.sets().forEach(sink::labels);
    }
    notes.forEach(sink::note);
    sink.coverage(tally.coverage());
  }

  private void reportCalibration(RecordingSink sink) {
    sink.examined(DefectKind.CALIBRATION_INVALID, layout.calibration().size());
    for (Layout.Mount mount : layout.calibration()) {
      Evidence fault = null;
      Pose pose = mount.pose();
      double[] m = mount.matrix();
      if (m != null) {
        Rigid rigid = Rigid.of34(m);
        fault = fault(rigid, m);
        pose = rigid.pose();
      } else if (pose != null) {
        double length =
            Math.sqrt(
                pose.qw() * pose.qw()
                    + pose.qx() * pose.qx()
                    + pose.qy() * pose.qy()
                    + pose.qz() * pose.qz());
        if (!(Math.abs(length - 1) <= UNIT_TOLERANCE)) {
          fault =
              new Evidence.OutOfRange(
                  "length of the quaternion", length, 1 - UNIT_TOLERANCE, 1 + UNIT_TOLERANCE, "");
        }
      }
      if (fault != null) {
        sink.defect(
            Defect.of(DefectKind.CALIBRATION_INVALID, Location.stream(mount.sensor()), fault));
      } else {
        sink.calibration(new Calibration(mount.sensor(), mount.parent(), pose, mount.intrinsics()));
      }
    }
  }

  private static @Nullable Evidence fault(Rigid rigid, double[] m) {
    if (!(rigid.skewness() <= Rigid.TOLERANCE)) {
      return new Evidence.OutOfRange(
          "largest element of R Rt - I", rigid.skewness(), null, Rigid.TOLERANCE, "");
    }
    if (rigid.determinant() < 0) {
      return new Evidence.Violation(
          "determinant", Numbers.text(rigid.determinant()), "1: no mirror");
    }
    if (m[12] != 0 || m[13] != 0 || m[14] != 0 || m[15] != 1) {
      return new Evidence.Violation(
          "last row",
          Numbers.text(m[12])
              + " "
              + Numbers.text(m[13])
              + " "
              + Numbers.text(m[14])
              + " "
              + Numbers.text(m[15]),
          "0 0 0 1");
    }
    return null;
  }

  /// Declares the streams and tells what lists and names of files say.
  private final class Beginning implements FileItem {
    @Override
    public void scan() {}

    @Override
    public void commit(RecordingSink sink) {
      streams.forEach(stream -> sink.stream(stream.info()));
      sink.examined(DefectKind.LAYOUT_BROKEN, 1);
      defects.forEach(sink::defect);
      for (FolderStream stream : streams) {
        stream.report(sink);
        StampTable table = stream.table();
        if (table != null) {
          tally.add(table.lengthBytes());
        }
        StampTable values = stream.values();
        if (values != null) {
          tally.add(values.lengthBytes());
        }
      }
    }
  }
}
