package dev.lockstep.source.nuscenes;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.CoverageTally;
import dev.lockstep.source.FileItem;
import dev.lockstep.source.FileListReader;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.RecordingSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import org.eclipse.collections.impl.list.mutable.primitive.IntArrayList;
import org.jspecify.annotations.Nullable;

/// Reads a set of tables and the files that they name: tables first, when the set is opened, then
/// stream by stream, scene by scene, in order of stamps. Scenes of one stream are captures of their
/// own.
///
/// Memory grows with the rows of the tables; about 70 bytes a row of sensor data stay while files
/// are read.
final class DataSet {
  private final Path root;
  private final String prefix;
  private final ReadOptions options;
  private final CoverageTally tally = new CoverageTally();
  private final Faults faults = new Faults();
  private final MissingFiles missing = new MissingFiles();
  private final List<String> notes = new ArrayList<>();
  private final Table data;
  private final List<StreamInfo> streams;
  private final List<Calibration> calibrations;
  private final PoseSeries poses;
  private final @Nullable LabelSet labels;
  private final int[] sceneOfRow;
  private final int[] misposed;

  /// Rows in reading order, and where each stream begins in it.
  private int[] order = {};

  private final int[] starts;

  private DataSet(Path folder, Path root, String tablePrefix, String prefix, ReadOptions options)
      throws IOException {
    this.root = root;
    this.prefix = prefix;
    this.options = options;
    TableSet tables = TableSet.read(folder, tablePrefix, faults, tally);
    try {
      tables.examine();
      data = tables.table(TableKind.SAMPLE_DATA);
      Table calibrated = tables.table(TableKind.CALIBRATED_SENSOR);
      Channels channels = new Channels(tables.table(TableKind.SENSOR), calibrated, data);
      tables.examineData(
          channels.ofRow(),
          channels.streams().stream().map(StreamInfo::name).toArray(String[]::new));
      streams = channels.streams();
      calibrations = channels.calibrations(calibrated, data, faults, notes);
      poses = tables.poses();
      labels =
          options.payloads() && tables.table(TableKind.SAMPLE_ANNOTATION).rows() > 0
              ? tables.labels()
              : null;
      sceneOfRow = tables.sceneOfRow();
      misposed = tables.misposed();
      starts = new int[streams.size() + 1];
      plan(channels.ofRow(), tables.table(TableKind.SCENE).rows());
      tables.keepData();
    } catch (RuntimeException | Error e) {
      tables.close();
      throw e;
    }
  }

  /// Opens the set whose tables lie in `folder`.
  ///
  /// @param root what file names are relative to
  /// @param tablePrefix what stands in front of names of tables relative to the recording
  /// @param prefix what stands in front of names of files
  /// @throws IOException if a table may not be read
  static RecordingReader open(
      Path folder, Path root, String tablePrefix, String prefix, ReadOptions options)
      throws IOException {
    DataSet set =
        new DataSet(folder, root.toAbsolutePath().normalize(), tablePrefix, prefix, options);
    return new FileListReader(set.new Items(), set::finish, set.data::close);
  }

  /// Orders the rows by stream, scene and stamp.
  private void plan(int[] channel, int scenes) {
    long[] stamps = data.stampsNs();
    long[] begin = new long[scenes + 1];
    Arrays.fill(begin, Long.MAX_VALUE);
    IntArrayList rows = new IntArrayList(Math.max(1, data.rows()));
    for (int row = 0; row < data.rows(); row++) {
      if (channel[row] >= 0) {
        rows.add(row);
        starts[channel[row] + 1]++;
        if (stamps[row] != Times.NONE) {
          int scene = sceneOfRow[row] + 1;
          begin[scene] = Math.min(begin[scene], stamps[row]);
        }
      }
    }
    int lost = data.rows() - rows.size();
    if (lost > 0) {
      notes.add(lost + " rows of sample_data belong to no channel and are left out");
    }
    for (int s = 0; s < streams.size(); s++) {
      starts[s + 1] += starts[s];
    }
    order = rows.toArray();
    RowOrder.sort(
        order,
        (a, b) -> {
          if (channel[a] != channel[b]) {
            return Integer.compare(channel[a], channel[b]);
          }
          int sceneA = sceneOfRow[a] + 1;
          int sceneB = sceneOfRow[b] + 1;
          if (sceneA != sceneB) {
            return begin[sceneA] != begin[sceneB]
                ? Long.compare(begin[sceneA], begin[sceneB])
                : Integer.compare(sceneA, sceneB);
          }
          return stamps[a] != stamps[b]
              ? Long.compare(stamps[a], stamps[b])
              : Integer.compare(a, b);
        });
  }

  /// The rows of sensor data.
  Table data() {
    return data;
  }

  /// What file names are relative to, absolute.
  Path root() {
    return root;
  }

  /// What stands in front of names of files relative to the recording.
  String prefix() {
    return prefix;
  }

  ReadOptions options() {
    return options;
  }

  CoverageTally tally() {
    return tally;
  }

  /// Whether it is told that the row's ego pose has another stamp.
  boolean isMisposed(int row) {
    return Arrays.binarySearch(misposed, row) >= 0;
  }

  /// Told of every file, in order.
  MissingFiles missing() {
    return missing;
  }

  private void finish(RecordingSink sink) {
    missing.report(prefix, data.file(), sink);
    calibrations.forEach(sink::calibration);
    if (poses.size() > 0) {
      sink.poses(poses);
    } else {
      sink.note("no poses of the vehicle");
    }
    LabelSet boxes = labels;
    if (boxes != null) {
      sink.labels(boxes);
    }
    notes.forEach(sink::note);
    sink.coverage(tally.coverage());
  }

  /// Declares the streams and tells what the tables say of themselves.
  private final class Beginning implements FileItem {
    @Override
    public void scan() {}

    @Override
    public void commit(RecordingSink sink) {
      streams.forEach(sink::stream);
      faults.report(sink);
      if (data.present() && data.rows() == 0 && data.whole()) {
        sink.defect(
            Defect.of(
                DefectKind.FILE_MISSING,
                dev.lockstep.model.Location.file(data.file()),
                new Evidence.Violation("rows of sample_data", "0", "at least one")));
      }
    }
  }

  /// One item a row, made when it is asked for, behind the beginning.
  private final class Items extends AbstractList<FileItem> implements RandomAccess {
    @Override
    public FileItem get(int index) {
      if (index == 0) {
        return new Beginning();
      }
      int at = index - 1;
      int row = order[at];
      int s = Arrays.binarySearch(starts, at);
      s = s < 0 ? -s - 2 : s;
      while (starts[s + 1] == at) {
        s++;
      }
      boolean first = at > starts[s] && sceneOfRow[order[at - 1]] != sceneOfRow[row];
      return new RowMessage(
          DataSet.this, streams.get(s), row, at - starts[s], data.stampsNs()[row], first);
    }

    @Override
    public int size() {
      return order.length + 1;
    }
  }
}
