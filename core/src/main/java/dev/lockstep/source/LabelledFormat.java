package dev.lockstep.source;

import dev.lockstep.model.Coverage;
import dev.lockstep.model.LabelSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A recording together with the labels that lie beside it: `NAME.labels.jsonl` or
/// `NAME.labels.arrow` beside the file or folder NAME, or `labels.jsonl` or `labels.arrow` in the
/// folder.
///
/// A label set of the same name in the recording itself gives way to the one beside it, which was
/// made from it and edited since.
public final class LabelledFormat implements SourceFormat {
  private static final String PREFIX = ".labels";
  private static final String ENDS = "labels.";
  private static final List<String> ENDINGS = List.of("labels.jsonl", "labels.arrow");

  private final SourceFormat sensors;
  private final SourceFormat labels;

  /// Recordings of `sensors` with labels of `labels` beside them.
  public LabelledFormat(SourceFormat sensors, SourceFormat labels) {
    this.sensors = sensors;
    this.labels = labels;
  }

  /// The format of the recordings alone.
  public static SourceFormat without(SourceFormat format) {
    return format instanceof LabelledFormat labelled ? labelled.sensors : format;
  }

  /// The format of the labels alone.
  public SourceFormat labels() {
    return labels;
  }

  /// The labels beside the recording at `recording`, or null.
  public static @Nullable Path labelsOf(Path recording) {
    Path absolute = recording.toAbsolutePath().normalize();
    Path name = absolute.getFileName();
    for (String ending : ENDINGS) {
      List<Path> places = new ArrayList<>();
      if (name != null) {
        places.add(absolute.resolveSibling(name + "." + ending));
      }
      places.add(absolute.resolve(ending));
      for (Path place : places) {
        if (Files.isRegularFile(place)) {
          return place;
        }
      }
    }
    return null;
  }

  /// All label sets of a recording: those beside it, and of its own those of other names.
  ///
  /// @throws IOException if the operating system refuses to read
  public static List<LabelSet> labelSets(SourceFormat format, Path recording) throws IOException {
    Question<List<LabelSet>> all = index -> index.labels(Long.MIN_VALUE, Long.MAX_VALUE);
    Path beside = labelsOf(recording);
    List<LabelSet> sets = new ArrayList<>();
    if (beside != null && format instanceof LabelledFormat labelled) {
      sets.addAll(labelled.labels.ask(beside, all));
    }
    Set<String> names = sets.stream().map(LabelSet::name).collect(Collectors.toSet());
    for (LabelSet own : format.ask(recording, all)) {
      if (!names.contains(own.name())) {
        sets.add(own);
      }
    }
    return sets;
  }

  /// Whether `file` is named as the labels of something that lies beside it.
  public static boolean isCompanion(Path file) {
    String name = String.valueOf(file.getFileName());
    int end = name.lastIndexOf(PREFIX + ".");
    return end > 0
        && ENDINGS.contains(name.substring(end + 1))
        && Files.exists(file.resolveSibling(name.substring(0, end)));
  }

  @Override
  public String name() {
    return sensors.name();
  }

  @Override
  public String summary() {
    return sensors.summary();
  }

  @Override
  public Match match(Probe probe) {
    return sensors.match(probe);
  }

  @Override
  public Growth growth(Path path) {
    return sensors.growth(path);
  }

  @Override
  public List<Path> beside(Path path) {
    return sensors.beside(path);
  }

  @Override
  public boolean saysItHasEnded(Path path) throws IOException {
    return sensors.saysItHasEnded(path);
  }

  @Override
  public @Nullable Path readBeside(Path path) {
    return sensors.readBeside(path);
  }

  @Override
  public List<Path> dependsOn(Path path) {
    return sensors.dependsOn(path);
  }

  @Override
  public RecordingReader open(Path path, ReadOptions options) throws IOException {
    Path file = labelsOf(path);
    RecordingReader recording = sensors.open(path, options);
    if (file == null) {
      return recording;
    }
    try {
      return new Reader(recording, labels.open(file, options), String.valueOf(file.getFileName()));
    } catch (IOException | RuntimeException | Error e) {
      recording.close();
      throw e;
    }
  }

  @Override
  public RecordingIndex index(Path path) throws IOException {
    return sensors.index(path);
  }

  @Override
  public RecordingIndex scan(Path path) throws IOException {
    return sensors.scan(path);
  }

  /// Cuts the recording and takes the labels as they are, but for lines that can be left out.
  @Override
  public @Nullable RecordingCutter cutter(Path path) throws IOException {
    RecordingCutter cutter = sensors.cutter(path);
    Path file = labelsOf(path);
    if (cutter == null || file == null) {
      return cutter;
    }
    try {
      return new Cutter(cutter, file, labels.cutter(file));
    } catch (IOException | RuntimeException | Error e) {
      cutter.close();
      throw e;
    }
  }

  /// Reads the labels after the recording.
  private static final class Reader implements RecordingReader {
    private final RecordingReader recording;
    private final RecordingReader labels;
    private final String name;
    private boolean complete;

    Reader(RecordingReader recording, RecordingReader labels, String name) {
      this.recording = recording;
      this.labels = labels;
      this.name = name;
    }

    @Override
    public long available() throws IOException {
      return recording.available();
    }

    @Override
    public void extend(long available, boolean complete) throws IOException {
      recording.extend(available, complete);
      if (complete) {
        labels.extend(labels.available(), true);
        this.complete = true;
      }
    }

    @Override
    public @Nullable ScanUnit next() {
      ScanUnit unit = recording.next();
      return unit == null && complete ? labels.next() : unit;
    }

    @Override
    public long position() {
      return recording.position();
    }

    @Override
    public void finish(RecordingSink sink) {
      Joined beside = new Joined(sink);
      labels.finish(beside);
      Joined own = new Joined(sink);
      recording.finish(own);
      Set<String> names = beside.sets.stream().map(LabelSet::name).collect(Collectors.toSet());
      for (LabelSet set : own.sets) {
        if (names.contains(set.name())) {
          sink.note("labels " + set.name() + " of the recording give way to those in " + name);
        } else {
          sink.labels(set);
        }
      }
      beside.sets.forEach(sink::labels);
      Coverage both = own.coverage;
      Coverage more = beside.coverage;
      if (both != null && more != null) {
        both = both.plus(more);
      }
      if (both != null) {
        sink.coverage(both);
      }
    }

    @Override
    public void close() {
      try {
        labels.close();
      } finally {
        recording.close();
      }
    }
  }

  /// Keeps what is said once of a whole recording, and passes the rest on.
  private static final class Joined extends PassingSink {
    final List<LabelSet> sets = new ArrayList<>();
    @Nullable Coverage coverage;

    Joined(RecordingSink sink) {
      super(sink);
    }

    @Override
    public void labels(LabelSet set) {
      sets.add(set);
    }

    @Override
    public void coverage(Coverage coverage) {
      this.coverage = coverage;
    }
  }

  /// Puts the labels beside each cut.
  private static final class Cutter implements RecordingCutter {
    private final RecordingCutter cutter;
    private final Path labels;
    private final @Nullable RecordingCutter lines;
    private int own;

    Cutter(RecordingCutter cutter, Path labels, @Nullable RecordingCutter lines) {
      this.cutter = cutter;
      this.labels = labels;
      this.lines = lines;
    }

    @Override
    public List<String> streams() {
      return cutter.streams();
    }

    @Override
    public Window whole() {
      return cutter.whole();
    }

    @Override
    public long axisOf(String stream, long index) throws IOException {
      return cutter.axisOf(stream, index);
    }

    @Override
    public long axisOfByte(String file, long offsetBytes) {
      return cutter.axisOfByte(file, offsetBytes);
    }

    @Override
    public long step(String stream) {
      return cutter.step(stream);
    }

    @Override
    public boolean hasContainer() {
      return cutter.hasContainer();
    }

    /// Those of the recording, then those of the labels.
    @Override
    public List<Part> parts() throws IOException {
      List<Part> all = new ArrayList<>(cutter.parts());
      own = all.size();
      RecordingCutter more = lines;
      if (more != null) {
        all.addAll(more.parts());
      }
      return all;
    }

    @Override
    public Path cut(Plan plan, Path folder) throws IOException {
      Path cut = cutter.cut(plan, folder);
      Files.copy(labels, beside(cut));
      return cut;
    }

    @Override
    public Path cut(BitSet kept, Path folder) throws IOException {
      Path cut = own == 0 ? whole(folder) : cutter.cut(kept.get(0, own), folder);
      RecordingCutter more = lines;
      if (more == null) {
        Files.copy(labels, beside(cut));
      } else {
        Path apart = Files.createDirectory(folder.resolve(".labels"));
        Path few = more.cut(kept.get(own, Math.max(own, kept.length())), apart);
        Files.move(few, beside(cut));
        Files.delete(apart);
      }
      return cut;
    }

    /// A recording that has no parts.
    private Path whole(Path folder) throws IOException {
      return cutter.cut(new Plan(Set.copyOf(cutter.streams()), cutter.whole(), false), folder);
    }

    private Path beside(Path cut) {
      String name = String.valueOf(labels.getFileName());
      return cut.resolveSibling(cut.getFileName() + "." + name.substring(name.lastIndexOf(ENDS)));
    }

    @Override
    public void close() {
      RecordingCutter more = lines;
      if (more != null) {
        more.close();
      }
      cutter.close();
    }
  }
}
