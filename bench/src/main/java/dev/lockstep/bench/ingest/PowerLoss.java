package dev.lockstep.bench.ingest;

import dev.lockstep.bench.ingest.PowerLossFiles.PowerCutException;
import dev.lockstep.store.FileLayer.OpenFile;
import dev.lockstep.store.Part;
import dev.lockstep.store.PartInfo;
import dev.lockstep.store.PartStore;
import dev.lockstep.store.Payload;
import dev.lockstep.store.Seal;
import dev.lockstep.store.StorageException;
import dev.lockstep.store.StoreLog;
import dev.lockstep.store.StoreOptions;
import dev.lockstep.store.StreamFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Drives a store over a disk that loses power, runs full or fails to sync, and holds what it said
/// against what is there afterwards.
///
/// One round: some hundred steps (append, commit, seal, new part) with one fault at a random call,
/// then a start, again with a fault at times, until the store is open; then every promise is
/// checked:
///
/// - a byte that was acknowledged is there, with its value;
/// - no other byte than what was sent is there, at any place below the durable mark;
/// - a part that was said to be sealed still is, byte for byte;
/// - the store opens by itself.
final class PowerLoss {
  /// What is done to the store.
  enum Fault {
    /// The process is killed; the cache survives.
    KILL("process killed"),
    /// Power is cut: unsynced writes dropped, reordered, torn at 512 bytes.
    POWER("power cut"),
    /// A sync fails, and the process is killed later.
    SYNC("fdatasync fails, then killed"),
    /// A sync fails; the process is killed or the power goes, in any order.
    SYNC_POWER("fdatasync fails, then killed and power cut in turns"),
    /// A write fails half done for want of space.
    FULL("disk full, then power cut");

    final String words;

    Fault(String words) {
      this.words = words;
    }
  }

  private static final Path ROOT = Path.of("/store");
  private static final int STREAMS = 3;
  private static final int STEPS = 120;
  private static final int MAX_PIECE_BYTES = 3_000;
  private static final StoreOptions OPTIONS =
      new StoreOptions(
          0, 1 << 20, 1 << 20, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, 1000, 0);

  private final long seed;
  private final Fault fault;
  private final Random random;
  private final PowerLossFiles files;
  private final List<Sent> sent = new ArrayList<>();
  private long acknowledged;

  /// What one part was sent, and what its client was told.
  private static final class Sent implements Part.Listener {
    final String stream;
    final int number;
    byte[] bytes = {};
    long told;
    boolean failed;
    boolean sealing;
    boolean sealed;

    Sent(String stream, int number) {
      this.stream = stream;
      this.number = number;
    }

    @Override
    public void durable(long durable) {
      if (failed) {
        throw new IllegalStateException("acknowledged after a failure");
      }
      told = Math.max(told, durable);
    }

    @Override
    public void writable() {}

    @Override
    public void failed(StorageException cause) {
      failed = true;
    }
  }

  private PowerLoss(long seed, Fault fault) {
    this.seed = seed;
    this.fault = fault;
    this.random = new Random(seed);
    this.files = new PowerLossFiles(random, ROOT);
  }

  /// What rounds came to.
  ///
  /// @param rounds how many
  /// @param acknowledgedBytes bytes that the store had promised to keep when the fault came
  record Result(long rounds, long acknowledgedBytes) {}

  /// Plays `rounds` rounds of each fault.
  ///
  /// @throws AssertionError if a promise was broken; the message tells seed and fault
  static Map<Fault, Result> play(long firstSeed, int rounds) {
    Map<Fault, Result> results = new EnumMap<>(Fault.class);
    for (Fault fault : Fault.values()) {
      long bytes = 0;
      for (int i = 0; i < rounds; i++) {
        PowerLoss round = new PowerLoss(firstSeed + i, fault);
        round.play();
        bytes += round.acknowledged;
      }
      results.put(fault, new Result(rounds, bytes));
    }
    return results;
  }

  private void play() {
    try {
      // Several lives of one store: what one recovery left is the next one's beginning.
      for (int life = 0; life < 4; life++) {
        live();
        check();
      }
    } catch (IOException | RuntimeException e) {
      throw new AssertionError("seed " + seed + ", " + fault + ": " + e, e);
    }
  }

  private PartStore open() throws IOException {
    return new PartStore(
        files, ROOT, OPTIONS, Runnable::run, Runnable::run, () -> 1_000, StoreLog.NONE);
  }

  private void live() throws IOException {
    PartStore store = open();
    if (fault == Fault.KILL || fault == Fault.POWER) {
      files.cutAfter(random.nextInt(STEPS * 8));
    }
    int faultAt = random.nextInt(STEPS);
    try {
      for (int step = 0; step < STEPS; step++) {
        if (step == faultAt) {
          if (fault == Fault.SYNC || fault == Fault.SYNC_POWER) {
            // The journal is synced first, then the files.
            files.failSyncs(random.nextInt(4), 1 + random.nextInt(2));
          } else if (fault == Fault.FULL) {
            files.failWrites(1 + random.nextInt(3));
          }
        }
        step(store);
      }
    } catch (PowerCutException e) {
      // The moment of the fault.
    }
    acknowledged += sent.stream().mapToLong(part -> part.told).sum();
    restart();
    // Recovery may itself be cut off; the next start then finds what it left.
    for (int i = 0; i < 2; i++) {
      files.cutAfter(random.nextInt(60));
      try {
        open();
        break;
      } catch (PowerCutException e) {
        restart();
      }
    }
    files.cutAfter(Long.MAX_VALUE);
    for (Sent part : sent) {
      part.failed = false;
    }
  }

  private void restart() {
    if (fault == Fault.KILL
        || fault == Fault.SYNC
        || fault == Fault.SYNC_POWER && random.nextBoolean()) {
      files.restartProcess();
    } else {
      files.restartMachine();
    }
  }

  private void step(PartStore store) throws IOException {
    String name = "stream" + random.nextInt(STREAMS);
    StreamFolder stream;
    try {
      stream = store.findOrCreate("session", name);
    } catch (IOException e) {
      return;
    }
    Sent part = writing(store, stream);
    if (part == null) {
      return;
    }
    Part stored = stream.unsealed(part.number);
    if (stored == null) {
      return;
    }
    try {
      int choice = random.nextInt(20);
      if (choice < 12) {
        append(stored, part);
      } else if (choice < 19) {
        store.commitNow();
      } else {
        seal(store, stream, stored, part);
      }
    } catch (IOException e) {
      // Said to whoever asked; nothing was promised.
    }
  }

  /// The part of a stream that is not sealed; a new one where there is none.
  private @Nullable Sent writing(PartStore store, StreamFolder stream) {
    try {
      for (Sent part : sent) {
        if (part.stream.equals(stream.stream()) && !part.sealed) {
          Part stored = stream.unsealed(part.number);
          if (stored == null) {
            continue;
          }
          if (stored.failure() != null) {
            stored = store.reopen(stream, stored);
            part.failed = false;
            part.bytes = Arrays.copyOf(part.bytes, (int) stored.durableBytes());
          }
          stored.listen(part);
          return part;
        }
      }
      Part made = store.create(stream, new PartInfo(true, null, 1, null));
      Sent part = new Sent(stream.stream(), made.number());
      made.listen(part);
      sent.removeIf(old -> old.stream.equals(part.stream) && old.number == part.number);
      sent.add(part);
      return part;
    } catch (IOException e) {
      return null;
    }
  }

  private void append(Part stored, Sent part) {
    byte[] piece = new byte[1 + random.nextInt(MAX_PIECE_BYTES)];
    random.nextBytes(piece);
    if (part.failed) {
      return;
    }
    int before = part.bytes.length;
    part.bytes = Arrays.copyOf(part.bytes, before + piece.length);
    System.arraycopy(piece, 0, part.bytes, before, piece.length);
    stored.append(new Payload(ByteBuffer.wrap(piece), before, () -> {}));
  }

  private void seal(PartStore store, StreamFolder stream, Part stored, Sent part)
      throws IOException {
    store.commitNow();
    if (part.failed || !stored.settled().isDone()) {
      return;
    }
    part.sealing = true;
    store.seal(stream, stored, new Seal(stored.durableBytes(), true, "0".repeat(64), "clean"));
    part.sealed = true;
  }

  private void check() throws IOException {
    PartStore store = open();
    List<Sent> gone = new ArrayList<>();
    for (Sent part : sent) {
      StreamFolder stream = store.find("session", part.stream);
      boolean there = stream != null && part.number <= stream.lastPart();
      if (!there || stream == null) {
        expect(part.told == 0 && !part.sealed, part, "is gone, though bytes were acknowledged");
        gone.add(part);
        continue;
      }
      Part stored = stream.unsealed(part.number);
      expect(!part.sealed || stored == null, part, "was sealed and is not");
      expect(stored != null || part.sealing, part, "is sealed, and nobody sealed it");
      long durable =
          stored == null ? store.seal(stream, part.number).bytes() : stored.durableBytes();
      expect(durable >= part.told, part, durable + " bytes of " + part.told + " acknowledged");
      expect(durable <= part.bytes.length, part, durable + " bytes, more than were sent");
      byte[] content = read(stream.file(part.number, ".mcap"));
      expect(content.length == durable, part, "length " + content.length + ", durable " + durable);
      expect(
          Arrays.equals(content, Arrays.copyOf(part.bytes, (int) durable)),
          part,
          "other bytes than were sent");
      // What was lost unacknowledged is sent again, as a client would.
      part.bytes = Arrays.copyOf(part.bytes, (int) durable);
      part.told = durable;
      part.sealed = stored == null;
      part.sealing = part.sealed;
    }
    sent.removeAll(gone);
  }

  private byte[] read(Path file) throws IOException {
    try (OpenFile in = files.open(file)) {
      byte[] content = new byte[(int) in.size()];
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        in.read(buffer, buffer.position());
      }
      return content;
    }
  }

  private static void expect(boolean holds, Sent part, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(part.stream + " part " + part.number + " " + otherwise);
    }
  }
}
