package dev.lockstep.engine;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
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
import dev.lockstep.check.SharedAnalyses;
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
import dev.lockstep.shadow.ShadowPass;
import dev.lockstep.source.RecordingSink;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
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
  private final @Nullable ShadowPass shadow;
  private final Consumer<Finding> findings;
  private final @Nullable FlightEvents events;

  private final StreamBudget budget;
  private int observed;
  private final Accounts accounts = new Accounts();
  private final BlockPasses blocks;
  private final List<StreamPass> streams = new ArrayList<>();
  private final List<Integer> unobserved = new ArrayList<>();
  private final List<RecordingPass> recordingPasses = new ArrayList<>();
  private final List<LabelSet> labelSets = new ArrayList<>();
  private final List<Calibration> calibrations = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<DefectKind, Long> examined = new EnumMap<>(DefectKind.class);
  private final Map<DefectKind, TreeSet<String>> unexamined = new EnumMap<>(DefectKind.class);
  private final RuleNeeds needs;
  private final LabelContext labelContext;
  private @Nullable PoseSeries poses;
  private @Nullable Alignment alignment;
  private Coverage coverage = NOTHING;

  Collector(
      String name,
      String format,
      List<Check> checks,
      EngineOptions options,
      ManifestUse manifest,
      List<BlockFeed> feeds,
      List<StreamTap> taps,
      @Nullable ShadowPass shadow,
      Consumer<Finding> findings,
      SweepsAgain sweepsAgain,
      StreamBudget budget,
      @Nullable FlightEvents events) {
    this.budget = budget;
    this.events = events;
    this.name = name;
    this.format = format;
    this.checks = checks;
    this.options = options;
    this.manifest = manifest;
    this.taps = List.copyOf(taps);
    this.shadow = shadow;
    this.findings = findings;
    this.blocks =
        new BlockPasses(
            checks.stream()
                .filter(BlockCheck.class::isInstance)
                .map(BlockCheck.class::cast)
                .toList(),
            manifest.compared(),
            manifest.limits(),
            manifest.recording(),
            feeds,
            findings);
    this.labelContext =
        new LabelContext(streams, labelSets, calibrations, () -> poses, sweepsAgain);
    this.needs = RuleNeeds.of(checks, options.keepAll());
    for (Check check : checks) {
      if (check instanceof RecordingCheck rule) {
        FindingLog log = new FindingLog(rule.card(), "", findings, accounts);
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
    boolean fits = budget.take();
    if (fits) {
      observed++;
      for (Check check : checks) {
        if (check instanceof StreamCheck rule) {
          rules.add(rule);
        }
      }
    } else {
      unobserved.add(streams.size());
    }
    streams.add(
        new StreamPass(
            stream,
            rules,
            findings,
            fits && needs.stamps(stream),
            fits && needs.sweeps(stream),
            fits && needs.all(),
            fits && needs.turns(),
            accounts));
    blocks.stream(stream);
    taps.forEach(tap -> tap.stream(stream));
    if (shadow != null) {
      shadow.stream(stream);
    }
  }

  @Override
  public void messages(MessageBatch batch) {
    if (!needs.lossesReported()) {
      batch.clearFlags(MessageBatch.AFTER_LOSS);
    }
    streams.get(batch.stream().id()).accept(batch);
    String streamName = batch.stream().name();
    for (RecordingPass pass : recordingPasses) {
      if (!pass.log().isBroken()) {
        pass.observer().onMessages(streamName, batch.firstIndex());
      }
    }
    blocks.accept(batch);
    taps.forEach(tap -> tap.messages(batch));
    if (shadow != null) {
      shadow.messages(batch);
    }
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
  public @Nullable String wronglyStamped(StreamSummary stream) {
    return Alignment.Absence.ofAllStamps(accounts.of(stream.stream().name()), stream.messages());
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
  public List<Calibration> calibrations() {
    return List.copyOf(calibrations);
  }

  @Override
  public Coverage coverage() {
    return coverage;
  }

  /// Ends every observer and gives the result. Results stand in the order of checks, then of
  /// subjects, whatever order they came to light in.
  RecordingResult result() {
    for (StreamPass stream : streams) {
      stream.end();
    }
    blocks.end();
    List<StreamSummary> summaries = streams();
    tellUnobserved(summaries);
    // Rules about labels come last but rules about their stamps may yield to them, and they rest on
    // what those about sweeps and the whole recording found, as do rules about several streams.
    IdentityHashMap<Check, Section> sections = new IdentityHashMap<>();
    for (Check check : checks) {
      if (check instanceof RecordingCheck) {
        sections.put(check, section(check));
      }
    }
    for (Check check : checks) {
      if (check instanceof AlignmentCheck) {
        sections.put(check, section(check));
      }
    }
    for (Check check : checks) {
      if (check instanceof LabelCheck) {
        sections.put(check, section(check));
      }
    }
    List<CheckResult> results = new ArrayList<>();
    List<Measurement> measurements = new ArrayList<>();
    for (Check check : checks) {
      Section known = sections.get(check);
      Section section = known == null ? section(check) : known;
      results.addAll(section.results);
      measurements.addAll(section.measurements);
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

  private void tellUnobserved(List<StreamSummary> summaries) {
    if (unobserved.isEmpty()) {
      return;
    }
    long bytes = 0;
    for (int stream : unobserved) {
      bytes += summaries.get(stream).bytes();
    }
    notes.add(
        "messages of %d of %d streams were not examined, %s among them: the memory of this process"
                .formatted(
                    unobserved.size(),
                    summaries.size(),
                    summaries.get(unobserved.getFirst()).stream().name())
            + " is too small for so many (LOCKSTEP_JAVA_OPTS=-Xmx2g gives it more)");
    coverage = coverage.plus(new Coverage(0, 0, 0, Math.max(1, bytes), coverage.basis()));
  }

  /// Lets the streams go.
  void close() {
    budget.giveBack(observed);
    observed = 0;
  }

  /// Whether a second read was asked for.
  boolean readsTwice() {
    return shadow != null;
  }

  /// The result with what a second read has to say, where there is one.
  RecordingResult shadowed(RecordingResult result) {
    ShadowPass pass = shadow;
    return pass == null
        ? result
        : pass.complete(result, options.read().labels() ? labelSets : null, manifest.compared());
  }

  /// How one check ended on its subjects.
  private record Section(List<CheckResult> results, List<Measurement> measurements) {}

  private Section section(Check check) {
    FlightEvents recorded = events;
    if (recorded == null) {
      return applied(check);
    }
    FlightEvents.Rule event = recorded.rule(check.card().id());
    Section section = applied(check);
    event.results = section.results.size();
    event.findings = section.results.stream().mapToLong(CheckResult::total).sum();
    event.commit();
    return section;
  }

  private Section applied(Check check) {
    List<CheckResult> results = new ArrayList<>();
    List<Measurement> measurements = new ArrayList<>();
    if (check instanceof StreamCheck rule) {
      for (StreamPass stream : streams) {
        stream.collect(rule, results, measurements);
      }
    } else if (check instanceof RecordingCheck rule) {
      for (RecordingPass pass : recordingPasses) {
        if (pass.rule().equals(rule)) {
          results.add(pass.end(this));
          measurements.addAll(pass.log().measurements());
        }
      }
    } else if (check instanceof AlignmentCheck rule) {
      examine(rule, results, measurements);
    } else if (check instanceof LabelCheck rule) {
      for (LabelSet labels : labelSets) {
        examine(rule, labels, results, measurements);
      }
    } else if (check instanceof BlockCheck rule) {
      blocks.collect(rule, results, measurements);
    } else {
      throw new IllegalStateException(check.card().id() + " is of a kind without a pass");
    }
    if (results.isEmpty()) {
      results.add(
          new CheckResult(check.card(), "", new Outcome.Skipped(nothingFor(check)), List.of(), 0));
    }
    return new Section(results, measurements);
  }

  private String nothingFor(Check check) {
    if (check instanceof LabelCheck) {
      return options.quick() ? "labels are left out of a quick run" : "the recording has no labels";
    }
    if (check instanceof AlignmentCheck rule) {
      return rule.nothingToExamine();
    }
    if (check instanceof RecordingCheck) {
      return "nothing to examine";
    }
    boolean unsealed = check instanceof BlockCheck && !manifest.reason().isEmpty();
    return unsealed ? manifest.reason() : "the recording has no streams";
  }

  private void examine(
      AlignmentCheck rule, List<CheckResult> results, List<Measurement> measurements) {
    try {
      rule.examine(
          alignment(),
          (subject, examination) -> {
            FindingLog log = new FindingLog(rule.card(), subject, findings, accounts);
            @Nullable Conclusion conclusion = null;
            try {
              conclusion = examination.apply(log);
            } catch (RuntimeException e) {
              log.breaks(e);
            }
            results.add(log.result(conclusion));
            measurements.addAll(log.measurements());
          });
    } catch (RuntimeException e) {
      FindingLog log = new FindingLog(rule.card(), "", findings, accounts);
      log.breaks(e);
      results.add(log.result(null));
    }
  }

  /// The streams side by side.
  Alignment alignment() {
    Alignment known = alignment;
    if (known == null) {
      List<Alignment.Stream> aligned = new ArrayList<>();
      List<Alignment.Stream> others = new ArrayList<>();
      List<Alignment.Turning> turning = new ArrayList<>();
      for (StreamPass stream : streams) {
        Alignment.Turning turns = stream.turning();
        if (turns != null) {
          turning.add(turns);
        }
        Alignment.Stream kept = stream.aligned();
        if (kept != null) {
          switch (kept.info().modality()) {
            case LIDAR, CAMERA, VIDEO, RADAR, LABELS -> aligned.add(kept);
            case IMU, GNSS, POSE, OTHER -> others.add(kept);
          }
        }
      }
      for (LabelSet labels : needs.turns() ? labelSets : List.<LabelSet>of()) {
        StreamInfo info =
            StreamInfo.of(
                streams.size(), labels.name(), Modality.LABELS, labels.stampSource(), "", "");
        Alignment.Turning turns = TurnWatch.of(labels, info, accounts.of(labels.name()));
        if (turns != null) {
          turning.add(turns);
        }
      }
      known = new Alignment(aligned, others, turning, calibrations, poses, new SharedAnalyses());
      alignment = known;
    }
    return known;
  }

  private void examine(
      LabelCheck rule, LabelSet labels, List<CheckResult> results, List<Measurement> measurements) {
    FindingLog log = new FindingLog(rule.card(), labels.name(), findings, accounts);
    @Nullable Conclusion conclusion = null;
    try {
      conclusion = rule.examine(labels, labelContext, log);
    } catch (RuntimeException e) {
      log.breaks(e);
    }
    results.add(log.result(conclusion));
    measurements.addAll(log.measurements());
  }
}
