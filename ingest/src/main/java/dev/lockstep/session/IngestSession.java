package dev.lockstep.session;

import dev.lockstep.check.Finding;
import dev.lockstep.report.JsonReport;
import dev.lockstep.store.Payload;
import dev.lockstep.store.Seal;
import dev.lockstep.store.StorageException;
import dev.lockstep.wire.ErrorCode;
import dev.lockstep.wire.Hello;
import dev.lockstep.wire.HelloParser;
import dev.lockstep.wire.McapFraming;
import dev.lockstep.wire.RefusedException;
import dev.lockstep.wire.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One connection, from its first byte to its last.
///
/// ```text
///           hello line          admitted            end of the part          sealed
///  HELLO ───────────► ADMITTING ─────────► STREAMING ─────────────► FINISHING ─────► done, CLOSED
///    │                   │  └ sealed before ──────┼──────────────────────────────► done, CLOSED
///    │ limit, malformed  │ any code               │ input ended         │
///    ▼                   ▼                        ▼                     │ fenced, storage
///  err, CLOSED       err, CLOSED              LEAVING ── all durable ─► last ack (live: done), CLOSED
/// ```
///
/// All methods run on the connection's thread, other than those that say that they are told: these
/// hop there.
public final class IngestSession {
  private static final int MAGIC_BYTES = 8;

  private static final byte[] MAGIC = {(byte) 0x89, 'M', 'C', 'A', 'P', '0', '\r', '\n'};

  private enum State {
    HELLO,
    ADMITTING,
    STREAMING,
    FINISHING,
    LEAVING,
    CLOSED
  }

  private record Held(ByteBuffer bytes, Runnable release) {}

  private final IngestHub hub;
  private final Peer peer;
  private final SessionLimits limits;
  private final IngestStats stats;
  private final ArrayDeque<Held> held = new ArrayDeque<>();
  private final HelloLine line = new HelloLine();
  private State state = State.HELLO;
  private @Nullable Hello hello;
  private @Nullable PartRun run;
  private @Nullable McapFraming framing;
  private long accepted;
  private long acknowledged;
  private long durable;
  private boolean resumed;
  private boolean inputEnded;
  private long missedFindings;
  private final long startedMillis = System.currentTimeMillis();
  private final long startedNs;
  private final Progress progress;

  /// A connection that was just made.
  public IngestSession(IngestHub hub, Peer peer) {
    this.hub = hub;
    this.peer = peer;
    this.limits = hub.limits();
    this.stats = hub.stats();
    startedNs = System.nanoTime();
    progress = new Progress(startedNs);
    stats.connected();
  }

  long startedMillis() {
    return startedMillis;
  }

  Peer peer() {
    return peer;
  }

  /// Bytes came; `release` is called once, when they are no longer needed.
  public void received(ByteBuffer bytes, Runnable release) {
    switch (state) {
      case HELLO -> helloBytes(bytes, release);
      case ADMITTING -> held.add(new Held(bytes, release));
      case STREAMING -> accept(bytes, release);
      case FINISHING -> {
        release.run();
        refuse(behindTheEnd(accepted));
      }
      case LEAVING, CLOSED -> release.run();
    }
  }

  private void helloBytes(ByteBuffer bytes, Runnable release) {
    try {
      byte[] whole = line.take(bytes);
      if (whole == null) {
        release.run();
        return;
      }
      Hello said = HelloParser.parse(whole);
      hello = said;
      state = State.ADMITTING;
      if (bytes.hasRemaining()) {
        held.add(new Held(bytes, release));
      } else {
        release.run();
      }
      peer.reading(false);
      var _ =
          hub.admit(said, this)
              .whenComplete(
                  (admission, failure) -> peer.execute(() -> answered(admission, failure)));
    } catch (RefusedException e) {
      release.run();
      refuse(e);
    }
  }

  private void answered(@Nullable Admission admission, @Nullable Throwable failure) {
    if (state != State.ADMITTING) {
      // Gone meanwhile; the hub was told when that happened, or is now.
      if (admission instanceof Admission.Write write) {
        hub.left(this, write.run(), false);
      }
      return;
    }
    if (admission == null) {
      refuse(IngestHub.refusal(failure));
      return;
    }
    switch (admission) {
      case Admission.Done done -> finished(done.part(), done.seal());
      case Admission.Write write -> {
        run = write.run();
        framing = write.framing();
        accepted = write.durable();
        durable = write.durable();
        acknowledged = write.durable();
        Hello said = Objects.requireNonNull(hello);
        resumed = write.durable() > 0;
        if (write.durable() != said.offset() && !held.isEmpty()) {
          refuse(
              new RefusedException(
                      ErrorCode.GAP,
                      "bytes came before the answer, and they do not go on at byte "
                          + write.durable())
                  .about(write.run().part().number(), write.durable()));
          return;
        }
        peer.send(
            Reply.ok(
                write.run().part().number(),
                write.durable(),
                write.tailCrc32c(),
                limits.records().recordBytes(),
                hub.commitMillis()));
        state = State.STREAMING;
        progress.begin(System.nanoTime());
        peer.reading(true);
        if (isWhole()) {
          finish();
        }
        for (Held next = held.poll(); next != null; next = held.poll()) {
          received(next.bytes(), next.release());
        }
        if (inputEnded && state == State.STREAMING) {
          leave();
        }
      }
    }
  }

  private void accept(ByteBuffer bytes, Runnable release) {
    PartRun writing = Objects.requireNonNull(run);
    int count = bytes.remaining();
    stats.received(count);
    if (resumed && startsOver(bytes)) {
      release.run();
      refuse(
          new RefusedException(
                  ErrorCode.DIVERGED,
                  "the stream starts over (expected byte " + accepted + " of the part)")
              .about(writing.part().number(), durable));
      return;
    }
    resumed = false;
    RefusedException refusal = null;
    int kept;
    McapFraming framed = framing;
    if (framed == null) {
      long size = Objects.requireNonNull(writing.info().sizeBytes());
      kept = (int) Math.min(count, size - accepted);
    } else {
      try {
        kept = framed.accept(bytes);
      } catch (RefusedException e) {
        kept = (int) Math.max(0, framed.recordStart() - accepted);
        refusal = e.about(writing.part().number(), durable);
      }
    }
    RefusedException quota = hub.entry().quota(writing, accepted, kept);
    if (quota != null) {
      release.run();
      refuse(quota.about(writing.part().number(), durable));
      return;
    }
    if (refusal == null && kept < count) {
      refusal = behindTheEnd(accepted + kept);
    }
    boolean more = append(writing, bytes, kept, release);
    if (isWhole()) {
      finish();
    }
    if (refusal != null) {
      refuse(refusal, state == State.STREAMING);
    } else if (!more && state == State.STREAMING) {
      peer.reading(false);
    }
  }

  private boolean append(PartRun writing, ByteBuffer bytes, int kept, Runnable release) {
    if (kept == 0) {
      release.run();
      return true;
    }
    long nowNs = System.nanoTime();
    accepted += kept;
    writing.arrivals().arrived(accepted, nowNs);
    McapFraming framed = framing;
    long records = framed == null ? 0 : framed.records();
    progress.came(kept, records, nowNs);
    return writing
        .part()
        .append(
            new Payload(
                bytes.slice(bytes.position(), kept),
                framed == null ? 0 : Math.min(framed.recordStart(), accepted),
                release));
  }

  /// A client that did not wait for the answer sends the beginning again, which must not be taken
  /// for the rest.
  private static boolean startsOver(ByteBuffer bytes) {
    return bytes.remaining() >= MAGIC_BYTES
        && bytes.slice(bytes.position(), MAGIC_BYTES).equals(ByteBuffer.wrap(MAGIC));
  }

  private boolean isWhole() {
    PartRun writing = Objects.requireNonNull(run);
    McapFraming framed = framing;
    Long size = writing.info().sizeBytes();
    return framed != null ? framed.ended() : size != null && accepted == size;
  }

  private static RefusedException behindTheEnd(long offset) {
    return new RefusedException(
        ErrorCode.MALFORMED, "bytes behind the end of the part, at byte " + offset);
  }

  private void finish() {
    PartRun writing = Objects.requireNonNull(run);
    state = State.FINISHING;
    peer.reading(true);
    tellWhenSealed(writing, true);
  }

  private void tellWhenSealed(PartRun writing, boolean complete) {
    var _ =
        hub.seal(writing, complete)
            .whenComplete((seal, failure) ->
                peer.execute(() -> {
                  if (state == State.CLOSED) {
                    return;
                  }
                  if (seal != null) {
                    finished(writing.part().number(), seal);
                  } else {
                    refuse(IngestHub.refusal(failure));
                  }
                }));
  }

  private void finished(int part, Seal seal) {
    peer.send(Reply.done(part, seal.bytes(), seal.complete(), seal.sha256(), seal.verdict()));
    close(false);
  }

  /// The client sends no more, but may still read.
  public void inputEnded() {
    inputEnded = true;
    switch (state) {
      case HELLO -> close(false);
      case STREAMING -> leave();
      case ADMITTING, FINISHING, LEAVING, CLOSED -> {}
    }
  }

  /// A bare end: what came becomes durable, and a live part ends here.
  private void leave() {
    PartRun writing = Objects.requireNonNull(run);
    state = State.LEAVING;
    if (!writing.info().resumable()) {
      tellWhenSealed(writing, false);
      return;
    }
    var _ =
        writing
            .part()
            .settled()
            .whenComplete((nothing, failure) ->
                peer.execute(() -> {
                  if (state == State.LEAVING) {
                    acknowledge();
                    close(false);
                  }
                }));
  }

  /// The connection is gone.
  public void disconnected() {
    close(false);
  }

  /// The client reads again.
  public void writabilityChanged() {
    if (peer.isWritable()) {
      acknowledge();
    }
  }

  /// Told by the store.
  void durable(long bytes) {
    peer.execute(() -> {
      durable = Math.max(durable, bytes);
      if (peer.isWritable()) {
        acknowledge();
      }
    });
  }

  /// Only the newest count is worth sending: a client that does not read costs nothing.
  private void acknowledge() {
    PartRun writing = run;
    if (writing != null
        && durable > acknowledged
        && (state == State.STREAMING || state == State.FINISHING || state == State.LEAVING)) {
      acknowledged = durable;
      peer.send(Reply.ack(writing.part().number(), durable));
    }
  }

  /// Told by the store.
  void queueHasRoom() {
    peer.execute(() -> {
      if (state == State.STREAMING) {
        peer.reading(true);
      }
    });
  }

  /// Told by the store.
  void storageFailed(StorageException cause) {
    peer.execute(() -> refuse(IngestHub.refusal(cause)));
  }

  /// Told by the checks.
  void found(int part, Finding finding) {
    peer.execute(() -> {
      Hello said = hello;
      if (said == null || !said.findings() || state == State.CLOSED) {
        return;
      }
      if (!peer.isWritable()) {
        missedFindings++;
        return;
      }
      peer.send(Reply.finding(part, missedFindings, json -> JsonReport.writeFields(json, finding)));
      missedFindings = 0;
    });
  }

  /// Told by the hub: another connection writes this stream now. Completes when no byte of this one
  /// can follow.
  CompletableFuture<Void> fence() {
    CompletableFuture<Void> fenced = new CompletableFuture<>();
    peer.execute(() -> {
      refuse(new RefusedException(ErrorCode.FENCED, "a newer connection writes this stream"));
      fenced.complete(null);
    });
    return fenced;
  }

  /// Told by the hub: what came becomes durable and is acknowledged, then the connection ends.
  void stop(RefusedException why) {
    peer.execute(() -> {
      if (state == State.HELLO || state == State.ADMITTING) {
        refuse(why);
      } else if (state == State.STREAMING) {
        PartRun writing = Objects.requireNonNull(run);
        state = State.LEAVING;
        peer.reading(false);
        var _ =
            writing
                .part()
                .settled()
                .whenComplete((nothing, failure) ->
                    peer.execute(() -> {
                      acknowledge();
                      refuse(why);
                    }));
      }
    });
  }

  /// Called about once a second.
  public void tick(long nowNs) {
    if (state == State.HELLO && nowNs - startedNs > limits.helloNs()) {
      refuse(
          new RefusedException(
              ErrorCode.LIMIT,
              "hello line: not complete after " + limits.helloNs() / 1_000_000L + " ms"));
    } else if (state == State.STREAMING && progress.lackedFor(nowNs) > limits.idleNs()) {
      refuse(
          new RefusedException(
              ErrorCode.LIMIT,
              "no whole record and less than "
                  + SessionLimits.PROGRESS_BYTES
                  + " bytes in "
                  + limits.idleNs() / 1_000_000L
                  + " ms"));
    }
  }

  private void refuse(RefusedException why) {
    refuse(why, false);
  }

  /// @param hopeless whether the part can never become a sound one: it is sealed at once, so that
  ///   its verdict says so
  private void refuse(RefusedException why, boolean hopeless) {
    if (state == State.CLOSED) {
      return;
    }
    stats.refused(why.code());
    peer.send(why.line());
    close(hopeless);
  }

  private void close(boolean seal) {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    for (Held next = held.poll(); next != null; next = held.poll()) {
      next.release().run();
    }
    PartRun writing = run;
    run = null;
    if (writing != null) {
      hub.left(this, writing, seal);
    }
    // Behind the former: whoever waits for the last connection finds what it set off.
    stats.disconnected();
    peer.close();
  }
}
