package dev.lockstep.bench.time;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.Cause;
import dev.lockstep.check.Check;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.Finding;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Our rules about time and alignment on stamps alone; no finding is left out, however many there
/// are.
public final class Rules {
  private final List<StreamCheck> streamRules = new ArrayList<>();
  private final List<AlignmentCheck> alignmentRules = new ArrayList<>();

  /// The rules, judging by a profile.
  public Rules(RigProfile profile) {
    for (Check check : Checks.under(Checks.select(List.of("TIM", "SYN"), List.of()), profile)) {
      if (check instanceof StreamCheck rule) {
        streamRules.add(rule);
      } else if (check instanceof AlignmentCheck rule) {
        alignmentRules.add(rule);
      }
    }
  }

  /// What is found in streams that were recorded together.
  public List<Finding> check(List<Series> rig) {
    return check(rig, batches(rig, Integer.MAX_VALUE));
  }

  /// The messages of each stream, in batches of at most so many.
  static List<List<MessageBatch>> batches(List<Series> rig, int most) {
    List<List<MessageBatch>> batches = new ArrayList<>();
    for (Series series : rig) {
      MessageBatch all = batch(series);
      List<MessageBatch> parts = new ArrayList<>();
      for (int from = 0; from < all.size(); from += parts.getLast().size()) {
        boolean whole = all.size() <= most;
        parts.add(whole ? all : all.slice(from, Math.min(all.size(), from + most)));
      }
      batches.add(parts);
    }
    return batches;
  }

  /// What is found in streams whose messages are read.
  List<Finding> check(List<Series> rig, List<List<MessageBatch>> batches) {
    List<Finding> findings = new ArrayList<>();
    Map<String, List<Alignment.Absence>> absences = new HashMap<>();
    for (int s = 0; s < rig.size(); s++) {
      Series series = rig.get(s);
      SharedAnalyses shared = new SharedAnalyses();
      List<StreamCheck.Observer> observers = new ArrayList<>();
      for (StreamCheck rule : streamRules) {
        if (rule.notApplicable(series.info()) == null) {
          Sink sink = new Sink(rule.card(), findings, absences);
          observers.add(rule.open(series.info(), sink, shared));
        }
      }
      for (MessageBatch batch : batches.get(s)) {
        observers.forEach(observer -> observer.onBatch(batch));
      }
      observers.forEach(StreamCheck.Observer::onEnd);
    }
    Alignment alignment = alignment(rig, absences);
    for (AlignmentCheck rule : alignmentRules) {
      rule.examine(
          alignment,
          (subject, examination) -> {
            Conclusion _ = examination.apply(new Sink(rule.card(), findings, absences));
          });
    }
    return findings;
  }

  /// Streams side by side.
  static Alignment alignment(List<Series> rig, Map<String, List<Alignment.Absence>> absences) {
    List<Alignment.Stream> streams = new ArrayList<>();
    for (Series series : rig) {
      streams.add(
          new Alignment.Stream(
              series.info(),
              series.stampsNs(),
              series.size(),
              List.of(),
              absences.getOrDefault(series.info().name(), List.of())));
    }
    return new Alignment(streams, List.of(), null, new SharedAnalyses());
  }

  private static MessageBatch batch(Series series) {
    StreamInfo info = series.info();
    MessageBatch batch = new MessageBatch(info, series.size());
    long[] logTimes = series.logTimesNs();
    for (int i = 0; i < series.size(); i++) {
      long logTime = logTimes == null ? Times.NONE : logTimes[i];
      int row = batch.add(series.stampsNs()[i], logTime, logTime, 100L * i, 100);
      batch.setDigest(row, i);
    }
    return batch;
  }

  private record Sink(
      CheckCard card, List<Finding> findings, Map<String, List<Alignment.Absence>> absences)
      implements CheckSink {
    @Override
    public void report(
        Severity severity,
        String title,
        Location location,
        Evidence evidence,
        @Nullable Cause cause) {
      findings.add(new Finding(card, title, severity, location, evidence, cause));
    }

    @Override
    public void lacks(String stream, long after, long before, long count) {
      absences
          .computeIfAbsent(stream, name -> new ArrayList<>())
          .add(new Alignment.Absence(card.id(), after, before, count));
    }

    @Override
    public void measure(String quantity, double value, String unit) {}
  }
}
