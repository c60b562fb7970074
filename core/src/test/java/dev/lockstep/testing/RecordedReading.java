package dev.lockstep.testing;

import dev.lockstep.model.Calibration;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.report.FindingText;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// What [ReaderDriver] read of a folder of files, by name and in words.
///
/// @param read everything that the reader handed over
public record RecordedReading(ReaderDriver.Read read) {
  /// Reads a whole recording at once.
  public static RecordedReading of(SourceFormat format, Path path) throws IOException {
    return new RecordedReading(new ReaderDriver(format).read(path));
  }

  /// Reads a recording, allowing `step` more files of it at a time.
  public static RecordedReading inSteps(SourceFormat format, Path path, long step)
      throws IOException {
    long files;
    try (RecordingReader reader = format.open(path, ReadOptions.DEFAULT)) {
      files = reader.available();
    }
    long[] steps = LongStream.iterate(step, allowed -> allowed < files, a -> a + step).toArray();
    return new RecordedReading(new ReaderDriver(format).steps(steps).threads(2).read(path));
  }

  /// Names of the streams in order of their ids.
  public List<String> streamNames() {
    return read.streams().stream().map(StreamInfo::name).toList();
  }

  /// The stream of that name.
  public StreamInfo stream(String name) {
    return read.messages(name).stream();
  }

  /// Stamps of a stream.
  public long[] stampsNs(String stream) {
    MessageBatch rows = read.messages(stream);
    return Arrays.copyOf(rows.stampsNs(), rows.size());
  }

  /// Points of the sweeps of a stream.
  public List<Integer> points(String stream) {
    MessageBatch rows = read.messages(stream);
    List<Integer> points = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      points.add(rows.points().length == 0 ? -1 : rows.points()[row]);
    }
    return points;
  }

  /// The defects.
  public List<Defect> defects() {
    return read.defects();
  }

  /// The defects, one a line: severity, kind, evidence, place.
  public String defectText() {
    return read.defects().stream()
        .map(d ->
            d.severity().label()
                + " "
                + d.kind()
                + ": "
                + FindingText.evidence(d.evidence())
                + " @ "
                + FindingText.place(d.location()))
        .collect(Collectors.joining("\n"));
  }

  /// How often a kind of defect was looked for.
  public long examined(DefectKind kind) {
    return read.examined(kind);
  }

  /// The notes.
  public List<String> notes() {
    return read.notes();
  }

  /// The label sets.
  public List<LabelSet> labels() {
    return read.labels();
  }

  /// The calibration of a sensor.
  public Calibration calibration(String sensor) {
    return read.calibrations().stream()
        .filter(c -> c.sensor().equals(sensor))
        .findFirst()
        .orElseThrow();
  }

  /// All calibrations.
  public List<Calibration> calibrations() {
    return read.calibrations();
  }

  /// The poses, or null.
  public @Nullable PoseSeries poses() {
    return read.poses().isEmpty() ? null : read.poses().getFirst();
  }

  /// The coverage.
  public Coverage coverage() {
    return read.coverage();
  }
}
