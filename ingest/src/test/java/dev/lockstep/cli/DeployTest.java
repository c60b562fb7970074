package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Finding;
import dev.lockstep.engine.CostMeter;
import dev.lockstep.follow.StreamProgress;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.ops.OpsServer;
import dev.lockstep.ops.ServiceMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// Holds the files under `deploy` against what the program knows.
class DeployTest {
  private static final Path DEPLOY = Path.of("deploy");
  private static final Pattern METRIC = Pattern.compile("\\blockstep_[a-z_]+");

  private static final Pattern WRITTEN = Pattern.compile("/var/[^ ]+");

  @TempDir Path folder;

  static List<Path> units() throws IOException {
    try (Stream<Path> files = Files.list(DEPLOY)) {
      return files.filter(file -> file.toString().endsWith(".service")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("units")
  void unitsCallACommandThatExistsWithOptionsThatItKnows(Path unit) throws IOException {
    List<String> starts =
        Files.readAllLines(unit).stream().filter(line -> line.startsWith("ExecStart=")).toList();
    assertThat(starts).hasSize(1);
    String[] words = starts.getFirst().split(" ", -1);
    assertThat(words[0]).isEqualTo("ExecStart=/opt/lockstep/lockstep");
    String[] args = List.of(words).subList(1, words.length).toArray(String[]::new);
    assertThat(LockstepCommand.commandLine().parseArgs(args).errors()).isEmpty();
  }

  /// A unit may write where it has to, and shares none of its folders with the other: systemd hands
  /// them over to user and group of the service that starts.
  @Test
  void unitsWriteToFoldersOfTheirOwn() throws IOException {
    Set<String> folders = new TreeSet<>();
    for (Path unit : units()) {
      List<String> lines = Files.readAllLines(unit);
      Set<String> own = new TreeSet<>();
      for (String line : lines) {
        if (line.startsWith("StateDirectory=")) {
          List.of(line.substring(15).split(" ", -1)).forEach(name -> own.add("/var/lib/" + name));
        } else if (line.startsWith("CacheDirectory=")) {
          own.add("/var/cache/" + line.substring(15));
        }
      }
      assertThat(folders).doesNotContainAnyElementsOf(own);
      folders.addAll(own);
      List<String> used =
          lines.stream()
              .filter(line -> line.matches("(ExecStart|Environment)=.*"))
              .flatMap(line -> WRITTEN.matcher(line).results())
              .map(MatchResult::group)
              .toList();
      assertThat(used).isNotEmpty().isSubsetOf(own);
    }
  }

  /// What Java may take fits beside what lies off its heap, and no memory is set aside for nothing.
  @ParameterizedTest
  @MethodSource("units")
  void theHeapFitsIntoTheMemoryOfTheUnit(Path unit) throws IOException {
    String text = Files.readString(unit);
    double most = number(text, "(?m)^MemoryMax=(\\d+)G$").orElseThrow() * 1024;
    double heap =
        number(text, "(?m)^Environment=LOCKSTEP_JAVA_OPTS=-Xmx(\\d+)g$")
            .map(gigabytes -> gigabytes * 1024)
            .or(() -> number(launcher(), "(?m)^options=.*-Xmx(\\d+)m"))
            .orElseThrow();
    assertThat(heap / most).isBetween(0.25, 0.5);
  }

  private static Optional<Double> number(String text, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(text);
    return found.find() ? Optional.of(Double.valueOf(found.group(1))) : Optional.empty();
  }

  private static String launcher() {
    try {
      return Files.readString(Path.of("../lockstep"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("units")
  void systemdFindsNothingWrongWithUnits(Path unit) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "no systemd-analyze here");
    Path copy = folder.resolve(unit.getFileName());
    Files.writeString(copy, Files.readString(unit).replace("/opt/lockstep/lockstep", "/bin/true"));
    Process process =
        new ProcessBuilder("systemd-analyze", "verify", "--man=no", copy.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    assertThat(said.lines().filter(line -> line.contains(copy.getFileName().toString()))).isEmpty();
  }

  @Test
  @SuppressWarnings("unchecked")
  void theManifestRunsANativeSidecarThatTheProgramUnderstands() throws IOException {
    var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    var pod =
        (Map<String, Object>)
            yaml.load(Files.readString(DEPLOY.resolve("kubernetes-sidecar.yaml")));
    assertThat(pod).containsEntry("kind", "Pod");
    var spec = (Map<String, Object>) pod.get("spec");
    var sidecar = ((List<Map<String, Object>>) spec.get("initContainers")).getFirst();
    assertThat(sidecar).containsEntry("restartPolicy", "Always").containsKey("startupProbe");
    assertThat(spec).containsEntry("shareProcessNamespace", true);
    String[] args =
        ((List<Object>) sidecar.get("args")).stream().map(Object::toString).toArray(String[]::new);
    assertThat(LockstepCommand.commandLine().parseArgs(args).errors()).isEmpty();
    Set<String> volumes =
        ((List<Map<String, Object>>) spec.get("volumes"))
            .stream().map(volume -> volume.get("name").toString()).collect(Collectors.toSet());
    for (var mount : (List<Map<String, Object>>) sidecar.get("volumeMounts")) {
      assertThat(volumes).contains(mount.get("name").toString());
    }
  }

  @Test
  void theDashboardAsksForTheMetricsThatExistAndForNoOthers() throws Exception {
    JsonNode dashboard =
        new ObjectMapper().readTree(DEPLOY.resolve("grafana-dashboard.json").toFile());
    Set<String> asked = new TreeSet<>();
    List<String> titles = new ArrayList<>();
    for (JsonNode panel : dashboard.get("panels")) {
      titles.add(panel.get("title").asText());
      for (JsonNode target : panel.get("targets")) {
        METRIC
            .matcher(target.get("expr").asText())
            .results()
            .map(MatchResult::group)
            .forEach(asked::add);
      }
    }
    assertThat(titles).doesNotHaveDuplicates().hasSizeGreaterThan(10);
    Set<String> known = new TreeSet<>();
    METRIC.matcher(metrics()).results().map(MatchResult::group).forEach(known::add);
    assertThat(asked).isSubsetOf(known);
    // Histograms are asked for by their buckets.
    assertThat(known.stream().filter(name -> !name.matches(".*_duration_seconds(_count|_sum)?")))
        .isSubsetOf(asked);
  }

  private static String metrics() throws Exception {
    ServiceMonitor monitor = new ServiceMonitor("watch", InstantSource.system());
    monitor.streams(
        "p", List.of(new StreamProgress("/lidar", "lidar", 9, 9, 10, 1, 2, 3, 0, 0, List.of(), 4)));
    monitor.metrics().fsync(0.001);
    CostMeter _ = monitor.metrics().shadow(new CostMeter());
    monitor.metrics().rejected("quota");
    monitor.finding(
        "drive.mcap",
        new Finding(
            Checks.named("TIM008").card(),
            "messages were dropped",
            Severity.ERROR,
            Location.stream("/lidar"),
            new Evidence.Loss("sweeps", 1, ""),
            null),
        "");
    try (OpsServer server =
            OpsServer.start(monitor, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        HttpClient client = HttpClient.newHttpClient()) {
      URI address = URI.create("http://127.0.0.1:" + server.address().getPort() + "/metrics");
      return client
          .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
