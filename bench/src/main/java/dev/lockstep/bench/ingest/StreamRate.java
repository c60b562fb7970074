package dev.lockstep.bench.ingest;

import com.sun.management.OperatingSystemMXBean;
import dev.lockstep.client.SendClient;
import dev.lockstep.client.SendListener;
import dev.lockstep.client.SendOptions;
import dev.lockstep.synth.BulkDrive;
import dev.lockstep.synth.SynthRun;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// How fast one sender's stream is stored and checked, beside what a bare connection carries, in
/// turns of one run: rates, and CPU time, which a busy machine distorts less.
final class StreamRate {
  private static final double GIGA = 1e9;
  private static final int PIECE_BYTES = 256 << 10;

  /// Turns, in which all take part one after the other; medians are shown.
  private static final int TURNS = 5;

  /// Turns before, in which both compilers of the JVM do most of their work.
  private static final int WARM_TURNS = 3;

  /// Free memory before what is stored: some times what waits for the disk. Judged.
  private static final long AHEAD_BYTES = 128L << 20;

  private static final long BALLAST_MILLIS = 3;

  /// 1 GiB.
  private static final int SHA_PIECES = 4096;

  /// Stands for the threads of this process, which sends.
  private static final String SENDER = "sender";

  private static final String STORE = "load";

  private final Path work;
  private final PrintStream out;

  StreamRate(Path work, PrintStream out) {
    this.work = work;
    this.out = out;
  }

  /// Streams of `bytes` bytes in `work`, which should be a file system in memory, so that the disk
  /// is not what is measured.
  void measure(long bytes) throws Exception {
    Path file = work.resolve("bulk.mcap");
    SynthRun.bulk(file, BulkDrive.ofBytes(1, bytes), BulkDrive.settings("none"));
    boolean iperf = Iperf.installed();
    Path copy = work.resolve("copy");
    Runs bare = new Runs();
    Runs written = new Runs();
    Runs iperfStored = new Runs();
    Runs iperfMapped = new Runs();
    Runs iperfCached = new Runs();
    Runs stored = new Runs();
    Runs done = new Runs();
    Map<String, Double> used = new TreeMap<>();
    try (ServerProcess server = ServerProcess.startLasting(work.resolve(STORE))) {
      for (int i = 0; i < WARM_TURNS; i++) {
        send(server, file, "warm" + i, new Runs(), new Runs(), new TreeMap<>());
      }
      for (int i = 0; i < TURNS; i++) {
        floor(file, null, bare);
        try (Ballast _ = new Ballast(bytes, StoredBytes.of(copy))) {
          floor(file, copy, written);
        }
        if (iperf) {
          try (Ballast _ = new Ballast(bytes, StoredBytes.of(copy))) {
            iperfStored.add(Iperf.stored(file, copy));
          }
          iperfMapped.add(Iperf.mapped(bytes));
          iperfCached.add(Iperf.cached(bytes));
        }
        send(server, file, "load" + i, stored, done, used);
      }
    }
    out.printf(
        "| path of one sender, median of %d | GB/s | of bare loopback | of iperf3 -F | of iperf3"
            + " | CPU s a GB, both sides |%n|---|---|---|---|---|---|%n",
        TURNS);
    Runs[] floors = {bare, iperfStored, iperfCached};
    row("bare loopback: a file by `sendfile`, received and thrown away", bare, floors);
    row("the same, received and written", written, floors);
    if (iperf) {
      row("iperf3 -F on both sides: a file, received and written", iperfStored, floors);
      row("iperf3 -Z: one buffer by `sendfile`, thrown away", iperfMapped, floors);
      row("iperf3: one buffer again and again, thrown away", iperfCached, floors);
    }
    row("endpoint, last byte acknowledged (stored, synced)", stored, floors);
    row("endpoint, done (stored, synced, checked, SHA-256)", done, floors);
    cpu(used, TURNS * Files.size(file) / GIGA);
    sha(done, iperfCached);
    Files.delete(file);
  }

  /// What one way of carrying bytes did, a turn each.
  private static final class Runs {
    final List<Double> rates = new ArrayList<>();
    final List<Double> cpus = new ArrayList<>();

    void add(Iperf.Run run) {
      add(run.bytesPerSecond(), run.cpuSecondsPerGigabyte());
    }

    /// @param cpu seconds a GB of sender and receiver, NaN where it is not known
    void add(double rate, double cpu) {
      rates.add(rate);
      cpus.add(cpu);
    }

    /// Median of the ratios of turns: what slows the machine down for a while slows both.
    double of(Runs others) {
      double[] ratios = new double[Math.min(rates.size(), others.rates.size())];
      for (int i = 0; i < ratios.length; i++) {
        ratios[i] = rates.get(i) / others.rates.get(i);
      }
      return median(ratios);
    }
  }

  /// The digest of a part is taken by one thread from front to back: no `done` comes sooner.
  private void sha(Runs done, Runs iperf) throws Exception {
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    byte[] piece = new byte[PIECE_BYTES];
    long bytes = 0;
    long began = 0;
    // The first quarter is for the compiler.
    for (int i = 0; i < SHA_PIECES; i++) {
      if (i == SHA_PIECES / 4) {
        began = threads.getCurrentThreadCpuTime();
        bytes = 0;
      }
      sha.update(piece);
      bytes += piece.length;
    }
    double rate = bytes * GIGA / (threads.getCurrentThreadCpuTime() - began);
    out.printf(
        Locale.ROOT,
        "%nSHA-256 alone on a core of its own: %.2f GB/s%s; done reached %.2f of that%n",
        rate / GIGA,
        iperf.rates.isEmpty()
            ? ""
            : String.format(Locale.ROOT, ", %.2f of iperf3", rate / median(iperf.rates)),
        median(done.rates) / rate);
  }

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
            case SENDER -> "sender";
            default ->
                name.startsWith("C1 ") || name.startsWith("C2 ")
                    ? "the JVM's compilers (not with the amount of data)"
                    : "everything else";
          };
      shares.merge(what, seconds / gigabytes, Double::sum);
    });
    out.printf("%n| threads of endpoint and sender | CPU seconds a GB |%n|---|---|%n");
    shares.forEach((what, seconds) -> out.printf(Locale.ROOT, "| %s | %.2f |%n", what, seconds));
  }

  private static double median(List<Double> values) {
    return median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private void row(String what, Runs runs, Runs... floors) {
    StringBuilder shares = new StringBuilder();
    for (Runs floor : floors) {
      shares.append(
          floor.rates.isEmpty() ? " |" : String.format(Locale.ROOT, " %.2f |", runs.of(floor)));
    }
    double cpu = median(runs.cpus);
    out.printf(
        Locale.ROOT,
        "| %s | %.2f |%s %s |%n",
        what,
        median(runs.rates) / GIGA,
        shares,
        Double.isNaN(cpu) ? "" : String.format(Locale.ROOT, "%.2f", cpu));
  }

  /// CPU seconds of this process.
  private static double cpuSeconds() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime() / GIGA
        : Double.NaN;
  }

  /// @param copy takes what is received, or null to throw it away
  private static void floor(Path file, @Nullable Path copy, Runs runs) throws Exception {
    try (ServerSocketChannel listening =
        ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1)) {
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
      double cpu = cpuSeconds();
      long started = System.nanoTime();
      long bytes = 0;
      try (SocketChannel socket = SocketChannel.open(listening.getLocalAddress());
          FileChannel from = FileChannel.open(file)) {
        long size = from.size();
        while (bytes < size) {
          bytes += from.transferTo(bytes, size - bytes, socket);
        }
        socket.shutdownOutput();
        receiver.join();
      }
      double seconds = (System.nanoTime() - started) / GIGA;
      runs.add(bytes / seconds, (cpuSeconds() - cpu) * GIGA / bytes);
      if (copy != null) {
        Files.delete(copy);
      }
    }
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /// Memory that a turn will store into, held until it is needed.
  ///
  /// What a virtual machine has not touched lately is fetched from its host page by page, and free
  /// memory may be given back within moments. That costs more than all else here: measured, 2.3 CPU
  /// seconds a GB for writing to such a file system, 0.1 to 0.4 where something was deleted just
  /// before. Whoever stores begins alike, with this much in use, and gets it as it goes.
  private final class Ballast implements AutoCloseable {
    private final Path path = work.resolve("ballast");
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Thread releasing;

    /// @param storing how many bytes have been stored, asked every few milliseconds
    Ballast(long bytes, StoredBytes storing) throws IOException {
      FileChannel file = create(path);
      ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
      for (long at = 0; at < bytes; at += PIECE_BYTES) {
        file.write(piece.clear());
      }
      file.truncate(bytes - Math.min(bytes, AHEAD_BYTES));
      releasing =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                try (file) {
                  while (!ended.get() && file.size() > 0) {
                    Thread.sleep(BALLAST_MILLIS);
                    file.truncate(Math.max(0, bytes - storing.count() - AHEAD_BYTES));
                  }
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
    }

    @Override
    public void close() throws IOException {
      ended.set(true);
      try {
        releasing.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      Files.delete(path);
    }
  }

  /// How many bytes have been stored.
  private interface StoredBytes {
    long count() throws IOException;

    /// That is the length of `file`, once it is there.
    static StoredBytes of(Path file) {
      return () -> Files.exists(file) ? Files.size(file) : 0;
    }
  }

  private void deleteParts() throws IOException {
    List<Path> parts = new ArrayList<>();
    try (DirectoryStream<Path> streams =
        Files.newDirectoryStream(work.resolve(STORE + "/streams"))) {
      for (Path stream : streams) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(stream, "*.mcap")) {
          files.forEach(parts::add);
        }
      }
    }
    for (Path part : parts) {
      Files.delete(part);
    }
  }

  /// One whole file by the reference client.
  ///
  /// @param used CPU seconds by name of thread, to which this adds
  private void send(
      ServerProcess server,
      Path file,
      String session,
      Runs stored,
      Runs done,
      Map<String, Double> used)
      throws Exception {
    long bytes = Files.size(file);
    AtomicLong safe = new AtomicLong();
    AtomicLong reached = new AtomicLong();
    SendListener listener =
        new SendListener() {
          @Override
          public void progress(long durable, long known) {
            reached.set(durable);
            if (durable == bytes) {
              safe.compareAndSet(0, System.nanoTime());
            }
          }

          @Override
          public void finding(String line) {}

          @Override
          public void note(String text) {
            throw new IllegalStateException(text);
          }
        };
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
    Map<String, Double> before;
    double own;
    long started;
    long ended;
    SendClient.Sent sent;
    try (Ballast _ = new Ballast(bytes, reached::get)) {
      before = server.cpuSeconds();
      own = cpuSeconds();
      started = System.nanoTime();
      sent = new SendClient(SendOptions.of(address, session, "all"), listener).send(file);
      ended = System.nanoTime();
    }
    double seconds = (ended - started) / GIGA;
    if (!sent.complete() || sent.bytes() != bytes || !sent.verdict().equals("clean")) {
      throw new IOException("expected a clean part of " + bytes + " bytes: " + sent);
    }
    Map<String, Double> turn = new TreeMap<>(server.cpuSeconds());
    deleteParts();
    turn.replaceAll((name, total) -> total - before.getOrDefault(name, 0.0));
    turn.put(SENDER, cpuSeconds() - own);
    double cpu = turn.values().stream().mapToDouble(Double::doubleValue).sum();
    turn.forEach((name, more) -> used.merge(name, more, Double::sum));
    if (safe.get() == 0) {
      throw new IOException("sealed by an earlier run: " + session + " (expected an empty folder)");
    }
    // What was used until the last ack cannot be told from what was used until the end.
    stored.add(bytes * GIGA / (safe.get() - started), Double.NaN);
    done.add(bytes / seconds, cpu * GIGA / bytes);
  }
}
