package dev.lockstep.check.time;

import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;

/// Holds a stream's publish times against its log times, as part of [TimesDisagree].
///
/// The usual difference is learned first; then a message whose difference leaves it is reported if
/// it was its publish time that jumped. Where the log time jumped, that is for others to report.
final class PublishTimes {
  /// Messages in a row whose publish time left the log time.
  ///
  /// @param known index of the message with which it became known, [Long#MAX_VALUE] at the end
  record Strayed(long first, long last, long publishNs, long offNs, long known) {}

  /// Times within this of the epoch, either way, have differences that fit.
  private static final long FITS_NS = Long.MAX_VALUE / 4;

  private final List<Strayed> fresh = new ArrayList<>();
  private final UsualDifference usual = new UsualDifference();
  private final long[] firstMessages = new long[UsualDifference.LEARN];
  private final long[] firstPublishNs = new long[UsualDifference.LEARN];
  private final long[] firstLogNs = new long[UsualDifference.LEARN];
  private int waiting;
  private boolean learned;
  private long usualNs;
  private long compared;
  private long current;

  private long lastPublishNs;
  private long lastLogNs;

  private long runFirst = -1;
  private long runLast;
  private long runPublishNs;
  private long runOffNs;

  long compared() {
    return compared;
  }

  /// What became known with the last batch or at the end.
  List<Strayed> fresh() {
    return fresh;
  }

  void accept(MessageBatch batch) {
    fresh.clear();
    long[] publishNs = batch.publishTimesNs();
    long[] logNs = batch.logTimesNs();
    int size = batch.size();
    for (int r = learned && runFirst < 0 ? steady(publishNs, logNs, size) : 0; r < size; r++) {
      long published = publishNs[r];
      long logged = logNs[r];
      if (published == Times.NONE || logged == Times.NONE) {
        continue;
      }
      compared++;
      current = batch.firstIndex() + r;
      if (learned) {
        judge(current, published, logged);
      } else {
        firstMessages[waiting] = current;
        firstPublishNs[waiting] = published;
        firstLogNs[waiting] = logged;
        usual.add(Times.difference(published, logged));
        waiting++;
        if (!usual.isOpen()) {
          learn();
        }
      }
    }
  }

  /// Passes over the messages in front that do not stray, and returns how many they are.
  ///
  /// Most do not. They are compared without calls, in local variables: the first compiler, which
  /// most runs get, leaves a loop no better than it is written.
  private int steady(long[] publishNs, long[] logNs, int size) {
    if (usualNs < -FITS_NS || usualNs > FITS_NS) {
      return 0;
    }
    long lowNs = usualNs - TimesDisagree.BEHIND_NS;
    long highNs = usualNs + TimesDisagree.AHEAD_NS;
    int r = 0;
    for (; r < size; r++) {
      long logged = logNs[r];
      long differenceNs = publishNs[r] - logged;
      // One whose difference does not fit is left to the careful way, and so is one without a time.
      if (differenceNs < lowNs
          || differenceNs > highNs
          || publishNs[r] < -FITS_NS
          || publishNs[r] > FITS_NS
          || logged < -FITS_NS
          || logged > FITS_NS) {
        break;
      }
    }
    compared += r;
    if (r > 0) {
      lastPublishNs = publishNs[r - 1];
      lastLogNs = logNs[r - 1];
    }
    return r;
  }

  private void learn() {
    learned = true;
    if (waiting == 0) {
      return;
    }
    usualNs = usual.usualNs();
    // The first message is held against the second as the second is against the first.
    int other = Math.min(1, waiting - 1);
    lastPublishNs = firstPublishNs[other];
    lastLogNs = firstLogNs[other];
    for (int i = 0; i < waiting; i++) {
      judge(firstMessages[i], firstPublishNs[i], firstLogNs[i]);
    }
  }

  private void judge(long message, long publishNs, long logNs) {
    long differenceNs = Times.difference(publishNs, logNs);
    long offNs = Times.difference(differenceNs, usualNs);
    boolean strays =
        offNs < -TimesDisagree.BEHIND_NS
            || offNs > TimesDisagree.AHEAD_NS && differenceNs > TimesDisagree.AHEAD_NS;
    if (!strays) {
      closeRun();
    } else if (runFirst >= 0) {
      runLast = message;
    } else {
      long publishStep = Math.abs(Times.difference(publishNs, lastPublishNs));
      long logStep = Math.abs(Times.difference(logNs, lastLogNs));
      if (publishStep > logStep) {
        runFirst = message;
        runLast = message;
        runPublishNs = publishNs;
        runOffNs = offNs;
      }
    }
    lastPublishNs = publishNs;
    lastLogNs = logNs;
  }

  private void closeRun() {
    if (runFirst >= 0) {
      fresh.add(new Strayed(runFirst, runLast, runPublishNs, runOffNs, current));
      runFirst = -1;
    }
  }

  void end() {
    fresh.clear();
    current = Long.MAX_VALUE;
    if (!learned) {
      learn();
    }
    closeRun();
  }

  boolean isKnown() {
    return usual.isKnown();
  }

  /// The usual publish time minus log time, ns; it must be known.
  long usualNs() {
    return usualNs;
  }
}
