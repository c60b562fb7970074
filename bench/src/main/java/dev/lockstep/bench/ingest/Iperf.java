package dev.lockstep.bench.ingest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `iperf3` over loopback, where it is installed: what others call the speed of a connection.
final class Iperf {
  /// Buffers of both sides, as the endpoint uses them.
  private static final String BUFFER = "256K";

  private static final Pattern RATE =
      Pattern.compile("\"sum_received\"[^}]*\"bits_per_second\":\\s*([0-9.e+]+)");

  private Iperf() {}

  /// Whether it can be run.
  static boolean installed() throws InterruptedException {
    try {
      Process version =
          new ProcessBuilder("iperf3", "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return version.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /// Bytes a second of `bytes` made of one buffer, sent and thrown away.
  static double cached(long bytes) throws IOException, InterruptedException {
    return rate(List.of(), List.of("-n", Long.toString(bytes)));
  }

  /// Bytes a second of a file that is read, sent, and written to another one.
  static double stored(Path file, Path copy) throws IOException, InterruptedException {
    double rate =
        rate(
            List.of("-F", copy.toString()),
            List.of("-n", Long.toString(Files.size(file)), "-F", file.toString()));
    Files.deleteIfExists(copy);
    return rate;
  }

  private static double rate(List<String> receiving, List<String> sending)
      throws IOException, InterruptedException {
    String port = Integer.toString(freePort());
    List<String> receive =
        new ArrayList<>(List.of("iperf3", "-s", "-1", "-B", "127.0.0.1", "-p", port));
    receive.addAll(receiving);
    Process receiver =
        new ProcessBuilder(receive)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      List<String> send =
          new ArrayList<>(List.of("iperf3", "-c", "127.0.0.1", "-p", port, "-l", BUFFER, "-J"));
      send.addAll(sending);
      String said = "";
      // The receiver takes a moment until it listens.
      for (int attempt = 0; attempt < 20; attempt++) {
        Process sender = new ProcessBuilder(send).redirectErrorStream(true).start();
        said = new String(sender.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher rate = RATE.matcher(said);
        if (sender.waitFor() == 0 && rate.find()) {
          return Double.parseDouble(rate.group(1)) / Byte.SIZE;
        }
        Thread.sleep(100);
      }
      throw new IOException("iperf3 gave no rate: " + said);
    } finally {
      receiver.destroyForcibly();
      receiver.waitFor();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }
}
