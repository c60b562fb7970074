package dev.lockstep.engine;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckSink;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Span;
import org.jspecify.annotations.Nullable;

/// Takes what a rule finds in one of several captures of a stream, whose messages it counts from 0,
/// and numbers them as the stream does.
///
/// @param log of the whole stream
/// @param stream name of the stream
/// @param first index in the stream of the capture's first message
record CaptureSink(CheckSink log, String stream, long first) implements CheckSink {
  @Override
  public void report(
      Severity severity,
      String title,
      Location location,
      Evidence evidence,
      @Nullable Cause cause) {
    Span messages = location.messages();
    Location at = location;
    if (messages != null && stream.equals(location.stream())) {
      at = location.withMessages(messages.first() + first, messages.last() + first);
    }
    log.report(severity, title, at, evidence, cause);
  }

  @Override
  public void lacks(String of, long after, long before, long count) {
    boolean ours = stream.equals(of);
    long behind = ours && before != Long.MAX_VALUE ? before + first : before;
    log.lacks(of, ours ? after + first : after, behind, count);
  }

  @Override
  public void accountsForMessages(String of, long from, long to) {
    boolean ours = stream.equals(of);
    log.accountsForMessages(of, ours ? from + first : from, ours ? to + first : to);
  }

  @Override
  public void accountsFor(String of, long firstStampNs, long lastStampNs) {
    log.accountsFor(of, firstStampNs, lastStampNs);
  }

  @Override
  public void measure(String quantity, double value, String unit) {
    log.measure(quantity, value, unit);
  }
}
