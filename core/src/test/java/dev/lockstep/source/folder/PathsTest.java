package dev.lockstep.source.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PathsTest {
  @TempDir private Path root;

  private void make(String... files) throws IOException {
    for (String file : files) {
      Path path = root.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, file);
    }
  }

  private List<String> files(String pattern) throws IOException {
    return Paths.files(root, pattern).stream().map(Paths.Found::name).toList();
  }

  @Test
  void numbersInNamesCountByTheirSize() {
    String[] names = {"b10", "b9", "b009", "a", "b9.5", "b9.10", "b", "c1x", "c1"};
    Arrays.sort(names, Paths::natural);
    assertThat(names).containsExactly("a", "b", "b009", "b9", "b9.5", "b9.10", "b10", "c1", "c1x");
  }

  @Test
  void findsFilesByPatterns() throws IOException {
    make(
        "a/1.png",
        "a/10.png",
        "a/2.png",
        "a/x.txt",
        "a/.hidden.png",
        "b/1.png",
        "b/c/1.png",
        "(q)+[/1.png");
    assertThat(files("a/*.png")).containsExactly("a/1.png", "a/2.png", "a/10.png");
    assertThat(files("?/1.png")).containsExactly("a/1.png", "b/1.png");
    assertThat(files("[b-z]/*.png")).containsExactly("b/1.png");
    assertThat(files("[!b]/1.png")).containsExactly("a/1.png");
    assertThat(files("(q)+[/1.png")).containsExactly("(q)+[/1.png");
    assertThat(files("b/**/1.png")).containsExactly("b/1.png", "b/c/1.png");
    assertThat(files("**/*.txt")).containsExactly("a/x.txt");
    assertThat(files("a")).isEmpty();
    assertThat(files("nothing/*.png")).isEmpty();
  }

  @Test
  void findsTheNamesOfStreams() throws IOException {
    make(
        "cam0/data/1.png",
        "cam1/data.csv",
        "cam2.txt",
        "imu0/data.csv",
        "log/IMU/gyro/t",
        "log/IMU/t");
    assertThat(Paths.streams(root, "{stream}/data/*.png", "cam*")).containsExactly("cam0", "cam1");
    assertThat(Paths.streams(root, "{stream}.txt", "cam*")).containsExactly("cam2");
    assertThat(Paths.streams(root, "log/{stream}/t", "*/*")).containsExactly("IMU/gyro");
    assertThat(Paths.streams(root, "no/place", "cam*")).isEmpty();
  }

  @Test
  void pathsStayInTheFolder() {
    assertThat(List.of("a", "a/*.png", "**/x", "a b/c")).allMatch(Paths::isInside);
    assertThat(List.of("/a", "../a", "a/../b", "a//b", "a/", "./a", "a\\b", "a\0b"))
        .noneMatch(Paths::isInside);
  }

  @Test
  void saysWhatIsThereInstead() throws IOException {
    make("a/1.txt", "a/2.txt", "a/3.txt", "a/4.txt", "a/5.txt");
    assertThat(Paths.whatIsThere(root, "a/*.png"))
        .isEqualTo("a/ holds 1.txt, 2.txt, 3.txt, 4.txt and 1 more");
    assertThat(Paths.whatIsThere(root, "b/*.png")).isEqualTo("the folder holds a");
    Files.createDirectories(root.resolve("c"));
    assertThat(Paths.whatIsThere(root, "c/*")).isEqualTo("c/ is empty");
  }
}
