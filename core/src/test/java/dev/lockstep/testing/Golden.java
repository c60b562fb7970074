package dev.lockstep.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files that hold a promised output to the byte. `-Dgolden.update=true` writes them anew, to be
/// read as a change of the promise.
public final class Golden {
  private Golden() {}

  /// `actual` equals the golden file `name` of `test`'s package.
  public static void assertMatches(Class<?> test, String name, byte[] actual) {
    Path file =
        Path.of("src", "test", "resources")
            .resolve(test.getPackageName().replace('.', '/'))
            .resolve(name);
    try {
      if (Boolean.getBoolean("golden.update")) {
        Files.createDirectories(file.getParent());
        Files.write(file, actual);
      }
      assertThat(file).as("golden file (make it with -Dgolden.update=true)").exists();
      assertThat(new String(actual, StandardCharsets.UTF_8))
          .as(name)
          .isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
