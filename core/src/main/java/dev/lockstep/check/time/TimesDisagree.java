package dev.lockstep.check.time;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// TIM014: stamp, publish time and log time of messages contradict each other.
///
/// Stamps that leave their own course are for the rules about stamps; here they are held against
/// the log time as a whole. Log times that leave theirs, and publish times that leave the log time,
/// are told message by message.
public final class TimesDisagree implements StreamCheck {
  private static final CheckCard.Parameter AHEAD =
      new CheckCard.Parameter(
          "max-ahead",
          "ms",
          50,
          "judged: clocks of one vehicle that claim to be synchronised agree better than this");
  private static final CheckCard.Parameter BEHIND =
      new CheckCard.Parameter("max-behind", "s", 10, "judged: longer than any queue of messages");

  static final long AHEAD_NS = (long) AHEAD.value() * Times.MILLISECOND;
  static final long BEHIND_NS = (long) BEHIND.value() * Times.SECOND;

  /// Two clocks further apart than this count from different beginnings, or the recording was
  /// recorded again from an old one.
  private static final long YEAR_NS = 365L * 86_400 * Times.SECOND;

  /// Messages from which on a stream may lie behind as a whole. Judged: what is sent once and kept
  /// for late receivers (transforms, maps) is as old as it is.
  private static final int LEAST_BEHIND = 10;

  private static final String STAMP = "stamp";
  private static final String PUBLISH = "publish time";
  private static final String BOTH = "stamp and publish time";

  /// Differences of two times from the log time that count as one. Judged: what lies between them
  /// is the way from sensor to sender.
  private static final long ALIKE_NS = Times.SECOND;

  private static final CheckCard CARD =
      CheckCard.of(
          "TIM014",
          TimesDisagree.class,
          Severity.ERROR,
          "Stamp, publish time and log time of messages contradict each other.",
          AHEAD,
          BEHIND);

  @Override
  public CheckCard card() {
    return CARD;
  }

  /// The recorder's clock is that of all streams: where it jumps, one finding tells it.
  @Override
  public boolean yieldsToLabels() {
    return true;
  }

  @Override
  public @Nullable String notApplicable(StreamInfo stream) {
    return switch (stream.stampSource()) {
      case HEADER, LOG_TIME -> null;
      case FILE_NAME, LIST, COLUMN, MEDIA_TIME, FRAME_NUMBER ->
          "the format keeps one time a message";
    };
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Differences(stream, sink, StampWatch.of(stream, shared));
  }

  private static final class Differences implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private final boolean stamped;
    private final StampWatch stamps;
    private final StampWatch logTimes = StampWatch.ofLogTimes();
    private final UsualDifference header = new UsualDifference();
    private final PublishTimes publish = new PublishTimes();
    private long compared;

    Differences(StreamInfo stream, CheckSink sink, StampWatch stamps) {
      this.stream = stream;
      this.sink = sink;
      this.stamped = stream.stampSource() == StampSource.HEADER;
      this.stamps = stamps;
    }

    @Override
    public void onBatch(MessageBatch batch) {
      stamps.accept(batch);
      publish.accept(batch);
      if (!stamped) {
        judgeFresh();
        return;
      }
      long[] stampsNs = batch.stampsNs();
      long[] logNs = batch.logTimesNs();
      for (int r = 0; r < batch.size(); r++) {
        if (stampsNs[r] != Times.NONE && logNs[r] != Times.NONE) {
          compared++;
          if (stampsNs[r] != 0 && header.isOpen()) {
            header.add(Times.difference(stampsNs[r], logNs[r]));
          }
        }
      }
      logTimes.accept(batch);
      judgeFresh();
    }

    /// Strays of both times, in the order in which they became known.
    private void judgeFresh() {
      Iterator<PublishTimes.Strayed> published = publish.fresh().iterator();
      PublishTimes.@Nullable Strayed strayed = next(published);
      for (Step step : logTimes.fresh()) {
        while (strayed != null && strayed.known() <= step.known()) {
          report(strayed);
          strayed = next(published);
        }
        judge(step);
      }
      while (strayed != null) {
        report(strayed);
        strayed = next(published);
      }
    }

    private static PublishTimes.@Nullable Strayed next(Iterator<PublishTimes.Strayed> published) {
      return published.hasNext() ? published.next() : null;
    }

    private void report(PublishTimes.Strayed strayed) {
      long messages = strayed.last() - strayed.first() + 1;
      sink.report(
          Severity.ERROR,
          "the publish time leaves the log time",
          Location.stream(stream.name()).withMessages(strayed.first(), strayed.last()),
          new Evidence.Violation(
              messages == 1 ? "publish time" : "publish times of " + messages + " messages",
              strayed.publishNs() + " ns, " + Numbers.duration(strayed.offNs()) + " off",
              "within " + Numbers.duration(AHEAD_NS) + " ahead of the log time"),
          Moves.named(strayed.offNs()));
    }

    private void judge(Step step) {
      switch (step.kind()) {
        case STRAYED ->
            report(Severity.ERROR, "a log time lies far from its neighbours", step, step.offNs());
        case MOVED -> {
          if (step.isFar()) {
            report(Severity.WARNING, "the log time jumps and stays there", step, step.offNs());
          } else {
            disorder(step);
          }
        }
        case RETURNED ->
            report(Severity.INFO, "the log time is back on its course", step, step.offNs());
        case DECREASED -> disorder(step);
        case REPEATED -> {}
      }
    }

    private void disorder(Step step) {
      sink.report(
          step.offNs() < -AHEAD_NS ? Severity.WARNING : Severity.INFO,
          "messages are in order of their stamps, but not of log time",
          step.location(stream),
          new Evidence.Disorder("log time", step.beforeNs(), step.stampNs()));
    }

    private void report(Severity severity, String title, Step step, long offNs) {
      sink.report(
          severity,
          title,
          Location.stream(stream.name()).withMessages(step.firstMessage(), step.lastMessage()),
          new Evidence.Violation(
              step.messages() == 1 ? "log time" : "log times of " + step.messages() + " messages",
              step.stampNs() + " ns, " + Numbers.duration(offNs) + " off",
              "near " + step.beforeNs() + " ns"),
          step.stampNs() == 0
              ? new Cause("never-set", "the log time was never set: it is 0")
              : Moves.named(offNs));
    }

    @Override
    public Conclusion onEnd() {
      stamps.end();
      publish.end();
      if (stamped) {
        logTimes.end();
      }
      judgeFresh();
      boolean published = publish.isKnown();
      boolean judged = stamped && header.isKnown() && StampUnitWrong.slipOfAll(stamps, stream) == 0;
      // Where both lie off alike, it is the log time that keeps another clock: one finding.
      boolean alike =
          published
              && judged
              && isOff(publish.usualNs())
              && isOff(header.usualNs())
              && Math.abs(Times.difference(publish.usualNs(), header.usualNs())) < ALIKE_NS;
      if (published) {
        sink.measure("publish-minus-log", publish.usualNs(), "ns");
        if (!alike && (publish.usualNs() > 0 || publish.compared() >= LEAST_BEHIND)) {
          reportUsual(stream, sink, PUBLISH, publish.usualNs());
        }
      }
      if (stamped && header.isKnown()) {
        sink.measure("stamp-minus-log", header.usualNs(), "ns");
        boolean told = header.usualNs() > 0 || header.count() >= LEAST_BEHIND;
        if (alike && told) {
          reportUsual(stream, sink, BOTH, header.usualNs(), publish.usualNs());
        } else if (judged && told) {
          reportUsual(stream, sink, STAMP, header.usualNs());
        }
      }
      return Conclusion.examined(compared + publish.compared(), "messages have one time only");
    }
  }

  private static boolean isOff(long usualNs) {
    return usualNs > AHEAD_NS || usualNs < -BEHIND_NS;
  }

  private static void reportUsual(StreamInfo stream, CheckSink sink, String time, long usualNs) {
    reportUsual(stream, sink, time, usualNs, usualNs);
  }

  /// Reports a time that as a rule lies further from the log time than it may.
  ///
  /// @param namedNs the difference by which the clocks are told, the more exact one of two
  private static void reportUsual(
      StreamInfo stream, CheckSink sink, String time, long usualNs, long namedNs) {
    boolean ahead = usualNs > AHEAD_NS;
    if (!isOff(usualNs)) {
      return;
    }
    Cause cause = Moves.named(namedNs);
    Severity severity =
        Math.abs(usualNs) > YEAR_NS
            ? Severity.INFO
            : ahead || cause != null ? Severity.ERROR : Severity.WARNING;
    sink.report(
        severity,
        "the "
            + time
            + (time.equals(BOTH) ? " keep" : " keeps")
            + " another clock than the log time",
        Location.stream(stream.name()),
        new Evidence.Violation(
            "median " + time + " minus log time",
            Numbers.duration(usualNs) + " (" + usualNs + " ns)",
            "-" + Numbers.duration(BEHIND_NS) + " to " + Numbers.duration(AHEAD_NS)),
        cause);
    if (!time.equals(PUBLISH) && severity != Severity.INFO) {
      sink.lacks(stream.name(), -1, Long.MAX_VALUE, 0);
    }
  }
}
