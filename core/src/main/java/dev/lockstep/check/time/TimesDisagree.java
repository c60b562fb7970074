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
import dev.lockstep.model.Order;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
    private final LogTimeMoves moves = new LogTimeMoves();
    private final PlacesChanged stampPlaces = new PlacesChanged();
    private final PlacesChanged publishPlaces = new PlacesChanged();
    private final List<Told> told = new ArrayList<>();
    private final long[] recentNs = new long[PlacesChanged.LOOK];
    private @Nullable MessageBatch batch;
    private long compared;
    private boolean learnedAcross;

    Differences(StreamInfo stream, CheckSink sink, StampWatch stamps) {
      this.stream = stream;
      this.sink = sink;
      this.stamped = stream.stampSource() == StampSource.HEADER;
      this.stamps = stamps;
    }

    /// What became known with a message; nothing of it depends on how messages are cut into
    /// batches.
    private record Told(long known, Runnable report) {}

    @Override
    public void onBatch(MessageBatch batch) {
      this.batch = batch;
      long before = compared;
      long published = publish.compared();
      stamps.accept(batch);
      publish.accept(batch);
      publish.fresh().forEach(s -> told.add(new Told(s.known(), () -> report(s))));
      if (stamped) {
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
        logTimes.fresh().forEach(s -> told.add(new Told(s.known(), () -> judge(s))));
        if (compared > before) {
          follow(batch);
        }
      }
      if (publish.compared() > published) {
        followPublished(batch);
      }
      judgeFresh();
      for (int r = Math.max(0, batch.size() - recentNs.length); r < batch.size(); r++) {
        recentNs[slot(batch.firstIndex() + r)] = batch.stampsNs()[r];
      }
    }

    private int slot(long message) {
      return (int) (message % recentNs.length);
    }

    /// Watches how long messages are under way.
    private void follow(MessageBatch batch) {
      long[] stampsNs = batch.stampsNs();
      long[] logNs = batch.logTimesNs();
      int size = batch.size();
      for (int r = moves.steady(stampsNs, logNs, size); r < size; r++) {
        LogTimeMoves.Move move = moves.accept(batch.firstIndex() + r, stampsNs[r], logNs[r]);
        if (move != null) {
          told.add(new Told(batch.firstIndex() + r, () -> report(move)));
        }
      }
      for (int r = stampPlaces.steady(logNs, stampsNs, size); r < size; r++) {
        long message = batch.firstIndex() + r;
        if (stampPlaces.accept(message, logNs[r], stampsNs[r])) {
          told.add(new Told(message, () -> reportChanged(STAMP, stampPlaces)));
        }
      }
    }

    private void followPublished(MessageBatch batch) {
      long[] publishNs = batch.publishTimesNs();
      long[] logNs = batch.logTimesNs();
      int size = batch.size();
      for (int r = publishPlaces.steady(logNs, publishNs, size); r < size; r++) {
        long message = batch.firstIndex() + r;
        if (publishPlaces.accept(message, logNs[r], publishNs[r])) {
          told.add(new Told(message, this::reportPublished));
        }
      }
    }

    private void reportPublished() {
      // Where the stamp changed places at the same message, it was the log time that was exchanged.
      if (!(stampPlaces.told() && stampPlaces.first() == publishPlaces.first())) {
        reportChanged(PUBLISH, publishPlaces);
      }
    }

    /// Tells what became known, in that order.
    private void judgeFresh() {
      told.sort(Order.byLong(Told::known));
      told.forEach(t -> t.report.run());
      told.clear();
    }

    private void reportChanged(String time, PlacesChanged places) {
      long first = places.first();
      long firstNs = stampNs(first);
      sink.report(
          Severity.ERROR,
          "from here on " + time + " and log time stand in each other's place",
          Location.stream(stream.name())
              .withMessages(first, first)
              .withKnownStamps(firstNs, firstNs),
          new Evidence.Violation(
              time + " minus log time",
              Numbers.duration(places.usualNs()) + " as a rule",
              "-" + Numbers.duration(places.beforeNs()) + " as before"),
          new Cause("times-exchanged", "a writer exchanges the two"));
      sink.lacks(stream.name(), first - 1, first + 1, 0);
      if (time.equals(STAMP)) {
        // Both jump where they change places.
        sink.accountsForMessages(stream.name(), first - 1, first + PlacesChanged.LOOK);
      }
    }

    /// The stamp of a message of this batch or of the end of the one before; else the nearest one.
    private long stampNs(long message) {
      MessageBatch own = Objects.requireNonNull(batch);
      if (message >= own.firstIndex()) {
        return own.stampsNs()[(int) (message - own.firstIndex())];
      }
      return recentNs[slot(message)];
    }

    private void report(PublishTimes.Strayed strayed) {
      if (publishPlaces.told() && strayed.first() >= publishPlaces.first()) {
        return;
      }
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

    private void report(LogTimeMoves.Move move) {
      reportMoved(move.first(), move.stampNs(), move.beforeNs(), move.logNs(), move.offNs());
    }

    /// Says that the log time moved, also to those who hold streams side by side.
    private void reportMoved(long first, long stampNs, long beforeNs, long logNs, long offNs) {
      sink.report(
          Severity.WARNING,
          "the log time jumps and stays there",
          Location.stream(stream.name())
              .withMessages(first, first)
              .withKnownStamps(stampNs, stampNs),
          new Evidence.Violation(
              "log time",
              logNs + " ns, " + Numbers.duration(offNs) + " off",
              "near " + beforeNs + " ns"),
          Moves.named(offNs));
      sink.lacks(stream.name(), first - 1, first, 0);
      // What is usual was learned across the move.
      learnedAcross |= first < UsualDifference.LEARN;
    }

    private void judge(Step step) {
      switch (step.kind()) {
        case STRAYED ->
            report(Severity.ERROR, "a log time lies far from its neighbours", step, step.offNs());
        case MOVED -> {
          if (step.isFar()) {
            reportMoved(
                step.firstMessage(),
                stampNs(step.firstMessage()),
                step.beforeNs(),
                step.stampNs(),
                step.offNs());
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
      publish.fresh().forEach(s -> told.add(new Told(s.known(), () -> report(s))));
      if (stamped) {
        logTimes.end();
        logTimes.fresh().forEach(s -> told.add(new Told(s.known(), () -> judge(s))));
      }
      judgeFresh();
      boolean published = publish.isKnown();
      boolean judged =
          stamped
              && header.isKnown()
              && !learnedAcross
              && StampUnitWrong.slipOfAll(stamps, stream) == 0;
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
