package dev.lockstep.clock;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/// Writes down what a tracker reports, one line an event.
final class EventLog implements LatticeEvents {

  private final List<String> lines = new ArrayList<>();
  private final SortedSet<Long> missingSlots = new TreeSet<>();
  private int other;

  /// Follows a whole series and returns what was reported.
  static EventLog of(long[] stampsNs) {
    EventLog log = new EventLog();
    LatticeTracker tracker = new LatticeTracker();
    tracker.accept(stampsNs, 0, stampsNs.length, log);
    tracker.finish(log);
    return log;
  }

  List<String> lines() {
    return lines;
  }

  /// The slots reported as dropped.
  SortedSet<Long> missingSlots() {
    return missingSlots;
  }

  /// Number of events of another kind than dropped.
  int other() {
    return other;
  }

  private void add(String line) {
    other++;
    lines.add(line);
  }

  private static String ms(long ns) {
    return String.format(Locale.ROOT, "%+.1f ms", ns / 1e6);
  }

  @Override
  public void dropped(long firstSlot, long count, long afterMessage, long beforeNs, long afterNs) {
    lines.add("dropped " + firstSlot + " x" + count + " after " + afterMessage);
    for (long i = 0; i < count; i++) {
      missingSlots.add(firstSlot + i);
    }
  }

  @Override
  public void reconnected(
      long firstSlot, long count, long afterMessage, long beforeNs, long afterNs, long stepNs) {
    add("reconnected " + firstSlot + " x" + count + " after " + afterMessage + " " + ms(stepNs));
  }

  @Override
  public void doublet(long message, long stampNs, long excessNs) {
    add("doublet " + message + " " + ms(excessNs));
  }

  @Override
  public void excursion(long firstMessage, int count, long peakExcessNs) {
    add("excursion " + firstMessage + " x" + count + " " + ms(peakExcessNs));
  }

  @Override
  public void phaseStep(long message, long stampNs, long stepNs) {
    add("step " + message + " " + ms(stepNs));
  }

  @Override
  public void extra(long message, long stampNs) {
    add("extra " + message);
  }

  @Override
  public void rateChanged(long message, double fromPeriodNs, double toPeriodNs) {
    add(
        String.format(
            Locale.ROOT, "rate %d %.1f to %.1f ms", message, fromPeriodNs / 1e6, toPeriodNs / 1e6));
  }

  @Override
  public void unlocked(long firstMessage, long count, LatticeFit.Reason reason) {
    add("unlocked " + firstMessage + " x" + count + " " + reason);
  }
}
