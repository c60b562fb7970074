package dev.lockstep.ops;

import dev.lockstep.follow.StreamProgress;
import dev.lockstep.model.Times;
import java.util.Arrays;

/// One sensor over the last minutes: what the strip on the status page is drawn from.
final class SensorHistory {
  /// Samples that are kept, one a second.
  static final int SAMPLES = 120;

  /// A sensor without a new message for so long is shown as silent, if that is also
  /// [#SILENT_FACTOR] times what it usually takes: recorders write in lumps. Both judged.
  private static final long SILENT_MILLIS = 3000;

  private static final int SILENT_FACTOR = 3;

  /// Waits from which the usual one follows.
  private static final int WAITS = 4;

  /// What a sample says.
  enum Mark {
    /// Nothing was known yet.
    NONE('-'),
    /// Messages came, as usual.
    STEADY('s'),
    /// Messages came, with a gap between them.
    GAP('g'),
    /// None came for a while.
    SILENT('q');

    final char letter;

    Mark(char letter) {
      this.letter = letter;
    }
  }

  private final Mark[] marks = new Mark[SAMPLES];
  private final double[] rates = new double[SAMPLES];
  private final double[] offsetsMillis = new double[SAMPLES];
  private StreamProgress newest;
  private String part;
  private final long[] waitsMillis = new long[WAITS];
  private int waits;
  private long longestGapBeforeNs;
  private long gapsSampled;
  private long gapsBefore;
  private long messagesBefore;
  private long changedMillis;
  private long sampled;

  SensorHistory(String part, StreamProgress first, long nowMillis) {
    this.part = part;
    this.newest = first;
    this.changedMillis = nowMillis;
    Arrays.fill(marks, Mark.NONE);
  }

  void update(String part, StreamProgress progress, long nowMillis) {
    if (!part.equals(this.part)) {
      // The next split: its counts begin anew.
      gapsBefore += newest.gaps();
      messagesBefore += newest.messages();
      longestGapBeforeNs = longestGapNs();
      this.part = part;
      changedMillis = nowMillis;
    } else if (progress.messages() != newest.messages()) {
      waitsMillis[waits++ % WAITS] = nowMillis - changedMillis;
      changedMillis = nowMillis;
    }
    newest = progress;
  }

  void sample(long nowMillis) {
    int at = (int) (sampled++ % SAMPLES);
    long usualMillis = Arrays.stream(waitsMillis).max().orElse(0);
    boolean silent =
        nowMillis - changedMillis > Math.max(SILENT_MILLIS, SILENT_FACTOR * usualMillis);
    marks[at] = silent ? Mark.SILENT : gaps() > gapsSampled ? Mark.GAP : Mark.STEADY;
    gapsSampled = gaps();
    rates[at] = silent ? 0 : newest.rateHertz();
    offsetsMillis[at] = newest.offsetNs() == Times.NONE ? Double.NaN : newest.offsetNs() / 1e6;
  }

  StreamProgress newest() {
    return newest;
  }

  String part() {
    return part;
  }

  long gaps() {
    return gapsBefore + newest.gaps();
  }

  long longestGapNs() {
    return Math.max(longestGapBeforeNs, newest.longestGapNs());
  }

  long messages() {
    return messagesBefore + newest.messages();
  }

  double ageSeconds(long nowMillis) {
    return Math.max(0, nowMillis - changedMillis) / 1000.0;
  }

  /// The samples from the oldest to the newest; a letter each.
  String marks() {
    StringBuilder text = new StringBuilder(SAMPLES);
    for (int i = 0; i < SAMPLES; i++) {
      text.append(marks[index(i)].letter);
    }
    return text.toString();
  }

  /// The rate of sample `i`, Hz, counted from the oldest.
  double rate(int i) {
    return rates[index(i)];
  }

  /// The offset of sample `i`, ms; NaN where unknown.
  double offsetMillis(int i) {
    return marks[index(i)] == Mark.NONE ? Double.NaN : offsetsMillis[index(i)];
  }

  private int index(int i) {
    return (int) ((sampled + i) % SAMPLES);
  }
}
