package dev.lockstep.shadow;

import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Measurement;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.ShadowCheck;
import dev.lockstep.check.ShadowCheck.Kind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StoredBlocks;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.source.SourceFormat;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Reads a share of a recording a second time, in another way, and compares.
///
/// Sees the messages of the first read as they come and reads again at its end, so that the
/// recording is whole and has its index. Memory is bounded, see [FirstRead].
public final class ShadowPass {
  /// Formats in which each message lies in a file that its row names.
  private static final Set<String> FILES = Set.of("kitti", "av2", "nuscenes");

  private final ShadowShare share;
  private final SourceFormat format;
  private final Path path;
  private final List<ShadowCheck> checks;
  private final Consumer<Finding> findings;
  private final @Nullable FirstRead first;

  /// A pass over the recording at `path`, which nobody has read yet.
  ///
  /// @param format its format
  /// @param findings told of findings as they come
  public ShadowPass(
      ShadowShare share,
      SourceFormat format,
      Path path,
      List<ShadowCheck> checks,
      Consumer<Finding> findings) {
    this(share, format, path, checks, findings, FirstRead.MAX_MESSAGES);
  }

  ShadowPass(
      ShadowShare share,
      SourceFormat format,
      Path path,
      List<ShadowCheck> checks,
      Consumer<Finding> findings,
      int mostMessages) {
    this.share = share;
    this.format = format;
    this.path = path;
    this.checks = List.copyOf(checks);
    this.findings = findings;
    boolean files = FILES.contains(format.name());
    this.first = files || isMcap() ? new FirstRead(share, files, mostMessages) : null;
  }

  /// Where in a recording of one file the CRC-32C of messages is needed.
  public static LongPredicate places(ShadowShare share) {
    return position -> FirstRead.mayChoose(share, position);
  }

  private boolean isMcap() {
    return format.name().equals("mcap") && !Files.isDirectory(path);
  }

  /// The next stream of the first read; its id is the number of streams before it.
  public void stream(StreamInfo stream) {
    if (first != null) {
      first.stream(stream);
    }
  }

  /// The next messages of the first read, numbered, with their CRC-32C where [#places] wants it.
  public void messages(MessageBatch batch) {
    if (first != null) {
      first.messages(batch);
    }
  }

  /// Reads again and adds to `result` how the rules ended.
  ///
  /// @param labels the label sets of the first read, null where it was asked for none
  /// @param manifest the blocks of the manifest beside the recording, null where there is none
  public RecordingResult complete(
      RecordingResult result, @Nullable List<LabelSet> labels, @Nullable StoredBlocks manifest) {
    Disagreements out = new Disagreements(checks, findings);
    List<String> notes = new ArrayList<>(result.notes());
    List<Measurement> measurements = new ArrayList<>(result.measurements());
    Map<Kind, String> nothing = new EnumMap<>(Kind.class);
    nothing.put(Kind.ASSOCIATION, "no label log: see 'lockstep shadow RAW --label-log LOG'");
    String broken = null;
    FirstRead read = first;
    if (read == null) {
      String reason = "there is no second way to read " + format.name() + " recordings yet";
      for (Kind kind : Kind.values()) {
        nothing.putIfAbsent(kind, reason);
      }
    } else {
      nothing.put(Kind.LABELS, "the recording has no labels that are derived a second time");
      nothing.put(Kind.SENSORS, "no labels and sensor messages with stamps are derived twice");
      String file = String.valueOf(path.toAbsolutePath().normalize().getFileName());
      ReadComparison comparison =
          new ReadComparison(read, out, file, result.results(), labels, manifest);
      try {
        String way =
            FILES.contains(format.name()) ? files(read, comparison) : mcap(read, comparison);
        notes.add(
            String.format(
                Locale.ROOT,
                "shadow read %s: %s (share %s%%, seed %d%s)",
                way,
                comparison.summary(),
                percent(read.share()),
                share.seed(),
                read.share().share() == share.share()
                    ? ""
                    : ", asked for "
                        + percent(share)
                        + "%: more than "
                        + FirstRead.MAX_MESSAGES
                        + " messages are not held"));
      } catch (IOException e) {
        broken = "second read: " + e.getMessage();
      }
    }
    List<CheckResult> results = new ArrayList<>(result.results());
    results.addAll(out.results(broken, nothing));
    return new RecordingResult(
        result.name(),
        result.format(),
        result.streams(),
        result.labelSets(),
        result.calibrations(),
        results,
        measurements,
        result.coverage(),
        notes);
  }

  private static String percent(ShadowShare share) {
    double value = share.share() * 100;
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.4g", value);
  }

  private String mcap(FirstRead read, ReadComparison comparison) throws IOException {
    if (read.streams().isEmpty()) {
      return "of nothing";
    }
    McapSecondRead again = new McapSecondRead();
    String way = again.read(path, comparison);
    comparison.end();
    if (again.isIndexed()) {
      comparison.sensors(() -> format.index(path));
    }
    return way;
  }

  private String files(FirstRead read, ReadComparison comparison) {
    Path whole = path.toAbsolutePath();
    Path folder = whole.getParent();
    Path base = folder == null || Files.isDirectory(whole) ? whole : folder;
    FileSecondRead files = new FileSecondRead(base);
    read.pieces()
        .values()
        .forEach(rows ->
            rows.forEach((id, of) -> {
              StreamInfo stream = read.streams().get(id);
              for (int i = 0; i < of.size; i++) {
                String file = of.files[i];
                // A file that was not there the first time was told of.
                if (file == null || of.lengths[i] == 0) {
                  continue;
                }
                try {
                  comparison.compare(
                      stream,
                      of,
                      i,
                      files.read(stream.name(), file, of.positions[i], of.lengths[i]));
                } catch (NoSuchFileException | EOFException e) {
                  comparison.gone(stream, of, i, "the file is shorter or gone");
                } catch (IOException e) {
                  comparison.gone(stream, of, i, String.valueOf(e.getMessage()));
                }
              }
            }));
    return "file by file";
  }
}
