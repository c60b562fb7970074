package dev.lockstep.cli;

import dev.lockstep.catalog.Formats;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.lineage.BlastRadius;
import dev.lockstep.lineage.LabelRow;
import dev.lockstep.lineage.LabelSelector;
import dev.lockstep.lineage.LabelTrace;
import dev.lockstep.lineage.ReportedFinding;
import dev.lockstep.lineage.TouchingFindings;
import dev.lockstep.lineage.TraceJson;
import dev.lockstep.lineage.TraceText;
import dev.lockstep.lineage.Tracer;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.manifest.ManifestReader;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Times;
import dev.lockstep.source.DamagedIndexException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lockstep trace`: from a label to the bytes that it rests on, and back.
@Command(
    name = "trace",
    description = {
      "Shows what a label rests on: who made it, the sensor message with its bytes and checksums,"
          + " the other sensors' messages paired with it, the findings that touch it. Or back: the"
          + " messages and labels that rest on bytes or on a block of the manifest."
    },
    footer = {
      "",
      "Exit codes:",
      "  0 traced",
      "  1 traced, and a stored checksum differs",
      "  2 wrong usage, or no such label",
      "  3 traced, but --check could not examine part of the recording",
      "  4 reading failed, worth another try",
      "  70 internal fault"
    })
final class TraceCommand implements Callable<Integer> {
  /// Labels that one call traces; a message may hold hundreds.
  private static final int MAX_LABELS = 100;

  /// Label sets that are named where a label was not found.
  private static final int MAX_NAMED = 4;

  private static final Pattern BYTES = Pattern.compile("(.+):(\\d{1,18})\\+(\\d{1,18})");
  private static final Pattern BLOCK = Pattern.compile("(.+):(\\d{1,9})");

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PATH", description = "The recording.")
  private Path path = Path.of("");

  @Option(
      names = "--label",
      paramLabel = "ROW|FILE:ROW",
      description =
          "The label by its row as findings name it: line from 1, row of a table from 0, or message"
              + " that holds it.")
  private @Nullable String label;

  @Option(names = "--track", paramLabel = "T", description = "The label by its track, and...")
  private @Nullable String track;

  @Option(names = "--stamp", paramLabel = "NS", description = "...its stamp, ...")
  private @Nullable Long stamp;

  @Option(names = "--frame", paramLabel = "N", description = "...or the number of its frame.")
  private @Nullable Long frame;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "Where the labels lie, if neither in the recording nor beside it.")
  private @Nullable Path labels;

  @Option(
      names = "--check",
      description =
          "Run all checks for findings that touch the label; takes as long as 'check'. --findings"
              + " takes those of an earlier run.")
  private boolean check;

  @Option(
      names = "--findings",
      paramLabel = "FILE",
      description = "Take findings from an earlier run (json or jsonl output).")
  private @Nullable Path findings;

  @Option(
      names = "--bytes",
      paramLabel = "FILE:OFFSET+LENGTH",
      description = "Back: what rests on these bytes of a file of the recording.")
  private @Nullable String bytes;

  @Option(
      names = "--block",
      paramLabel = "STREAM:N",
      description = "Back: what rests on this block of the manifest.")
  private @Nullable String block;

  @Option(
      names = "--time",
      description = "Tell on standard error how long it took once the program had started.")
  private boolean timed;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "text (default) or json.")
  private String output = "text";

  @Override
  public Integer call() {
    if (!output.equals("text") && !output.equals("json")) {
      throw wrong("--output: " + output + " (expected text or json)");
    }
    if (check && findings != null) {
      throw wrong("--check and --findings: one of them");
    }
    boolean forward = label != null || track != null || stamp != null || frame != null;
    if (!forward && (check || findings != null)) {
      throw wrong("--check and --findings need a label");
    }
    int ways = (forward ? 1 : 0) + (bytes == null ? 0 : 1) + (block == null ? 0 : 1);
    if (ways != 1) {
      throw wrong("needs one of --label, --track with --stamp or --frame, --bytes, --block");
    }
    long since = System.nanoTime();
    Recording recording = Usage.of(spec, () -> only(path));
    Path file = labels;
    Recording apart = file == null ? null : Usage.of(spec, () -> only(file));
    try {
      int exit = trace(recording, apart, forward);
      if (timed) {
        System.err.println(
            "lockstep: took " + (System.nanoTime() - since) / 1_000_000 + " ms after start-up");
      }
      return exit;
    } catch (IOException e) {
      Messages.error(recording.name() + ": " + Messages.reason(e));
      return ExitCode.INPUT_OUTPUT;
    }
  }

  /// Looks up first; what proves damaged on the way is read whole the second time.
  private int trace(Recording recording, @Nullable Recording apart, boolean forward)
      throws IOException {
    Tracer.Reading reading = Tracer.Reading.QUICK;
    while (true) {
      try (Tracer tracer =
          Tracer.open(
              recording.path(),
              recording.format(),
              apart == null ? null : apart.path(),
              apart == null ? null : apart.format(),
              reading)) {
        return forward ? forward(tracer, recording) : back(tracer);
      } catch (DamagedIndexException e) {
        if (reading.recordings()) {
          throw e;
        }
        reading = new Tracer.Reading(true, reading.manifest());
      } catch (ManifestReader.UnsoundException e) {
        if (reading.manifest()) {
          throw new IOException(e.getMessage(), e);
        }
        reading = new Tracer.Reading(reading.recordings(), true);
      }
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /// The recording at `path`, which must be one.
  static Recording only(Path path) throws IOException {
    List<Recording> found = new RecordingFinder(Formats.ALL).find(path).recordings();
    if (found.size() != 1) {
      throw new IllegalArgumentException(
          path + ": " + found.size() + " recordings (expected the path of one)");
    }
    return found.getFirst();
  }

  private LabelSelector selector() {
    String row = label;
    Long atNs = stamp;
    Long number = frame;
    if (row != null) {
      if (atNs != null || number != null) {
        throw wrong("--label: a row needs neither --stamp nor --frame");
      }
      return Usage.of(spec, () -> LabelSelector.ofRow(row, track));
    }
    if (track == null || (atNs == null) == (number == null)) {
      throw wrong("--track needs --stamp or --frame, and these need --track");
    }
    return new LabelSelector(
        null, -1, track, atNs == null ? Times.NONE : atNs, number == null ? -1 : number);
  }

  private int forward(Tracer tracer, Recording recording) throws IOException {
    Path known = findings;
    List<ReportedFinding> earlier =
        known == null ? null : Usage.of(spec, () -> ofRecording(known, recording));
    List<LabelRow> rows = tracer.find(selector());
    if (rows.isEmpty()) {
      throw wrong(
          "no such label in " + (labels == null ? path : labels) + " (" + known(tracer) + ")");
    }
    if (rows.size() > MAX_LABELS) {
      throw wrong(
          rows.size() + " labels (expected at most " + MAX_LABELS + "; --track narrows it)");
    }
    List<ReportedFinding> all = earlier;
    boolean incomplete = false;
    if (check) {
      CheckedLabels checked = CheckedLabels.of(recording);
      checked.tellUnlisted(recording);
      all = checked.findings();
      incomplete = checked.incomplete();
    }
    List<LabelTrace> traces = new ArrayList<>();
    boolean differs = false;
    for (LabelRow row : rows) {
      LabelTrace trace = tracer.trace(row);
      LabelTrace.Rest basis = trace.basis();
      differs |= basis != null && differs(basis);
      differs |= trace.paired().stream().anyMatch(TraceCommand::differs);
      traces.add(all == null ? trace : TouchingFindings.of(trace, all));
    }
    if (output.equals("json")) {
      System.out.print(TraceJson.of(traces, tracer.manifestState()));
    } else {
      String between = "";
      for (LabelTrace trace : traces) {
        System.out.print(between + TraceText.of(trace, tracer.manifestState()));
        between = "\n";
      }
      sayScanned(tracer);
    }
    if (differs) {
      return ExitCode.FINDINGS;
    }
    return incomplete ? ExitCode.INCOMPLETE : ExitCode.CLEAN;
  }

  /// The labels that there are, in words.
  private static String known(Tracer tracer) throws IOException {
    Map<String, Long> rows =
        tracer.find(LabelSelector.ANY).stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.set() + " in " + row.file(), TreeMap::new, Collectors.counting()));
    return rows.isEmpty()
        ? "it has no labels"
        : rows.entrySet().stream()
            .limit(MAX_NAMED)
            .map(each -> each.getValue() + " of " + each.getKey())
            .collect(Collectors.joining(", ", "it has ", rows.size() > MAX_NAMED ? ", ..." : ""));
  }

  private static boolean differs(LabelTrace.Rest rest) {
    LabelTrace.Sealed sealed = rest.sealed();
    return sealed != null && sealed.crc32c() != rest.crc32c();
  }

  private static void sayScanned(Tracer tracer) {
    if (tracer.wasScanned()) {
      System.out.println("the whole recording was read: nothing in it says where messages lie");
    }
  }

  private static List<ReportedFinding> ofRecording(Path file, Recording recording)
      throws IOException {
    String name = ManifestFiles.name(recording.path());
    return ReportedFinding.read(file).stream()
        .filter(each -> name.equals(ManifestFiles.name(Path.of(each.recording()))))
        .toList();
  }

  private int back(Tracer tracer) throws IOException {
    BlastRadius radius;
    String range = bytes;
    if (range != null) {
      Matcher parts = BYTES.matcher(range);
      if (!parts.matches() || parts.group(3).matches("0+")) {
        throw wrong("--bytes: " + range + " (expected FILE:OFFSET+LENGTH, at least one byte)");
      }
      radius =
          tracer.of(
              parts.group(1),
              new ByteRange(Long.parseLong(parts.group(2)), Long.parseLong(parts.group(3))));
    } else {
      Matcher parts = BLOCK.matcher(String.valueOf(block));
      if (!parts.matches()) {
        throw wrong("--block: " + block + " (expected STREAM:N)");
      }
      try {
        radius = tracer.ofBlock(parts.group(1), Long.parseLong(parts.group(2)));
      } catch (IllegalArgumentException e) {
        throw wrong(String.valueOf(e.getMessage()));
      }
    }
    if (output.equals("json")) {
      System.out.print(TraceJson.of(radius));
    } else {
      System.out.print(TraceText.of(radius));
      sayScanned(tracer);
    }
    return ExitCode.CLEAN;
  }
}
