package dev.lockstep.cli;

import dev.lockstep.catalog.Formats;
import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.labels.FrameStamps;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelSet;
import dev.lockstep.report.FindingText;
import dev.lockstep.shadow.LabelSource;
import dev.lockstep.source.Probe;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Labels that were read from a label file, or from a recording that holds some.
///
/// @param format name of the format
/// @param sets label sets
/// @param notes what there is to know about them
/// @param defects what is wrong with them
record LabelFile(String format, List<LabelSet> sets, List<String> notes, List<Defect> defects) {
  /// Recordings of a folder that a message names at most.
  private static final int MAX_NAMED = 5;

  /// Reads the labels of a file or folder.
  ///
  /// @param from name of its label format, or null to recognise it
  /// @param rateHertz rate of frames where a label file gives none, 0 for the format's usual one
  /// @throws IllegalArgumentException if the format is not known
  static LabelFile read(Path file, @Nullable String from, double rateHertz) throws IOException {
    LabelSource source =
        from == null ? source(file) : new LabelSource(file, null, LabelFormats.named(from));
    LabelFormat format = source.file();
    if (source.recording() != null || format == null) {
      LabelSource.Read read = source.first();
      return new LabelFile(source.format(), read.sets(), List.of(), read.defects());
    }
    List<Defect> defects = new ArrayList<>();
    List<LabelFormat.Reading> readings = new ArrayList<>();
    try (MappedFile mapped = MappedFile.open(file)) {
      LabelInput input = LabelInput.of(file, mapped.segment());
      LabelInput timed = rateHertz > 0 ? input.withStamps(FrameStamps.at(rateHertz)) : input;
      mapped.guard(() -> readings.add(format.read(timed, defects::add)));
    }
    LabelFormat.Reading reading = readings.getFirst();
    return new LabelFile(format.name(), reading.sets(), reading.notes(), defects);
  }

  /// Where labels are: a label file, a recording, or a folder that holds only one of them.
  ///
  /// @throws IllegalArgumentException if it is neither
  static LabelSource source(Path path) throws IOException {
    Probe probe = Probe.of(path);
    if (!probe.isDirectory()) {
      for (LabelFormat format : LabelFormats.ALL) {
        if (format.recognise(probe.fileName(), probe.head()) != null) {
          return new LabelSource(path, null, format);
        }
      }
    }
    SourceFormat format = new RecordingFinder(Formats.ALL).claim(probe);
    if (format == null && Files.isDirectory(path)) {
      return source(onlyIn(path));
    }
    if (format == null) {
      throw new IllegalArgumentException(
          path + ": neither a recording nor a label file ('labels --list' lists label formats)");
    }
    LabelFormat words =
        LabelFormats.ALL.stream()
            .filter(labels -> labels.name().equals(format.name()))
            .findFirst()
            .orElse(null);
    return new LabelSource(path, format, words);
  }

  private static Path onlyIn(Path folder) throws IOException {
    List<RecordingFinder.Recording> found =
        new RecordingFinder(Formats.ALL).find(folder).recordings();
    if (found.size() == 1) {
      return found.getFirst().path();
    }
    String names =
        found.stream()
            .limit(MAX_NAMED)
            .map(RecordingFinder.Recording::name)
            .collect(Collectors.joining(", ", ": ", found.size() > MAX_NAMED ? ", ..." : ""));
    throw new IllegalArgumentException(
        folder
            + ": "
            + (found.isEmpty() ? "no" : Integer.toString(found.size()))
            + " recordings or label files in it (expected one, or the path of one)"
            + (found.isEmpty() ? "" : names));
  }

  /// Says on standard error what is wrong with the file.
  void tellDefects() {
    for (Defect defect : defects) {
      Messages.error(
          FindingText.evidence(defect.evidence()) + " @ " + FindingText.place(defect.location()));
    }
  }
}
