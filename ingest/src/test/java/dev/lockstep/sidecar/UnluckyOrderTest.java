package dev.lockstep.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.check.Finding;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.follow.FollowOptions;
import dev.lockstep.follow.FollowOptions.Digest;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.ops.ServiceLog;
import dev.lockstep.ops.ServiceManager;
import dev.lockstep.ops.ServiceMonitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Folders that are written file by file, with pauses so long that what is there is taken for
/// complete: in the end exactly what `check` finds stands.
class UnluckyOrderTest {
  private static final Path FIXTURES = Path.of("..", "fixtures");
  private static final Engine ENGINE =
      new Engine(Checks.ALL, EngineOptions.defaults().withThreads(1));
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path scratch;

  @AfterAll
  static void stop() {
    ENGINE.close();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "kitti/faulty-tracking 1",
        "mp4/lost-segment 2",
        "folder/faulty-euroc 3",
        "rosbag2/faulty-drive 2"
      })
  void whatStandsInTheEndIsWhatCheckFinds(String caseAndSeed) throws Exception {
    int space = caseAndSeed.indexOf(' ');
    hold(caseAndSeed.substring(0, space), Long.parseLong(caseAndSeed.substring(space + 1)), 3);
  }

  private void hold(String name, long seed, int pauses) throws Exception {
    Path from = FIXTURES.resolve(name);
    Path to = Files.createDirectories(scratch.resolve("watched")).resolve(from.getFileName());
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(from)) {
      all.filter(Files::isRegularFile)
          .filter(each -> !each.endsWith("README.md") && !each.endsWith("expected.json"))
          .sorted()
          .forEach(files::add);
    }
    Collections.shuffle(files, new Random(seed));
    // The last file alone: it is the one that tells what the others are.
    int batch = Math.max(1, (files.size() - 1) / pauses);
    Map<String, TreeSet<String>> standing = new TreeMap<>();
    for (int at = 0; at < files.size(); ) {
      int end = at < files.size() - 1 ? Math.min(at + batch, files.size() - 1) : files.size();
      for (Path file : files.subList(at, end)) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
      at = end;
      once(standing);
    }
    Map<String, TreeSet<String>> expected = new TreeMap<>();
    TreeSet<String> verdicts = new TreeSet<>();
    for (RecordingFinder.Recording each : new RecordingFinder(Formats.ALL).find(to).recordings()) {
      Path path = each.path();
      TreeSet<String> ids = new TreeSet<>();
      Map<String, Integer> occurrences = new HashMap<>();
      for (Finding finding : ENGINE.check(path, "it", each.format()).findings()) {
        ids.add(
            Memory.key(
                finding.fingerprint(), occurrences.merge(finding.fingerprint(), 1, Integer::sum)));
      }
      expected.put(path.toString(), ids);
      verdicts.add(ManifestFiles.verdictOf(path).getFileName().toString());
    }
    assertThat(standing).as("%s, seed %d", name, seed).isEqualTo(expected);
    try (Stream<Path> all = Files.walk(to.getParent())) {
      assertThat(
              // Closed parts of a split recording keep theirs.
              all.filter(each -> !expected.containsKey(each.getParent().toString()))
                  .map(each -> each.getFileName().toString())
                  .filter(each -> each.endsWith(ManifestFiles.VERDICT_SUFFIX)))
          .as("%s, seed %d", name, seed)
          .containsExactlyInAnyOrderElementsOf(verdicts);
    }
  }

  /// Watches until all that is there is complete, and follows what is told.
  private void once(Map<String, TreeSet<String>> standing) throws Exception {
    List<String> out = new ArrayList<>();
    WatchOptions options =
        new WatchOptions(
            List.of(scratch.resolve("watched")),
            scratch.resolve("state"),
            Duration.ofMillis(1),
            Duration.ofMillis(200),
            Duration.ofMillis(600),
            Duration.ofMillis(1),
            1,
            FollowOptions.findingsOnly().withVerdict(Digest.SHA256),
            true);
    try (Sidecar sidecar =
        new Sidecar(
            options,
            Formats.ALL,
            ENGINE,
            new ServiceMonitor("watch", InstantSource.system()),
            new ServiceManager(Map.of()),
            new ServiceLog(false, InstantSource.system(), line -> {}),
            InstantSource.system(),
            out::add)) {
      sidecar.run();
    }
    for (String line : out) {
      JsonNode event = JSON.readTree(line);
      String recording = event.path("recording").asText();
      String key = Memory.key(event.path("id").asText(), event.path("occurrence").asInt());
      switch (event.get("event").asText()) {
        case "finding" -> assertThat(of(standing, recording).add(key)).as(line).isTrue();
        case "retracted" -> assertThat(of(standing, recording).remove(key)).as(line).isTrue();
        case "verdict" -> of(standing, recording);
        case "gone" -> standing.remove(recording);
        default -> {}
      }
    }
  }

  private static TreeSet<String> of(Map<String, TreeSet<String>> standing, String recording) {
    return standing.computeIfAbsent(recording, key -> new TreeSet<>());
  }
}
