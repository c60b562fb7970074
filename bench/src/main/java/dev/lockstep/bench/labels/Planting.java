package dev.lockstep.bench.labels;

import dev.lockstep.bench.labels.FaultClass.Reach;
import dev.lockstep.synth.fault.Corruption;
import dev.lockstep.synth.fault.FaultSpec;
import dev.lockstep.synth.fault.InapplicableFaultException;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.synth.fault.LabelTable.Box;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Several faults of one class in one recording, clear of each other.
final class Planting {
  /// Plantings that are tried for each that is wanted.
  private static final int TRIES = 3;

  /// Refusals in a row after which no more are tried: each looked through all labels.
  private static final int MAX_REFUSED = 3;

  private static final double MIN_METERS = 0.1;

  private final FaultClass kind;
  private final Map<Long, Map<String, Box>> exact = new HashMap<>();
  private final TreeSet<Long> instants = new TreeSet<>();

  /// The boxes without noise by where they stand with it.
  private final Map<Spot, Box> truth = new HashMap<>();

  private final Set<String> usedTracks = new HashSet<>();
  private final Set<Long> usedStamps = new HashSet<>();

  private final double noiseVariance;

  /// Events that were planted in these labels before.
  private final Set<Event> known;

  /// What can be seen, and was planted.
  final List<Event> events = new ArrayList<>();

  /// Faults that changed nothing that could be seen.
  int harmless;

  /// The damaged labels.
  LabelTable table;

  private record Spot(double x, double y, double z) {
    static Spot of(Box box) {
      return new Spot(box.x, box.y, box.z);
    }
  }

  private Planting(FaultClass kind, Sequence exact, Sequence clean, Set<Event> known) {
    this.kind = kind;
    this.known = known;
    noiseVariance = variance(exact.labels().boxes, clean.labels().boxes);
    for (int i = 0; noiseVariance > 0 && i < exact.labels().boxes.size(); i++) {
      truth.put(Spot.of(clean.labels().boxes.get(i)), exact.labels().boxes.get(i));
    }
    for (Box box : exact.labels().boxes) {
      this.exact.computeIfAbsent(box.stampNs, s -> new HashMap<>()).put(box.track(), box);
      instants.add(box.stampNs);
    }
    table = clean.labels().copy();
  }

  /// Variance along x of what was added to places; 0 for the same labels.
  private static double variance(List<Box> exact, List<Box> clean) {
    double sum = 0;
    int n = 0;
    for (int i = 0; i < exact.size(); i++) {
      double added = clean.get(i).x - exact.get(i).x;
      if (!Double.isNaN(added)) {
        sum += added * added;
        n++;
      }
    }
    return n == 0 ? 0 : sum / n;
  }

  /// How far wrong poses move boxes, each against the way of its track.
  private final Map<Event, Double> posed = new HashMap<>();

  /// Variance of a place against the way through three on each side, in that of a place.
  private static final double ASIDE_VARIANCE = 1.5;

  private static double squares(List<Box> before, List<Box> after) {
    double sum = 0;
    for (int i = 0; i < before.size(); i++) {
      double dx = after.get(i).x - before.get(i).x;
      double dy = after.get(i).y - before.get(i).y;
      sum += Double.isNaN(dx) ? 0 : dx * dx + dy * dy;
    }
    return sum;
  }

  /// How far an exchange of the labels of an event's first instant with those of the next moves
  /// them, in variances of the noise that was added to them; without end where there is none.
  ///
  /// Of a wrong pose it is what it does itself, in variances of places against the ways between
  /// others.
  double power(Event event) {
    Double moved = posed.get(event);
    if (moved != null && noiseVariance > 0) {
      return moved / (ASIDE_VARIANCE * noiseVariance);
    }
    Long next = instants.higher(event.firstNs());
    if (noiseVariance == 0 || next == null) {
      return Double.POSITIVE_INFINITY;
    }
    double squares = 0;
    Map<String, Box> there = exact.getOrDefault(next, Map.of());
    for (Box a : exact.getOrDefault(event.firstNs(), Map.of()).values()) {
      Box b = there.get(a.track());
      if (b != null && !Double.isNaN(a.x) && !Double.isNaN(b.x)) {
        squares += (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
      }
    }
    return 2 * squares / noiseVariance;
  }

  /// Plants up to `wanted` faults.
  ///
  /// @param exact the labels without added noise, by which it is judged what can be seen
  /// @param clean the labels to damage
  /// @param known events in the same labels that are not to be counted again; new ones are added
  static Planting of(
      FaultClass kind, Sequence exact, Sequence clean, int wanted, long seed, Set<Event> known) {
    Planting planting = new Planting(kind, exact, clean, known);
    int most = kind.reach() == Reach.REST ? 1 : wanted;
    int refused = 0;
    for (int i = 0;
        i < TRIES * most && planting.events.size() < most && refused < MAX_REFUSED;
        i++) {
      refused = planting.plant(1 + 1000 * seed + i) ? 0 : refused + 1;
    }
    return planting;
  }

  /// Plants one fault if it changes something; false where the labels have no place for it.
  private boolean plant(long seed) {
    LabelTable damaged = table.copy();
    try {
      Corruption.plantInLabels(damaged, FaultSpec.parse(kind.fault(), seed));
    } catch (InapplicableFaultException e) {
      return false;
    }
    Event event =
        Event.between(
            table.boxes,
            damaged.boxes,
            kind.lasting(),
            box -> truth.getOrDefault(Spot.of(box), box));
    if (event == null) {
      harmless++;
      return true;
    }
    boolean whole = kind.reach() != Reach.TRACK;
    if (!(whole ? moves(event) : event.effective())) {
      harmless++;
      return true;
    }
    if (known.contains(event)) {
      return true;
    }
    if (whole) {
      for (Long stamp : instants.subSet(event.firstNs(), true, event.lastNs(), true)) {
        if (usedStamps.contains(stamp)) {
          return true;
        }
      }
      usedStamps.addAll(instants.subSet(event.firstNs(), true, event.lastNs(), true));
    } else {
      for (String track : event.tracks()) {
        if (usedTracks.contains(track)) {
          return true;
        }
      }
      usedTracks.addAll(event.tracks());
    }
    known.add(event);
    events.add(event);
    if (kind.id().equals("F25")) {
      posed.put(event, squares(table.boxes, damaged.boxes));
    }
    table = damaged;
    return true;
  }

  /// Whether, without added noise, any box moves by what can be seen from the event's first instant
  /// to the next.
  private boolean moves(Event event) {
    Long next = instants.higher(event.firstNs());
    Map<String, Box> here = exact.getOrDefault(event.firstNs(), Map.of());
    Map<String, Box> there = next == null ? Map.of() : exact.getOrDefault(next, Map.of());
    for (Map.Entry<String, Box> each : here.entrySet()) {
      Box a = each.getValue();
      Box b = there.get(each.getKey());
      if (b != null && Math.hypot(a.x - b.x, a.y - b.y) >= MIN_METERS) {
        return true;
      }
    }
    return false;
  }
}
