package dev.lockstep.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.follow.FollowOptions;
import dev.lockstep.follow.FollowOptions.Digest;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.ops.ServiceLog;
import dev.lockstep.ops.ServiceManager;
import dev.lockstep.ops.ServiceMonitor;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.synth.Drive;
import dev.lockstep.synth.Injector;
import dev.lockstep.synth.Rosbag2Output;
import dev.lockstep.synth.SynthOptions;
import dev.lockstep.synth.fault.FaultSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bags that SQLite writes in another process while the sidecar looks on. The time limit only ends
/// what hangs.
@Timeout(300)
class WatchedDatabasesTest {
  /// Ten seconds that lose messages early, in two parts.
  @TempDir static Path made;

  private static final SourceFormat FORMAT =
      Formats.ALL.stream()
          .filter(format -> format.name().equals("rosbag2"))
          .findFirst()
          .orElseThrow();
  private static final Engine ENGINE =
      new Engine(Checks.ALL, EngineOptions.defaults().withThreads(1));
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path scratch;
  private Path folder;
  private final List<JsonNode> events = Collections.synchronizedList(new ArrayList<>());
  private final List<Process> children = new ArrayList<>();

  @BeforeAll
  static void make() throws IOException {
    try (Rosbag2Output out = new Rosbag2Output(made.resolve("drive"), 4096, 600)) {
      Injector.drive(
          out,
          SynthOptions.DEFAULT
              .withSeed(5)
              .withSeconds(10)
              .withCloud(4, 72)
              .withImages(64, 48)
              .withRates(50, 20),
          List.of(
              FaultSpec.parse("drop-messages:at=60,count=10,stream=" + Drive.IMU, 1),
              FaultSpec.parse("jpeg-without-end:at=20,stream=" + Drive.CAMERA_FRONT, 2),
              FaultSpec.parse("frozen-image:at=150,count=9,stream=" + Drive.CAMERA_LEFT, 3)));
    }
  }

  @AfterAll
  static void stop() {
    ENGINE.close();
  }

  @BeforeEach
  void folders() throws IOException {
    folder = Files.createDirectories(scratch.resolve("recordings/drive"));
  }

  @AfterEach
  void end() {
    children.forEach(Process::destroyForcibly);
  }

  /// A sidecar that runs until it is closed.
  private final class Watch implements AutoCloseable {
    private final Sidecar sidecar =
        new Sidecar(
            new WatchOptions(
                List.of(scratch.resolve("recordings")),
                scratch.resolve("state"),
                Duration.ofMillis(1),
                Duration.ofMillis(200),
                Duration.ofMillis(600),
                Duration.ofMillis(1),
                1,
                FollowOptions.findingsOnly().withVerdict(Digest.SHA256),
                false),
            Formats.ALL,
            ENGINE,
            new ServiceMonitor("watch", InstantSource.system()),
            new ServiceManager(Map.of()),
            new ServiceLog(false, InstantSource.system(), line -> {}),
            InstantSource.system(),
            WatchedDatabasesTest.this::event);
    private final Thread running = new Thread(sidecar::run, "sidecar");

    Watch() throws IOException {
      running.setDaemon(true);
      running.start();
    }

    @Override
    public void close() throws IOException {
      sidecar.stop();
      try {
        running.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      sidecar.close();
    }
  }

  /// The recorder, and its answers.
  private final class Recorder {
    private final Process process;
    private final PrintStream to;
    private final BufferedReader from;

    Recorder(String mode, long seed) throws IOException {
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Xmx64m",
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  DatabaseRecorder.class.getName(),
                  made.resolve("drive").toString(),
                  folder.toString(),
                  mode,
                  Long.toString(seed))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      children.add(process);
      to = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
      from =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      assertThat(from.readLine()).isEqualTo("open");
    }

    Recorder tell(String command) throws IOException {
      to.println(command);
      assertThat(from.readLine()).isEqualTo(command);
      return this;
    }

    void closePart(String then) throws IOException {
      assertThat(tell("close").from.readLine()).isEqualTo(then);
    }

    void kill() throws InterruptedException {
      assertThat(process.destroyForcibly().waitFor()).isEqualTo(137);
    }
  }

  private void event(String line) {
    try {
      events.add(JSON.readTree(line));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<JsonNode> events(String kind, Path recording) {
    synchronized (events) {
      return events.stream()
          .filter(event -> event.get("event").asText().equals(kind))
          .filter(event -> event.get("recording").asText().equals(recording.toString()))
          .toList();
    }
  }

  private Path part(int number) {
    return folder.resolve("drive_" + number + ".db3");
  }

  private static void await(BooleanSupplier reached) throws InterruptedException {
    while (!reached.getAsBoolean()) {
      Thread.sleep(20);
    }
  }

  private void awaitVerdict(Path recording) throws InterruptedException {
    await(() -> !events("verdict", recording).isEmpty());
  }

  /// What was told of a recording since it was there, or before it was gone: between two parts the
  /// folder may look complete, and its parts begin anew.
  private List<String> told(Path recording) {
    List<String> before = List.of();
    List<String> told = new ArrayList<>();
    synchronized (events) {
      for (JsonNode event : events) {
        if (event.path("recording").asText().equals(recording.toString())) {
          switch (event.get("event").asText()) {
            case "finding" -> told.add(event.get("id").asText());
            case "gone" -> {
              before = told;
              told = new ArrayList<>();
            }
            default -> {}
          }
        }
      }
    }
    return told.isEmpty() ? before : told;
  }

  /// Every finding of `check` was told once, no other was, and the verdict beside it is the same.
  private void agreesWithCheck(Path recording) throws IOException {
    RecordingResult result = ENGINE.check(recording, "it", FORMAT);
    List<String> told = told(recording);
    assertThat(told)
        .containsExactlyInAnyOrderElementsOf(
            result.findings().stream().map(Finding::fingerprint).toList());
    assertThat(events("retracted", recording)).isEmpty();
    JsonNode verdict = JSON.readTree(ManifestFiles.verdictOf(recording).toFile());
    assertThat(verdict.get("verdict").asText()).isEqualTo(result.verdict().label());
    assertThat(verdict.get("findings")).hasSize(told.size());
    Set<Long> numbers = new HashSet<>();
    synchronized (events) {
      events.forEach(event -> assertThat(numbers.add(event.get("seq").asLong())).isTrue());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE", "PERSIST", "MEMORY", "OFF"})
  void tellsFindingsWhileTheRecorderWritesAndAVerdictForEachPart(String mode) throws Exception {
    try (Watch _ = new Watch()) {
      Recorder recorder = new Recorder(mode, 1).tell("write 400");
      await(() -> !events("finding", part(0)).isEmpty());
      assertThat(events("verdict", part(0))).isEmpty();
      recorder.tell("rest").closePart("open");
      awaitVerdict(part(0));
      recorder.tell("rest").closePart("end");
      awaitVerdict(folder);
    }
    agreesWithCheck(part(0));
    agreesWithCheck(part(1));
    assertThat(events("finding", part(0))).isNotEmpty();
    assertThat(folder.resolve("metadata.yaml")).exists();
    agreesWithCheck(folder);
    for (Path part : List.of(part(0), part(1))) {
      assertThat(events("gone", part).getLast().get("part_of").asText())
          .isEqualTo(folder.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAL", "DELETE", "MEMORY"})
  void judgesWhatAKilledRecorderLeaves(String mode) throws Exception {
    try (Watch _ = new Watch()) {
      Recorder recorder = new Recorder(mode, 2).tell("write 400");
      await(() -> !events("finding", part(0)).isEmpty());
      recorder.tell("hang").kill();
      awaitVerdict(part(0));
    }
    agreesWithCheck(part(0));
  }

  @Test
  void goesOnWhereItWasAfterARestart() throws Exception {
    Recorder recorder;
    try (Watch _ = new Watch()) {
      recorder = new Recorder("WAL", 3).tell("write 400");
      await(() -> !events("finding", part(0)).isEmpty());
    }
    recorder.tell("write 60");
    try (Watch _ = new Watch()) {
      recorder.tell("rest").closePart("open");
      awaitVerdict(part(0));
    }
    agreesWithCheck(part(0));
  }

  /// No lock, no index of the log in shared memory, no file that was not there: a recorder that
  /// would have to wait for somebody fails here at once.
  @Test
  void leavesNoTraceBesideTheRecorder() throws Exception {
    try (Watch _ = new Watch()) {
      Recorder recorder = new Recorder("WAL", 4).tell("write 400");
      await(() -> !events("finding", part(0)).isEmpty());
      byte[] shared = Files.readAllBytes(folder.resolve("drive_0.db3-shm"));
      long looked = System.nanoTime();
      await(() -> System.nanoTime() - looked > 600_000_000L);
      assertThat(Files.readAllBytes(folder.resolve("drive_0.db3-shm"))).isEqualTo(shared);
      try (var files = Files.list(folder)) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder("drive_0.db3", "drive_0.db3-shm", "drive_0.db3-wal");
      }
      recorder.tell("rest").closePart("open");
      awaitVerdict(part(0));
    }
    agreesWithCheck(part(0));
  }
}
