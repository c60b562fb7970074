package dev.lockstep.check.annotator;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.annotator.Pieces.Piece;
import dev.lockstep.check.annotator.SharedWork.Beside;
import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.HashMap;
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
  record Verdict(
      String annotator,
      Measure measure,
      boolean changes,
      Shifts shifts,
      List<Piece> pieces,
      Set<String> others,
      boolean gradual) {}

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
        if (verdict != null
            && (surest == null || Math.abs(verdict.shifts.z()) > Math.abs(surest.shifts.z()))) {
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
      List<Piece> compared = new ArrayList<>();
      List<Double> values = new ArrayList<>();
      Set<String> others = new TreeSet<>();
      for (Piece piece : work.getOrDefault(name, List.of())) {
        Beside beside = besides.get(piece);
        double value = beside == null ? Double.NaN : value(measure, piece, beside, usual, among);
        if (Double.isFinite(value)) {
          compared.add(piece);
          values.add(value);
          shared.twins(piece).keySet().stream().filter(among::contains).forEach(others::add);
        }
      }
      if (compared.size() < MIN_PIECES) {
        continue;
      }
      double[] numbers = values.stream().mapToDouble(Double::doubleValue).toArray();
      Shifts change = Shifts.change(numbers, measure.floor);
      Shifts whole = Shifts.whole(numbers, measure.floor);
      boolean changes = told(measure, change, CHANGE_SIGMAS);
      if (changes || told(measure, whole, SIGMAS)) {
        Shifts shifts = changes ? change : whole;
        if (surest == null || Math.abs(shifts.z()) > Math.abs(surest.shifts.z())) {
          surest =
              new Verdict(
                  name,
                  measure,
                  changes,
                  shifts,
                  compared,
                  others,
                  changes && shifts.gradual(numbers));
        }
      }
    }
    return surest;
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
