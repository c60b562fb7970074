package dev.lockstep.cli;

import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.labels.FrameStamps;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Defect;
import dev.lockstep.report.FindingText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A label file that was read.
///
/// @param format what it was read as
/// @param reading its label sets
/// @param defects what is wrong with it
record LabelFile(LabelFormat format, LabelFormat.Reading reading, List<Defect> defects) {
  /// Reads a label file.
  ///
  /// @param from name of its format, or null to recognise it
  /// @param rateHertz rate of frames where the file gives none, 0 for the format's usual one
  /// @throws IllegalArgumentException if the format is not known
  static LabelFile read(Path file, @Nullable String from, double rateHertz) throws IOException {
    LabelFormat format = from == null ? recognised(file) : LabelFormats.named(from);
    List<Defect> defects = new ArrayList<>();
    List<LabelFormat.Reading> readings = new ArrayList<>();
    try (MappedFile mapped = MappedFile.open(file)) {
      LabelInput input = LabelInput.of(file, mapped.segment());
      LabelInput timed = rateHertz > 0 ? input.withStamps(FrameStamps.at(rateHertz)) : input;
      mapped.guard(0, mapped.lengthBytes(), () -> readings.add(format.read(timed, defects::add)));
    }
    return new LabelFile(format, readings.getFirst(), defects);
  }

  private static LabelFormat recognised(Path file) throws IOException {
    Path name = file.getFileName();
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(LabelFormat.HEAD_BYTES);
    }
    for (LabelFormat format : LabelFormats.ALL) {
      if (format.recognise(name == null ? "" : name.toString(), head) != null) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        file + ": no known label format (name one with --from; 'labels --list' lists them)");
  }

  /// Says on standard error what is wrong with the file.
  void tellDefects() {
    for (Defect defect : defects) {
      Messages.error(
          FindingText.evidence(defect.evidence()) + " @ " + FindingText.place(defect.location()));
    }
  }
}
