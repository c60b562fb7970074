package dev.lockstep.session;

import dev.lockstep.check.Finding;
import dev.lockstep.session.PartChecks.PartCheck;
import dev.lockstep.store.Part;
import dev.lockstep.store.PartInfo;
import dev.lockstep.store.Seal;
import dev.lockstep.store.StorageException;
import dev.lockstep.store.StreamFolder;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A part that is not sealed, with its checks and whoever writes it.
///
/// Hands what the store tells on to both.
final class PartRun implements Part.Listener {
  private final StreamFolder stream;
  private final Part part;
  private final PartInfo info;
  private final PartChecks checks;
  private final IngestStats stats;
  private final ArrivalLog arrivals;
  private @Nullable PartCheck check;
  private @Nullable CompletableFuture<Seal> sealing;
  private volatile @Nullable IngestSession owner;
  private volatile long leftNs;
  private long durableBytes;

  PartRun(StreamFolder stream, Part part, PartInfo info, PartChecks checks, IngestStats stats) {
    this.stream = stream;
    this.part = part;
    this.info = info;
    this.checks = checks;
    this.stats = stats;
    this.arrivals = new ArrivalLog(stream.file(part.number(), ArrivalLog.SUFFIX));
    this.leftNs = System.nanoTime();
    this.durableBytes = part.durableBytes();
    part.listen(this);
  }

  /// What the recording is called: session, stream and file.
  String name() {
    return stream.name() + "/" + part.path().getFileName();
  }

  StreamFolder stream() {
    return stream;
  }

  Part part() {
    return part;
  }

  PartInfo info() {
    return info;
  }

  ArrivalLog arrivals() {
    return arrivals;
  }

  @Nullable IngestSession owner() {
    return owner;
  }

  /// Since when nobody writes; meaningless while somebody does.
  long leftNs() {
    return leftNs;
  }

  void attach(IngestSession session) {
    owner = session;
    PartCheck open = check();
    open.advance(part.durableBytes());
  }

  void detach() {
    owner = null;
    leftNs = System.nanoTime();
  }

  /// The checks, opened if they are not.
  synchronized PartCheck check() {
    PartCheck open = check;
    if (open == null) {
      open = checks.open(part.path(), name(), this::found);
      check = open;
    }
    return open;
  }

  /// Lets go of the checks; they start over when they are needed again.
  synchronized void park() {
    PartCheck open = check;
    if (open != null && sealing == null) {
      open.close();
      check = null;
    }
  }

  synchronized @Nullable CompletableFuture<Seal> sealing() {
    return sealing;
  }

  /// Claims the sealing; false if it is under way.
  synchronized boolean seal(CompletableFuture<Seal> future) {
    if (sealing != null) {
      return false;
    }
    sealing = future;
    return true;
  }

  synchronized void sealFailed() {
    sealing = null;
  }

  private void found(Finding finding) {
    IngestSession session = owner;
    if (session != null) {
      session.found(part.number(), finding);
    }
  }

  @Override
  public void durable(long bytes) {
    stats.durable(bytes - durableBytes);
    durableBytes = bytes;
    PartCheck open;
    synchronized (this) {
      open = check;
    }
    if (open != null) {
      open.advance(bytes);
    }
    IngestSession session = owner;
    if (session != null) {
      session.durable(bytes);
    }
  }

  @Override
  public void writable() {
    IngestSession session = owner;
    if (session != null) {
      session.queueHasRoom();
    }
  }

  @Override
  public void failed(StorageException cause) {
    IngestSession session = owner;
    if (session != null) {
      session.storageFailed(cause);
    }
  }
}
