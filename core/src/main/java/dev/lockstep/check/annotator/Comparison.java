package dev.lockstep.check.annotator;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.annotator.Pieces.Piece;
import dev.lockstep.check.annotator.SharedWork.Beside;
import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// How the boxes of annotators lie beside those of others on the same objects.
///
/// Who differs most surely is told, by what is surest, and left out: what the others are compared
/// with must not hold it. So each annotator is told once, and the others are not told for standing
/// beside them.
final class Comparison {
  /// Objects drawn by others, too, from which on an annotator is judged by these alone.
  static final int MIN_PIECES = 10;

  static final double SIGMAS = 5;

  /// Times the usual scatter; judged.
  static final double MIN_SCATTER = 2.5;

  /// More than for a difference all along: a change may begin anywhere.
  static final double CHANGE_SIGMAS = 5.5;

  /// Share of the objects with another from which on it is tried without that one; judged.
  private static final double MIN_WITHOUT_SHARE = 0.05;

  /// Objects on each side that show a difference without one of the others; judged.
  private static final int MIN_WITHOUT = 5;

  /// Of the difference without one of the others; judged.
  private static final double MIN_LEFT = 0.5;

  private static final double SIGMAS_WITHOUT = 3;

  /// What is compared, and from which difference on it is told; all judged.
  enum Measure {
    /// Logarithm of the volume.
    VOLUME(Math.log1p(0.06), 0.01),
    /// Offset along the axes of the set, meters.
    X(0.08, 0.01),
    Y(0.08, 0.01),
    Z(0.08, 0.01),
    /// How long ago the object was where the box is, seconds.
    DELAY(0.03, 0.004),
    /// Logarithm of the distance from the middle offset.
    SCATTER(Math.log(MIN_SCATTER), 0.25);

    final double least;
    final double floor;

    Measure(double least, double floor) {
      this.least = least;
      this.floor = floor;
    }
  }

  /// A difference.
  ///
  /// @param annotator whose
  /// @param measure in what
  /// @param changes whether it begins after some of the work
  /// @param shifts how much and how sure
  /// @param pieces objects compared, in order of work
  /// @param others who drew these objects, too
  /// @param gradual whether a slow growth explains it better than a step
  /// @param rival the only one beside whom it shows, so that it may as well be theirs; null where
  ///   it shows beside others, too
  record Verdict(
      String annotator,
      Measure measure,
      boolean changes,
      Shifts shifts,
      List<Piece> pieces,
      Set<String> others,
      boolean gradual,
      @Nullable String rival) {
    /// Surer than another: what shows beside several is told before what shows beside one.
    boolean surerThan(@Nullable Verdict other) {
      if (other == null || (rival == null) != (other.rival == null)) {
        return other == null || rival == null;
      }
      return Math.abs(shifts.z()) > Math.abs(other.shifts.z());
    }
  }

  private final LabelSet labels;
  private final Pieces pieces;
  private final SharedWork shared;
  private final ToolShift tools;
  private final Set<String> pasted;
  private final List<Verdict> verdicts = new ArrayList<>();
  private final Map<String, Integer> compared = new HashMap<>();

  private Comparison(LabelSet labels, LabelCheck.Context context) {
    this.labels = labels;
    tools = ToolShift.of(labels, context);
    shared = tools.shared();
    pieces = shared.pieces();
    pasted = BoxesPasted.pasted(labels, pieces).keySet();
  }

  /// Of a label set, computed once for all rules.
  static Comparison of(LabelSet labels, LabelCheck.Context context) {
    return context
        .shared(labels)
        .get(
            Comparison.class,
            () -> {
              Comparison comparison = new Comparison(labels, context);
              comparison.find();
              return comparison;
            });
  }

  /// The pieces that it is about.
  Pieces pieces() {
    return pieces;
  }

  /// What the tools do.
  ToolShift tools() {
    return tools;
  }

  /// What was found, the surest first.
  List<Verdict> verdicts() {
    return verdicts;
  }

  /// Objects of an annotator that others drew, too.
  int compared(String annotator) {
    return compared.getOrDefault(annotator, 0);
  }

  /// Whether an annotator has enough of these to be judged by them.
  boolean judges(String annotator) {
    return compared(annotator) >= MIN_PIECES;
  }

  private void find() {
    Map<String, List<Piece>> work = pieces.byAnnotator();
    TreeSet<String> left = new TreeSet<>(work.keySet());
    work.forEach((name, own) ->
        compared.put(
            name, (int) own.stream().filter(piece -> !shared.twins(piece).isEmpty()).count()));
    // Boxes that stay where they were are told as that.
    left.removeIf(name -> compared(name) == 0 || pasted.contains(name));
    while (left.size() >= 2) {
      Verdict surest = null;
      Map<String, Map<Piece, Beside>> besides = new HashMap<>();
      List<Double> scatters = new ArrayList<>();
      for (String name : left) {
        Map<Piece, Beside> own = new HashMap<>();
        for (Piece piece : work.getOrDefault(name, List.of())) {
          Beside beside = shared.beside(labels, pieces, piece, left);
          if (beside != null) {
            own.put(piece, beside);
            if (Double.isFinite(beside.scatter())) {
              scatters.add(scatter(beside));
            }
          }
        }
        besides.put(name, own);
      }
      double[] all = scatters.stream().mapToDouble(Double::doubleValue).toArray();
      double usual = Pieces.median(all, all.length);
      for (String name : left) {
        Verdict verdict = judge(name, work, besides.getOrDefault(name, Map.of()), usual, left);
        if (verdict != null && verdict.surerThan(surest)) {
          surest = verdict;
        }
      }
      if (surest == null) {
        break;
      }
      verdicts.add(surest);
      left.remove(surest.annotator);
    }
  }

  private static double scatter(Beside beside) {
    return Math.log(beside.scatter() + 0.002);
  }

  private @Nullable Verdict judge(
      String name,
      Map<String, List<Piece>> work,
      Map<Piece, Beside> besides,
      double usual,
      Set<String> among) {
    Verdict surest = null;
    for (Measure measure : Measure.values()) {
      Row row = row(measure, work.getOrDefault(name, List.of()), besides, usual, among);
      if (row.pieces.size() < MIN_PIECES) {
        continue;
      }
      double[] numbers = row.numbers();
      Shifts change = Shifts.change(numbers, measure.floor);
      Shifts whole = Shifts.whole(numbers, measure.floor);
      boolean changes = told(measure, change, CHANGE_SIGMAS);
      if (changes || told(measure, whole, SIGMAS)) {
        Shifts shifts = changes ? change : whole;
        Verdict verdict =
            new Verdict(
                name,
                measure,
                changes,
                shifts,
                row.pieces,
                others(row.pieces, among),
                changes && shifts.gradual(numbers),
                null);
        if (verdict.surerThan(surest)) {
          verdict = withoutEach(verdict, usual, among);
          surest = verdict != null && verdict.surerThan(surest) ? verdict : surest;
        }
      }
    }
    return surest;
  }

  /// Numbers of a measure, piece by piece.
  private record Row(List<Piece> pieces, List<Double> values) {
    double[] numbers() {
      return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }

  private Row row(
      Measure measure,
      List<Piece> work,
      Map<Piece, Beside> besides,
      double usual,
      Set<String> among) {
    Row row = new Row(new ArrayList<>(), new ArrayList<>());
    for (Piece piece : work) {
      Beside beside = besides.get(piece);
      double value = beside == null ? Double.NaN : value(measure, piece, beside, usual, among);
      if (Double.isFinite(value)) {
        row.pieces.add(piece);
        row.values.add(value);
      }
    }
    return row;
  }

  private Set<String> others(List<Piece> compared, Set<String> among) {
    Set<String> others = new TreeSet<>();
    compared.forEach(piece ->
        shared.twins(piece).keySet().stream().filter(among::contains).forEach(others::add));
    return others;
  }

  /// Whether a difference stays when each of the others is left out: what goes with one of them is
  /// theirs, and what shows beside nobody else may be that one's as well. Null where it goes.
  private @Nullable Verdict withoutEach(Verdict verdict, double usual, Set<String> among) {
    Measure measure = verdict.measure;
    int from = verdict.shifts.from();
    Set<Piece> before = new HashSet<>(verdict.pieces.subList(0, from));
    double step = verdict.shifts.after() - verdict.shifts.before();
    String rival = null;
    for (String other : verdict.others) {
      List<Piece> after = verdict.pieces.subList(from, verdict.pieces.size());
      long common = after.stream().filter(p -> shared.twins(p).containsKey(other)).count();
      if (common < MIN_WITHOUT_SHARE * after.size()) {
        continue;
      }
      Set<String> rest = new TreeSet<>(among);
      rest.remove(other);
      Map<Piece, Beside> besides = new HashMap<>();
      for (Piece piece : verdict.pieces) {
        Beside beside = shared.beside(labels, pieces, piece, rest);
        if (beside != null) {
          besides.put(piece, beside);
        }
      }
      Row row = row(measure, verdict.pieces, besides, usual, rest);
      int split = (int) row.pieces.stream().filter(before::contains).count();
      boolean few = row.pieces.size() - split < MIN_WITHOUT;
      if (few || (from > 0 && split < MIN_WITHOUT)) {
        rival = alibi(verdict, other, usual, among) ? rival : other;
        continue;
      }
      Shifts without = Shifts.at(row.numbers(), split, measure.floor);
      double left = (without.after() - without.before()) / step;
      if (left < MIN_LEFT || Math.abs(without.z()) < SIGMAS_WITHOUT) {
        return null;
      }
    }
    return rival == null
        ? verdict
        : new Verdict(
            verdict.annotator,
            measure,
            verdict.changes,
            verdict.shifts,
            verdict.pieces,
            verdict.others,
            verdict.gradual,
            rival);
  }

  /// Whether the boxes of `other` lie where those of the rest do, at the same time, so that the
  /// difference is not theirs.
  private boolean alibi(Verdict verdict, String other, double usual, Set<String> among) {
    Set<String> rest = new TreeSet<>(among);
    rest.remove(verdict.annotator);
    rest.remove(other);
    Map<Piece, Beside> besides = new HashMap<>();
    List<Piece> own = pieces.byAnnotator().getOrDefault(other, List.of());
    for (Piece piece : own) {
      Beside beside = shared.beside(labels, pieces, piece, rest);
      if (beside != null) {
        besides.put(piece, beside);
      }
    }
    Row row = row(verdict.measure, own, besides, usual, rest);
    int split = 0;
    if (verdict.changes) {
      long sinceNs = verdict.pieces.get(verdict.shifts.from()).doneNs();
      split = (int) row.pieces.stream().filter(piece -> piece.doneNs() < sinceNs).count();
    }
    if (row.pieces.size() - split < Shifts.SIDE || (verdict.changes && split < Shifts.SIDE)) {
      return false;
    }
    Shifts shifts = Shifts.at(row.numbers(), split, verdict.measure.floor);
    double step = Math.abs(shifts.after() - shifts.before());
    double error = shifts.z() == 0 ? 0 : step / Math.abs(shifts.z());
    double whole = Math.abs(verdict.shifts.after() - verdict.shifts.before());
    return step + 2 * error < MIN_LEFT * whole;
  }

  private static boolean told(Measure measure, Shifts shifts, double sigmas) {
    double step = shifts.after() - shifts.before();
    // Who becomes steadier learns.
    boolean fault = measure != Measure.SCATTER || step > 0;
    return fault && Math.abs(shifts.z()) >= sigmas && Math.abs(step) >= measure.least;
  }

  private double value(
      Measure measure, Piece piece, Beside beside, double usual, Set<String> among) {
    return switch (measure) {
      case VOLUME -> {
        double theirs = 0;
        int count = 0;
        boolean same = true;
        for (Map.Entry<String, Piece> twin : shared.twins(piece).entrySet()) {
          if (among.contains(twin.getKey())) {
            theirs += tools.of(twin.getValue());
            same &= Objects.equals(tools.tool(twin.getValue()), tools.tool(piece));
            count++;
          }
        }
        // What two tools make of an object says nothing about two hands, unless it is known.
        yield count == 0 || !(same || tools.known())
            ? Double.NaN
            : beside.logVolume() - tools.of(piece) + theirs / count;
      }
      case X -> beside.place()[0];
      case Y -> beside.place()[1];
      case Z -> beside.place()[2];
      case DELAY -> -beside.ahead() / beside.speed();
      case SCATTER -> scatter(beside) - usual;
    };
  }
}
