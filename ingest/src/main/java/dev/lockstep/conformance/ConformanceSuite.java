package dev.lockstep.conformance;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs a client through every scenario.
public final class ConformanceSuite {
  private static final int POLL_MILLIS = 100;

  /// How one scenario ended.
  ///
  /// @param name short name
  /// @param words what the client has to do
  /// @param problem what it did instead, or null
  public record Verdict(String name, String words, @Nullable String problem) {}

  private final Path file;
  private final byte[] content;
  private final long seed;

  /// @param file what the client is to send; at least 64 KiB, so that there is a middle
  /// @throws IOException if it cannot be read, or is shorter
  public ConformanceSuite(Path file, long seed) throws IOException {
    this.file = file;
    this.content = Files.readAllBytes(file);
    this.seed = seed;
    if (content.length < 64 << 10) {
      throw new IOException(file + ": " + content.length + " bytes (expected at least 65536)");
    }
  }

  /// Plays all scenarios, one after the other.
  ///
  /// @param told told of each as it ends
  /// @throws IOException if no port can be opened or the client not be started
  public List<Verdict> run(ClientUnderTest client, Consumer<Verdict> told)
      throws IOException, InterruptedException {
    return run(client, told, 1);
  }

  /// Plays all scenarios.
  ///
  /// @param told told of each, in order, once it and all before it have ended
  /// @param atOnce how many are played at the same time, for a client that keeps nothing between
  ///   its runs; most of a scenario is waiting
  /// @throws IOException if no port can be opened or the client not be started
  public List<Verdict> run(ClientUnderTest client, Consumer<Verdict> told, int atOnce)
      throws IOException, InterruptedException {
    List<Future<Verdict>> underWay = new ArrayList<>();
    ExecutorService players = Executors.newFixedThreadPool(atOnce, ConformanceSuite::player);
    try {
      for (Scenario scenario : Scenario.values()) {
        underWay.add(players.submit(() -> verdict(scenario, client)));
      }
      List<Verdict> verdicts = new ArrayList<>();
      for (Future<Verdict> each : underWay) {
        Verdict verdict = each.get();
        verdicts.add(verdict);
        told.accept(verdict);
      }
      return verdicts;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      players.shutdownNow();
    }
  }

  private static Thread player(Runnable play) {
    return Thread.ofPlatform().name("lockstep-conformance-player").daemon().unstarted(play);
  }

  private Verdict verdict(Scenario scenario, ClientUnderTest client)
      throws IOException, InterruptedException {
    return new Verdict(
        scenario.name().toLowerCase(Locale.ROOT).replace('_', '-'),
        scenario.words,
        problem(scenario, client));
  }

  private @Nullable String problem(Scenario scenario, ClientUnderTest client)
      throws IOException, InterruptedException {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(POLL_MILLIS);
      AtomicBoolean ended = new AtomicBoolean();
      CompletableFuture<@Nullable String> played = new CompletableFuture<>();
      Thread.ofPlatform()
          .name("lockstep-conformance")
          .daemon()
          .start(() -> {
            String problem = play(scenario, server, ended);
            if (problem != null) {
              // Whatever the client tries now, nobody waits for it.
              close(server);
            }
            played.complete(problem);
          });
      String session = "conformance-" + scenario.ordinal();
      int exit = client.send(file, server.getLocalPort(), session, "all");
      ended.set(true);
      String problem = played.get();
      if (problem != null) {
        return problem;
      }
      if (exit < 0) {
        return "did not end";
      }
      if ((exit == 0) != scenario.succeeds) {
        return "exit code " + exit + " (expected " + (scenario.succeeds ? "0" : "another") + ")";
      }
      return null;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static void close(ServerSocket server) {
    try {
      server.close();
    } catch (IOException e) {
      throw new IllegalStateException("closing a port", e);
    }
  }

  /// Takes connections until the client has ended.
  private @Nullable String play(Scenario scenario, ServerSocket server, AtomicBoolean ended) {
    Scenario.Run run = new Scenario.Run(content, seed);
    boolean over = false;
    while (true) {
      try (Socket socket = server.accept()) {
        run.connections++;
        if (over && scenario.succeeds) {
          return "came back after 'done'";
        }
        try (Conversation conversation = new Conversation(socket, content)) {
          over = scenario.connection(run, conversation);
        }
      } catch (SocketTimeoutException e) {
        if (ended.get()) {
          return over ? null : "ended before everything was sent";
        }
      } catch (Misbehaviour e) {
        return e.getMessage();
      } catch (IOException e) {
        // The client went away in the middle; whether it comes back is seen.
        if (ended.get()) {
          return "ended in the middle: " + e.getMessage();
        }
      }
    }
  }
}
