package dev.lockstep.bench.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// Folders that campaigns work in.
public final class Folders {
  private Folders() {}

  /// Deletes a folder with all that is in it; one that is not there is left alone.
  ///
  /// @throws IOException if something of it cannot be deleted
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
