package dev.lockstep.bench.labels;

import dev.lockstep.bench.labels.FaultClass.Reach;
import dev.lockstep.bench.labels.LabelScore.Condition;
import dev.lockstep.check.Finding;
import dev.lockstep.check.label.LabelLimits;
import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Plants, runs and counts. Cells are made at the same time; each follows from the seed alone.
final class Scoring {
  /// Tracks with a fault in one planting.
  private static final int TRACK_EVENTS = 8;

  /// Frames in whose labels a race mixed up two: 8 in 100.
  private static final double FRAME_SHARE = 0.08;

  /// Rounds after which a cell stays smaller than wanted.
  private static final int MAX_ROUNDS = 300;

  /// Further drives for cells that lack events, and how many without a place for one are enough.
  private static final int MAX_FURTHER = 60;

  private static final int MAX_BARREN = 3;

  private final List<Sequence> all;
  private final int wanted;
  private final long seed;
  private final Rules rules;
  private final Map<String, Set<String>> knownFindings = new ConcurrentHashMap<>();
  private final Map<Integer, Sequence> further = new ConcurrentHashMap<>();
  private final Map<String, Sequence> thinned = new ConcurrentHashMap<>();

  Scoring(List<Sequence> all, int wanted, long seed) {
    this(all, wanted, seed, LabelLimits.DEFAULT);
  }

  Scoring(List<Sequence> all, int wanted, long seed, LabelLimits limits) {
    rules = new Rules(limits);
    this.all = all;
    this.wanted = wanted;
    this.seed = seed;
  }

  /// Speeds so far.
  Rules rules() {
    return rules;
  }

  /// What the rules find in labels without a planted fault.
  ///
  /// @param dataset where they come from
  /// @param condition rate and noise
  /// @param labels number of labels
  /// @param findings what was found
  record Clean(String dataset, Condition condition, long labels, List<Finding> findings) {}

  /// Runs over all labels as they are.
  List<Clean> clean(List<Condition> conditions) {
    List<Clean> rows = new ArrayList<>();
    for (Condition condition : conditions) {
      Map<String, Clean> byDataset = new LinkedHashMap<>();
      for (Sequence sequence : all) {
        LabelSet labels = varied(sequence, condition, 0).labels().build();
        Clean row =
            byDataset.getOrDefault(
                sequence.dataset(), new Clean(sequence.dataset(), condition, 0, new ArrayList<>()));
        row.findings().addAll(rules.run(labels, sequence.poses()).findings());
        byDataset.put(
            sequence.dataset(),
            new Clean(row.dataset(), condition, row.labels() + labels.size(), row.findings()));
      }
      rows.addAll(byDataset.values());
    }
    return rows;
  }

  private Sequence varied(Sequence sequence, Condition condition, long round) {
    return sequence.varied(condition.nth(), condition.noiseMeters(), seed + round);
  }

  /// Recall on the sequences that no limit was set with sight of.
  List<Cell> odd(List<FaultClass> kinds, Condition condition) {
    return odd(kinds, List.of(condition)).getFirst();
  }

  /// The same under several conditions.
  List<List<Cell>> odd(List<FaultClass> kinds, List<Condition> conditions) {
    List<Cell> cells =
        conditions.stream()
            .flatMap(condition -> kinds.stream().map(kind -> new Wanted(kind, condition)))
            .toList()
            .parallelStream()
            .map(wanted -> {
              Cell cell = cell(wanted.kind, wanted.condition, Sequence::forTest);
              fill(cell, wanted.condition);
              return cell;
            })
            .toList();
    List<List<Cell>> rows = new ArrayList<>();
    for (int i = 0; i < conditions.size(); i++) {
      rows.add(cells.subList(i * kinds.size(), (i + 1) * kinds.size()));
    }
    return rows;
  }

  private record Wanted(FaultClass kind, Condition condition) {}

  /// Recall of one class on the test sequences of one data set.
  Cell odd(FaultClass kind, Condition condition, String dataset) {
    return cell(kind, condition, s -> s.forTest() && s.dataset().equals(dataset));
  }

  /// Recall by data set, all of its sequences: a row is what limits from elsewhere give there.
  Map<String, List<Cell>> byDataset(List<FaultClass> kinds) {
    Map<String, List<Cell>> rows = new LinkedHashMap<>();
    for (Sequence sequence : all) {
      rows.computeIfAbsent(
          sequence.dataset(),
          dataset ->
              kinds.parallelStream()
                  .map(kind -> cell(kind, LabelScore.NATIVE, s -> s.dataset().equals(dataset)))
                  .toList());
    }
    return rows;
  }

  private Cell cell(FaultClass kind, Condition condition, Predicate<Sequence> which) {
    Cell cell = new Cell(kind);
    List<Sequence> used = all.stream().filter(which).toList();
    Set<Sequence> barren = Collections.newSetFromMap(new IdentityHashMap<>());
    IdentityHashMap<Sequence, Set<Event>> known = new IdentityHashMap<>();
    for (int round = 0; round < MAX_ROUNDS && cell.decidable() < wanted; round++) {
      int had = cell.events;
      for (Sequence sequence : used) {
        if (cell.decidable() < wanted && !barren.contains(sequence)) {
          int hadHere = cell.events;
          // One fault at one place is one event, but for other noise.
          Set<Event> before =
              condition.noiseMeters() > 0
                  ? new HashSet<>()
                  : known.computeIfAbsent(sequence, s -> new HashSet<>());
          plant(cell, sequence, condition, round, before);
          if (round > 1 && cell.events == hadHere) {
            // No new place for the fault in a planting of many tries.
            barren.add(sequence);
          }
        }
      }
      if (cell.events == had && round > 2) {
        break;
      }
    }
    return cell;
  }

  /// Plants in further drives what the sequences have no place for.
  private void fill(Cell cell, Condition condition) {
    int had = cell.events;
    int barren = 0;
    for (int i = 0; i < MAX_FURTHER && barren < MAX_BARREN && cell.decidable() < wanted; i++) {
      Sequence drive =
          further.computeIfAbsent(i, number -> Sequence.crowded(number, LabelScore.FRAMES));
      Set<Event> before = new HashSet<>();
      int hadHere = cell.events;
      int last = -1;
      for (int round = 0;
          round < MAX_ROUNDS && cell.decidable() < wanted && (round < 2 || cell.events > last);
          round++) {
        last = cell.events;
        plant(cell, drive, condition, round, before);
      }
      barren = cell.events == hadHere ? barren + 1 : 0;
    }
    cell.further = cell.events - had;
  }

  private void plant(
      Cell cell, Sequence sequence, Condition condition, int round, Set<Event> before) {
    Planting planting = planting(cell.kind, sequence, condition, round, before);
    if (!planting.events.isEmpty()) {
      cell.add(
          planting,
          rules.run(planting.table.build(), sequence.poses()),
          known(sequence, condition, round),
          sequence.labels());
    }
  }

  /// What is found in the labels without planted faults.
  private Set<String> known(Sequence sequence, Condition condition, int round) {
    String name =
        sequence.dataset()
            + sequence.number()
            + condition
            + (condition.noiseMeters() == 0 ? 0 : round);
    return knownFindings.computeIfAbsent(
        name,
        key -> {
          LabelSet clean = varied(sequence, condition, round).labels().build();
          return rules.run(clean, sequence.poses()).findings().stream()
              .map(Cell::key)
              .collect(Collectors.toSet());
        });
  }

  private Planting planting(
      FaultClass kind, Sequence sequence, Condition condition, int round, Set<Event> before) {
    Sequence exact =
        thinned.computeIfAbsent(
            sequence.dataset() + sequence.number() + '/' + condition.nth(),
            key -> sequence.varied(condition.nth(), 0, 0));
    Sequence clean = condition.noiseMeters() == 0 ? exact : varied(sequence, condition, round);
    return Planting.of(kind, exact, clean, most(kind, clean), seed * 10_000 + round, before);
  }

  private static int most(FaultClass kind, Sequence clean) {
    if (kind.reach() != Reach.FRAME) {
      return TRACK_EVENTS;
    }
    long instants = clean.labels().boxes.stream().mapToLong(b -> b.stampNs).distinct().count();
    return (int) Math.max(1, Math.round(FRAME_SHARE * instants / 2));
  }

  /// What a rule of another tool finds.
  ///
  /// @param peer the rule
  /// @param labels clean labels
  /// @param falseFindings what it finds in them
  /// @param found found events and events by class
  record PeerRow(Peer peer, long labels, long falseFindings, Map<String, int[]> found) {}

  /// Rules of other tools on the same clean labels and the same faults, up to so many a class.
  List<PeerRow> peers(List<FaultClass> kinds, int wantedEach) {
    List<PeerRow> rows = new ArrayList<>();
    for (Peer peer : Peer.ALL) {
      long labels = 0;
      long findings = 0;
      for (Sequence sequence : all) {
        labels += sequence.labels().boxes.size();
        findings += peer.rule().find(sequence.labels()).size();
      }
      rows.add(new PeerRow(peer, labels, findings, new LinkedHashMap<>()));
    }
    for (FaultClass kind : kinds) {
      int planted = 0;
      for (int round = 0; round < MAX_ROUNDS && planted < wantedEach; round++) {
        for (Sequence sequence : all) {
          if (sequence.forTest() && planted < wantedEach) {
            Planting planting = planting(kind, sequence, LabelScore.NATIVE, round, new HashSet<>());
            planted += planting.events.size();
            rows.forEach(row -> count(row, kind, planting));
          }
        }
      }
    }
    return rows;
  }

  private static void count(PeerRow row, FaultClass kind, Planting planting) {
    List<Peer.Place> places = row.peer().rule().find(planting.table);
    int[] counts = row.found().computeIfAbsent(kind.id(), id -> new int[2]);
    counts[1] += planting.events.size();
    counts[0] += (int) planting.events.stream().filter(e -> named(e, places)).count();
  }

  private static boolean named(Event event, List<Peer.Place> places) {
    return places.stream()
        .anyMatch(p ->
            event.tracks().contains(p.track())
                && p.stampNs() >= event.firstNs() - Peer.TOLERANCE_NS
                && p.stampNs() <= event.lastNs() + Peer.TOLERANCE_NS);
  }
}
