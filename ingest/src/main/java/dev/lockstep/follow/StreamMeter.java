package dev.lockstep.follow;

import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Span;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;

/// Keeps the figures of one stream up to date, in constant memory.
final class StreamMeter {
  /// Steps that the usual one and the rate follow from. Judged: 3 s of a LiDAR.
  private static final int WINDOW = 32;

  /// Messages after which the usual step is looked for again.
  private static final int REFRESH = 16;

  /// A step this many times as long as the usual one is a gap; below 2, at which one message is
  /// missing, and above what jitter does to a sound stream.
  private static final double GAP_FACTOR = 1.75;

  /// Gaps whose places are kept.
  private static final int GAPS_KEPT = 8;

  /// A new offset moves the smoothed one by an eighth of the difference.
  private static final int SMOOTHING = 8;

  private final StreamInfo stream;
  private final long[] stepsNs = new long[WINDOW];
  private final long[] sorted = new long[WINDOW];
  private final ArrayDeque<Span> recentGaps = new ArrayDeque<>();
  private long steps;
  private long usualNs;
  private long messages;
  private long bytes;
  private long firstNs = Times.NONE;
  private long lastNs = Times.NONE;
  private long lastLogTimeNs = Times.NONE;
  private long gaps;
  private long longestGapNs;
  private long offsetNs = Times.NONE;

  StreamMeter(StreamInfo stream) {
    this.stream = stream;
  }

  void accept(MessageBatch batch) {
    for (int row = 0; row < batch.size(); row++) {
      messages++;
      bytes += batch.lengthsBytes()[row];
      long logNs = batch.logTimesNs()[row];
      long stampNs = batch.stampsNs()[row];
      if (logNs != Times.NONE) {
        lastLogTimeNs = logNs;
        if (stampNs != Times.NONE) {
          long nowNs = Times.difference(logNs, stampNs);
          offsetNs = offsetNs == Times.NONE ? nowNs : offsetNs + (nowNs - offsetNs) / SMOOTHING;
        }
      }
      long timeNs = stampNs == Times.NONE ? logNs : stampNs;
      if (timeNs != Times.NONE) {
        step(timeNs);
      }
    }
  }

  private void step(long timeNs) {
    if (lastNs == Times.NONE) {
      firstNs = timeNs;
      lastNs = timeNs;
      return;
    }
    long stepNs = Times.difference(timeNs, lastNs);
    long beforeNs = lastNs;
    lastNs = timeNs;
    if (stepNs <= 0) {
      return;
    }
    if (usualNs > 0 && stepNs > GAP_FACTOR * usualNs) {
      gaps++;
      longestGapNs = Math.max(longestGapNs, stepNs);
      recentGaps.add(new Span(beforeNs, timeNs));
      if (recentGaps.size() > GAPS_KEPT) {
        recentGaps.remove();
      }
    }
    stepsNs[(int) (steps++ % WINDOW)] = stepNs;
    if (steps % REFRESH == 0) {
      int known = (int) Math.min(steps, WINDOW);
      System.arraycopy(stepsNs, 0, sorted, 0, known);
      Arrays.sort(sorted, 0, known);
      usualNs = sorted[known / 2];
    }
  }

  private double rateHertz() {
    int known = (int) Math.min(steps, WINDOW);
    double totalNs = 0;
    for (int i = 0; i < known; i++) {
      totalNs += stepsNs[i];
    }
    return totalNs > 0 ? known * (double) Times.SECOND / totalNs : 0;
  }

  StreamProgress progress() {
    return new StreamProgress(
        stream.name(),
        stream.modality().label(),
        messages,
        bytes,
        rateHertz(),
        firstNs,
        lastNs,
        lastLogTimeNs,
        gaps,
        longestGapNs,
        List.copyOf(recentGaps),
        offsetNs);
  }
}
