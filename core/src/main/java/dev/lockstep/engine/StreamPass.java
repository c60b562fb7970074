package dev.lockstep.engine;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.Finding;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.Measurement;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.SweepProfile;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.collections.impl.list.mutable.primitive.LongArrayList;
import org.jspecify.annotations.Nullable;

/// One stream of a run: numbers its messages, feeds them to the observers of the stream rules and
/// keeps its ends.
final class StreamPass {
  private final StreamInfo stream;
  private final List<Pass> passes = new ArrayList<>();
  private final List<CheckResult> notApplicable = new ArrayList<>();

  /// Stamps that are kept of a stream at most: 37 hours at 30 Hz, 32 MB. Judged.
  static final int MAX_STAMPS = 1 << 22;

  /// Of each message, or [Times#NONE]: 8 bytes a message, kept only where a rule about labels or
  /// about several streams may ask.
  private final @Nullable LongArrayList stampsNs;

  private @Nullable ReportedStamps reportedStamps;

  private final @Nullable EvenlyKept<Alignment.Sweep> sweepProfiles;
  private final @Nullable EvenlyKept<Alignment.Sample> samples;
  private final @Nullable TurnWatch turns;

  private long messages;

  /// Index of the first message of the capture that is being read.
  private long captureFrom;

  private long bytes;
  private final ShownStamps shown = new ShownStamps();
  private final TimeExtent stampTimes = new TimeExtent();
  private int pictureWidth;
  private int pictureHeight;
  private final TimeExtent logTimes = new TimeExtent();
  private String frameId = "";
  private final Accounts accounts;
  private final DoubtfulMessages doubtful = new DoubtfulMessages();
  private final Consumer<Finding> findings;

  StreamPass(
      StreamInfo stream,
      List<StreamCheck> rules,
      Consumer<Finding> findings,
      boolean keepStamps,
      boolean keepSweeps,
      boolean keepSamples,
      boolean keepTurns,
      Accounts accounts) {
    this.stream = stream;
    this.accounts = accounts;
    this.findings = findings;
    this.turns = keepTurns ? TurnWatch.of(stream) : null;
    if (keepStamps || turns != null) {
      accounts.keep(stream.name());
    }
    this.stampsNs = keepStamps ? new LongArrayList() : null;
    this.sweepProfiles = keepSweeps ? new EvenlyKept<>() : null;
    this.samples = keepSamples ? new EvenlyKept<>() : null;
    for (StreamCheck rule : rules) {
      String reason = rule.notApplicable(stream);
      if (reason != null) {
        notApplicable.add(
            new CheckResult(rule.card(), stream.name(), new Outcome.Skipped(reason), List.of(), 0));
      } else {
        boolean yields = rule.yieldsToLabels() && stream.modality() == Modality.LABELS;
        FindingLog log =
            new FindingLog(
                rule.card(), stream.name(), yields ? f -> {} : findings, accounts, doubtful);
        passes.add(new Pass(rule, log, yields));
      }
    }
    open();
  }

  /// Opens an observer of each rule, for the messages that follow.
  private void open() {
    SharedAnalyses shared = new SharedAnalyses();
    for (Pass pass : passes) {
      pass.open(stream, captureFrom, shared);
    }
  }

  /// Name of the stream.
  String name() {
    return stream.name();
  }

  void accept(MessageBatch batch) {
    batch.setFirstIndex(messages);
    doubtful.take(batch);
    int from = 0;
    if (batch.mayHaveFlags(MessageBatch.NEW_CAPTURE)) {
      for (int r = 0; r < batch.size(); r++) {
        if ((batch.flags()[r] & MessageBatch.NEW_CAPTURE) != 0) {
          acceptOfOne(batch.slice(from, r));
          from = r;
          beginCapture();
        }
      }
    }
    acceptOfOne(from == 0 ? batch : batch.slice(from, batch.size()));
  }

  /// Nothing connects what follows with what came before.
  private void beginCapture() {
    if (messages > 0) {
      passes.forEach(Pass::end);
      captureFrom = messages;
      stampTimes.breakOff();
      logTimes.breakOff();
      if (turns != null) {
        turns.breakOff();
      }
      open();
    }
  }

  /// Takes messages of one capture.
  private void acceptOfOne(MessageBatch batch) {
    int size = batch.size();
    if (size == 0) {
      return;
    }
    messages += size;
    long[] stamps = batch.stampsNs();
    stampTimes.take(stamps, size);
    logTimes.take(batch.logTimesNs(), size);
    bytes += sum(batch.lengthsBytes(), size);
    if (stream.modality() == Modality.VIDEO) {
      for (int r = 0; r < size; r++) {
        if (stamps[r] != Times.NONE) {
          shown.add(stamps[r]);
        }
      }
    }
    LongArrayList keptNs = stampsNs;
    for (int r = 0; keptNs != null && r < size && keptNs.size() < MAX_STAMPS; r++) {
      keptNs.add(stamps[r]);
    }
    keepSome(batch);
    int[] widths = batch.pictureWidths();
    for (int r = 0; pictureWidth == 0 && widths.length > 0 && r < size; r++) {
      pictureWidth = widths[r];
      pictureHeight = batch.pictureHeights()[r];
    }
    if (turns != null) {
      turns.accept(batch);
    }
    String named = batch.frameId();
    if (frameId.isEmpty() && named != null) {
      frameId = named;
    }
    // Observers count the messages of their capture.
    long firstIndex = batch.firstIndex();
    batch.setFirstIndex(firstIndex - captureFrom);
    for (Pass pass : passes) {
      pass.accept(batch);
    }
    batch.setFirstIndex(firstIndex);
  }

  private void keepSome(MessageBatch batch) {
    EvenlyKept<Alignment.Sweep> sweeps = sweepProfiles;
    EvenlyKept<Alignment.Sample> kept = samples;
    if (sweeps == null && kept == null) {
      return;
    }
    int[] points = batch.points();
    int[] widths = batch.pictureWidths();
    for (int row = 0; row < batch.size(); row++) {
      long message = batch.firstIndex() + row;
      SweepProfile profile = batch.sweep(row);
      if (sweeps != null && profile != null && message <= Integer.MAX_VALUE) {
        sweeps.accept(message, new Alignment.Sweep((int) message, profile));
      }
      if (kept != null && kept.keeps(message)) {
        long stampNs = batch.stampsNs()[row];
        long logNs = batch.logTimesNs()[row];
        kept.accept(
            message,
            new Alignment.Sample(
                message,
                batch.lengthsBytes()[row],
                points.length == 0 ? -1 : points[row],
                widths.length == 0 ? 0 : widths[row],
                widths.length == 0 ? 0 : batch.pictureHeights()[row],
                stampNs == Times.NONE || logNs == Times.NONE
                    ? Times.NONE
                    : Times.difference(logNs, stampNs)));
      }
    }
  }

  private static long sum(int[] lengths, int size) {
    long sum = 0;
    for (int r = 0; r < size; r++) {
      sum += lengths[r];
    }
    return sum;
  }

  void end() {
    for (Pass pass : passes) {
      pass.end();
    }
  }

  /// Adds how `rule` ended on this stream.
  void collect(StreamCheck rule, List<CheckResult> results, List<Measurement> measurements) {
    for (Pass pass : passes) {
      if (pass.rule.equals(rule)) {
        CheckResult result = pass.log.result(pass.conclusion);
        if (rule.yieldsToLabels()) {
          result = accounts.yielding(result);
        }
        if (pass.yields) {
          result.findings().forEach(findings);
        }
        results.add(result);
        measurements.addAll(pass.log.measurements());
      }
    }
    for (CheckResult skipped : notApplicable) {
      if (skipped.check().id().equals(rule.card().id())) {
        results.add(skipped);
      }
    }
  }

  StreamSummary summary() {
    boolean video = stream.modality() == Modality.VIDEO;
    return new StreamSummary(
        stream,
        messages,
        bytes,
        video ? shown.firstNs() : stampTimes.firstNs(),
        video ? shown.lastNs() : stampTimes.lastNs(),
        logTimes.firstNs(),
        logTimes.lastNs(),
        stampTimes.longestStepNs(),
        logTimes.longestStepNs(),
        frameId,
        pictureWidth,
        pictureHeight);
  }

  /// The stream for rules about several, or null where its stamps were not kept.
  Alignment.@Nullable Stream aligned() {
    if (stampsNs == null) {
      return null;
    }
    return new Alignment.Stream(
        stream,
        stampsNs.toArray(),
        messages,
        sweepProfiles == null ? List.of() : sweepProfiles.kept(),
        samples == null ? List.of() : samples.kept(),
        accounts.of(stream.name()));
  }

  /// How the sensor turned, or null where that was not kept or nothing is known of it.
  Alignment.@Nullable Turning turning() {
    return turns == null ? null : turns.turning(stream, accounts.of(stream.name()));
  }

  LabelCheck.Context.@Nullable Sweeps sweeps() {
    LongArrayList known = stampsNs;
    if (stream.modality() != Modality.LIDAR
        || known == null
        || stampTimes.firstNs() == Times.NONE) {
      return null;
    }
    List<LabelCheck.Context.Absence> missing =
        ReportedStamps.missing(accounts.of(stream.name()), known);
    LongArrayList stamped = new LongArrayList(known.size());
    for (int i = 0; i < known.size(); i++) {
      if (known.get(i) != Times.NONE) {
        stamped.add(known.get(i));
      }
    }
    return new LabelCheck.Context.Sweeps(
        stream.name(), stamped.toArray(), missing, stream.stampSource() != StampSource.LOG_TIME);
  }

  /// What is reported of the stream so far, by stamps, or null where they were not kept.
  @Nullable ReportedStamps reportedStamps() {
    if (stampsNs == null) {
      return null;
    }
    List<Alignment.Absence> absences = accounts.of(stream.name());
    if (reportedStamps == null || reportedStamps.count() != absences.size()) {
      reportedStamps = new ReportedStamps(absences, stampsNs);
    }
    return reportedStamps;
  }

  private static final class Pass {
    private final StreamCheck rule;
    private final FindingLog log;
    private final boolean yields;
    private StreamCheck.@Nullable Observer current;
    private @Nullable Conclusion conclusion;

    Pass(StreamCheck rule, FindingLog log, boolean yields) {
      this.yields = yields;
      this.rule = rule;
      this.log = log;
    }

    void open(StreamInfo stream, long captureFrom, SharedAnalyses shared) {
      CheckSink sink = captureFrom == 0 ? log : new CaptureSink(log, stream.name(), captureFrom);
      current = rule.open(stream, sink, shared);
    }

    void accept(MessageBatch batch) {
      StreamCheck.Observer observer = current;
      if (observer != null && !log.isBroken()) {
        try {
          observer.onBatch(batch);
        } catch (RuntimeException e) {
          log.breaks(e);
        }
      }
    }

    /// Ends what was seen of one capture; what all of them examined counts together.
    void end() {
      StreamCheck.Observer observer = current;
      if (observer != null && !log.isBroken()) {
        try {
          conclusion = joined(conclusion, observer.onEnd());
        } catch (RuntimeException e) {
          log.breaks(e);
        }
      }
    }

    private static Conclusion joined(@Nullable Conclusion before, Conclusion next) {
      if (before instanceof Conclusion.Examined a) {
        return next instanceof Conclusion.Examined b
            ? new Conclusion.Examined(a.count() + b.count())
            : before;
      }
      return next;
    }
  }
}
