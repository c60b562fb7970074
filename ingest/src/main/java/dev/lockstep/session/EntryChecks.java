package dev.lockstep.session;

import dev.lockstep.source.Interruption;
import dev.lockstep.store.Part;
import dev.lockstep.store.PartInfo;
import dev.lockstep.store.PartStore;
import dev.lockstep.store.Seal;
import dev.lockstep.store.StoreLog;
import dev.lockstep.store.StreamFolder;
import dev.lockstep.wire.ErrorCode;
import dev.lockstep.wire.Hello;
import dev.lockstep.wire.McapFraming;
import dev.lockstep.wire.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Whether what a client says can be let in: its token and its quota, and its bytes against those
/// that are stored. Decides only; who writes what is [IngestHub]'s.
///
/// Safe for several threads.
final class EntryChecks {
  private static final int SCAN_BYTES = 1 << 20;

  private final PartStore store;
  private final Tokens tokens;
  private final SessionLimits limits;
  private final StoreLog log;

  EntryChecks(PartStore store, Tokens tokens, SessionLimits limits, StoreLog log) {
    this.store = store;
    this.tokens = tokens;
    this.limits = limits;
    this.log = log;
  }

  /// Whether whoever says `hello` may come in at all.
  void checkEntry(Hello hello, Peer peer) throws RefusedException {
    if (!tokens.allow(hello.token(), hello.session())) {
      throw new RefusedException(
          ErrorCode.AUTH,
          hello.token() == null ? "no token" : "token: not one that may write this session");
    }
    String problem = store.problem();
    if (problem != null) {
      throw new RefusedException(ErrorCode.STORAGE, problem);
    }
    Long size = hello.sizeBytes();
    // Without a quota there is nearly everything left, to which no offset can be added.
    long left = Math.min(store.quotaBytes(hello.session()), Long.MAX_VALUE - hello.offset());
    long allowed = Math.min(left + hello.offset(), store.options().maxPartBytes());
    if (allowed <= 0 || (size != null && size > allowed)) {
      throw new RefusedException(
          ErrorCode.QUOTA,
          (size == null ? "bytes" : "size " + size) + ": " + Math.max(0, allowed) + " bytes left");
    }
    log.note(
        "hello from %s: %s/%s, %s, offset %d"
            .formatted(
                peer.address(), hello.session(), hello.stream(), hello.mode(), hello.offset()));
  }

  /// Why `more` bytes behind `accepted` ones are too many for a part, or null.
  @Nullable RefusedException quota(PartRun run, long accepted, int more) {
    if (accepted + more > store.options().maxPartBytes()) {
      return new RefusedException(
          ErrorCode.QUOTA, "part: more than " + store.options().maxPartBytes() + " bytes");
    }
    if (store.quotaBytes(run.stream().session()) - run.part().queuedBytes() < more) {
      return new RefusedException(ErrorCode.QUOTA, "session or store: no bytes left");
    }
    return null;
  }

  /// Whether what the client says of its part can be what was sealed; it compares the rest.
  static void checkSealed(Hello hello, int number, Seal seal) throws RefusedException {
    Long size = hello.sizeBytes();
    if ((size != null && size != seal.bytes()) || hello.offset() > seal.bytes()) {
      throw new RefusedException(
              ErrorCode.DIVERGED,
              (size != null ? "size " + size : "offset " + hello.offset())
                  + " (the part is sealed with "
                  + seal.bytes()
                  + " bytes)")
          .about(number, seal.bytes());
    }
  }

  /// Whether the client's bytes are those that are stored.
  void checkPrefix(Hello hello, PartRun run, long durable, int last)
      throws RefusedException, IOException {
    int number = run.part().number();
    RefusedException problem = null;
    if (!run.info().resumable()) {
      problem =
          new RefusedException(
              ErrorCode.DIVERGED, "part " + number + " is live (open part " + (last + 1) + ")");
    } else if (!Objects.equals(run.info().sizeBytes(), hello.sizeBytes())) {
      problem =
          new RefusedException(
              ErrorCode.DIVERGED,
              "size "
                  + hello.sizeBytes()
                  + " (the part was opened with "
                  + run.info().sizeBytes()
                  + ")");
    } else if (hello.offset() > durable) {
      problem =
          new RefusedException(
              ErrorCode.GAP, "offset " + hello.offset() + " (expected at most " + durable + ")");
    } else if (hello.offset() > 0) {
      int stored = store.tailCrc(run.part(), hello.offset(), Hello.TAIL_BYTES);
      int said = Objects.requireNonNull(hello.tailCrc32c());
      if (stored != said) {
        problem =
            new RefusedException(
                ErrorCode.DIVERGED,
                "tail_crc32c %08x at byte %d (stored %08x)"
                    .formatted(said, hello.offset(), stored));
      }
    }
    if (problem != null) {
      throw problem.about(number, durable);
    }
  }

  /// Whether a part has ended as it should, as far as it is durable.
  boolean isWhole(Part part, PartInfo info) throws IOException, RefusedException {
    Long size = info.sizeBytes();
    if (size != null) {
      return part.durableBytes() == size;
    }
    return framing(part).ended();
  }

  /// Framing at the end of what is durable: the record under way is read again.
  McapFraming framing(Part part) throws IOException, RefusedException {
    long durable = part.durableBytes();
    McapFraming framing = McapFraming.at(part.recordStart(), limits.records());
    if (durable == 0) {
      return framing;
    }
    try (FileChannel file = FileChannel.open(part.path(), StandardOpenOption.READ)) {
      ByteBuffer piece = ByteBuffer.allocate(SCAN_BYTES);
      long at = part.recordStart();
      while (at < durable) {
        piece.clear().limit((int) Math.min(SCAN_BYTES, durable - at));
        int count = file.read(piece, at);
        if (count < 0) {
          throw new IOException(part.path() + ": ends at byte " + at);
        }
        framing.accept(piece.flip());
        at += count;
      }
    }
    return framing;
  }

  /// The hole that a live client leaves in its stream by beginning anew, or null if its last part
  /// ended as it should.
  @Nullable Interruption interruption(StreamFolder stream, long lostBytes) throws IOException {
    int last = stream.lastPart();
    long now = System.currentTimeMillis();
    if (last < 0) {
      return lostBytes == 0 ? null : new Interruption(-1, 0, 0, now, lostBytes);
    }
    Part part = stream.unsealed(last);
    boolean whole;
    long bytes;
    if (part == null) {
      Seal seal = store.seal(stream, last);
      whole = seal.complete();
      bytes = seal.bytes();
    } else {
      whole = isWholeOnceSettled(part, store.info(stream, last));
      bytes = part.durableBytes();
    }
    if (whole && lostBytes == 0) {
      return null;
    }
    long from = ArrivalLog.lastMillis(stream.file(last, ArrivalLog.SUFFIX));
    return new Interruption(last, bytes, from, now, lostBytes);
  }

  private boolean isWholeOnceSettled(Part part, PartInfo info) throws IOException {
    try {
      await(part.settled());
    } catch (IOException | RefusedException e) {
      // Its disk fails, or is slow: what is durable decides.
      log.note(part.path() + ": " + e.getMessage());
    }
    try {
      return isWhole(part, info);
    } catch (RefusedException e) {
      return false;
    }
  }

  /// Waits for what an earlier connection set off.
  <T> T await(CompletableFuture<T> future) throws RefusedException, IOException {
    try {
      return future.get(limits.settleNs(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new RefusedException(
          ErrorCode.STORAGE, "the bytes of the former connection are not durable yet");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(ErrorCode.STORAGE, "the server stops");
    }
  }
}
