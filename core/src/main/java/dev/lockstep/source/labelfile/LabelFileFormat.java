package dev.lockstep.source.labelfile;

import dev.lockstep.arrow.RowSubset;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.model.LabelSet;
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
import dev.lockstep.source.TextSpans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Takes each file of a label format for a recording without sensors.
public final class LabelFileFormat implements SourceFormat {
  private final LabelFormat format;

  /// Formats that have a line for each label.
  private static final Set<String> LINES = Set.of("label-log", "mot");

  /// Formats whose files are JSON documents.
  private static final Set<String> JSON =
      Set.of("darwin", "label-studio", "openlabel", "scalabel", "scale");

  /// Formats whose files are XML documents.
  private static final Set<String> XML = Set.of("cvat");

  /// Formats whose files are TFRecords of frames.
  private static final Set<String> RECORDS = Set.of("waymo");

  /// Longest text that is cut: all of it is held in memory. Judged.
  private static final long MAX_TEXT_BYTES = 128L << 20;

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
  public List<Path> dependsOn(Path path) {
    return format.dependsOn(path);
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

  @Override
  public RecordingIndex index(Path path) {
    return new LabelFileIndex(path, format, this);
  }

  /// Texts are cut line by line or part by part, tables row by row, records field by field.
  @Override
  public @Nullable RecordingCutter cutter(Path path) throws IOException {
    List<String> sets;
    try (RecordingIndex index = index(path)) {
      sets =
          index.labels(Long.MIN_VALUE, Long.MAX_VALUE).stream()
              .map(LabelSet::name)
              .distinct()
              .toList();
    }
    if (format.name().equals("label-table")) {
      long rows = RowSubset.count(path, ReadOptions.DEFAULT_MAX_BLOCK_BYTES);
      return rows < 0 ? null : new TableCutter(path, sets, rows);
    }
    if (RECORDS.contains(format.name())) {
      return RecordCutter.open(path, sets);
    }
    boolean lines = LINES.contains(format.name());
    boolean json = JSON.contains(format.name());
    if (!lines && !json && !XML.contains(format.name()) || Files.size(path) > MAX_TEXT_BYTES) {
      return null;
    }
    byte[] text = Files.readAllBytes(path);
    TextSpans spans =
        lines ? TextSpans.lines(text) : json ? TextSpans.json(text) : TextSpans.xml(text);
    return new TextCutter(path, text, spans, sets, lines);
  }
}
