package dev.lockstep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class BuildInfoTest {

  @Test
  void versionIsThatOfThePom() throws IOException {
    String pom =
        Files.readString(Path.of(System.getProperty("basedir", ".")).resolve("../pom.xml"));
    assertThat(pom)
        .containsPattern(
            "<artifactId>lockstep</artifactId>\\s*<version>"
                + Pattern.quote(BuildInfo.version())
                + "</version>");
  }
}
