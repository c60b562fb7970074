package dev.lockstep.synth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FixturesTest {
  /// Tests run in their module's folder.
  private static final Path FIXTURES = Path.of("..", "fixtures");

  static Stream<Fixtures.Fixture> fixtures() {
    return Fixtures.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void isMadeByteForByteAgain(Fixtures.Fixture fixture, @TempDir Path folder) throws IOException {
    if (Boolean.getBoolean("fixtures.write")) {
      fixture.writeTo(FIXTURES);
    }
    fixture.writeTo(folder);

    Map<String, byte[]> made = files(folder.resolve(fixture.folder()));
    Map<String, byte[]> kept = files(FIXTURES.resolve(fixture.folder()));

    assertThat(kept.keySet()).isEqualTo(made.keySet());
    made.forEach((name, bytes) ->
        assertThat(kept.get(name)).as(fixture.folder() + "/" + name).isEqualTo(bytes));
  }

  @Test
  void fixturesStaySmall() throws IOException {
    for (Fixtures.Fixture fixture : Fixtures.ALL) {
      long bytes =
          files(FIXTURES.resolve(fixture.folder())).values().stream()
              .mapToLong(content -> content.length)
              .sum();
      assertThat(bytes).as(fixture.folder()).isBetween(1L, 1_600_000L);
    }
  }

  private static Map<String, byte[]> files(Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) walk.filter(Files::isRegularFile)::iterator) {
        files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }
}
