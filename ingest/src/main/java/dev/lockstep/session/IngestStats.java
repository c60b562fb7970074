package dev.lockstep.session;

import dev.lockstep.wire.ErrorCode;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// What the endpoint has done since it started; counters only grow.
public final class IngestStats {
  private final LongAdder connections = new LongAdder();
  private final AtomicLong open = new AtomicLong();
  private final LongAdder receivedBytes = new LongAdder();
  private final LongAdder durableBytes = new LongAdder();
  private final LongAdder sealedParts = new LongAdder();
  private final LongAdder reconnects = new LongAdder();
  private final Map<ErrorCode, LongAdder> refused = new EnumMap<>(ErrorCode.class);

  /// All zero.
  public IngestStats() {
    for (ErrorCode code : ErrorCode.values()) {
      refused.put(code, new LongAdder());
    }
  }

  void connected() {
    connections.increment();
    open.incrementAndGet();
  }

  void disconnected() {
    open.decrementAndGet();
  }

  void received(long bytes) {
    receivedBytes.add(bytes);
  }

  void durable(long bytes) {
    durableBytes.add(bytes);
  }

  void sealed() {
    sealedParts.increment();
  }

  void reconnected() {
    reconnects.increment();
  }

  /// Counts a refusal.
  public void refused(ErrorCode code) {
    LongAdder adder = refused.get(code);
    if (adder != null) {
      adder.increment();
    }
  }

  /// Connections so far.
  public long connections() {
    return connections.sum();
  }

  /// Connections now.
  public long openConnections() {
    return open.get();
  }

  /// Bytes of streams that arrived.
  public long receivedBytes() {
    return receivedBytes.sum();
  }

  /// Bytes that became durable.
  public long durableBytes() {
    return durableBytes.sum();
  }

  /// Parts that were sealed.
  public long sealedParts() {
    return sealedParts.sum();
  }

  /// Connections that went on with, or replaced, what an earlier one of their stream had begun.
  public long reconnects() {
    return reconnects.sum();
  }

  /// Refusals with `code`.
  public long refusals(ErrorCode code) {
    LongAdder adder = refused.get(code);
    return adder == null ? 0 : adder.sum();
  }
}
