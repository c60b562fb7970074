package dev.lockstep.source.labelfile;

import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.source.CoverageTally;
import dev.lockstep.source.FileListReader;
import dev.lockstep.source.LabelFile;
import dev.lockstep.source.Match;
import dev.lockstep.source.Probe;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.RecordingIndex;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Takes each file of a label format for a recording without sensors.
public final class LabelFileFormat implements SourceFormat {
  private final LabelFormat format;

  /// Formats that have a line for each label.
  private static final Set<String> LINES = Set.of("label-log", "mot");

  /// Recordings that are files of `format`.
  public LabelFileFormat(LabelFormat format) {
    this.format = format;
  }

  @Override
  public String name() {
    return format.name();
  }

  @Override
  public String summary() {
    return format.summary();
  }

  @Override
  public Match match(Probe probe) {
    if (probe.isDirectory()) {
      return Match.no("a folder");
    }
    String reason = format.recognise(probe.fileName(), probe.head());
    return reason == null ? Match.no("no label file of this format") : Match.yes(reason);
  }

  @Override
  public RecordingReader open(Path path, ReadOptions options) {
    CoverageTally tally = new CoverageTally();
    Path name = path.toAbsolutePath().normalize().getFileName();
    String file = name == null ? path.toString() : name.toString();
    LabelFile labels =
        new LabelFile(
            path,
            file,
            format,
            (bytes, defects) ->
                LabelFile.Parsed.of(format.read(LabelInput.of(path, bytes), defects)),
            options,
            tally);
    return new FileListReader(
        List.of(labels),
        sink -> {
          labels.sets().forEach(sink::labels);
          sink.coverage(tally.coverage());
        });
  }

  /// Files whose labels are lines can be cut.
  @Override
  public @Nullable RecordingCutter cutter(Path path) throws IOException {
    if (!LINES.contains(format.name())) {
      return null;
    }
    try (RecordingIndex index = index(path)) {
      return LineCutter.open(path, index);
    }
  }
}
