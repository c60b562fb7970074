package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgreementCommandTest {
  @TempDir private Path folder;

  private Path first = Path.of("");
  private Path second = Path.of("");

  /// The labels of the fixture by two annotators: the second calls vans of every other frame cars.
  @BeforeEach
  void write() throws IOException {
    String log =
        Files.readString(
            CommandRun.FIXTURES.resolve("labels").resolve("label-log").resolve("drive.jsonl"));
    first = Files.writeString(folder.resolve("ada.jsonl"), log.replace("annotator-1", "ada"));
    StringBuilder other = new StringBuilder();
    int cars = 0;
    for (String line : log.split("\n", -1)) {
      boolean change = line.contains("\"category\":\"car\"") && cars++ % 4 == 0;
      other.append(change ? line.replace("\"category\":\"car\"", "\"category\":\"van\"") : line);
      other.append('\n');
    }
    second =
        Files.writeString(
            folder.resolve("bob.jsonl"),
            other.toString().strip().replace("annotator-1", "bob") + "\n");
  }

  @Test
  void comparesTwoFiles() {
    CommandRun run = CommandRun.of("agreement", first, second);
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(run.out())
        .startsWith(
            "boxes of one object overlap by 0.5 or more (IoU); intervals of 95 %, seed 1\n\nall\n")
        .containsPattern("  +items +82 +n 82\n")
        .containsPattern("  car +krippendorff-alpha +0\\.\\d{3}  0\\.\\d{3} to 0\\.\\d{3}")
        .containsPattern("  ada \\| bob +cohen-kappa +0\\.\\d{3} ")
        .containsPattern("  bob +spammer-score +0\\.\\d{3} ");
    assertThat(CommandRun.of("agreement", first, second).out()).isEqualTo(run.out());
  }

  @Test
  void comparesWithGold() {
    CommandRun run = CommandRun.of("agreement", second, "--gold", first, "-o", "json");
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(run.out())
        .contains("\"subject\" : \"bob\",\n    \"measure\" : \"recall\",\n    \"value\" : 1.0,")
        .doesNotContain("\"scope\" : \"all\"");
  }

  @Test
  void writesAnArrowFile() throws IOException {
    Path file = folder.resolve("agreement.arrow");
    CommandRun run = CommandRun.of("agreement", first, second, "-o", "arrow:" + file);
    assertThat(run.exit()).isEqualTo(ExitCode.CLEAN);
    assertThat(run.out()).isEmpty();
    byte[] bytes = Files.readAllBytes(file);
    assertThat(Arrays.copyOf(bytes, 6)).isEqualTo("ARROW1".getBytes(StandardCharsets.US_ASCII));
    assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
        .contains("krippendorff-alpha")
        .contains("lockstep.table");
  }

  @Test
  void wrongUsageIsToldInOneLine() {
    CommandRun alone = CommandRun.of("agreement", first);
    assertThat(alone.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(alone.err()).contains("1 annotator (expected at least two, or a gold set)");
    assertThat(CommandRun.of("agreement", first, first).err()).contains("given twice");
    assertThat(CommandRun.of("agreement", first, second, "--iou", "0").err())
        .contains("--iou: 0.0 (expected above 0, up to 1)");
    assertThat(CommandRun.of("agreement", first, second, "-o", "arrow").err())
        .contains("--output: arrow (expected text, json or arrow:FILE)");
    assertThat(CommandRun.of("agreement", folder.resolve("absent"), first).exit())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void damageMakesTheResultIncomplete() throws IOException {
    Files.writeString(second, Files.readString(second) + "{\"frame\":\n");
    CommandRun run = CommandRun.of("agreement", first, second);
    assertThat(run.exit()).isEqualTo(ExitCode.INCOMPLETE);
    assertThat(run.err()).contains("ends too early");
    assertThat(run.out()).contains("cohen-kappa");
  }
}
