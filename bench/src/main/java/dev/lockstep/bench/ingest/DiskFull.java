package dev.lockstep.bench.ingest;

import dev.lockstep.bench.files.Folders;
import dev.lockstep.wire.ServerLine;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Lets a real, small file system run full under a real server, in the middle of a stream, and
/// gives the space back: nobody but the sender, who tries again, may be needed.
final class DiskFull {
  /// What happens once the disk is full.
  enum Fault {
    STAYS("disk full, server goes on"),
    KILLED("disk full, then kill -9, space back, new start"),
    STARTED_FULL("disk full, then kill -9, new start while still full");

    final String words;

    Fault(String words) {
      this.words = words;
    }
  }

  /// What rounds came to.
  static final class Tally {
    long rounds;
    long full;
    long acknowledgedBytes;
  }

  private static final long MIN_BYTES = 4L << 20;
  private static final long MAX_BYTES = 64L << 20;
  private static final int STREAM_BYTES = 1_500_000;

  /// Left free for what the server writes beside the stream; judged.
  private static final int LEAST_FREE = 100_000;

  private static final int PIECE_BYTES = 20_000;
  private static final int RETRIES = 100;

  private final Path store;
  private final Path ballast;
  private final long seed;

  private DiskFull(Path folder, long seed) {
    this.store = folder.resolve("store");
    this.ballast = folder.resolve("ballast");
    this.seed = seed;
  }

  /// Plays `rounds` rounds on the file system that `folder` is the root of.
  ///
  /// @throws IllegalStateException if a promise was broken
  static Map<Fault, Tally> play(Path folder, int rounds, long seed) throws Exception {
    long size = Files.getFileStore(folder).getTotalSpace();
    if (size < MIN_BYTES || size > MAX_BYTES) {
      throw new IllegalArgumentException(
          "%s: file system of %d bytes (expected %d to %d, as of `mount -t tmpfs -o size=16m tmpfs %s`)"
              .formatted(folder, size, MIN_BYTES, MAX_BYTES, folder));
    }
    Map<Fault, Tally> tallies = new EnumMap<>(Fault.class);
    DiskFull campaign = new DiskFull(folder, seed);
    for (int round = 0; round < rounds; round++) {
      Fault fault = Fault.values()[round % Fault.values().length];
      campaign.round(fault, round, tallies.computeIfAbsent(fault, f -> new Tally()));
    }
    return tallies;
  }

  private void round(Fault fault, int round, Tally tally) throws Exception {
    Random random = new Random(seed * 1_000_003 + round);
    byte[] content = TestStream.of(seed * 31 + round, STREAM_BYTES);
    String context = "seed " + seed + ", round " + round + ", " + fault;
    Folders.delete(store);
    Files.deleteIfExists(ballast);
    Files.createDirectories(store);
    tally.rounds++;
    long acknowledged;
    ServerProcess server = ServerProcess.start(store, null, "--ack-ms", "2");
    try {
      fill(LEAST_FREE + random.nextInt(STREAM_BYTES / 2));
      Sent first = send(server, content, 0);
      // Now and then all of it fits: file systems keep some space back and give it later.
      tally.full += first.done ? 0 : 1;
      acknowledged = first.acknowledged;
      check(content, acknowledged, context);
      if (fault != Fault.STAYS) {
        server.kill();
        if (fault == Fault.KILLED) {
          Files.delete(ballast);
        }
        server = ServerProcess.start(store, null, "--ack-ms", "2");
        check(content, acknowledged, context);
      }
      if (fault == Fault.STARTED_FULL) {
        Sent again = send(server, content, acknowledged);
        acknowledged = Math.max(acknowledged, again.acknowledged);
        check(content, acknowledged, context);
      }
      Files.deleteIfExists(ballast);
      complete(server, content, acknowledged, context);
      check(content, content.length, context);
    } finally {
      server.kill();
    }
    tally.acknowledgedBytes += acknowledged;
  }

  private record Sent(long acknowledged, boolean done, @Nullable ServerLine told) {}

  /// Sends until it is done or the server says why not.
  private static Sent send(ServerProcess server, byte[] content, long from) throws IOException {
    long acknowledged = from;
    try (Line line = new Line(server.port())) {
      ServerLine ok = line.hello("full", "spool", from, content, "");
      if (!ok.type().equals("ok")) {
        return new Sent(from, ok.type().equals("done"), ok);
      }
      if (ok.durable() < from) {
        throw new IllegalStateException("resumes at " + ok.durable() + " of " + from);
      }
      acknowledged = ok.durable();
      Thread writer = writer(line, content, (int) acknowledged);
      ServerLine end = null;
      try {
        for (ServerLine next = line.nextOrNull(); next != null; next = line.nextOrNull()) {
          if (next.type().equals("ack") || next.type().equals("done")) {
            acknowledged = Math.max(acknowledged, next.durable());
          }
          end = next;
        }
      } catch (SocketTimeoutException e) {
        throw new IllegalStateException("the server says nothing about its full disk", e);
      } catch (IOException e) {
        // Reset behind the last line.
      }
      // Ends the writer, too.
      line.socket().close();
      join(writer);
      boolean done = end != null && end.type().equals("done");
      return new Sent(acknowledged, done, end != null && end.type().equals("err") ? end : null);
    }
  }

  private static Thread writer(Line line, byte[] content, int from) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            // Slow enough for some of it to be acknowledged before the rest finds no room.
            for (int at = from; at < content.length; at += PIECE_BYTES) {
              line.send(content, at, Math.min(PIECE_BYTES, content.length - at));
              Thread.sleep(1);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (IOException e) {
            // Told by the lines.
          }
        });
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// As a client with a spool does: tries again until all of it is stored.
  private static void complete(ServerProcess server, byte[] content, long from, String context)
      throws IOException, InterruptedException {
    long acknowledged = from;
    Sent last = null;
    for (int i = 0; i < RETRIES; i++) {
      last = send(server, content, acknowledged);
      acknowledged = last.acknowledged;
      if (last.done) {
        return;
      }
      Thread.sleep(50);
    }
    throw new IllegalStateException(
        context + ": not done " + RETRIES + " tries after there was space: " + last);
  }

  /// What is usable cannot be asked for: some of it may be kept for root, or for the file system.
  private void fill(long free) throws IOException {
    byte[] piece = new byte[1 << 16];
    Arrays.fill(piece, (byte) 1);
    try (FileChannel out =
        FileChannel.open(ballast, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      try {
        while (out.size() < MAX_BYTES) {
          out.write(ByteBuffer.wrap(piece));
        }
      } catch (IOException e) {
        out.truncate(Math.max(0, out.size() - free));
      }
      out.force(false);
    }
  }

  private void check(byte[] content, long acknowledged, String context) throws IOException {
    try (Stream<Path> files = Files.walk(store.resolve("streams"))) {
      Path file = files.filter(path -> path.toString().endsWith(".mcap")).findFirst().orElse(null);
      byte[] stored = file == null ? new byte[0] : Files.readAllBytes(file);
      int sound = Arrays.mismatch(stored, content);
      if (acknowledged > stored.length || sound >= 0 && sound < acknowledged) {
        throw new IllegalStateException(
            context
                + ": "
                + acknowledged
                + " bytes acknowledged, "
                + stored.length
                + " stored, first difference at "
                + sound);
      }
    }
  }
}
