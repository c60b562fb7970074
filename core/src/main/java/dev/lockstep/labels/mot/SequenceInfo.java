package dev.lockstep.labels.mot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The `seqinfo.ini` of a sequence.
record SequenceInfo(Map<String, String> values) {
  /// Most bytes that are read; judged.
  private static final int MAX_BYTES = 64 << 10;

  /// The file that belongs to a label file, or null: beside it or one folder up.
  static @Nullable SequenceInfo beside(Path labels) {
    Path folder = labels.toAbsolutePath().normalize().getParent();
    Path above = folder == null ? null : folder.getParent();
    for (Path place : new Path[] {folder, above}) {
      List<String> lines = place == null ? List.of() : lines(place, MotLayout.SEQUENCE_FILE);
      if (!lines.isEmpty()) {
        Map<String, String> values = new HashMap<>();
        for (String line : lines) {
          int equals = line.indexOf('=');
          if (equals > 0) {
            values.put(
                line.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                line.substring(equals + 1).strip());
          }
        }
        return new SequenceInfo(values);
      }
    }
    return null;
  }

  /// Lines of a small file of a folder; none if it cannot be read.
  static List<String> lines(Path folder, String name) {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    try (InputStream in = Files.newInputStream(file)) {
      String text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
      return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /// Name of the sequence, or null.
  @Nullable String name() {
    return values.get("name");
  }

  /// Frames a second, 0 if it does not say.
  double frameRate() {
    try {
      double rate = Double.parseDouble(values.getOrDefault("framerate", "0"));
      return rate > 0 && rate < 1e6 ? rate : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// A whole number, 0 if it does not say.
  int number(String key) {
    try {
      return Math.max(0, Integer.parseInt(values.getOrDefault(key, "0")));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
