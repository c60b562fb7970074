package dev.lockstep.engine;

import dev.lockstep.check.BlockCheck;
import dev.lockstep.check.Check;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.Finding;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.Measurement;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingCheck;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.RecordingResult.LabelSummary;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.manifest.BlockFeed;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.source.RecordingSink;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Hands what the reader commits to the observers of the selected checks, and gathers their ends.
final class Collector implements RecordingSink, RecordingCheck.Summary {
  private static final Coverage NOTHING = new Coverage(0, 0, 0, 0, "none");

  private final String name;
  private final String format;
  private final List<Check> checks;
  private final EngineOptions options;
  private final ManifestUse manifest;
  private final List<StreamTap> taps;
  private final Consumer<Finding> findings;

  private final BlockPasses blocks;
  private final List<StreamPass> streams = new ArrayList<>();
  private final List<RecordingPass> recordingPasses = new ArrayList<>();
  private final List<LabelSet> labelSets = new ArrayList<>();
  private final List<Calibration> calibrations = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<DefectKind, Long> examined = new EnumMap<>(DefectKind.class);
  private final Map<DefectKind, TreeSet<String>> unexamined = new EnumMap<>(DefectKind.class);
  private final boolean keepSweeps;
  private @Nullable PoseSeries poses;
  private Coverage coverage = NOTHING;

  Collector(
      String name,
      String format,
      List<Check> checks,
      EngineOptions options,
      ManifestUse manifest,
      List<BlockFeed> feeds,
      List<StreamTap> taps,
      Consumer<Finding> findings) {
    this.name = name;
    this.format = format;
    this.checks = checks;
    this.options = options;
    this.manifest = manifest;
    this.taps = List.copyOf(taps);
    this.findings = findings;
    this.blocks =
        new BlockPasses(
            checks.stream()
                .filter(BlockCheck.class::isInstance)
                .map(BlockCheck.class::cast)
                .toList(),
            manifest.compared(),
            manifest.limits(),
            feeds,
            findings);
    this.keepSweeps = checks.stream().anyMatch(LabelCheck.class::isInstance);
    for (Check check : checks) {
      if (check instanceof RecordingCheck rule) {
        FindingLog log = new FindingLog(rule.card(), "", findings);
        recordingPasses.add(new RecordingPass(rule, rule.open(log), log));
      }
    }
    if (manifest.present()) {
      examined(DefectKind.MANIFEST_DAMAGED, 1);
    } else {
      unexamined(DefectKind.MANIFEST_DAMAGED, manifest.reason());
    }
    Defect damage = manifest.damage();
    if (damage != null) {
      defect(damage);
    }
  }

  @Override
  public void stream(StreamInfo stream) {
    if (stream.id() != streams.size()) {
      throw new IllegalStateException(
          "stream "
              + stream.name()
              + " has id "
              + stream.id()
              + " (expected "
              + streams.size()
              + ")");
    }
    List<StreamCheck> rules = new ArrayList<>();
    for (Check check : checks) {
      if (check instanceof StreamCheck rule) {
        rules.add(rule);
      }
    }
    boolean sweeps = keepSweeps && stream.modality() == Modality.LIDAR;
    streams.add(new StreamPass(stream, rules, findings, sweeps));
    blocks.stream(stream);
    taps.forEach(tap -> tap.stream(stream));
  }

  @Override
  public void messages(MessageBatch batch) {
    streams.get(batch.stream().id()).accept(batch);
    blocks.accept(batch);
    taps.forEach(tap -> tap.messages(batch));
  }

  @Override
  public void defect(Defect defect) {
    for (RecordingPass pass : recordingPasses) {
      if (!pass.log().isBroken()) {
        try {
          pass.observer().onDefect(defect);
        } catch (RuntimeException e) {
          pass.log().breaks(e);
        }
      }
    }
  }

  @Override
  public void examined(DefectKind kind, long count) {
    examined.merge(kind, count, Long::sum);
  }

  @Override
  public void unexamined(DefectKind kind, String reason) {
    unexamined.computeIfAbsent(kind, k -> new TreeSet<>()).add(reason);
  }

  @Override
  public void note(String fact) {
    notes.add(fact);
  }

  @Override
  public void labels(LabelSet labels) {
    labelSets.add(labels);
  }

  @Override
  public void poses(PoseSeries poses) {
    this.poses = poses;
  }

  @Override
  public void calibration(Calibration calibration) {
    calibrations.add(calibration);
  }

  @Override
  public void coverage(Coverage coverage) {
    this.coverage = coverage;
  }

  @Override
  public List<StreamSummary> streams() {
    return streams.stream().map(StreamPass::summary).toList();
  }

  @Override
  public long examined(DefectKind kind) {
    return examined.getOrDefault(kind, 0L);
  }

  @Override
  public List<String> unexamined(DefectKind kind) {
    TreeSet<String> reasons = unexamined.get(kind);
    return reasons == null ? List.of() : List.copyOf(reasons);
  }

  @Override
  public Coverage coverage() {
    return coverage;
  }

  /// Ends every observer and gives the result. Results stand in the order of checks, then of
  /// subjects, whatever order they came to light in.
  RecordingResult result() {
    List<CheckResult> results = new ArrayList<>();
    List<Measurement> measurements = new ArrayList<>();
    for (StreamPass stream : streams) {
      stream.end();
    }
    blocks.end();
    List<StreamSummary> summaries = streams();
    for (Check check : checks) {
      int before = results.size();
      switch (check) {
        case StreamCheck rule -> {
          for (StreamPass stream : streams) {
            stream.collect(rule, results, measurements);
          }
        }
        case RecordingCheck rule -> {
          for (RecordingPass pass : recordingPasses) {
            if (pass.rule().equals(rule)) {
              results.add(pass.end(this));
              measurements.addAll(pass.log().measurements());
            }
          }
        }
        case LabelCheck rule -> {
          for (LabelSet labels : labelSets) {
            examine(rule, labels, results, measurements);
          }
        }
        case BlockCheck rule -> blocks.collect(rule, results, measurements);
      }
      if (results.size() == before) {
        results.add(
            new CheckResult(
                check.card(), "", new Outcome.Skipped(nothingFor(check)), List.of(), 0));
      }
    }
    return new RecordingResult(
        name,
        format,
        summaries,
        labelSets.stream()
            .map(l -> new LabelSummary(l.name(), l.size(), l.trackCount(), l.categoryCount()))
            .toList(),
        calibrations,
        results,
        measurements,
        coverage.withManifest(blocks.blocks(), blocks.bytes()),
        notes);
  }

  private String nothingFor(Check check) {
    return switch (check) {
      case StreamCheck s -> "the recording has no streams";
      case RecordingCheck r -> "nothing to examine";
      case LabelCheck l ->
          options.quick() ? "labels are left out of a quick run" : "the recording has no labels";
      case BlockCheck b ->
          manifest.reason().isEmpty() ? "the recording has no streams" : manifest.reason();
    };
  }

  private void examine(
      LabelCheck rule, LabelSet labels, List<CheckResult> results, List<Measurement> measurements) {
    FindingLog log = new FindingLog(rule.card(), labels.name(), findings);
    @Nullable Conclusion conclusion = null;
    try {
      conclusion = rule.examine(labels, new LabelContext(), log);
    } catch (RuntimeException e) {
      log.breaks(e);
    }
    results.add(log.result(conclusion));
    measurements.addAll(log.measurements());
  }

  private final class LabelContext implements LabelCheck.Context {
    @Override
    public @Nullable PoseSeries poses() {
      return poses;
    }

    @Override
    public List<Sweeps> sweeps() {
      List<Sweeps> all = new ArrayList<>();
      for (StreamPass stream : streams) {
        Sweeps sweeps = stream.sweeps();
        if (sweeps != null) {
          all.add(sweeps);
        }
      }
      return all;
    }
  }

  private record RecordingPass(
      RecordingCheck rule, RecordingCheck.Observer observer, FindingLog log) {
    CheckResult end(RecordingCheck.Summary summary) {
      @Nullable Conclusion conclusion = null;
      if (!log.isBroken()) {
        try {
          conclusion = observer.onEnd(summary);
        } catch (RuntimeException e) {
          log.breaks(e);
        }
      }
      return log.result(conclusion);
    }
  }
}
