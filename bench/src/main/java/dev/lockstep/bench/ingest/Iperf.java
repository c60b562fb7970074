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

  private static final Pattern SENDER_PERCENT = Pattern.compile("\"host_total\":\\s*([0-9.e+]+)");

  private static final Pattern RECEIVER_PERCENT =
      Pattern.compile("\"remote_total\":\\s*([0-9.e+]+)");

  /// One run.
  ///
  /// @param bytesPerSecond as its receiver counts
  /// @param cpuSecondsPerGigabyte of sender and receiver
  record Run(double bytesPerSecond, double cpuSecondsPerGigabyte) {}

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

  /// `bytes` made of one buffer, sent and thrown away.
  static Run cached(long bytes) throws IOException, InterruptedException {
    return run(List.of(), List.of("-n", Long.toString(bytes)));
  }

  /// The same without copies on the side of the sender (`sendfile`).
  static Run mapped(long bytes) throws IOException, InterruptedException {
    return run(List.of(), List.of("-Z", "-n", Long.toString(bytes)));
  }

  /// A file that is read, sent, and written to another one.
  static Run stored(Path file, Path copy) throws IOException, InterruptedException {
    Run run =
        run(
            List.of("-F", copy.toString()),
            List.of("-n", Long.toString(Files.size(file)), "-F", file.toString()));
    Files.deleteIfExists(copy);
    return run;
  }

  private static Run run(List<String> receiving, List<String> sending)
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
        double rate = number(RATE, said) / Byte.SIZE;
        if (sender.waitFor() == 0 && !Double.isNaN(rate)) {
          double cores = (number(SENDER_PERCENT, said) + number(RECEIVER_PERCENT, said)) / 100;
          return new Run(rate, cores * 1e9 / rate);
        }
        Thread.sleep(100);
      }
      throw new IOException("iperf3 gave no rate: " + said);
    } finally {
      receiver.destroyForcibly();
      receiver.waitFor();
    }
  }

  /// What `pattern` shows, or NaN.
  private static double number(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    return found.find() ? Double.parseDouble(found.group(1)) : Double.NaN;
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }
}
