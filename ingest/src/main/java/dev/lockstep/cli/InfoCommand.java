package dev.lockstep.cli;

import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Times;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lockstep info`: what a recording holds, without judging it.
@Command(
    name = "info",
    description = "Shows what recordings hold: streams, label sets, calibration.")
final class InfoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Recordings, or folders of them.")
  private List<Path> paths = List.of();

  @Option(names = "--layout", paramLabel = "FILE", description = LayoutOption.DESCRIPTION)
  private @Nullable String layout;

  @Override
  public Integer call() {
    LayoutOption search = Usage.of(spec, () -> LayoutOption.of(layout));
    boolean failed = false;
    try (Engine engine = new Engine(List.of(), EngineOptions.defaults())) {
      for (Path path : paths) {
        for (Recording recording : find(search, path)) {
          try {
            print(engine.check(recording.path(), recording.name(), recording.format()));
          } catch (IOException e) {
            failed = true;
            Messages.error(recording.name() + ": " + Messages.reason(e));
          }
        }
      }
    }
    return failed ? ExitCode.INPUT_OUTPUT : ExitCode.CLEAN;
  }

  private List<Recording> find(LayoutOption search, Path path) {
    List<Recording> found = Usage.of(spec, () -> search.find(path)).recordings();
    if (found.isEmpty()) {
      throw new ParameterException(spec.commandLine(), path + ": no recording found");
    }
    return found;
  }

  private static void print(RecordingResult recording) {
    System.out.printf(
        Locale.ROOT,
        "%s  (%s, %d bytes, %.1f %% under a stored checksum: %s)%n",
        recording.name(),
        recording.format(),
        recording.coverage().totalBytes(),
        recording.coverage().protectedShare() * 100,
        recording.coverage().basis());
    List<String[]> rows = new ArrayList<>();
    rows.add(
        new String[] {
          "stream",
          "kind",
          "messages",
          "rate",
          "bytes",
          "first stamp",
          "span",
          "stamps from",
          "frame",
          "type"
        });
    for (StreamSummary stream : recording.streams()) {
      rows.add(row(stream));
    }
    table(rows);
    for (RecordingResult.LabelSummary labels : recording.labelSets()) {
      System.out.printf(
          Locale.ROOT,
          "  labels %s: %d boxes, %d tracks, %d categories%n",
          labels.name(),
          labels.boxes(),
          labels.tracks(),
          labels.categories());
    }
    for (Calibration calibration : recording.calibrations()) {
      System.out.printf(
          Locale.ROOT,
          "  calibration %s: %s%s%n",
          calibration.sensor(),
          calibration.mounting() == null ? "no mounting" : "mounted on " + calibration.parent(),
          calibration.intrinsics() == null ? "" : ", intrinsics");
    }
    for (String note : recording.notes()) {
      System.out.println("  note: " + note);
    }
  }

  private static String[] row(StreamSummary stream) {
    long period = stream.meanPeriodNs();
    boolean stamped = stream.firstStampNs() != Times.NONE;
    return new String[] {
      stream.stream().name(),
      stream.stream().modality().label(),
      Long.toString(stream.messages()),
      period == 0 ? "-" : String.format(Locale.ROOT, "%.3f Hz", 1e9 / period),
      Long.toString(stream.bytes()),
      stamped ? Long.toString(stream.firstStampNs()) : "-",
      stamped
          ? Numbers.duration(Times.difference(stream.lastStampNs(), stream.firstStampNs()))
          : "-",
      stream.stream().stampSource().label(),
      stream.frameId().isEmpty() ? "-" : stream.frameId(),
      stream.stream().schema().isEmpty() ? stream.stream().encoding() : stream.stream().schema()
    };
  }

  private static void table(List<String[]> rows) {
    int columns = rows.getFirst().length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], row[c].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder(" ");
      for (int c = 0; c < columns; c++) {
        line.append(' ').append(row[c]).append(" ".repeat(widths[c] - row[c].length())).append(' ');
      }
      System.out.println(line.toString().stripTrailing());
    }
  }
}
