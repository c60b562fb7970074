package dev.lockstep.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.client.SendClient;
import dev.lockstep.client.SendListener;
import dev.lockstep.client.SendOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConformanceSuiteTest {
  private static final Path FILE = Path.of("../fixtures/mcap/clean-lz4/drive.mcap");
  private static final int AT_ONCE = 8;

  @Test
  void theReferenceClientCopesWithEverything() throws Exception {
    assertThat(
            new ConformanceSuite(FILE, 1).run(ConformanceSuiteTest::send, verdict -> {}, AT_ONCE))
        .hasSize(Scenario.values().length)
        .allSatisfy(verdict -> assertThat(verdict.problem()).as(verdict.name()).isNull());
  }

  private static int send(Path file, int port, String session, String stream) {
    SendOptions options =
        SendOptions.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), session, stream)
            .withPatience(Duration.ofSeconds(30));
    try {
      SendClient.Sent sent = new SendClient(options, SendListener.NONE).send(file);
      return sent.complete() ? 0 : 1;
    } catch (IOException e) {
      return 1;
    }
  }

  /// The suite is worth something only if it sees a client that gets it wrong.
  @Test
  void aClientThatAlwaysStartsOverFails() throws Exception {
    List<ConformanceSuite.Verdict> verdicts =
        new ConformanceSuite(FILE, 1)
            .run(ConformanceSuiteTest::sendNaively, verdict -> {}, AT_ONCE);
    assertThat(verdicts)
        .filteredOn(verdict -> verdict.problem() != null)
        .extracting(ConformanceSuite.Verdict::name)
        .contains("dropped-midway", "quota-at-hello", "diverged", "other-bytes", "fenced");
    assertThat(verdicts.getFirst().problem()).isNull();
    assertThat(verdicts)
        .filteredOn(verdict -> verdict.name().equals("dropped-midway"))
        .singleElement()
        .satisfies(
            verdict -> assertThat(verdict.problem()).matches("byte \\d+ is not that of the file"));
  }

  private static int sendNaively(Path file, int port, String session, String stream)
      throws IOException {
    String hello =
        "MCAPIN/1 {\"session\":\"%s\",\"stream\":\"%s\",\"mode\":\"spool\",\"offset\":0}%n"
            .formatted(session, stream);
    for (int i = 0; i < 3; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(hello.getBytes(StandardCharsets.UTF_8));
        InputStream in = socket.getInputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
          if (next < 0) {
            throw new IOException("closed");
          }
        }
        socket.getOutputStream().write(Files.readAllBytes(file));
        if (new String(in.readAllBytes(), StandardCharsets.UTF_8).contains("\"done\"")) {
          return 0;
        }
      } catch (IOException e) {
        // Once more, from the start.
      }
    }
    return 0;
  }
}
