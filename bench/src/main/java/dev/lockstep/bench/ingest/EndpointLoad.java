package dev.lockstep.bench.ingest;

import dev.lockstep.synth.BulkDrive;
import dev.lockstep.synth.McapSettings;
import dev.lockstep.synth.SynthRun;
import dev.lockstep.wire.ServerLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What the endpoint carries, beside what the machine carries, from one run: a stream beside a bare
/// loopback connection, acks beside bare syncs, findings after the bytes that they are about.
final class EndpointLoad {
  private static final long NS_PER_SECOND = 1_000_000_000L;
  private static final int PIECE_BYTES = 256 << 10;
  private static final int SMALL_MESSAGES = 2_000;

  /// Turns of the first table, in which all take part one after the other; medians are shown.
  private static final int TURNS = 5;

  private final Path work;
  private final PrintStream out;

  private EndpointLoad(Path work, PrintStream out) {
    this.work = work;
    this.out = out;
  }

  /// Runs all of it in `work`, which should be a file system in memory for the first table, so that
  /// the disk is not what is measured.
  static void run(Path work, long bytes, int senders, PrintStream out) throws Exception {
    EndpointLoad load = new EndpointLoad(work, out);
    load.throughput(bytes);
    load.many(senders);
    load.findings();
  }

  private void throughput(long bytes) throws Exception {
    Path file = work.resolve("bulk.mcap");
    SynthRun.bulk(file, BulkDrive.ofBytes(1, bytes), BulkDrive.settings("none"));
    boolean iperf = Iperf.installed();
    double[] floors = new double[TURNS];
    double[] written = new double[TURNS];
    double[] iperfStored = new double[TURNS];
    double[] iperfCached = new double[TURNS];
    double[] stored = new double[TURNS];
    double[] checked = new double[TURNS];
    Map<String, Double> used = new TreeMap<>();
    try (ServerProcess server = ServerProcess.start(work.resolve("load"), null)) {
      // Once for the compiler of the JVM.
      var _ = send(server, file, "warm");
      for (int i = 0; i < TURNS; i++) {
        floors[i] = floor(file, null);
        written[i] = floor(file, work.resolve("written"));
        if (iperf) {
          iperfStored[i] = Iperf.stored(file, work.resolve("iperf"));
          iperfCached[i] = Iperf.cached(bytes);
        }
        Map<String, Double> before = server.cpuSeconds();
        double[] sent = send(server, file, "load" + i);
        server
            .cpuSeconds()
            .forEach((name, seconds) ->
                used.merge(name, seconds - before.getOrDefault(name, 0.0), Double::sum));
        stored[i] = sent[0];
        checked[i] = sent[1];
      }
    }
    Floors against =
        new Floors(
            median(floors),
            iperf ? median(iperfStored) : Double.NaN,
            iperf ? median(iperfCached) : Double.NaN);
    out.printf(
        "| path of one sender, median of %d | GB/s | of bare loopback | of iperf3 -F | of iperf3"
            + " |%n|---|---|---|---|---|%n",
        TURNS);
    row("bare loopback: a file, received and thrown away", against.bare, against);
    row("the same, received and written", median(written), against);
    if (iperf) {
      row("iperf3 -F on both sides: a file, received and written", against.stored, against);
      row("iperf3: one buffer again and again, thrown away", against.cached, against);
    }
    row("endpoint, last byte acknowledged (stored, synced)", median(stored), against);
    row("endpoint, done (stored, synced, checked, SHA-256)", median(checked), against);
    cpu(used, TURNS * Files.size(file) / 1e9);
    Files.delete(file);
  }

  /// Rates that others are held against, bytes a second; NaN where there is no `iperf3`.
  private record Floors(double bare, double stored, double cached) {}

  private void cpu(Map<String, Double> used, double gigabytes) {
    if (used.isEmpty()) {
      return;
    }
    Map<String, Double> shares = new TreeMap<>();
    used.forEach((name, seconds) -> {
      String what =
          switch (name) {
            case "multiThreadIoEv" -> "receiving";
            case "lockstep-write" -> "writing";
            case "lockstep-check", "lockstep-scan" -> "checking and SHA-256, at a lower priority";
            case "lockstep-commit", "lockstep-sync" -> "syncing";
            default -> "everything else (the JVM's compiler)";
          };
      shares.merge(what, seconds / gigabytes, Double::sum);
    });
    out.printf("%n| threads of the endpoint | CPU seconds a GB |%n|---|---|%n");
    shares.forEach((what, seconds) -> out.printf(Locale.ROOT, "| %s | %.2f |%n", what, seconds));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private void row(String what, double rate, Floors floors) {
    out.printf(
        Locale.ROOT,
        "| %s | %.2f | %s | %s | %s |%n",
        what,
        rate / 1e9,
        share(rate, floors.bare),
        share(rate, floors.stored),
        share(rate, floors.cached));
  }

  private static String share(double rate, double of) {
    return Double.isNaN(of) ? "" : String.format(Locale.ROOT, "%.2f", rate / of);
  }

  /// @param copy takes what is received, or null to throw it away
  private static double floor(Path file, @Nullable Path copy) throws Exception {
    try (ServerSocketChannel listening =
        ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1)) {
      int port = listening.socket().getLocalPort();
      Thread receiver =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
                try (SocketChannel socket = listening.accept();
                    @Nullable FileChannel out = copy == null ? null : create(copy)) {
                  while (socket.read(piece.clear()) >= 0) {
                    piece.flip();
                    while (out != null && piece.hasRemaining()) {
                      out.write(piece);
                    }
                  }
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      long started = System.nanoTime();
      long bytes;
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        bytes = copy(file, socket.getOutputStream());
        socket.shutdownOutput();
        receiver.join();
      }
      double rate = bytes * (double) NS_PER_SECOND / (System.nanoTime() - started);
      if (copy != null) {
        Files.delete(copy);
      }
      return rate;
    }
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static long copy(Path file, OutputStream to) throws IOException {
    byte[] piece = new byte[PIECE_BYTES];
    long bytes = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        to.write(piece, 0, count);
        bytes += count;
      }
    }
    return bytes;
  }

  private static double[] send(ServerProcess server, Path file, String session) throws Exception {
    long bytes = Files.size(file);
    long started = System.nanoTime();
    try (Line line = new Line(server.port())) {
      line.socket().setSoTimeout(600_000);
      expect(line.hello(session, "spool", 0, new byte[0], ",\"size\":" + bytes), "ok");
      AtomicReference<Throwable> failure = new AtomicReference<>();
      Thread writer =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                try {
                  copy(file, line.socket().getOutputStream());
                } catch (IOException e) {
                  failure.set(e);
                }
              });
      ServerLine next = line.next();
      while (next.durable() < bytes) {
        next = line.next();
      }
      long stored = System.nanoTime();
      while (!next.type().equals("done")) {
        next = line.next();
      }
      long done = System.nanoTime();
      writer.join();
      if (failure.get() != null) {
        throw new IOException(failure.get());
      }
      return new double[] {
        bytes * (double) NS_PER_SECOND / (stored - started),
        bytes * (double) NS_PER_SECOND / (done - started)
      };
    }
  }

  private static void expect(ServerLine line, String type) throws IOException {
    if (!line.type().equals(type)) {
      throw new IOException("expected " + type + ": " + line);
    }
  }

  /// Many senders at a fixed total rate: nothing lost, and how long acks take.
  private void many(int senders) throws Exception {
    int streamBytes = 200_000;
    int pieceBytes = 10_000;
    long pauseMillis = 250;
    List<Long> latencies = new ArrayList<>();
    AtomicInteger done = new AtomicInteger();
    List<Long> floor;
    long started = System.nanoTime();
    try (ServerProcess server = ServerProcess.start(work.resolve("many"), null)) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < senders; i++) {
        int number = i;
        threads.add(
            Thread.ofPlatform()
                .daemon()
                .start(() -> {
                  List<Long> own = new ArrayList<>();
                  try {
                    if (pace(
                        server,
                        number,
                        TestStream.of(number, streamBytes),
                        pieceBytes,
                        pauseMillis,
                        own)) {
                      done.incrementAndGet();
                    }
                  } catch (IOException e) {
                    // Counted by its absence.
                  }
                  synchronized (latencies) {
                    latencies.addAll(own);
                  }
                }));
      }
      floor = syncs(work.resolve("floor"), 300);
      for (Thread thread : threads) {
        thread.join();
      }
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    out.printf(
        Locale.ROOT,
        "%n| %d senders, %.1f MB/s in all | p50 ms | p99 ms |%n|---|---|---|%n",
        senders,
        senders * (double) streamBytes / seconds / 1e6);
    percentiles("bare write and fdatasync of one file, same time", floor);
    percentiles("byte sent to its ack (acks every 20 ms)", latencies);
    out.printf("sealed without loss: %d of %d%n", done.get(), senders);
  }

  private static boolean pace(
      ServerProcess server,
      int number,
      byte[] content,
      int pieceBytes,
      long pauseMillis,
      List<Long> latencies)
      throws IOException {
    try (Line line = new Line(server.port())) {
      line.socket().setSoTimeout(600_000);
      expect(line.hello("many" + number, "live", 0, content, ""), "ok");
      int at = 0;
      while (at < content.length) {
        int count = Math.min(pieceBytes, content.length - at);
        long sent = System.nanoTime();
        line.send(content, at, count);
        at += count;
        ServerLine ack = line.next();
        while (ack.durable() < at) {
          ack = line.next();
        }
        latencies.add(System.nanoTime() - sent);
        if (ack.type().equals("done")) {
          return ack.complete();
        }
        pause(pauseMillis);
      }
      ServerLine end = line.next();
      return end.type().equals("done") && end.complete();
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<Long> syncs(Path file, int count) throws IOException {
    List<Long> times = new ArrayList<>();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < count; i++) {
        long started = System.nanoTime();
        channel.write(ByteBuffer.allocate(10_000));
        channel.force(false);
        times.add(System.nanoTime() - started);
        pause(10);
      }
    }
    Files.delete(file);
    return times;
  }

  private void percentiles(String what, List<Long> times) {
    long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
    out.printf(
        Locale.ROOT,
        "| %s | %.1f | %.1f |%n",
        what,
        sorted[sorted.length / 2] / 1e6,
        sorted[Math.min(sorted.length - 1, sorted.length * 99 / 100)] / 1e6);
  }

  /// From the last byte of a message with an error in it to the line that tells of it: small
  /// messages without chunks, of which some log times go back.
  private void findings() throws Exception {
    Path file = work.resolve("small.mcap");
    SynthRun.bulk(
        file,
        BulkDrive.ofMessages(3, SMALL_MESSAGES, 100),
        new McapSettings("none", 0, false, false, false, ""));
    byte[] content = Files.readAllBytes(file);
    List<Integer> faulty = new ArrayList<>();
    List<Integer> ends = messageEnds(content);
    for (int i = 200; i + 1 < ends.size(); i += 90) {
      int start = ends.get(i - 1);
      ByteBuffer.wrap(content)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putLong(start + 9 + 6, 1_000_000_000L);
      faulty.add(i);
    }
    List<Long> latencies = new ArrayList<>();
    try (ServerProcess server = ServerProcess.start(work.resolve("find"), null);
        Line line = new Line(server.port())) {
      expect(
          line.hello(
              "find",
              "spool",
              0,
              content,
              ",\"subscribe\":\"findings\",\"size\":" + content.length),
          "ok");
      line.socket().setSoTimeout(2_000);
      int at = 0;
      for (int message : faulty) {
        int end = ends.get(message);
        line.send(content, at, end - at);
        long sent = System.nanoTime();
        at = end;
        try {
          ServerLine next = line.next();
          while (!next.type().equals("finding")) {
            next = line.next();
          }
          latencies.add(System.nanoTime() - sent);
        } catch (SocketTimeoutException e) {
          // This rule tells at the end: not counted, but said.
        }
      }
    }
    out.printf(
        "%n| last byte of a faulty message to its finding (%d of %d told while it grew) | p50 ms |"
            + " p99 ms |%n|---|---|---|%n",
        latencies.size(), faulty.size());
    if (!latencies.isEmpty()) {
      percentiles("log time that goes back, acks on", latencies);
    }
    Files.delete(file);
  }

  private static List<Integer> messageEnds(byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> ends = new ArrayList<>();
    int at = 8;
    while (at + 9 <= content.length - 8) {
      int opcode = content[at];
      at += 9 + (int) bytes.getLong(at + 1);
      if (opcode == 5) {
        ends.add(at);
      }
    }
    return ends;
  }
}
