package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.catalog.Checks;
import dev.lockstep.client.PemSockets;
import dev.lockstep.client.SendClient;
import dev.lockstep.client.SendListener;
import dev.lockstep.client.SendOptions;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.ops.ServiceMonitor;
import dev.lockstep.store.StoreLog;
import dev.lockstep.store.StoreOptions;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  private static final Path CLEAN = Path.of("../fixtures/mcap/clean-lz4/drive.mcap");

  @TempDir private static Path keys;
  private static TestKeys own;
  private static TestKeys device;
  private static TestKeys stranger;
  @TempDir private Path folder;
  private IngestServer server;

  @BeforeAll
  static void makeKeys() throws Exception {
    own = TestKeys.make(keys, "server");
    device = TestKeys.make(keys, "device");
    stranger = TestKeys.make(keys, "stranger");
  }

  @BeforeEach
  void start() throws Exception {
    StoreOptions store =
        new StoreOptions(2, 1 << 20, 16 << 20, 1L << 30, 1L << 30, 1L << 30, 100, 0);
    server =
        new IngestServer(
            ServerOptions.of(IngestServerTest.LOOPBACK, folder.resolve("store"))
                .withStore(store)
                .withTls(new ServerOptions.Tls(own.certificate(), own.key(), device.certificate())),
            new Engine(Checks.ALL, EngineOptions.defaults()),
            IngestServerTest.MCAP,
            new ServiceMonitor("serve", InstantSource.system()),
            StoreLog.NONE);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private SendClient.Sent send(SocketFactory sockets, String session) throws IOException {
    return new SendClient(
            SendOptions.of(server.address(), session, "all")
                .over(sockets)
                .withPatience(Duration.ofMillis(1)),
            SendListener.NONE)
        .send(CLEAN);
  }

  @Test
  void aClientWithItsCertificateSends() throws Exception {
    SocketFactory sockets =
        PemSockets.trusting(own.certificate(), device.certificate(), device.key());
    assertThat(send(sockets, "run").verdict()).isEqualTo("clean");
  }

  @Test
  void nobodyElseGetsIn() throws Exception {
    assertThatThrownBy(() -> send(PemSockets.trusting(own.certificate(), null, null), "a"))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() ->
            send(
                PemSockets.trusting(own.certificate(), stranger.certificate(), stranger.key()),
                "b"))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() ->
            send(
                PemSockets.trusting(stranger.certificate(), device.certificate(), device.key()),
                "c"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("PKIX");
    assertThatThrownBy(() -> send(SocketFactory.getDefault(), "d")).isInstanceOf(IOException.class);
    assertThat(server.store().streams()).isEmpty();
  }

  @Test
  void whatIsNoTlsEndsTheConnectionAndNothingElse() throws Exception {
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      try (Socket socket = new Socket(server.address().getAddress(), server.address().getPort())) {
        socket.setSoTimeout(60_000);
        byte[] bytes = new byte[1 + random.nextInt(300)];
        random.nextBytes(bytes);
        if (i % 3 == 0) {
          // Looks like a handshake record of some length, with a body that is none.
          byte[] head = {22, 3, 1, (byte) random.nextInt(8), (byte) random.nextInt(256), 1};
          System.arraycopy(head, 0, bytes, 0, Math.min(head.length, bytes.length));
        }
        socket.getOutputStream().write(bytes);
        socket.shutdownOutput();
        while (socket.getInputStream().read() >= 0) {
          // An alert at most, then the end.
        }
      } catch (java.net.SocketTimeoutException e) {
        throw new AssertionError("no end of attempt " + i, e);
      } catch (IOException e) {
        // Reset: an end, too.
      }
    }
    SocketFactory sockets =
        PemSockets.trusting(own.certificate(), device.certificate(), device.key());
    assertThat(send(sockets, "after").verdict()).isEqualTo("clean");
  }
}
