package dev.lockstep.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceManagerTest {
  /// Java has no Unix datagrams: Python receives them.
  private static final String RECEIVER =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      name = sys.argv[1]
      s.bind(('\\0' + name[1:]) if name[0] == '@' else name)
      print('bound', flush=True)
      for _ in range(4):
          print(repr(s.recv(4096).decode()), flush=True)
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"path", "abstract"})
  void tellsSystemdReadinessHeartbeatAndEnd(String kind) throws IOException {
    assumeTrue(Files.isDirectory(Path.of("/proc/self/task")), "Linux only");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "no Python to receive with");
    String socket =
        kind.equals("path")
            ? folder.resolve("notify").toString()
            : "@lockstep-test-" + ProcessHandle.current().pid();
    Process receiver =
        new ProcessBuilder("/usr/bin/python3", "-c", RECEIVER, socket)
            .redirectErrorStream(true)
            .start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(receiver.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).isEqualTo("bound");
      ServiceManager manager =
          new ServiceManager(Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "30000000"));
      manager.ready("watching");
      manager.beat(1000);
      manager.beat(2000);
      manager.beat(11_000);
      manager.stopping();
      assertThat(lines.readLine()).isEqualTo("'READY=1\\nSTATUS=watching'");
      assertThat(lines.readLine()).isEqualTo("'WATCHDOG=1'");
      assertThat(lines.readLine()).isEqualTo("'WATCHDOG=1'");
      assertThat(lines.readLine()).isEqualTo("'STOPPING=1'");
    } finally {
      receiver.destroyForcibly();
    }
  }

  @Test
  void keepsQuietWhereNobodyAsks() {
    ServiceManager manager = new ServiceManager(Map.of("NOTIFY_SOCKET", "relative"));
    assertThat(manager.isPresent()).isFalse();
    manager.ready("x");
    manager.beat(1);
    assertThat(new ServiceManager(Map.of("NOTIFY_SOCKET", "/nowhere/at/all")).isPresent()).isTrue();
  }

  @Test
  void logsOneSafeLineAnEvent() {
    StringBuilder text = new StringBuilder();
    FakeClock clock = new FakeClock();
    new ServiceLog(false, clock, line -> text.append(line).append('\n'))
        .warn("odd name", "stream", Samples.HOSTILE, "count", 3);
    new ServiceLog(true, clock, line -> text.append(line).append('\n'))
        .info("odd name", "stream", Samples.HOSTILE, "count", 3);
    assertThat(text.toString())
        .isEqualTo(
            """
            2026-11-18T11:06:40Z warning odd name stream="/lidar\\"><script>window.hacked=1</script>?[31m" count=3
            {"time":"2026-11-18T11:06:40Z","level":"info","event":"odd name","stream":"/lidar\\"><script>window.hacked=1</script>\\u001B[31m","count":3}
            """);
  }
}
