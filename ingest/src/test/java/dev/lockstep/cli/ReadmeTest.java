package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.check.Check;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.Run;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.report.TextReport;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.synth.encode.JpegEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README claims only what the program shows: its generated parts are made anew and compared.
/// `-Dgolden.update=true` writes them.
class ReadmeTest {
  private static final Path ROOT = Path.of("..");
  private static final Path README = ROOT.resolve("README.md");
  private static final String DEMO = "fixtures/mcap/demo-drive";

  @Test
  void theSessionIsWhatTheDemoPrints() throws IOException {
    List<RecordingResult> results = new ArrayList<>();
    List<String> unclaimed = new ArrayList<>();
    RecordingFinder.Found found = new RecordingFinder(Formats.ALL).find(ROOT.resolve(DEMO));
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults())) {
      for (Recording recording : found.recordings()) {
        results.add(engine.check(recording.path(), shown(recording.path()), recording.format()));
      }
    }
    found.unclaimed().forEach(path -> unclaimed.add(shown(path)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new TextReport(false, false).write(new Run("", results, unclaimed, 0), out);
    assertPart("session", "```text\n" + out.toString(StandardCharsets.UTF_8) + "```\n");
  }

  @Test
  void theTraceIsWhatTheDemoPrints() throws IOException {
    CommandRun trace =
        CommandRun.of(
            "trace", ROOT.resolve(DEMO + "/drive.mcap"), "--track", "2000100", "--frame", "55");
    assertThat(trace.exit()).isZero();
    assertPart("trace", "```text\n" + trace.out() + "```\n");
  }

  @Test
  void theLayoutShownReadsWhatItSays(@TempDir Path root) throws IOException {
    String readme = Files.readString(README);
    int from = readme.indexOf("```yaml\n", readme.indexOf("<!-- begin layout -->")) + 8;
    String layout = readme.substring(from, readme.indexOf("```", from));
    assertThat(layout.lines()).hasSize(15);
    StringBuilder list = new StringBuilder();
    StringBuilder rows = new StringBuilder("time_ns,ax\n");
    JpegEncoder jpeg = new JpegEncoder(16, 16, 50);
    for (int i = 0; i < 20; i++) {
      byte[] pixels = new byte[16 * 16];
      Arrays.fill(pixels, (byte) (10 * i));
      list.append("1772442000.").append(10 + i).append("0001 ").append(i).append(".jpg\n");
      write(root, "cameras/front/" + i + ".jpg", jpeg.encode(pixels));
      write(root, "lidar/17724420000" + (10 + i) + "000.bin", new byte[60]);
      rows.append("1772442000").append(110 + i).append("000000,9.81\n");
    }
    write(root, "cameras/front.txt", list.toString().getBytes(StandardCharsets.UTF_8));
    write(root, "imu_left.csv", rows.toString().getBytes(StandardCharsets.UTF_8));
    write(root, "imu_right.csv", rows.toString().getBytes(StandardCharsets.UTF_8));
    String label = "3 3 Car 0 1 -1.57 100 120 180.5 190 1.5 1.6 4 2 1.7 20 -1.57\n";
    write(root, "labels.txt", label.getBytes(StandardCharsets.UTF_8));
    write(root, "lockstep.yaml", layout.getBytes(StandardCharsets.UTF_8));
    CommandRun info = CommandRun.of("info", root);
    assertThat(info.exit()).isZero();
    assertThat(info.out())
        .contains("front      camera  20 ")
        .contains("lidar      lidar   20 ")
        .contains("imu_left   imu     20 ")
        .contains("imu_right  imu     20 ")
        .contains("labels labels: 1 boxes");
    CommandRun check =
        CommandRun.of("check", "--select", "INT", "--ignore", "INT016,INT030,INT005", root);
    assertThat(check.out()).contains("CLEAN");
  }

  private static void write(Path root, String name, byte[] content) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  private static String shown(Path path) {
    return ROOT.relativize(path).toString();
  }

  @Test
  void theTableOfFormatsIsWhatThereIs() throws IOException {
    StringBuilder table = new StringBuilder("| format | reads |\n|---|---|\n");
    for (SourceFormat format : Formats.ALL) {
      table.append("| `%s` | %s |\n".formatted(format.name(), format.summary()));
    }
    assertPart("formats", table.toString());
  }

  @Test
  void theTableOfChecksIsWhatThereIs() throws IOException {
    StringBuilder table = new StringBuilder("| id | check | finds |\n|---|---|---|\n");
    for (Check check : Checks.ALL) {
      CheckCard card = check.card();
      table.append("| %s | `%s` | %s |\n".formatted(card.id(), card.name(), card.summary()));
    }
    assertPart("checks", table.toString());
  }

  private static void assertPart(String name, String expected) throws IOException {
    String readme = Files.readString(README);
    String begin = "<!-- begin " + name + " -->\n";
    String end = "<!-- end " + name + " -->\n";
    int from = readme.indexOf(begin) + begin.length();
    int to = readme.indexOf(end);
    assertThat(from).isGreaterThanOrEqualTo(begin.length());
    assertThat(to).isGreaterThanOrEqualTo(from);
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(README, readme.substring(0, from) + expected + readme.substring(to));
      return;
    }
    assertThat(readme.substring(from, to)).as("part '%s' of the README", name).isEqualTo(expected);
  }
}
