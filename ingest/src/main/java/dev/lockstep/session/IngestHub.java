package dev.lockstep.session;

import dev.lockstep.source.Interruption;
import dev.lockstep.store.Part;
import dev.lockstep.store.PartInfo;
import dev.lockstep.store.PartStore;
import dev.lockstep.store.Seal;
import dev.lockstep.store.StorageException;
import dev.lockstep.store.StoreLog;
import dev.lockstep.store.StreamFolder;
import dev.lockstep.wire.ErrorCode;
import dev.lockstep.wire.Hello;
import dev.lockstep.wire.McapFraming;
import dev.lockstep.wire.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What all connections share: who is let in, who writes which stream, and when a part is sealed.
///
/// Safe for several threads. What touches the disk runs on the control threads, never on that of a
/// connection; for one stream it runs one after the other.
public final class IngestHub {
  /// Sealed parts that are remembered until somebody asks.
  private static final int MAX_TOLD = 256;

  private final PartStore store;
  private final PartChecks checks;
  private final EntryChecks entry;
  private final SessionLimits limits;
  private final IngestStats stats;
  private final ExecutorService control;
  private final StoreLog log;
  private final Map<String, Slot> slots = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<SealedPart> sealed = new ConcurrentLinkedQueue<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private volatile @Nullable RefusedException stopping;

  /// One stream; its lock orders everything that happens to it.
  private static final class Slot {
    final Map<Integer, PartRun> runs = new ConcurrentHashMap<>();
    @Nullable IngestSession writer;
  }

  /// @param control runs what may block; its threads are the hub's alone
  /// @param log told what a person may want to know, one sentence each
  public IngestHub(
      PartStore store,
      PartChecks checks,
      Tokens tokens,
      SessionLimits limits,
      IngestStats stats,
      ExecutorService control,
      StoreLog log) {
    this.store = store;
    this.checks = checks;
    this.entry = new EntryChecks(store, tokens, limits, log);
    this.limits = limits;
    this.stats = stats;
    this.control = control;
    this.log = log;
  }

  SessionLimits limits() {
    return limits;
  }

  /// What has been done so far.
  public IngestStats stats() {
    return stats;
  }

  long commitMillis() {
    return store.options().commitMillis();
  }

  /// Takes up what an earlier process left unsealed: whole parts and parts whose client cannot come
  /// back are sealed, the others wait.
  public void takeUp() {
    for (StreamFolder stream : store.streams()) {
      for (Part part : stream.unsealed()) {
        control.execute(() -> takeUp(stream, part));
      }
    }
  }

  private void takeUp(StreamFolder stream, Part part) {
    Slot slot = slot(stream.session(), stream.stream());
    synchronized (slot) {
      if (slot.runs.containsKey(part.number()) || stream.unsealed(part.number()) != part) {
        return;
      }
      try {
        PartRun run = runOf(slot, stream, part);
        if (entry.isWhole(run.part(), run.info())) {
          var _ = seal(run, true);
        } else if (!run.info().resumable()) {
          var _ = seal(run, false);
        }
      } catch (IOException | RefusedException e) {
        log.problem(part.path() + ": " + e.getMessage());
      }
    }
  }

  private Slot slot(String session, String stream) {
    return slots.computeIfAbsent(session + "/" + stream, name -> new Slot());
  }

  /// Answers a hello, or fails with a [RefusedException].
  CompletableFuture<Admission> admit(Hello hello, IngestSession session) {
    CompletableFuture<Admission> answer = new CompletableFuture<>();
    try {
      control.execute(() -> {
        try {
          RefusedException stop = stopping;
          if (stop != null) {
            throw stop;
          }
          entry.checkEntry(hello, session.peer());
          Slot slot = slot(hello.session(), hello.stream());
          CompletableFuture<Admission> admission;
          synchronized (slot) {
            admission = admit(hello, session, slot);
          }
          var _ =
              admission.whenComplete((done, failure) -> {
                if (failure != null) {
                  answer.completeExceptionally(failure);
                } else {
                  answer.complete(done);
                }
              });
        } catch (RefusedException | IOException | RuntimeException | OutOfMemoryError e) {
          answer.completeExceptionally(e);
        }
      });
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(new RefusedException(ErrorCode.STORAGE, "the server stops"));
    }
    return answer;
  }

  private CompletableFuture<Admission> admit(Hello hello, IngestSession session, Slot slot)
      throws RefusedException, IOException {
    IngestSession older = slot.writer;
    if (older != null) {
      entry.await(older.fence());
      stats.reconnected();
    }
    slot.writer = null;
    StreamFolder stream = store.findOrCreate(hello.session(), hello.stream());
    int last = stream.lastPart();
    if (hello.mode() == Hello.Mode.LIVE) {
      PartRun before = slot.runs.get(last);
      if (before != null) {
        flushArrivals(before);
      }
      Interruption hole = entry.interruption(stream, hello.lostBytes());
      if (hole != null) {
        if (older == null) {
          stats.reconnected();
        }
        log.note(stream.name() + ": part " + (last + 1) + " after a hole: " + hole.hole());
      }
      return write(hello, session, slot, create(slot, stream, hello, hole), 0);
    }
    Integer asked = hello.part();
    int number = asked != null ? asked : Math.max(last, 0);
    if (number > last + 1) {
      throw new RefusedException(
              ErrorCode.GAP, "part " + number + " (expected at most " + (last + 1) + ")")
          .about(Math.max(last, 0), 0);
    }
    if (number > last) {
      if (hello.offset() > 0) {
        throw new RefusedException(
                ErrorCode.GAP, "offset " + hello.offset() + " in a new part (expected 0)")
            .about(number, 0);
      }
      return write(hello, session, slot, create(slot, stream, hello, null), 0);
    }
    Part part = stream.unsealed(number);
    if (part == null) {
      Seal seal = store.seal(stream, number);
      EntryChecks.checkSealed(hello, number, seal);
      return CompletableFuture.completedFuture(new Admission.Done(number, seal));
    }
    PartRun run = runOf(slot, stream, part);
    CompletableFuture<Seal> sealing = run.sealing();
    if (sealing != null) {
      return sealing.thenApply(seal -> new Admission.Done(number, seal));
    }
    entry.await(run.part().settled());
    long durable = run.part().durableBytes();
    entry.checkPrefix(hello, run, durable, stream.lastPart());
    return write(hello, session, slot, run, durable);
  }

  private CompletableFuture<Admission> write(
      Hello hello, IngestSession session, Slot slot, PartRun run, long durable)
      throws IOException, RefusedException {
    McapFraming framing = hello.sizeBytes() == null ? entry.framing(run.part()) : null;
    int tail = store.tailCrc(run.part(), durable, Hello.TAIL_BYTES);
    slot.writer = session;
    run.attach(session);
    return CompletableFuture.completedFuture(new Admission.Write(run, durable, framing, tail));
  }

  private PartRun create(
      Slot slot, StreamFolder stream, Hello hello, @Nullable Interruption interruption)
      throws IOException {
    // Older parts of the stream will not grow any more.
    for (PartRun run : slot.runs.values()) {
      var _ = seal(run, false);
    }
    boolean resumable = hello.mode() == Hello.Mode.SPOOL;
    PartInfo info =
        new PartInfo(resumable, hello.sizeBytes(), System.currentTimeMillis(), interruption);
    Part part = store.create(stream, info);
    PartRun run = new PartRun(stream, part, info, checks, stats);
    slot.runs.put(part.number(), run);
    return run;
  }

  private PartRun runOf(Slot slot, StreamFolder stream, Part part) throws IOException {
    PartRun known = slot.runs.get(part.number());
    if (known != null && known.part().failure() == null) {
      return known;
    }
    if (known != null) {
      known.park();
    }
    Part usable = store.reopen(stream, part);
    PartInfo info;
    try {
      info = store.info(stream, part.number());
    } catch (IOException e) {
      log.problem(part.path() + ": what was announced cannot be read: " + e.getMessage());
      info = new PartInfo(true, null, 0, null);
    }
    PartRun run = new PartRun(stream, usable, info, checks, stats);
    slot.runs.put(part.number(), run);
    return run;
  }

  /// What may come in.
  EntryChecks entry() {
    return entry;
  }

  /// `session` writes `run` no more.
  void left(IngestSession session, PartRun run, boolean seal) {
    underWay.incrementAndGet();
    try {
      control.execute(() -> {
        try {
          leave(session, run, seal);
        } finally {
          underWay.decrementAndGet();
        }
      });
    } catch (RejectedExecutionException e) {
      // The hub has stopped; the next start takes the part up.
      underWay.decrementAndGet();
    }
  }

  private void leave(IngestSession session, PartRun run, boolean seal) {
    Slot slot = slot(run.stream().session(), run.stream().stream());
    synchronized (slot) {
      if (slot.writer == session) {
        slot.writer = null;
      }
      if (run.owner() == session) {
        run.detach();
      }
      flushArrivals(run);
      boolean current = slot.runs.get(run.part().number()) == run;
      if (current && (seal || !run.info().resumable())) {
        var _ = seal(run, false);
      }
    }
  }

  private void flushArrivals(PartRun run) {
    try {
      run.arrivals().flush();
    } catch (IOException e) {
      log.problem(run.part().path() + ": arrivals not kept: " + e.getMessage());
    }
  }

  /// Seals a part once all of it is durable and checked; a second call joins the first.
  CompletableFuture<Seal> seal(PartRun run, boolean complete) {
    CompletableFuture<Seal> future = new CompletableFuture<>();
    if (!run.seal(future)) {
      CompletableFuture<Seal> underWay = run.sealing();
      return underWay == null ? seal(run, complete) : underWay;
    }
    underWay.incrementAndGet();
    var _ = future.whenComplete((seal, failure) -> underWay.decrementAndGet());
    var _ =
        run.part()
            .settled()
            .thenCompose(nothing -> run.check().complete(run.part().durableBytes()))
            .thenAcceptAsync(
                checked -> {
                  Seal seal =
                      new Seal(
                          run.part().durableBytes(), complete, checked.sha256(), checked.verdict());
                  try {
                    flushArrivals(run);
                    store.seal(run.stream(), run.part(), seal);
                  } catch (IOException e) {
                    throw new CompletionException(e);
                  }
                  stats.sealed();
                  sealed.add(new SealedPart(run.name(), seal, checked.findings()));
                  if (sealed.size() > MAX_TOLD) {
                    sealed.poll();
                  }
                  Slot slot = slot(run.stream().session(), run.stream().stream());
                  synchronized (slot) {
                    slot.runs.remove(run.part().number());
                  }
                  log.note(
                      "%s part %d: sealed, %d bytes, %s, %s"
                          .formatted(
                              run.stream().name(),
                              run.part().number(),
                              seal.bytes(),
                              complete ? "complete" : "cut off",
                              seal.verdict()));
                  future.complete(seal);
                },
                control)
            .exceptionally(failure -> {
              run.sealFailed();
              log.problem(run.part().path() + ": not sealed: " + failure.getMessage());
              future.completeExceptionally(failure);
              return null;
            });
    return future;
  }

  /// Called about once a second: stops writers when the disk is nearly full, lets go of what nobody
  /// uses, seals what nobody will come back for. Returns at once.
  public void sweep() {
    // One at a time: what is waited for under the lock of a stream may take long.
    if (sweeping.compareAndSet(false, true)) {
      control.execute(() -> {
        try {
          boolean full = store.isNearlyFull();
          for (Slot slot : slots.values()) {
            synchronized (slot) {
              sweep(slot, full, System.nanoTime());
            }
          }
        } finally {
          sweeping.set(false);
        }
      });
    }
  }

  private void sweep(Slot slot, boolean full, long now) {
    IngestSession writer = slot.writer;
    if (full && writer != null) {
      writer.stop(new RefusedException(ErrorCode.STORAGE, "free space is used up"));
    }
    for (PartRun run : List.copyOf(slot.runs.values())) {
      flushArrivals(run);
      if (run.owner() != null || run.sealing() != null) {
        continue;
      }
      StorageException failure = run.part().failure();
      if (failure != null) {
        if (!failure.forGood() && !run.info().resumable()) {
          try {
            var _ = seal(runOf(slot, run.stream(), run.part()), false);
          } catch (IOException e) {
            log.problem(run.part().path() + ": still not writable: " + e.getMessage());
          }
        }
        continue;
      }
      long left = now - run.leftNs();
      if (!run.info().resumable() || left > limits.resumeNs()) {
        var _ = seal(run, false);
      } else if (left > limits.parkNs() && run.part().settled().isDone()) {
        run.park();
        store.park(run.part());
      }
    }
  }

  /// All parts that are not sealed and were touched since the start.
  public List<OpenPart> openParts() {
    List<OpenPart> parts = new ArrayList<>();
    for (Slot slot : slots.values()) {
      for (PartRun run : slot.runs.values()) {
        IngestSession writer = run.owner();
        parts.add(
            new OpenPart(
                run.name(),
                run.stream().session(),
                run.stream().stream(),
                run.part().number(),
                run.part().acceptedBytes(),
                run.part().durableBytes(),
                run.part().failure() != null,
                writer == null ? "" : writer.peer().address(),
                writer == null ? 0 : writer.startedMillis()));
      }
    }
    return parts;
  }

  /// The parts that were sealed since the last call, or the newest of them.
  public List<SealedPart> takeSealed() {
    List<SealedPart> parts = new ArrayList<>();
    for (SealedPart next = sealed.poll(); next != null; next = sealed.poll()) {
      parts.add(next);
    }
    return parts;
  }

  /// Whether parts are being left or sealed.
  public boolean isBusy() {
    return underWay.get() > 0;
  }

  /// Lets nobody in any more, and ends all connections once their bytes are durable.
  public void stop() {
    RefusedException why = new RefusedException(ErrorCode.STORAGE, "the server stops");
    stopping = why;
    for (Slot slot : slots.values()) {
      control.execute(() -> {
        synchronized (slot) {
          IngestSession writer = slot.writer;
          if (writer != null) {
            writer.stop(why);
          }
        }
      });
    }
  }

  /// What the wire says of a failure.
  static RefusedException refusal(@Nullable Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case RefusedException refused -> refused;
      case IOException io ->
          new RefusedException(ErrorCode.STORAGE, String.valueOf(io.getMessage()));
      case null, default -> new RefusedException(ErrorCode.STORAGE, "internal fault: " + cause);
    };
  }
}
