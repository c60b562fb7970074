package dev.lockstep.bench.ingest;

import dev.lockstep.synth.BulkDrive;
import dev.lockstep.synth.McapSettings;
import dev.lockstep.synth.SynthRun;
import dev.lockstep.wire.ServerLine;
import java.io.IOException;
import java.io.PrintStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/// What the endpoint carries, beside what the machine carries, from one run: a stream beside a bare
/// loopback connection, acks beside bare syncs, findings after the bytes that they are about.
final class EndpointLoad {
  /// Acks of a stream's first second: streams are made meanwhile, and the code is still
  /// interpreted.
  private static final int OPENING_ACKS = 4;

  private static final int SMALL_MESSAGES = 2_000;

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
    new StreamRate(work, out).measure(bytes);
    load.many(senders);
    load.findings();
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
    List<Long> opening = new ArrayList<>();
    List<Long> latencies = new ArrayList<>();
    AtomicInteger done = new AtomicInteger();
    List<Long> floor;
    long started = System.nanoTime();
    try (ServerProcess server = ServerProcess.startLasting(work.resolve("many"))) {
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
                  int first = Math.min(OPENING_ACKS, own.size());
                  synchronized (latencies) {
                    opening.addAll(own.subList(0, first));
                    latencies.addAll(own.subList(first, own.size()));
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
    percentiles("byte sent to its ack (acks every 20 ms), first second of all streams", opening);
    percentiles("the same, later", latencies);
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
    try (ServerProcess server = ServerProcess.startLasting(work.resolve("find"));
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
