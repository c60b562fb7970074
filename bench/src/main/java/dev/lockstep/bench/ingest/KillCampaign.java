package dev.lockstep.bench.ingest;

import dev.lockstep.bench.files.Folders;
import dev.lockstep.wire.ServerLine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Kills a real server process while clients send, starts it again on what it left, and holds every
/// acknowledged byte against the files.
final class KillCampaign {
  /// What happens in a round besides `kill -9` at a random moment.
  enum Trouble {
    STEADY("kill -9 while three clients send"),
    RECONNECT("kill -9, clients reconnect all the time"),
    FENCE("kill -9, newer clients take streams over"),
    LIVE("kill -9, live clients that keep nothing"),
    HALF_OPEN("kill -9, half-open clients, and clients that never read"),
    SLOW("kill -9, clients that send a few bytes at a time"),
    TORN("kill -9, then unacknowledged tails cut or overlong"),
    FULL("store full while clients send, then kill -9");

    final String words;

    Trouble(String words) {
      this.words = words;
    }
  }

  /// What rounds came to.
  static final class Tally {
    long rounds;
    long acknowledgedBytes;
    long sealedParts;
  }

  private static final int CLIENTS = 3;
  private static final int STREAM_BYTES = 600_000;
  private static final int ROUNDS_PER_STORE = 20;
  private static final String FULL_BYTES = "700kB";

  private final long seed;
  private final Map<Trouble, Tally> tallies = new EnumMap<>(Trouble.class);
  private @Nullable Path cache;

  /// One client's stream.
  private static final class Sender {
    final String session;
    final byte[] content;
    final String mode;
    volatile int part;
    volatile long acknowledged;
    volatile @Nullable ServerLine done;
    volatile @Nullable String violation;

    Sender(String session, byte[] content, String mode) {
      this.session = session;
      this.content = content;
      this.mode = mode;
    }
  }

  private KillCampaign(long seed) {
    this.seed = seed;
    for (Trouble trouble : Trouble.values()) {
      tallies.put(trouble, new Tally());
    }
  }

  /// Plays `rounds` rounds in `work`, which exists.
  ///
  /// @throws IllegalStateException if a promise was broken; the message tells the seed and the
  ///   store
  static Map<Trouble, Tally> play(Path work, int rounds, long seed) throws Exception {
    KillCampaign campaign = new KillCampaign(seed);
    campaign.cache = ServerProcess.cache(work);
    Path store = work.resolve("store");
    List<Sender> former = List.of();
    for (int round = 0; round < rounds; round++) {
      if (round % ROUNDS_PER_STORE == 0) {
        Folders.delete(store);
        Files.createDirectories(store);
        former = List.of();
      }
      former = campaign.round(store, round, former);
    }
    // What the last round left is looked at, too.
    try (ServerProcess server = ServerProcess.start(store, campaign.cache)) {
      campaign.resume(server, former, "after the last round");
    }
    Folders.delete(store);
    return campaign.tallies;
  }

  private List<Sender> round(Path store, int round, List<Sender> former) throws Exception {
    Trouble trouble = Trouble.values()[round % Trouble.values().length];
    Random random = new Random(seed * 1_000_003 + round);
    String context = "seed " + seed + ", round " + round + ", " + trouble + ", " + store;
    String[] options =
        trouble == Trouble.FULL
            ? new String[] {"--ack-ms", "2", "--max-session", FULL_BYTES}
            : new String[] {"--ack-ms", Integer.toString(random.nextInt(10))};
    List<Sender> senders = new ArrayList<>();
    try (ServerProcess server = ServerProcess.start(store, cache, options)) {
      resume(server, former, context);
      CountDownLatch started = new CountDownLatch(CLIENTS);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        long streamSeed = seed * 31 + round * 7L + i;
        String mode = trouble == Trouble.LIVE ? "live" : "spool";
        String session = trouble == Trouble.FULL ? "r" + round : "r" + round + "-" + i;
        if (trouble == Trouble.FULL && i > 0) {
          started.countDown();
          continue;
        }
        Sender sender =
            new Sender(
                session,
                TestStream.of(
                    streamSeed, (trouble == Trouble.FULL ? 2 : 1) * STREAM_BYTES + i * 1_000),
                mode);
        senders.add(sender);
        threads.add(
            Thread.ofPlatform()
                .daemon()
                .start(() -> send(server.port(), sender, trouble, streamSeed, started)));
      }
      started.await(30, TimeUnit.SECONDS);
      if (random.nextInt(8) > 0) {
        awaitFirstAck(senders);
      }
      Thread.sleep(random.nextInt(120));
      server.kill();
      for (Thread thread : threads) {
        thread.join();
      }
    }
    Tally tally = tallies.get(trouble);
    if (tally == null) {
      throw new IllegalStateException(trouble.name());
    }
    tally.rounds++;
    for (Sender sender : senders) {
      String violation = sender.violation;
      if (violation != null) {
        throw new IllegalStateException(context + ": " + sender.session + ": " + violation);
      }
      tally.acknowledgedBytes += sender.acknowledged;
      tally.sealedParts += sender.done == null ? 0 : 1;
      checkFile(store, sender, sender.acknowledged, context + ", right after the kill");
      if (trouble == Trouble.TORN) {
        tear(store, sender, random);
      }
    }
    return senders;
  }

  /// Mostly there is something to lose when the blow falls.
  private static void awaitFirstAck(List<Sender> senders) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (System.nanoTime() - end < 0
        && senders.stream().allMatch(s -> s.acknowledged == 0 && s.violation == null)) {
      Thread.sleep(1);
    }
  }

  /// Sends as `trouble` says until the connection breaks for good.
  private static void send(
      int port, Sender sender, Trouble trouble, long seed, CountDownLatch started) {
    Random random = new Random(seed);
    boolean first = true;
    while (sender.done == null && sender.violation == null) {
      try (Line line = new Line(port)) {
        ServerLine ok =
            line.hello(sender.session, sender.mode, sender.acknowledged, sender.content, "");
        if (ok.type().equals("done")) {
          finished(sender, ok);
          return;
        }
        if (!ok.type().equals("ok")) {
          return;
        }
        if (sender.mode.equals("spool") && ok.durable() < sender.acknowledged) {
          sender.violation = "resumes at " + ok.durable() + ", acknowledged " + sender.acknowledged;
          return;
        }
        if (sender.mode.equals("live")) {
          sender.part = ok.part();
          sender.acknowledged = 0;
        }
        if (first) {
          started.countDown();
          first = false;
        }
        boolean again = stream(line, sender, ok.durable(), trouble, random);
        if (!again) {
          return;
        }
      } catch (IOException e) {
        // The server is gone, or has cut us off.
        if (trouble != Trouble.RECONNECT || first) {
          started.countDown();
          return;
        }
        return;
      }
    }
  }

  /// @return whether another connection is to follow
  private static boolean stream(Line line, Sender sender, long from, Trouble trouble, Random random)
      throws IOException {
    Thread reader =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              if (trouble != Trouble.HALF_OPEN || sender.session.endsWith("0")) {
                read(line, sender);
              }
            });
    int at = (int) from;
    int end = sender.content.length;
    if (trouble == Trouble.RECONNECT || trouble == Trouble.FENCE) {
      end = Math.min(end, at + 1 + random.nextInt(200_000));
    }
    try {
      while (at < end) {
        int most = trouble == Trouble.SLOW ? 40 : 60_000;
        int count = Math.min(end - at, 1 + random.nextInt(most));
        line.send(sender.content, at, count);
        at += count;
        if (trouble == Trouble.FULL) {
          // All at once is more than fits, and would be turned away whole.
          Thread.sleep(2);
        }
        if (trouble == Trouble.HALF_OPEN && at > STREAM_BYTES / 3) {
          break;
        }
      }
      if (trouble == Trouble.FENCE && end < sender.content.length) {
        // The next connection opens while this one is still there.
        try (Line newer = new Line(line.socket().getPort())) {
          ServerLine ok =
              newer.hello(sender.session, sender.mode, sender.acknowledged, sender.content, "");
          if (ok.type().equals("ok") && ok.durable() < sender.acknowledged) {
            sender.violation = "fenced at " + ok.durable() + " of " + sender.acknowledged;
          }
        }
        return true;
      }
      if (trouble == Trouble.RECONNECT && end < sender.content.length) {
        // Some leave in the middle of things, some when all is acknowledged.
        long patience = random.nextBoolean() ? 0 : 200;
        for (int i = 0; i < patience && sender.acknowledged < end; i++) {
          Thread.sleep(1);
        }
        return true;
      }
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private static void read(Line line, Sender sender) {
    try {
      for (ServerLine next = line.nextOrNull(); next != null; next = line.nextOrNull()) {
        if (next.type().equals("ack")) {
          sender.acknowledged = Math.max(sender.acknowledged, next.durable());
        } else if (next.type().equals("done")) {
          finished(sender, next);
        }
      }
    } catch (IOException e) {
      // Killed.
    }
  }

  private static void finished(Sender sender, ServerLine done) {
    sender.done = done;
    sender.acknowledged = Math.max(sender.acknowledged, done.durable());
  }

  /// All streams of the former round go on where they were: nothing acknowledged is missing.
  private void resume(ServerProcess server, List<Sender> former, String context)
      throws IOException {
    for (Sender sender : former) {
      try (Line line = new Line(server.port())) {
        ServerLine ok =
            line.hello(
                sender.session,
                "spool",
                sender.mode.equals("live") ? 0 : sender.acknowledged,
                sender.content,
                sender.mode.equals("live") ? ",\"part\":" + sender.part : "");
        boolean done = ok.type().equals("done");
        boolean expected =
            done
                || ok.type().equals("ok")
                || (sender.mode.equals("live") && ok.code().equals("diverged"))
                || ok.code().equals("quota");
        if (!expected || (!ok.code().equals("quota") && ok.durable() < sender.acknowledged)) {
          throw new IllegalStateException(
              context + ": " + sender.session + " at " + sender.acknowledged + " resumes: " + ok);
        }
        if (sender.done != null && !done) {
          throw new IllegalStateException(context + ": " + sender.session + " was done: " + ok);
        }
      }
    }
  }

  private static Map<String, Path> folders(Path store) throws IOException {
    Map<String, Path> folders = new HashMap<>();
    try (Stream<Path> streams = Files.list(store.resolve("streams"))) {
      for (Path folder : streams.toList()) {
        Path names = folder.resolve("stream.json");
        if (Files.exists(names)) {
          String text = Files.readString(names, StandardCharsets.UTF_8);
          folders.put(text.split("\"", -1)[3], folder);
        }
      }
    }
    return folders;
  }

  private static @Nullable Path file(Path store, Sender sender) throws IOException {
    Path folder = folders(store).get(sender.session);
    return folder == null ? null : folder.resolve("%05d.mcap".formatted(sender.part));
  }

  private static void checkFile(Path store, Sender sender, long acknowledged, String context)
      throws IOException {
    Path file = file(store, sender);
    byte[] stored = file == null || !Files.exists(file) ? new byte[0] : Files.readAllBytes(file);
    if (stored.length < acknowledged
        || stored.length > sender.content.length
        || !Arrays.equals(stored, Arrays.copyOf(sender.content, stored.length))) {
      throw new IllegalStateException(
          context
              + ": "
              + sender.session
              + ": "
              + stored.length
              + " bytes stored, "
              + acknowledged
              + " acknowledged, first difference at "
              + Arrays.mismatch(stored, sender.content));
    }
  }

  /// Makes what nobody was promised as bad as a disk may.
  private static void tear(Path store, Sender sender, Random random) throws IOException {
    Path file = file(store, sender);
    if (file == null || !Files.exists(file) || sender.done != null) {
      return;
    }
    if (Files.exists(Path.of(file.toString().replace(".mcap", ".seal.json")))) {
      return;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long size = channel.size();
      if (random.nextBoolean()) {
        long span = size - sender.acknowledged;
        channel.truncate(sender.acknowledged + (span == 0 ? 0 : random.nextLong(span)));
      } else {
        byte[] garbage = new byte[random.nextInt(5_000)];
        if (random.nextBoolean()) {
          random.nextBytes(garbage);
        }
        channel.write(ByteBuffer.wrap(garbage), size);
      }
    }
  }
}
