package dev.lockstep.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program as it is packaged: every class that a format needs must be in it, whichever way the
/// build went.
class PackagedProgramTest {
  private static final Path JAR = Path.of("../ingest/target/lockstep.jar");

  @TempDir private Path folder;

  private record Ended(int exit, String out, String err) {}

  @BeforeEach
  void needsThePackage() {
    assumeThat(JAR).as("the packaged program (made by mvn verify)").exists();
  }

  private Ended run(String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-jar");
    command.add(JAR.toString());
    Collections.addAll(command, args);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("ended in time").isTrue();
    return new Ended(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  @Test
  void readsEveryFormatThatThereIsAFixtureOf() throws IOException, InterruptedException {
    Ended ended = run("check", "../fixtures", "-o", "jsonl");
    assertThat(ended.err()).doesNotContain("NoClassDefFoundError").doesNotContain("Exception");
    assertThat(ended.exit()).as(ended.err()).isEqualTo(1);
    for (String format : List.of("folder", "kitti", "labels", "mcap", "mp4", "nuscenes")) {
      assertThat(ended.out()).contains("fixtures/" + format + "/");
    }
    assertThat(ended.out()).contains("fixtures/rosbag1/").contains("fixtures/rosbag2/");
  }

  @Test
  void knowsItsLayoutsAndRules() throws IOException, InterruptedException {
    assertThat(run("layout", "euroc").out()).contains("streams:");
    assertThat(run("explain", "TIM008").out()).contains("MessagesDropped");
  }
}
