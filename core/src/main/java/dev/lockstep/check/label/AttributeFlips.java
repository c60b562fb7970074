package dev.lockstep.check.label;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// LAB028: an attribute that objects keep changes for a few boxes of a track and changes back.
public final class AttributeFlips extends TrackRule {
  /// An attribute is one that objects keep if no more of the steps along tracks change it.
  private static final double MAX_CHANGES = 0.005;

  /// Steps from which that is known.
  private static final int MIN_STEPS = 200;

  /// Attributes of a set that are looked at; more are numbers or texts of their own for each box.
  private static final int MAX_NAMES = 64;

  /// What changes with the view or blinks, however rarely.
  private static final Pattern PASSING =
      Pattern.compile(
          "occlu|trunc|visib|cut|light|signal|blink|brak|indicat|keyframe|interpol|score|difficul",
          Pattern.CASE_INSENSITIVE);

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB028",
          AttributeFlips.class,
          Severity.WARNING,
          "An attribute that objects keep has another value at a few boxes of a track.",
          new CheckCard.Parameter(
              "flip-boxes", "", CategoryRuns.FLIP_BOXES, "run length of slips in tools; judged"),
          new CheckCard.Parameter(
              "max-changes", "", MAX_CHANGES, "share of steps that change it; judged"),
          new CheckCard.Parameter("min-steps", "", MIN_STEPS, "judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    LabelSet labels = evidence.labels();
    SortedMap<String, Use> uses = uses(labels);
    if (uses.isEmpty()) {
      return Conclusion.undecided("no label has an attribute");
    }
    if (uses.size() > MAX_NAMES) {
      return Conclusion.undecided("more than " + MAX_NAMES + " attributes");
    }
    boolean[] identity = evidence.identities();
    long examined = 0;
    for (Use use : uses.values()) {
      for (int track = 0; track < labels.trackCount(); track++) {
        if (identity[track]) {
          use.runs(labels, track, false);
        }
      }
      if (use.steps < MIN_STEPS || use.changes > MAX_CHANGES * use.steps) {
        continue;
      }
      examined += use.steps;
      for (int track = 0; track < labels.trackCount(); track++) {
        if (identity[track] && use.runs(labels, track, true)) {
          report(labels, use, evidence, sink);
        }
      }
    }
    return examined > 0
        ? Conclusion.examined(examined, "")
        : Conclusion.undecided("no attribute is one that objects keep");
  }

  private static SortedMap<String, Use> uses(LabelSet labels) {
    SortedMap<String, Use> uses = new TreeMap<>();
    List<Attribute> last = List.of();
    for (int row = 0; row < labels.size() && uses.size() <= MAX_NAMES; row++) {
      List<Attribute> list = labels.details().attributes(row);
      if (!list.equals(last)) {
        for (Attribute attribute : list) {
          if (!PASSING.matcher(attribute.name()).find()) {
            uses.computeIfAbsent(attribute.name(), Use::new);
          }
        }
        last = list;
      }
    }
    return uses;
  }

  /// Reports flips of one track: runs between two of the same value, both at least as long.
  private static void report(LabelSet labels, Use use, SharedEvidence evidence, CheckSink sink) {
    List<Run> runs = use.found;
    for (int n = 1; n < runs.size() - 1; n++) {
      Run run = runs.get(n);
      Run before = runs.get(n - 1);
      Run after = runs.get(n + 1);
      if (run.boxes > CategoryRuns.FLIP_BOXES
          || run.boxes >= before.boxes + after.boxes
          || !before.value.equals(after.value)
          || StateContradictsMotion.state(labels, run.firstRow) != null
          || evidence.switchedAt(run.firstRow)) {
        continue;
      }
      sink.report(
          Severity.WARNING,
          "attribute flips",
          labels.location(run.firstRow, run.lastRow),
          new Evidence.Change(
              use.name,
              before.value,
              run.value + " -> " + before.value,
              run.boxes + " of " + use.boxes + " boxes"));
    }
  }

  /// Boxes of one value in a row.
  private record Run(String value, int firstRow, int lastRow, int boxes) {}

  /// How labels use an attribute.
  private static final class Use {
    private final String name;
    private final List<Run> found = new ArrayList<>();
    private long steps;
    private long changes;
    private int boxes;

    Use(String name) {
      this.name = name;
    }

    /// Goes along a track, over boxes that have the attribute; gives whether it changes twice or
    /// more. Counts steps and changes, or collects the runs.
    boolean runs(LabelSet labels, int track, boolean collect) {
      found.clear();
      boxes = 0;
      int[] rows = labels.trackRows();
      int end = labels.trackStart(track + 1);
      List<Attribute> list = List.of();
      String value = null;
      String current = null;
      int first = -1;
      int last = -1;
      int count = 0;
      int turns = 0;
      for (int i = labels.trackStart(track); i < end; i++) {
        int row = rows[i];
        // Equal lists are one: most boxes of a track share theirs.
        List<Attribute> here = labels.details().attributes(row);
        if (!here.equals(list)) {
          list = here;
          value = labels.details().attribute(row, name);
        }
        if (value == null) {
          continue;
        }
        boxes++;
        if (current != null && !collect) {
          steps++;
        }
        if (!Objects.equals(value, current)) {
          if (current != null) {
            turns++;
            changes += collect ? 0 : 1;
            close(collect, current, first, last, count);
          }
          current = value;
          first = row;
          count = 0;
        }
        last = row;
        count++;
      }
      close(collect, current, first, last, count);
      return turns >= 2;
    }

    private void close(
        boolean collect, @Nullable String value, int firstRow, int lastRow, int count) {
      if (collect && value != null) {
        found.add(new Run(value, firstRow, lastRow, count));
      }
    }
  }
}
