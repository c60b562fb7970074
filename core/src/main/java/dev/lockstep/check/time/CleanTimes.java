package dev.lockstep.check.time;

import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A stream's times without the faults that [StampWatch] found, one a message in order: a message
/// that strayed or has no time repeats the one before it, and behind a move of the clock times go
/// on [ClockReading#APART_NS] later.
///
/// Rows are valid until the next batch. Messages under examination come with a later batch.
final class CleanTimes {
  /// Rows from `from` on became known with message `known`, those before on their own.
  private record Late(int from, int to, long known) {}

  private final List<Late> late = new ArrayList<>();
  private long[] timesNs = new long[64];
  private int size;
  private long firstMessage;
  private int restart = -1;
  private long lastNs = Times.NONE;

  void clear() {
    late.clear();
    firstMessage += size;
    size = 0;
    restart = -1;
  }

  void reserve(int rows) {
    if (timesNs.length < size + rows) {
      timesNs = Arrays.copyOf(timesNs, size + rows);
    }
  }

  void add(long timeNs) {
    if (size == timesNs.length) {
      timesNs = Arrays.copyOf(timesNs, 2 * size);
    }
    lastNs = timeNs;
    timesNs[size++] = timeNs;
  }

  void addRepeat() {
    add(lastNs);
  }

  /// Rows from `from` on came to light with message `known` only.
  void markLate(int from, long known) {
    late.add(new Late(from, size, known));
  }

  /// All times so far had strayed; the stream really starts with the next row.
  void startOver() {
    restart = size;
  }

  long[] timesNs() {
    return timesNs;
  }

  int size() {
    return size;
  }

  /// Index of the message of row 0.
  long firstMessage() {
    return firstMessage;
  }

  /// The row at which the stream really starts, or -1 where nothing of the kind came to light.
  int restart() {
    return restart;
  }

  /// Index of the message with which the time of `message` became known.
  long knownWith(long message) {
    for (Late rows : late) {
      long row = message - firstMessage;
      if (row >= rows.from && row < rows.to) {
        return rows.known;
      }
    }
    return message;
  }
}
