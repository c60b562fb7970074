package dev.lockstep.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Verdict;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.follow.FollowOptions;
import dev.lockstep.follow.FollowOptions.Digest;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.ops.ServiceLog;
import dev.lockstep.ops.ServiceManager;
import dev.lockstep.ops.ServiceMonitor;
import dev.lockstep.report.FindingText;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.source.rosbag1.Rosbag1Format;
import dev.lockstep.testing.OpenBag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The time limit only ends what hangs.
@Timeout(300)
class SidecarTest {
  private static final Path FIXTURES = Path.of("..", "fixtures", "mcap");
  private static final Path FAULTY = FIXTURES.resolve("demo-drive/drive.mcap");
  private static final Path CLEAN = FIXTURES.resolve("clean-drive/drive.mcap");
  private static final Engine ENGINE =
      new Engine(Checks.ALL, EngineOptions.defaults().withThreads(1));
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path scratch;
  private Path folder;
  private Path state;
  private final List<String> out = Collections.synchronizedList(new ArrayList<>());
  private final ServiceMonitor monitor = new ServiceMonitor("watch", InstantSource.system());

  @AfterAll
  static void stop() {
    ENGINE.close();
  }

  @BeforeEach
  void folders() throws IOException {
    folder = Files.createDirectory(scratch.resolve("recordings"));
    state = scratch.resolve("state");
  }

  private WatchOptions options(boolean once, long minFreeBytes) {
    return new WatchOptions(
        List.of(folder),
        state,
        Duration.ofMillis(1),
        Duration.ofMillis(200),
        Duration.ofMillis(600),
        Duration.ofMillis(1),
        minFreeBytes,
        FollowOptions.findingsOnly().withVerdict(Digest.SHA256),
        once);
  }

  private Sidecar sidecar(WatchOptions options) throws IOException {
    return new Sidecar(
        options,
        Formats.ALL,
        ENGINE,
        monitor,
        new ServiceManager(Map.of()),
        new ServiceLog(false, InstantSource.system(), line -> {}),
        InstantSource.system(),
        out::add);
  }

  private Sidecar.Outcome once() throws IOException {
    try (Sidecar sidecar = sidecar(options(true, 1))) {
      return sidecar.run();
    }
  }

  private List<JsonNode> events(String kind) {
    List<JsonNode> events = new ArrayList<>();
    synchronized (out) {
      for (String line : out) {
        JsonNode event = parsed(line);
        if (event.get("event").asText().equals(kind)) {
          events.add(event);
        }
      }
    }
    return events;
  }

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> ids(Path recording) throws IOException {
    return ENGINE.check(recording, "it", new McapFormat()).findings().stream()
        .map(Finding::fingerprint)
        .sorted()
        .toList();
  }

  private List<String> idsTold() {
    return events("finding").stream().map(event -> event.get("id").asText()).sorted().toList();
  }

  @Test
  void tellsFindingsAndLeavesAVerdictBesideTheRecording() throws IOException {
    Path recording = folder.resolve("drive.mcap");
    Files.copy(FAULTY, recording);
    assertThat(once()).isEqualTo(new Sidecar.Outcome(Verdict.FAULTY, false));
    assertThat(idsTold()).isEqualTo(ids(FAULTY)).isNotEmpty();
    JsonNode verdict = JSON.readTree(ManifestFiles.verdictOf(recording).toFile());
    assertThat(verdict.get("verdict").asText()).isEqualTo("faulty");
    assertThat(verdict.get("findings")).hasSize(idsTold().size());
    assertThat(events("verdict").getFirst().get("size_bytes").asLong())
        .isEqualTo(Files.size(FAULTY));
    // Whoever lost the sweeps had them: the sender's counter goes on.
    assertThat(events("finding"))
        .filteredOn(event -> event.get("check").asText().equals("TIM008"))
        .allSatisfy(event -> assertThat(event.get("attributed").asText()).isEqualTo("network"));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void saysNothingTwiceAfterARestart() throws IOException {
    Files.copy(FAULTY, folder.resolve("drive.mcap"));
    once();
    int said = out.size();
    once();
    assertThat(out).hasSize(said);
  }

  @Test
  void printsAgainWhatItMayNotHavePrintedUnderTheSameNumber() throws IOException {
    Files.copy(FAULTY, folder.resolve("drive.mcap"));
    once();
    List<String> before = List.copyOf(out);
    // As if it had been killed after the third line was printed.
    Files.write(state.resolve("printed"), new byte[] {0, 0, 0, 0, 0, 0, 0, 3});
    out.clear();
    once();
    assertThat(out).isEqualTo(before.subList(3, before.size()));
  }

  @Test
  void goesOnAfterAKillInTheMiddleOfALine() throws IOException {
    Files.copy(FAULTY, folder.resolve("drive.mcap"));
    once();
    List<String> all = idsTold();
    Path journal = state.resolve("events.jsonl");
    byte[] bytes = Files.readAllBytes(journal);
    int line = out.get(0).length() + out.get(1).length() + 2;
    for (int torn : new int[] {0, 1, line, line + 40, bytes.length - 1}) {
      Files.write(journal, Arrays.copyOf(bytes, torn));
      out.clear();
      once();
      List<String> told = new ArrayList<>();
      for (String event : Files.readAllLines(journal)) {
        if (parsed(event).get("event").asText().equals("finding")) {
          told.add(parsed(event).get("id").asText());
        }
      }
      assertThat(told).as("torn at %d", torn).containsExactlyInAnyOrderElementsOf(all);
    }
  }

  @Test
  void takesFindingsBackWhenACompleteRecordingGoesOn() throws IOException {
    byte[] bytes = Files.readAllBytes(CLEAN);
    Path recording = folder.resolve("drive.mcap");
    Files.write(recording, Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(once().worst()).isEqualTo(Verdict.FAULTY);
    List<String> told = idsTold();
    assertThat(told).isNotEmpty();
    try (EventJournal journal =
        EventJournal.open(state, InstantSource.system(), out::add, event -> {})) {
      journal.compact();
    }
    Files.write(
        recording,
        Arrays.copyOfRange(bytes, bytes.length / 2, bytes.length),
        StandardOpenOption.APPEND);
    assertThat(once().worst()).isEqualTo(Verdict.CLEAN);
    assertThat(events("retracted"))
        .extracting(event -> event.get("id").asText())
        .containsExactlyInAnyOrderElementsOf(told);
    assertThat(JSON.readTree(ManifestFiles.verdictOf(recording).toFile()).get("verdict").asText())
        .isEqualTo("clean");
  }

  /// A calibration lies outside of the file of labels that is read with it.
  @Test
  void readsAnewWhatWasReadWithoutWhatItDependsOn() throws IOException {
    Path set = FIXTURES.resolveSibling("kitti").resolve("clean-tracking");
    Path recording = folder.resolve("label_02/0000.txt");
    Files.createDirectories(folder.resolve("label_02"));
    Files.copy(set.resolve("label_02/0000.txt"), recording);
    once();
    Path calibration = Files.createDirectory(folder.resolve("calib")).resolve("0000.txt");
    Files.writeString(calibration, "P0: 1 2 3\n");
    once();
    SourceFormat kitti =
        Formats.ALL.stream().filter(each -> each.name().equals("kitti")).findFirst().orElseThrow();
    assertThat(lasting())
        .containsExactlyInAnyOrderElementsOf(
            ENGINE.check(recording, "it", kitti).findings().stream()
                .map(FindingText::message)
                .toList())
        .anyMatch(message -> message.contains("P0"));
    assertThat(events("verdict")).hasSize(2);
  }

  /// The share of the bytes that are protected is another one, and the finding the same.
  @Test
  void tellsAFindingAnewWhoseNumbersHaveChanged() throws IOException {
    byte[] bytes = Files.readAllBytes(FIXTURES.resolve("clean-unchunked/drive.mcap"));
    Path recording = folder.resolve("drive.mcap");
    Files.write(recording, Arrays.copyOf(bytes, bytes.length / 2));
    once();
    Files.write(
        recording,
        Arrays.copyOfRange(bytes, bytes.length / 2, bytes.length * 3 / 4),
        StandardOpenOption.APPEND);
    once();
    assertThat(lasting())
        .containsExactlyInAnyOrderElementsOf(
            ENGINE.check(recording, "it", new McapFormat()).findings().stream()
                .map(FindingText::message)
                .toList());
    assertThat(events("finding"))
        .filteredOn(event -> event.get("check").asText().equals("INT016"))
        .hasSize(2);
  }

  /// What was told and not taken back, in words.
  private List<String> lasting() {
    Map<String, String> lasting = new LinkedHashMap<>();
    synchronized (out) {
      for (String line : out) {
        JsonNode event = parsed(line);
        String key = event.path("id").asText() + "#" + event.path("occurrence").asText();
        switch (event.get("event").asText()) {
          case "finding" -> lasting.put(key, event.get("message").asText());
          case "retracted" -> lasting.remove(key);
          default -> {}
        }
      }
    }
    return List.copyOf(lasting.values());
  }

  @Test
  void forgetsWhatIsDeletedAndTellsANewOneOfThatName() throws IOException {
    Path recording = folder.resolve("drive.mcap");
    Files.copy(FAULTY, recording);
    once();
    int told = idsTold().size();
    Files.delete(recording);
    once();
    assertThat(events("gone")).hasSize(1);
    Files.copy(FAULTY, recording);
    once();
    assertThat(idsTold()).hasSize(2 * told);
  }

  @Test
  void refusesAStateFolderThatAnotherOneUses() throws IOException {
    try (Sidecar _ = sidecar(options(true, 1))) {
      assertThatThrownBy(() -> sidecar(options(true, 1)))
          .isInstanceOf(IOException.class)
          .hasMessage(state + ": is in use by another sidecar");
    }
  }

  @Test
  void warnsOfALowDiskAndIsNotReadyThen() throws Exception {
    try (Sidecar sidecar = sidecar(options(false, Long.MAX_VALUE / 2))) {
      Thread running = start(sidecar);
      await(() -> !events("condition").isEmpty());
      sidecar.stop();
      running.join();
    }
    JsonNode condition = events("condition").getFirst();
    assertThat(condition.get("kind").asText()).isEqualTo("disk-low");
    assertThat(condition.get("attributed").asText()).isEqualTo("disk");
    assertThat(monitor.conditions()).anyMatch(each -> each.unready());
  }

  /// The recorder is `sleep`, which holds the file open and writes nothing.
  @Test
  void anOpenRecordingThatDoesNotGrowIsStalledAndNotDamaged() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs /proc");
    byte[] bytes = Files.readAllBytes(CLEAN);
    Path recording = folder.resolve("drive.mcap");
    Files.write(recording, Arrays.copyOf(bytes, bytes.length / 2));
    Process recorder = holding(recording);
    try (Sidecar sidecar = sidecar(options(false, 1))) {
      Thread running = start(sidecar);
      await(() -> !events("condition").isEmpty());
      assertThat(events("condition").getFirst().get("kind").asText()).isEqualTo("growth-stalled");
      assertThat(events("condition").getFirst().get("attributed").asText()).isEqualTo("recorder");
      assertThat(events("finding")).isEmpty();
      assertThat(events("verdict")).isEmpty();
      recorder.destroyForcibly().waitFor();
      await(() -> !events("verdict").isEmpty());
      sidecar.stop();
      running.join();
      assertThat(events("verdict").getFirst().get("verdict").asText()).isEqualTo("faulty");
    } finally {
      recorder.destroyForcibly();
    }
  }

  /// Recorders of ROS 1 call a bag `.active` until they have closed it.
  @Test
  void saysNothingOfASoundBagBeforeItsRecorderHasClosedIt() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs /proc");
    byte[] bytes =
        Files.readAllBytes(FIXTURES.resolveSibling("rosbag1").resolve("clean-drive/drive.bag"));
    Path active = folder.resolve("drive.bag.active");
    Path closed = folder.resolve("drive.bag");
    Files.write(active, OpenBag.at(bytes, bytes.length / 2));
    Process recorder = holding(active);
    try (Sidecar sidecar = sidecar(options(false, 1))) {
      Thread running = start(sidecar);
      await(() -> !events("condition").isEmpty());
      Files.write(active, bytes);
      Files.move(active, closed);
      recorder.destroyForcibly().waitFor();
      await(() -> !events("verdict").isEmpty());
      sidecar.stop();
      running.join();
      assertThat(events("verdict").getFirst().get("recording").asText())
          .isEqualTo(closed.toString());
      assertThat(events("verdict").getFirst().get("verdict").asText()).isEqualTo("clean");
      assertThat(events("finding"))
          .allSatisfy(
              each -> assertThat(each.get("recording").asText()).isEqualTo(closed.toString()));
    } finally {
      recorder.destroyForcibly();
    }
  }

  /// What is told on the way is of `.active`; it is taken back with it, and told of the bag.
  @Test
  void followsABagWhileItIsRecorded() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs /proc");
    Path faulty = FIXTURES.resolveSibling("rosbag1").resolve("faulty-drive/drive.bag");
    byte[] bytes = Files.readAllBytes(faulty);
    Path active = folder.resolve("drive.bag.active");
    Path closed = folder.resolve("drive.bag");
    Files.write(active, OpenBag.at(bytes, OpenBag.indexPosition(bytes) - 100));
    Process recorder = holding(active);
    try (Sidecar sidecar = sidecar(options(false, 1))) {
      Thread running = start(sidecar);
      await(() -> !events("finding").isEmpty());
      Files.write(active, bytes);
      Files.move(active, closed);
      recorder.destroyForcibly().waitFor();
      await(() -> !events("verdict").isEmpty() && !events("gone").isEmpty());
      sidecar.stop();
      running.join();
      List<String> expected =
          ENGINE.check(faulty, "it", new Rosbag1Format()).findings().stream()
              .map(Finding::fingerprint)
              .sorted()
              .toList();
      assertThat(of(closed, "finding").map(each -> each.get("id").asText()).sorted().toList())
          .isEqualTo(expected);
      // The same faults; ids of those in bytes carry the name of the file.
      assertThat(of(active, "finding").map(SidecarTest::fault).toList())
          .isNotEmpty()
          .isSubsetOf(of(closed, "finding").map(SidecarTest::fault).toList());
      assertThat(of(active, "gone")).hasSize(1);
      assertThat(of(closed, "verdict")).hasSize(1);
      assertThat(of(active, "verdict")).isEmpty();
    } finally {
      recorder.destroyForcibly();
    }
  }

  /// A recorder that died: the same is told of the file as `check` tells, what was told before
  /// among it.
  @Test
  void readsABagAnewWhoseRecorderHasDied() throws Exception {
    Path faulty = FIXTURES.resolveSibling("rosbag1").resolve("faulty-drive/drive.bag");
    byte[] bytes = Files.readAllBytes(faulty);
    Path active = folder.resolve("drive.bag.active");
    Files.write(active, OpenBag.at(bytes, OpenBag.indexPosition(bytes) - 100));
    once();
    assertThat(idsTold())
        .isEqualTo(
            ENGINE.check(active, "it", new Rosbag1Format()).findings().stream()
                .map(Finding::fingerprint)
                .sorted()
                .toList())
        .isNotEmpty();
    assertThat(events("retracted")).isEmpty();
    JsonNode verdict = JSON.readTree(ManifestFiles.verdictOf(active).toFile());
    assertThat(verdict.get("findings")).hasSize(idsTold().size());
  }

  /// A process that holds a file open and writes nothing.
  private static Process holding(Path file) throws IOException {
    return new ProcessBuilder("sleep", "600")
        .redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile()))
        .start();
  }

  private static String fault(JsonNode event) {
    JsonNode at = event.get("location");
    return event.get("check").asText()
        + " "
        + at.get("stream").asText()
        + " "
        + at.get("first_message").asLong()
        + " "
        + at.get("last_message").asLong();
  }

  private Stream<JsonNode> of(Path recording, String kind) {
    return events(kind).stream()
        .filter(each -> each.get("recording").asText().equals(recording.toString()));
  }

  private static Thread start(Sidecar sidecar) {
    Thread running = new Thread(sidecar::run, "sidecar");
    running.setDaemon(true);
    running.start();
    return running;
  }

  private static void await(BooleanSupplier reached) throws InterruptedException {
    while (!reached.getAsBoolean()) {
      Thread.sleep(20);
    }
  }
}
