package dev.lockstep.engine;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.CheckResult;
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
import dev.lockstep.model.StreamInfo;
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

  private final @Nullable SweepKeeper sweepProfiles;

  private long messages;
  private long bytes;
  private long firstStampNs = Times.NONE;
  private long lastStampNs = Times.NONE;
  private long firstLogTimeNs = Times.NONE;
  private long lastLogTimeNs = Times.NONE;
  private long longestStampStepNs;
  private long longestLogStepNs;
  private String frameId = "";
  private final Accounts accounts;
  private final Consumer<Finding> findings;

  StreamPass(
      StreamInfo stream,
      List<StreamCheck> rules,
      Consumer<Finding> findings,
      boolean keepStamps,
      boolean keepSweeps,
      Accounts accounts) {
    this.stream = stream;
    this.accounts = accounts;
    this.findings = findings;
    if (keepStamps) {
      accounts.keep(stream.name());
    }
    this.stampsNs = keepStamps ? new LongArrayList() : null;
    this.sweepProfiles = keepSweeps ? new SweepKeeper() : null;
    SharedAnalyses shared = new SharedAnalyses();
    for (StreamCheck rule : rules) {
      String reason = rule.notApplicable(stream);
      if (reason != null) {
        notApplicable.add(
            new CheckResult(rule.card(), stream.name(), new Outcome.Skipped(reason), List.of(), 0));
      } else {
        boolean yields = rule.yieldsToLabels() && stream.modality() == Modality.LABELS;
        FindingLog log =
            new FindingLog(rule.card(), stream.name(), yields ? f -> {} : findings, accounts);
        passes.add(new Pass(rule, rule.open(stream, log, shared), log, yields));
      }
    }
  }

  /// Name of the stream.
  String name() {
    return stream.name();
  }

  void accept(MessageBatch batch) {
    int size = batch.size();
    if (size == 0) {
      return;
    }
    batch.setFirstIndex(messages);
    messages += size;
    long[] stamps = batch.stampsNs();
    long[] logTimes = batch.logTimesNs();
    int[] lengths = batch.lengthsBytes();
    for (int r = 0; r < size; r++) {
      bytes += lengths[r];
      if (stamps[r] != Times.NONE) {
        longestStampStepNs = longer(longestStampStepNs, lastStampNs, stamps[r]);
        lastStampNs = stamps[r];
        if (firstStampNs == Times.NONE) {
          firstStampNs = stamps[r];
        }
      }
      if (stampsNs != null && stampsNs.size() < MAX_STAMPS) {
        stampsNs.add(stamps[r]);
      }
      if (logTimes[r] != Times.NONE) {
        longestLogStepNs = longer(longestLogStepNs, lastLogTimeNs, logTimes[r]);
        lastLogTimeNs = logTimes[r];
        if (firstLogTimeNs == Times.NONE) {
          firstLogTimeNs = logTimes[r];
        }
      }
    }
    if (sweepProfiles != null) {
      sweepProfiles.accept(batch);
    }
    String named = batch.frameId();
    if (frameId.isEmpty() && named != null) {
      frameId = named;
    }
    for (Pass pass : passes) {
      pass.accept(batch);
    }
  }

  private static long longer(long longestNs, long beforeNs, long timeNs) {
    return beforeNs == Times.NONE
        ? longestNs
        : Math.max(longestNs, Times.difference(timeNs, beforeNs));
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
        if (pass.yields) {
          result = accounts.yielding(result);
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
    return new StreamSummary(
        stream,
        messages,
        bytes,
        firstStampNs,
        lastStampNs,
        firstLogTimeNs,
        lastLogTimeNs,
        longestStampStepNs,
        longestLogStepNs,
        frameId);
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
        accounts.of(stream.name()));
  }

  LabelCheck.Context.@Nullable Sweeps sweeps() {
    LongArrayList known = stampsNs;
    if (stream.modality() != Modality.LIDAR || known == null || firstStampNs == Times.NONE) {
      return null;
    }
    List<LabelCheck.Context.Absence> missing = new ArrayList<>();
    for (Alignment.Absence absence : accounts.of(stream.name())) {
      missing.add(absence(absence, known));
    }
    return new LabelCheck.Context.Sweeps(
        stream.name(), known.select(stampNs -> stampNs != Times.NONE).toArray(), missing);
  }

  /// Id of a rule that reports a message with that stamp as wrongly stamped, or null.
  @Nullable String reported(long stampNs) {
    if (stampsNs == null) {
      return null;
    }
    for (Alignment.Absence absence : accounts.of(stream.name())) {
      int first = (int) Math.min(absence.after() + 1, stampsNs.size());
      int end = (int) Math.min(absence.before(), stampsNs.size());
      for (int message = first; message < end; message++) {
        if (stampsNs.get(message) == stampNs) {
          return absence.check();
        }
      }
    }
    return null;
  }

  /// What is missing, by stamps instead of messages.
  private static LabelCheck.Context.Absence absence(Alignment.Absence by, LongArrayList stampsNs) {
    int before = (int) Math.min(by.after(), stampsNs.size() - 1L);
    while (before >= 0 && stampsNs.get(before) == Times.NONE) {
      before--;
    }
    int after = (int) Math.min(Math.max(0, by.before()), stampsNs.size());
    while (after < stampsNs.size() && stampsNs.get(after) == Times.NONE) {
      after++;
    }
    return new LabelCheck.Context.Absence(
        by.check(),
        before < 0 ? Long.MIN_VALUE : stampsNs.get(before),
        after == stampsNs.size() ? Long.MAX_VALUE : stampsNs.get(after),
        by.count());
  }

  private static final class Pass {
    private final StreamCheck rule;
    private final StreamCheck.Observer observer;
    private final FindingLog log;
    private final boolean yields;
    private @Nullable Conclusion conclusion;

    Pass(StreamCheck rule, StreamCheck.Observer observer, FindingLog log, boolean yields) {
      this.yields = yields;
      this.rule = rule;
      this.observer = observer;
      this.log = log;
    }

    void accept(MessageBatch batch) {
      if (!log.isBroken()) {
        try {
          observer.onBatch(batch);
        } catch (RuntimeException e) {
          log.breaks(e);
        }
      }
    }

    void end() {
      if (!log.isBroken()) {
        try {
          conclusion = observer.onEnd();
        } catch (RuntimeException e) {
          log.breaks(e);
        }
      }
    }
  }
}
