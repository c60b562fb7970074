package dev.lockstep.check.annotator;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.check.annotator.Pieces.Piece;
import dev.lockstep.model.LabelSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// How much larger boxes are with one tool (or version) than with another, in the hands of the same
/// annotators. What most of them do at once is nobody's fault, and rules about annotators leave it
/// out.
final class ToolShift {
  static final double SIGMAS = 5;
  static final double MIN_SHARE = 0.03;
  private static final double MIN_LOG = Math.log1p(MIN_SHARE);
  static final int MIN_PIECES = 5;
  static final int MIN_ANNOTATORS = 3;
  static final double MIN_AGREEING = 0.75;
  private static final double FLOOR = 0.02;
  private static final double CLIP = 3;

  /// How much the hands of two annotators, and two boxes of one object by them, differ in the
  /// logarithm of the volume; judged.
  private static final double HAND = 0.03;

  private static final double PAIR = 0.1;

  /// A tool that makes boxes larger or smaller than the one before it.
  ///
  /// @param before the tool before
  /// @param tool the tool
  /// @param log logarithm of its volumes over those before
  /// @param z standard errors
  /// @param annotators who used both
  /// @param agreeing of these, those whose boxes changed the same way
  /// @param first first piece made with it
  record Shift(
      String before,
      String tool,
      double log,
      double z,
      int annotators,
      int agreeing,
      Piece first) {}

  /// Two who drew the same objects, with the tool and with the one before.
  private record Hands(String now, String before) {}

  private final LabelSet labels;
  private final SharedWork shared;
  private final List<Shift> shifts = new ArrayList<>();
  private final Map<String, Double> logs = new HashMap<>();
  private int compared;

  private ToolShift(LabelSet labels, SharedWork shared) {
    this.labels = labels;
    this.shared = shared;
  }

  /// Of a label set, computed once for all rules.
  static ToolShift of(LabelSet labels, LabelCheck.Context context) {
    SharedWork shared = SharedWork.of(labels, context);
    return context
        .shared(labels)
        .get(
            ToolShift.class,
            () -> {
              ToolShift found = new ToolShift(labels, shared);
              found.find(shared.pieces());
              return found;
            });
  }

  /// Shifts, in order of the tools' first use.
  List<Shift> shifts() {
    return shifts;
  }

  /// The work that it is about.
  SharedWork shared() {
    return shared;
  }

  /// Whether any shift is known.
  boolean known() {
    return !shifts.isEmpty();
  }

  /// Annotators who used two tools enough to be compared.
  int compared() {
    return compared;
  }

  /// What a tool adds to the logarithm of the volume of a piece; 0 where it adds nothing.
  double of(Piece piece) {
    String tool = tool(piece);
    return tool == null ? 0 : logs.getOrDefault(tool, 0.0);
  }

  /// Tool that a piece was made with, or null.
  @Nullable String tool(Piece piece) {
    return labels.details().tool(piece.rows()[0]);
  }

  private void find(Pieces pieces) {
    List<String> tools = new ArrayList<>();
    for (Piece piece : pieces.all()) {
      String tool = tool(piece);
      if (tool != null && !tools.contains(tool)) {
        tools.add(tool);
      }
    }
    if (tools.size() < 2 || tools.size() > 50) {
      return;
    }
    Map<Piece, Double> deviations = deviations(pieces);
    double sum = 0;
    for (int t = 1; t < tools.size(); t++) {
      Shift shift = shift(pieces, deviations, tools.get(t - 1), tools.get(t));
      if (shift != null) {
        shifts.add(shift);
        sum += shift.log;
      }
      logs.put(tools.get(t), sum);
    }
  }

  /// Logarithms of volumes over what is usual of the category.
  private static Map<Piece, Double> deviations(Pieces pieces) {
    Map<Piece, Double> sizes = new HashMap<>();
    pieces.all().forEach(piece -> sizes.put(piece, pieces.logVolume(piece)));
    Map<Integer, double[]> middles = Pieces.middles(pieces.all(), sizes, FLOOR);
    Map<Piece, Double> deviations = new HashMap<>();
    for (Piece piece : pieces.all()) {
      double[] middle = middles.get(piece.category());
      double size = sizes.getOrDefault(piece, Double.NaN);
      if (middle != null && Double.isFinite(size)) {
        deviations.put(piece, Math.clamp(size - middle[0], -CLIP * middle[1], CLIP * middle[1]));
      }
    }
    return deviations;
  }

  private @Nullable Shift shift(
      Pieces pieces, Map<Piece, Double> deviations, String before, String tool) {
    Map<String, double[]> sums = new TreeMap<>();
    Piece first = null;
    double squares = 0;
    long all = 0;
    for (Piece piece : pieces.all()) {
      Double value = deviations.get(piece);
      String with = tool(piece);
      if (value == null || with == null || !(with.equals(before) || with.equals(tool))) {
        continue;
      }
      double[] own = sums.computeIfAbsent(piece.annotator(), a -> new double[4]);
      int side = with.equals(tool) ? 2 : 0;
      own[side] += value;
      own[side + 1]++;
      squares += value * value;
      all++;
      first = first == null && side == 2 ? piece : first;
    }
    double weights = 0;
    double mean = 0;
    List<Double> steps = new ArrayList<>();
    double variance = all == 0 ? 0 : Math.max(FLOOR * FLOOR, squares / all);
    TreeSet<String> users = new TreeSet<>();
    for (Map.Entry<String, double[]> each : sums.entrySet()) {
      double[] own = each.getValue();
      if (own[1] >= MIN_PIECES && own[3] >= MIN_PIECES) {
        double step = own[2] / own[3] - own[0] / own[1];
        double weight = 1 / (variance * (1 / own[1] + 1 / own[3]));
        users.add(each.getKey());
        steps.add(step);
        weights += weight;
        mean += weight * step;
      }
    }
    for (Map.Entry<Hands, List<Double>> each : across(pieces, before, tool).entrySet()) {
      List<Double> own = each.getValue();
      if (own.size() >= MIN_PIECES) {
        users.add(each.getKey().now);
        users.add(each.getKey().before);
        double[] numbers = own.stream().mapToDouble(Double::doubleValue).toArray();
        double step = Pieces.median(numbers, numbers.length);
        double weight = 1 / (HAND * HAND + PAIR * PAIR / numbers.length);
        steps.add(step);
        weights += weight;
        mean += weight * step;
      }
    }
    compared += users.size();
    if (users.size() < MIN_ANNOTATORS || first == null) {
      return null;
    }
    mean /= weights;
    double sign = Math.signum(mean);
    int agreeing = (int) steps.stream().filter(step -> Math.signum(step) == sign).count();
    double z = mean * Math.sqrt(weights);
    boolean told =
        Math.abs(z) >= SIGMAS
            && Math.abs(mean) >= MIN_LOG
            && agreeing >= MIN_AGREEING * steps.size();
    return told
        ? new Shift(
            before, tool, mean, z, users.size(), agreeing * users.size() / steps.size(), first)
        : null;
  }

  /// Logarithms of volumes over those of the same objects by others with the tool before.
  private Map<Hands, List<Double>> across(Pieces pieces, String before, String tool) {
    Map<Hands, List<Double>> across = new LinkedHashMap<>();
    for (Piece piece : pieces.all()) {
      if (tool.equals(tool(piece))) {
        for (Piece twin : shared.twins(piece).values()) {
          double step = pieces.logVolume(piece) - pieces.logVolume(twin);
          if (before.equals(tool(twin)) && Double.isFinite(step)) {
            across
                .computeIfAbsent(
                    new Hands(piece.annotator(), twin.annotator()), a -> new ArrayList<>())
                .add(step);
          }
        }
      }
    }
    return across;
  }
}
