package dev.lockstep.bench.labels;

import dev.lockstep.bench.labels.FaultClass.Reach;
import dev.lockstep.check.Finding;
import dev.lockstep.model.Location;
import dev.lockstep.model.Span;
import dev.lockstep.synth.fault.LabelTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What was planted and found of one class under one condition.
final class Cell {
  final FaultClass kind;
  int events;
  int harmless;

  /// Of the events, those in further drives: the sequences had no place for more.
  int further;

  /// Found by a rule that names the fault.
  int found;

  /// Found by any rule.
  int seen;

  /// Not found, and nothing that labels alone can decide: see [Claim], or no rule that names the
  /// fault can decide the whole set.
  int undecided;

  /// Findings that belong to a found event.
  int matching;

  /// Findings that belong to none.
  int strays;

  final List<String> strayTexts = new ArrayList<>();
  final List<String> missTexts = new ArrayList<>();
  private final List<Double> offFrames = new ArrayList<>();

  Cell(FaultClass kind) {
    this.kind = kind;
  }

  /// Adds the verdict on a damaged table.
  ///
  /// @param known what is found without the faults, as [#key] gives it
  /// @param clean the labels without the faults
  void add(Planting planting, Rules.Verdict verdict, Set<String> known, LabelTable clean) {
    Instants instants = new Instants(planting.table);
    harmless += planting.harmless;
    events += planting.events.size();
    boolean decidable = !verdict.undecided().containsAll(kind.rules());
    boolean[] named = new boolean[planting.events.size()];
    boolean[] touched = new boolean[planting.events.size()];
    double[] off = new double[planting.events.size()];
    Arrays.fill(off, Double.POSITIVE_INFINITY);
    for (Finding finding : verdict.findings()) {
      boolean matched = false;
      double at = instants.first(finding.location());
      for (int e = 0; e < touched.length; e++) {
        Event event = planting.events.get(e);
        if (!matches(finding, at, event, instants)) {
          continue;
        }
        matched = true;
        touched[e] = true;
        if (kind.rules().contains(finding.check().id())) {
          named[e] = true;
          off[e] = Math.min(off[e], Math.abs(at - instants.of(event.firstNs())));
        }
      }
      if (matched) {
        matching++;
      } else if (!known.contains(key(finding))) {
        strays++;
        strayTexts.add(finding.check().id() + " " + finding.title() + " " + finding.location());
      }
    }
    for (int e = 0; e < touched.length; e++) {
      seen += touched[e] ? 1 : 0;
      Event event = planting.events.get(e);
      if (!named[e] && !(decidable && Claim.decidable(kind, event, clean, planting.power(event)))) {
        undecided++;
      } else if (!named[e]) {
        missTexts.add(planting.events.get(e).toString());
      }
      if (named[e]) {
        found++;
        offFrames.add(off[e]);
      }
    }
  }

  /// What tells a finding from others of the same labels, whatever the numbers of their rows.
  static String key(Finding finding) {
    Location at = finding.location();
    return finding.check().id() + '|' + at.track() + '|' + at.frames() + '|' + at.stampsNs();
  }

  private boolean matches(Finding finding, double at, Event event, Instants instants) {
    String track = finding.location().track();
    if (track != null && !event.tracks().contains(track)) {
      return false;
    }
    double first = instants.of(event.firstNs());
    double last = instants.of(event.lastNs());
    boolean whole = kind.reach() == Reach.FRAME;
    return at >= first - 1 && at <= last + (whole ? 0 : 1);
  }

  /// Events that can be decided.
  int decidable() {
    return events - undecided;
  }

  /// Median or another share of the distance of findings from where the fault begins, frames.
  double offFrames(double share) {
    if (offFrames.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = new ArrayList<>(offFrames);
    Collections.sort(sorted);
    return sorted.get((int) Math.min(sorted.size() - 1, share * sorted.size()));
  }

  /// Instants of a table by number.
  private static final class Instants {
    private final Map<Long, Integer> byStamp = new HashMap<>();
    private final Map<Long, Integer> byFrame = new HashMap<>();

    Instants(LabelTable table) {
      TreeSet<Long> stamps = new TreeSet<>();
      table.boxes.forEach(b -> stamps.add(b.stampNs));
      int n = 0;
      for (Long stamp : stamps) {
        byStamp.put(stamp, n++);
      }
      table.boxes.forEach(b -> byFrame.put(b.frame, byStamp.get(b.stampNs)));
    }

    double of(long stampNs) {
      return byStamp.getOrDefault(stampNs, Integer.MIN_VALUE);
    }

    /// First instant of a place; infinite where it names none.
    double first(Location at) {
      Span frames = at.frames();
      Span stamps = at.stampsNs();
      Integer known =
          frames != null
              ? byFrame.get(frames.first())
              : stamps != null ? byStamp.get(stamps.first()) : null;
      return known == null ? Double.POSITIVE_INFINITY : known;
    }
  }
}
