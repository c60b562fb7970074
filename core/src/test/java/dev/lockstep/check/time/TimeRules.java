package dev.lockstep.check.time;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Check;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingCheck;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import dev.lockstep.testing.DefectCheckContract;
import dev.lockstep.testing.RecordedFindings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Runs all rules of the TIM family together over the streams of a recording, as the engine does.
final class TimeRules {
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Conclusion> conclusions = new TreeMap<>();

  private TimeRules() {}

  /// Every rule about time.
  static List<Check> all() {
    return Checks.ALL.stream().filter(c -> c.card().family().equals("TIM")).toList();
  }

  /// What all rules say about `streams`, fed in batches of `perBatch` messages.
  static TimeRules over(List<MessageBatch> streams, int perBatch) {
    TimeRules run = new TimeRules();
    List<StreamSummary> summaries = new ArrayList<>();
    for (MessageBatch stream : streams) {
      run.feed(stream, perBatch);
      summaries.add(summary(stream));
    }
    for (Check check : all()) {
      if (check instanceof RecordingCheck rule) {
        RecordedFindings sink = new RecordedFindings(rule.card());
        Conclusion end = rule.open(sink).onEnd(DefectCheckContract.summary(summaries));
        run.conclusions.put(rule.card().id(), end);
        run.findings.addAll(sink.findings());
      }
    }
    return run;
  }

  static TimeRules over(List<MessageBatch> streams) {
    return over(streams, 1000);
  }

  private void feed(MessageBatch stream, int perBatch) {
    SharedAnalyses shared = new SharedAnalyses();
    List<StreamCheck.Observer> observers = new ArrayList<>();
    List<RecordedFindings> sinks = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (Check check : all()) {
      if (check instanceof StreamCheck rule && rule.notApplicable(stream.stream()) == null) {
        RecordedFindings sink = new RecordedFindings(rule.card());
        observers.add(rule.open(stream.stream(), sink, shared));
        sinks.add(sink);
        ids.add(rule.card().id());
      }
    }
    for (int from = 0; from < stream.size(); from += perBatch) {
      MessageBatch batch = stream.slice(from, Math.min(stream.size(), from + perBatch));
      observers.forEach(o -> o.onBatch(batch));
    }
    for (int i = 0; i < observers.size(); i++) {
      Conclusion end = observers.get(i).onEnd();
      findings.addAll(sinks.get(i).findings());
      conclusions.put(stream.stream().name() + " " + ids.get(i), end);
    }
  }

  private static StreamSummary summary(MessageBatch stream) {
    Extent stamps = Extent.of(stream.stampsNs(), stream.size());
    Extent logs = Extent.of(stream.logTimesNs(), stream.size());
    return new StreamSummary(
        stream.stream(),
        stream.size(),
        0,
        stamps.firstNs,
        stamps.lastNs,
        logs.firstNs,
        logs.lastNs,
        stamps.longestStepNs,
        logs.longestStepNs,
        "",
        0,
        0);
  }

  private record Extent(long firstNs, long lastNs, long longestStepNs) {
    static Extent of(long[] timesNs, int size) {
      long first = Times.NONE;
      long last = Times.NONE;
      long longest = 0;
      for (int r = 0; r < size; r++) {
        if (timesNs[r] != Times.NONE) {
          longest = last == Times.NONE ? 0 : Math.max(longest, timesNs[r] - last);
          first = first == Times.NONE ? timesNs[r] : first;
          last = timesNs[r];
        }
      }
      return new Extent(first, last, longest);
    }
  }

  /// Findings of all rules, streams first.
  List<Finding> findings() {
    return findings;
  }

  /// Findings of at least that severity.
  List<Finding> findings(Severity least) {
    return findings.stream().filter(f -> f.severity().compareTo(least) >= 0).toList();
  }

  /// Findings in short: severity, id, stream and messages.
  List<String> brief() {
    return findings.stream().map(TimeRules::brief).toList();
  }

  static String brief(Finding finding) {
    String text =
        finding.severity().label() + " " + finding.check().id() + " " + finding.location().stream();
    if (finding.location().messages() != null) {
      text +=
          " " + finding.location().messages().first() + ".." + finding.location().messages().last();
    }
    return finding.cause() == null ? text : text + " " + finding.cause().id();
  }

  /// How a rule ended, by `stream id`, or by id alone for rules about recordings.
  Conclusion conclusion(String of) {
    Conclusion end = conclusions.get(of);
    if (end == null) {
      throw new AssertionError("no conclusion " + of + " among " + conclusions.keySet());
    }
    return end;
  }
}
