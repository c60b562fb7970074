package dev.lockstep.shadow;

import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.RecordingResult.LabelSummary;
import dev.lockstep.check.ShadowCheck;
import dev.lockstep.check.ShadowCheck.Kind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.RecordingIndex;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Gives every row of a label log the sensor message that it was made on, by stamps alone, and
/// tells of rows that have none.
///
/// Labels are made on messages, so their stamps are those of messages, give or take what the log
/// rounds: where nearly all rows of a set have the stamp of one, a row that has not is wrong. Where
/// labels stand between messages (interpolation), half a step of the sensor is allowed.
public final class LabelLogMatch {
  /// Share of exact rows from which all are expected to be. Judged: a fault strikes a few rows.
  private static final double MOSTLY = 0.9;

  /// What logs round stamps to at most: a microsecond, either way.
  private static final long EXACT_NS = 1_000;

  private static final int KEPT = 20;

  private static final Set<Modality> SENSORS =
      Set.of(Modality.LIDAR, Modality.CAMERA, Modality.VIDEO, Modality.RADAR);

  private final List<ShadowCheck> checks;

  /// A match that reports by those of `checks` that are about association.
  public LabelLogMatch(List<ShadowCheck> checks) {
    this.checks = checks.stream().filter(check -> check.kind() == Kind.ASSOCIATION).toList();
  }

  /// The nearest message of any sensor.
  private record Nearest(String stream, long index, long awayNs, long halfStepNs) {}

  /// Matches the rows of `log` with the messages of `recording`.
  ///
  /// @throws IOException if either cannot be read
  public RecordingResult run(Path recording, SourceFormat format, LabelSource log)
      throws IOException {
    LabelSource.Read labels = log.first();
    Matched matched = format.ask(recording, index -> match(index, labels));
    return new RecordingResult(
        log.path().toString(),
        log.format() + " of " + recording,
        List.of(),
        labels.sets().stream()
            .map(l -> new LabelSummary(l.name(), l.size(), l.trackCount(), l.categoryCount()))
            .toList(),
        List.of(),
        matched.results(),
        List.of(),
        labels.coverage(),
        matched.notes());
  }

  private record Matched(List<CheckResult> results, List<String> notes) {}

  private Matched match(RecordingIndex index, LabelSource.Read labels) throws IOException {
    List<CheckResult> results = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    List<StreamInfo> sensors =
        index.streams().stream()
            .filter(s -> SENSORS.contains(s.modality()) && index.messages(s.name()) > 1)
            .toList();
    for (ShadowCheck check : checks) {
      for (LabelSet set : labels.sets()) {
        results.add(match(check, set, sensors, index, notes));
      }
      if (labels.sets().isEmpty()) {
        results.add(
            new CheckResult(
                check.card(), "", new Outcome.Skipped("the log has no labels"), List.of(), 0));
      }
    }
    return new Matched(results, notes);
  }

  private static CheckResult match(
      ShadowCheck check,
      LabelSet set,
      List<StreamInfo> sensors,
      RecordingIndex index,
      List<String> notes)
      throws IOException {
    String why =
        sensors.isEmpty()
            ? "the recording has no LiDAR, camera, video or radar stream"
            : set.stampSource() == StampSource.FRAME_NUMBER
                ? "the labels have frame numbers and no stamps"
                : "the labels have no stamps";
    Map<Long, Nearest> byStamp = new HashMap<>();
    long examined = 0;
    long exact = 0;
    if (!sensors.isEmpty() && set.stampSource() != StampSource.FRAME_NUMBER) {
      for (int row = 0; row < set.size(); row++) {
        long stampNs = set.stampsNs()[row];
        if (stampNs == Times.NONE) {
          continue;
        }
        Nearest nearest = byStamp.get(stampNs);
        if (nearest == null) {
          nearest = nearest(stampNs, sensors, index);
          byStamp.put(stampNs, nearest);
        }
        examined++;
        exact += nearest.awayNs() <= EXACT_NS ? 1 : 0;
      }
    }
    if (examined == 0) {
      return new CheckResult(check.card(), set.name(), new Outcome.Skipped(why), List.of(), 0);
    }
    boolean allExact = exact >= MOSTLY * examined;
    notes.add(
        exact
            + " of "
            + examined
            + " labels of "
            + set.name()
            + " have the stamp of a sensor message");
    List<Finding> findings = new ArrayList<>();
    long total = 0;
    for (int row = 0; row < set.size(); row++) {
      @Nullable Nearest nearest = byStamp.get(set.stampsNs()[row]);
      long limitNs = nearest == null ? 0 : allExact ? EXACT_NS : nearest.halfStepNs();
      if (nearest != null && nearest.awayNs() > limitNs) {
        total++;
        if (findings.size() < KEPT) {
          findings.add(
              new Finding(
                  check.card(),
                  "no sensor message has this stamp",
                  Severity.ERROR,
                  set.location(row, row),
                  new Evidence.OutOfRange(
                      "distance from message " + nearest.index() + " of " + nearest.stream(),
                      nearest.awayNs(),
                      null,
                      limitNs,
                      "ns"),
                  null));
        }
      }
    }
    Outcome outcome = total > 0 ? new Outcome.Found(total) : new Outcome.Passed(examined);
    return new CheckResult(check.card(), set.name(), outcome, findings, total);
  }

  private static Nearest nearest(long stampNs, List<StreamInfo> sensors, RecordingIndex index)
      throws IOException {
    Nearest best = new Nearest("", -1, Long.MAX_VALUE, 0);
    for (StreamInfo stream : sensors) {
      long found = index.nearest(stream.name(), stampNs);
      if (found < 0) {
        continue;
      }
      long awayNs =
          Math.abs(Times.difference(index.message(stream.name(), found).stampNs(), stampNs));
      if (awayNs < best.awayNs()) {
        long count = index.messages(stream.name());
        long firstNs = index.message(stream.name(), 0).stampNs();
        long lastNs = index.message(stream.name(), count - 1).stampNs();
        long stepNs = Math.max(0, Times.difference(lastNs, firstNs)) / (count - 1);
        best = new Nearest(stream.name(), found, awayNs, stepNs / 2);
      }
    }
    return best;
  }
}
