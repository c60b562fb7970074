package dev.lockstep.source.nuscenes;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import dev.lockstep.source.CoverageTally;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.collections.impl.list.mutable.primitive.IntArrayList;

/// All tables of a set, read and held against each other.
final class TableSet implements AutoCloseable {
  /// Share of rows whose ego pose has their own stamp from which on the others are faulty. Judged:
  /// nuScenes interpolates a pose for each row, Lyft and T4 take that of the LiDAR or the nearest.
  private static final double OWN_POSES = 0.9;

  private final Map<String, Table> tables = new LinkedHashMap<>();
  private final Faults faults;
  private int[] sceneOfSample = {};
  private int[] sceneOfRow = {};
  private int[] misposed = {};

  private TableSet(Faults faults) {
    this.faults = faults;
  }

  /// Reads the tables in a folder.
  ///
  /// @param prefix what stands in front of names relative to the recording
  /// @throws IOException if a file may not be read
  static TableSet read(Path folder, String prefix, Faults faults, CoverageTally tally)
      throws IOException {
    TableSet set = new TableSet(faults);
    try {
      for (TableKind kind : TableKind.ALL) {
        Table table = Table.read(kind, folder, prefix, set.tables, faults);
        set.tables.put(kind.name(), table);
        tally.add(table.lengthBytes());
      }
    } catch (IOException | RuntimeException | Error e) {
      set.close();
      throw e;
    }
    return set;
  }

  /// The table of that kind.
  Table table(TableKind kind) {
    Table table = tables.get(kind.name());
    if (table == null) {
      throw new IllegalStateException("no table " + kind.name());
    }
    return table;
  }

  /// Resolves all links and checks chains, counts, stamps and poses.
  void examine() {
    reportAbsent();
    tables.values().forEach(table -> table.resolve(tables, faults));
    tables.values().forEach(Table::releaseTokens);
    Table scenes = table(TableKind.SCENE);
    Table samples = table(TableKind.SAMPLE);
    Table data = table(TableKind.SAMPLE_DATA);
    sceneOfSample = samples.link("scene_token");
    if (samples.whole() && scenes.whole()) {
      Chains chains = new Chains(samples, sceneOfSample, scenes.rows(), samples.stampsNs(), faults);
      chains.examine();
      chains.examineOwners(scenes, "first_sample_token", "last_sample_token", "nbr_samples");
    }
    sceneOfRow = scenesOfRows(data);
    examinePoseStamps(data, table(TableKind.EGO_POSE));
    examineAnnotations(samples);
  }

  private void reportAbsent() {
    faults.examined(DefectKind.FILE_MISSING, tables.size());
    for (Table table : tables.values()) {
      if (!table.present() && table.kind().needed()) {
        faults.add(
            Defect.of(
                DefectKind.FILE_MISSING,
                Location.file(table.file()),
                new Evidence.Violation("table " + table.kind().name(), "missing", "present")));
      }
    }
    boolean boxes = table(TableKind.SAMPLE_ANNOTATION).rows() > 0;
    for (TableKind kind : new TableKind[] {TableKind.INSTANCE, TableKind.CATEGORY}) {
      if (boxes && !table(kind).present()) {
        faults.add(
            Defect.of(
                DefectKind.FILE_MISSING,
                Location.file(table(kind).file()),
                new Evidence.Violation(
                    "table " + kind.name(), "missing", "present, the annotations refer to it")));
      }
    }
    for (TableKind kind : new TableKind[] {TableKind.LOG, TableKind.ATTRIBUTE}) {
      if (!table(kind).present()) {
        faults.add(
            new Defect(
                DefectKind.FILE_MISSING,
                Severity.WARNING,
                Location.file(table(kind).file()),
                new Evidence.Violation("table " + kind.name(), "missing", "present")));
      }
    }
  }

  /// The scene of each row of sensor data: that of its sample; where that is unknown, that of the
  /// rows before and behind it.
  private int[] scenesOfRows(Table data) {
    int[] sample = data.link("sample_token");
    int[] prev = data.link("prev");
    int[] next = data.link("next");
    int[] scene = new int[data.rows()];
    for (int row = 0; row < scene.length; row++) {
      scene[row] = sample[row] >= 0 ? Math.max(-1, sceneOfSample[sample[row]]) : -1;
    }
    for (int row = 0; row < scene.length; row++) {
      if (scene[row] < 0 && next[row] >= 0) {
        scene[row] = scene[next[row]];
      }
      if (scene[row] < 0 && prev[row] >= 0) {
        scene[row] = scene[prev[row]];
      }
    }
    return scene;
  }

  /// Checks the chains of sensor data.
  ///
  /// @param channel number of the channel of each row, negative where unknown
  /// @param names names of the channels
  void examineData(int[] channel, String[] names) {
    int channels = names.length;
    Table data = table(TableKind.SAMPLE_DATA);
    if (data.whole() && table(TableKind.SAMPLE).whole()) {
      new Keyframes(table(TableKind.SAMPLE), data, faults).examine(channel, names);
    }
    int scenes = Math.max(1, table(TableKind.SCENE).rows());
    if (!data.whole() || (long) scenes * channels > Integer.MAX_VALUE - 8) {
      return;
    }
    int[] group = new int[data.rows()];
    for (int row = 0; row < group.length; row++) {
      boolean known = sceneOfRow[row] >= 0 && channel[row] >= 0;
      group[row] = known ? sceneOfRow[row] * channels + channel[row] : -1;
    }
    new Chains(data, group, scenes * channels, data.stampsNs(), faults).examine();
  }

  private void examinePoseStamps(Table data, Table poses) {
    int[] pose = data.link("ego_pose_token");
    long[] stamps = data.stampsNs();
    long equal = 0;
    long known = 0;
    for (int row = 0; row < data.rows(); row++) {
      if (pose[row] >= 0 && stamps[row] != Times.NONE) {
        known++;
        equal += poses.stampsNs()[pose[row]] == stamps[row] ? 1 : 0;
      }
    }
    if (equal < OWN_POSES * known) {
      faults.unexamined(
          DefectKind.NAME_CONTRADICTS, "rows of the set share poses, whose stamps are not theirs");
      return;
    }
    faults.examined(DefectKind.NAME_CONTRADICTS, known);
    IntArrayList wrong = new IntArrayList();
    for (int row = 0; row < data.rows() && equal < known; row++) {
      if (pose[row] >= 0 && stamps[row] != Times.NONE) {
        long stampNs = poses.stampsNs()[pose[row]];
        if (stampNs != stamps[row] && stampNs != Times.NONE) {
          wrong.add(row);
        }
      }
    }
    misposed = wrong.toArray();
    long[] posed = new long[misposed.length];
    for (int i = 0; i < posed.length; i++) {
      posed[i] = poses.stampsNs()[pose[misposed[i]]];
    }
    if (misposed.length == 2
        && posed[0] == stamps[misposed[1]]
        && posed[1] == stamps[misposed[0]]) {
      faults.add(
          Defect.of(
              DefectKind.NAME_CONTRADICTS,
              data.place(misposed[0]),
              new Evidence.Violation(
                  "ego poses of sample_data " + data.text(misposed[0], "token"),
                  "exchanged with that of " + data.text(misposed[1], "token"),
                  "each with its own, of " + stamps[misposed[0]] + " ns")));
      return;
    }
    for (int i = 0; i < misposed.length; i++) {
      faults.add(
          "pose stamp",
          Defect.of(
              DefectKind.NAME_CONTRADICTS,
              data.place(misposed[i]),
              new Evidence.Mismatch(
                  "stamp of the ego pose of sample_data " + data.text(misposed[i], "token"),
                  posed[i] + " ns",
                  stamps[misposed[i]] + " ns")));
    }
  }

  /// Rows of sensor data whose ego pose has another stamp, which is told; they ascend.
  int[] misposed() {
    return misposed;
  }

  private void examineAnnotations(Table samples) {
    Table boxes = table(TableKind.SAMPLE_ANNOTATION);
    Table instances = table(TableKind.INSTANCE);
    if (!boxes.whole() || !instances.whole()) {
      return;
    }
    int[] sample = boxes.link("sample_token");
    long[] stamps = new long[boxes.rows()];
    for (int row = 0; row < stamps.length; row++) {
      stamps[row] = sample[row] >= 0 ? samples.stampsNs()[sample[row]] : Times.NONE;
    }
    Chains chains =
        new Chains(boxes, boxes.link("instance_token"), instances.rows(), stamps, faults);
    chains.examine();
    chains.examineOwners(
        instances, "first_annotation_token", "last_annotation_token", "nbr_annotations");
  }

  /// Number of the scene of each row of sensor data, negative where unknown.
  int[] sceneOfRow() {
    return sceneOfRow;
  }

  /// The boxes; their faults are told.
  LabelSet labels() {
    LabelSet labels =
        Annotations.read(
            table(TableKind.SAMPLE_ANNOTATION),
            table(TableKind.SAMPLE),
            table(TableKind.INSTANCE),
            table(TableKind.CATEGORY),
            table(TableKind.ATTRIBUTE),
            table(TableKind.VISIBILITY));
    Annotations.examine(labels, faults);
    return labels;
  }

  /// The poses in order of time; of several with one stamp, the first of the table.
  PoseSeries poses() {
    Table table = table(TableKind.EGO_POSE);
    long[] stamps = table.stampsNs();
    IntArrayList sound = new IntArrayList(Math.max(1, table.rows()));
    for (int row = 0; row < table.rows(); row++) {
      Evidence fault = Rotations.fault(Rotations.pose(table, row));
      if (fault != null) {
        faults.add("pose", Defect.of(DefectKind.POSE_INVALID, table.place(row), fault));
      } else if (stamps[row] != Times.NONE) {
        sound.add(row);
      }
    }
    faults.examined(DefectKind.POSE_INVALID, table.rows());
    int[] order = sound.toArray();
    RowOrder.sort(order, (a, b) -> Long.compare(stamps[a], stamps[b]));
    PoseSeries series = new PoseSeries(order.length);
    for (int row : order) {
      // Rows of several sensors share stamps and poses.
      boolean _ = series.add(stamps[row], Rotations.pose(table, row));
    }
    return series;
  }

  /// Lets all but the rows of sensor data go.
  Table keepData() {
    Table data = table(TableKind.SAMPLE_DATA);
    tables.values().stream().filter(table -> !table.equals(data)).forEach(Table::close);
    data.releaseLinks();
    return data;
  }

  @Override
  public void close() {
    tables.values().forEach(Table::close);
  }
}
