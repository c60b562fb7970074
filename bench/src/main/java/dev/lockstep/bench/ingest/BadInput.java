package dev.lockstep.bench.ingest;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.ops.ServiceMonitor;
import dev.lockstep.server.IngestServer;
import dev.lockstep.server.ServerOptions;
import dev.lockstep.session.SessionLimits;
import dev.lockstep.store.StoreLog;
import dev.lockstep.store.StoreOptions;
import dev.lockstep.wire.Hello;
import dev.lockstep.wire.ServerLine;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Strangers, vandals and broken loggers against a server, while a sound client beside them must
/// notice nothing.
public final class BadInput {
  /// What is sent.
  enum Attack {
    HELLO_MUTATED("hello lines, a few bytes changed"),
    HELLO_GARBAGE("random bytes in place of a hello"),
    HELLO_LONG("endless hello lines"),
    NAMES("path tricks and control characters in names"),
    STREAM_MUTATED("recordings, a few bytes changed, or cut, or doubled"),
    OVERSIZED("records that claim up to 2^64-1 bytes"),
    BOMB("chunks that claim to unpack to up to 2^64-1 bytes"),
    RESET("connections that are reset at any moment"),
    SLOWLORIS("hello lines that never end, a byte at a time");

    final String words;

    Attack(String words) {
      this.words = words;
    }
  }

  /// What it came to.
  ///
  /// @param attempts by attack
  /// @param answers by attack, how often each answer was given
  /// @param soundStreams streams that a sound client sent meanwhile, all sealed as they should be
  /// @param leaks buffers that nobody released
  record Result(
      Map<Attack, Integer> attempts,
      Map<Attack, Map<String, Integer>> answers,
      int soundStreams,
      int leaks) {}

  private static final int WORKERS = 4;
  private static final int SESSIONS = 20;
  private static final int PATIENCE_MILLIS = 30_000;
  private static final int WITNESS_BYTES = 120_000;
  private static final long MILLI_NS = 1_000_000L;
  private static final String[] TRICKS = {
    "..",
    "../../etc/passwd",
    "/etc/passwd",
    "a/b",
    "a\\\\b",
    "C:",
    ".hidden",
    "-rf",
    "a b",
    "a\\u0000b",
    "a\\nb",
    "\\u202e",
    "%2e%2e",
    "~",
    "",
    "\\ud800",
    "x\\u0007"
  };

  private final IngestServer server;
  private final long seed;
  private final byte[] recording;
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();
  private final Map<Attack, Integer> attempts = new EnumMap<>(Attack.class);
  private final Map<Attack, Map<String, Integer>> answers = new EnumMap<>(Attack.class);

  private BadInput(IngestServer server, long seed, byte[] recording) {
    this.server = server;
    this.seed = seed;
    this.recording = recording;
  }

  /// Makes `count` attempts against a server over a store in `work`.
  ///
  /// @param recording a sound recording, of which variants are sent
  /// @throws IllegalStateException if the server broke a promise
  static Result play(Path work, int count, long seed, byte[] recording) throws Exception {
    AtomicInteger leaks = new AtomicInteger();
    countLeaks(leaks);
    SessionLimits limits = SessionLimits.DEFAULT.withTimes(700 * MILLI_NS, 60_000 * MILLI_NS);
    StoreOptions store =
        new StoreOptions(1, 1 << 20, 8 << 20, 1L << 30, 1L << 40, 1L << 40, 10_000, 0);
    ServerOptions options =
        ServerOptions.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), work.resolve("bad"))
            .withStore(store)
            .withLimits(limits);
    int sound;
    BadInput campaign;
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(1));
        IngestServer server =
            new IngestServer(
                options,
                engine,
                Formats.ALL.stream().filter(f -> f.name().equals("mcap")).findFirst().orElseThrow(),
                new ServiceMonitor("serve", InstantSource.system()),
                StoreLog.NONE)) {
      campaign = new BadInput(server, seed, recording);
      sound = campaign.attack(count);
      campaign.checkStore(work.resolve("bad"));
    }
    for (int i = 0; i < 5; i++) {
      // A leak is seen when the buffer is collected and the next one is handed out.
      System.gc();
      for (int k = 0; k < 1000; k++) {
        ByteBufAllocator.DEFAULT.buffer(64).release();
      }
    }
    if (!campaign.violations.isEmpty()) {
      throw new IllegalStateException("seed " + seed + ": " + campaign.violations);
    }
    return new Result(campaign.attempts, campaign.answers, sound, leaks.get());
  }

  private static void countLeaks(AtomicInteger leaks) {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(
        new ResourceLeakDetectorFactory() {
          @Override
          @Deprecated
          @SuppressWarnings("InlineMeSuggester")
          public <T> ResourceLeakDetector<T> newResourceLeakDetector(
              Class<T> resource, int samplingInterval, long maxActive) {
            return newResourceLeakDetector(resource, samplingInterval);
          }

          @Override
          public <T> ResourceLeakDetector<T> newResourceLeakDetector(
              Class<T> resource, int samplingInterval) {
            return new ResourceLeakDetector<>(resource, samplingInterval) {
              @Override
              protected void reportTracedLeak(String resourceType, String records) {
                leaks.incrementAndGet();
              }

              @Override
              protected void reportUntracedLeak(String resourceType) {
                leaks.incrementAndGet();
              }
            };
          }
        });
  }

  private int attack(int count) throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger sound = new AtomicInteger();
    Thread witness = Thread.ofPlatform().daemon().start(() -> witness(over, sound));
    AtomicInteger next = new AtomicInteger();
    List<Thread> workers = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) {
      workers.add(
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                  attempt(n);
                }
              }));
    }
    for (Thread worker : workers) {
      worker.join();
    }
    over.set(true);
    witness.join();
    return sound.get();
  }

  /// A sound client, again and again: everything it sends arrives, whatever happens beside it.
  private void witness(AtomicBoolean over, AtomicInteger sound) {
    for (int i = 0; !over.get() || i == 0; i++) {
      byte[] content = TestStream.of(seed + i, WITNESS_BYTES);
      try (Line line = new Line(server.address().getPort())) {
        ServerLine ok = line.hello("witness" + i, "spool", 0, content, "");
        if (!ok.type().equals("ok")) {
          violations.add("witness refused: " + ok);
          return;
        }
        for (int at = 0; at < content.length; at += 10_000) {
          line.send(content, at, Math.min(10_000, content.length - at));
        }
        ServerLine end = line.next();
        while (end.type().equals("ack")) {
          end = line.next();
        }
        if (!end.complete() || !end.sha256().equals(sha256(content))) {
          violations.add("witness: " + end);
          return;
        }
        sound.incrementAndGet();
      } catch (IOException e) {
        violations.add("witness: " + e);
        return;
      }
    }
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void attempt(int number) {
    // Multiplied, because random numbers from neighbouring seeds begin alike.
    Random random = new Random((seed * 7_919 + number) * 0x9E37_79B9_7F4A_7C15L);
    // Slow ones are few: each takes as long as the server's patience.
    Attack attack =
        number % 100 == 0
            ? Attack.SLOWLORIS
            : Attack.values()[random.nextInt(Attack.values().length - 1)];
    String answer;
    try (Line line = new Line(server.address().getPort())) {
      line.socket().setSoTimeout(PATIENCE_MILLIS);
      answer = attempt(line, attack, random);
    } catch (SocketTimeoutException e) {
      answer = "nothing";
      violations.add(attack + " number " + number + ": no answer and no end");
    } catch (IOException e) {
      answer = "closed";
    }
    String given = answer;
    synchronized (attempts) {
      attempts.merge(attack, 1, Integer::sum);
      answers.computeIfAbsent(attack, key -> new TreeMap<>()).merge(given, 1, Integer::sum);
    }
    if (expectsError(attack) && !given.startsWith("err ")) {
      violations.add(attack + " number " + number + ": " + given + " (expected an err line)");
    }
  }

  /// The others may happen to be sound, or end the connection themselves.
  private static boolean expectsError(Attack attack) {
    return switch (attack) {
      case HELLO_LONG, NAMES, OVERSIZED, BOMB, SLOWLORIS -> true;
      case HELLO_MUTATED, HELLO_GARBAGE, STREAM_MUTATED, RESET -> false;
    };
  }

  private String attempt(Line line, Attack attack, Random random) throws IOException {
    switch (attack) {
      case HELLO_MUTATED -> {
        byte[] hello = hello(random).getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(4); i >= 0; i--) {
          hello[random.nextInt(hello.length - 1)] = (byte) random.nextInt(256);
        }
        return afterSending(line, hello);
      }
      case HELLO_GARBAGE -> {
        byte[] garbage = new byte[1 + random.nextInt(6_000)];
        random.nextBytes(garbage);
        return afterSending(line, garbage);
      }
      case HELLO_LONG -> {
        byte[] endless = new byte[Hello.MAX_LINE_BYTES + random.nextInt(50_000)];
        Arrays.fill(endless, (byte) ' ');
        byte[] start = (Hello.PROTOCOL + " {").getBytes(StandardCharsets.UTF_8);
        System.arraycopy(start, 0, endless, 0, start.length);
        return afterSending(line, endless);
      }
      case NAMES -> {
        String trick = TRICKS[random.nextInt(TRICKS.length)];
        String field = random.nextBoolean() ? "session" : "stream";
        String other = field.equals("session") ? "stream" : "session";
        return afterSending(
            line,
            "MCAPIN/1 {\"%s\":\"%s\",\"%s\":\"x\",\"mode\":\"live\"}%n"
                .formatted(field, trick, other)
                .getBytes(StandardCharsets.UTF_8));
      }
      case STREAM_MUTATED -> {
        return afterHello(line, random, mutated(random));
      }
      case OVERSIZED -> {
        long length = (256L << 20) + 1 + (random.nextLong() >>> random.nextInt(63));
        return afterHello(
            line, random, record(1 + random.nextInt(255), random.nextBoolean() ? length : -1, -1));
      }
      case BOMB -> {
        long unpacked = 1L << (30 + random.nextInt(34));
        return afterHello(line, random, record(6, 1_000 + random.nextInt(10_000), unpacked + 1));
      }
      case RESET -> {
        line.socket().setSoLinger(true, 0);
        byte[] hello = hello(random).getBytes(StandardCharsets.UTF_8);
        line.send(hello, 0, random.nextInt(hello.length + 1));
        line.send(recording, 0, random.nextInt(recording.length));
        return "closed";
      }
      case SLOWLORIS -> {
        byte[] hello = hello(random).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < hello.length - 1; i++) {
          line.send(hello, i, 1);
          pause(20);
        }
        return answer(line);
      }
    }
    throw new IllegalStateException(attack.name());
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String hello(Random random) {
    return "MCAPIN/1 {\"session\":\"s%d\",\"stream\":\"all\",\"mode\":\"live\"}%n"
        .formatted(random.nextInt(SESSIONS));
  }

  private byte[] mutated(Random random) {
    byte[] bytes = recording.clone();
    switch (random.nextInt(4)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> {
        bytes = Arrays.copyOf(bytes, bytes.length * 2);
        System.arraycopy(recording, 0, bytes, recording.length, recording.length);
      }
      default -> {
        for (int i = random.nextInt(20); i >= 0; i--) {
          // Half of them where the structure is.
          int at = random.nextBoolean() ? random.nextInt(200) : random.nextInt(bytes.length);
          bytes[at] = (byte) random.nextInt(256);
        }
      }
    }
    return bytes;
  }

  private static byte[] record(int opcode, long length, long unpacked) {
    java.nio.ByteBuffer out =
        java.nio.ByteBuffer.allocate(200).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    out.putLong(0x0A0D_3050_4143_4D89L).put((byte) opcode).putLong(length);
    out.putLong(0).putLong(0).putLong(unpacked);
    return out.array();
  }

  private static String afterHello(Line line, Random random, byte[] bytes) throws IOException {
    // An answer is due at any time: a fenced one is in order, since the sessions are few.
    line.send(hello(random).getBytes(StandardCharsets.UTF_8));
    ServerLine ok = line.next();
    return ok.type().equals("ok") ? afterSending(line, bytes) : said(ok);
  }

  private static String afterSending(Line line, byte[] bytes) throws IOException {
    try {
      line.send(bytes);
      line.socket().shutdownOutput();
    } catch (IOException e) {
      // Refused meanwhile; the reason can be read.
    }
    return answer(line);
  }

  private static String answer(Line line) throws IOException {
    for (ServerLine next = line.nextOrNull(); next != null; next = line.nextOrNull()) {
      if (next.type().equals("err") || next.type().equals("done")) {
        return said(next);
      }
    }
    return "closed";
  }

  private static String said(@Nullable ServerLine line) {
    return line == null ? "closed" : line.type().equals("err") ? "err " + line.code() : line.type();
  }

  /// Nothing lies where a name could have led it, and nothing is left over.
  private void checkStore(Path store) throws IOException, InterruptedException {
    for (int i = 0; server.stats().openConnections() > 0 && i < 1_000; i++) {
      Thread.sleep(10);
    }
    if (server.stats().openConnections() > 0) {
      violations.add(server.stats().openConnections() + " connections are still open");
    }
    for (int i = 0; server.store().waitingBytes() != 0 && i < 1_000; i++) {
      Thread.sleep(10);
    }
    if (server.store().waitingBytes() != 0) {
      violations.add(server.store().waitingBytes() + " bytes wait for the disk");
    }
    try (Stream<Path> all = Files.walk(store)) {
      all.filter(Files::isRegularFile)
          .map(file -> store.relativize(file).toString())
          .filter(name ->
              !name.matches(
                  "lock|journal(\\.tmp)?|scratch/.*|streams/[0-9A-HJKMNP-TV-Z]{26}/"
                      + "(stream\\.json|\\.?[0-9]{5}\\.[a-z.]+)"))
          .forEach(name -> violations.add("unexpected file " + name));
    }
  }
}
