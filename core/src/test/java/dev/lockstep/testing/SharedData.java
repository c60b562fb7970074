package dev.lockstep.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/// Real recordings kept beside the project, for testing only. Tests that need them are skipped,
/// with a message, where they are absent.
public final class SharedData {
  private SharedData() {}

  /// A file or folder of the shared data; skips the calling test if it is not there.
  ///
  /// @param parts path below the data folder
  public static Path path(String... parts) {
    String configured = System.getenv("LOCKSTEP_TEST_DATA");
    Path root = configured == null ? Path.of("..", "..", "shared", "data") : Path.of(configured);
    Path path = root;
    for (String part : parts) {
      path = path.resolve(part);
    }
    assumeTrue(Files.exists(path), "skipped: no shared test data at " + String.join("/", parts));
    return path;
  }
}
