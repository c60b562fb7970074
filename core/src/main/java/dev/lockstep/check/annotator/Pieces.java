package dev.lockstep.check.annotator;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Times;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The labels of a set by *pieces*: what one annotator drew of one track, in order of time.
///
/// Where boxes are 2D only, pixels stand for meters, [#PIXEL_METERS] each, and the area for the
/// volume: what is compared on the same objects holds as it is, while sizes of different objects
/// follow their distance and say nothing.
final class Pieces {
  /// Boxes nearer to the straight line between their neighbours were computed, not drawn: formats
  /// keep more digits than that, and no hand is as steady.
  static final double EXACT_METERS = 1e-5;

  /// What a pixel counts for; judged.
  static final double PIXEL_METERS = 0.02;

  /// Steps of coordinates that exporters round to, pixels.
  private static final double[] GRIDS = {1, 0.5, 0.1, 0.01};

  private static final double ON_GRID = 2e-3;

  /// One object by one annotator.
  ///
  /// @param annotator who
  /// @param track number of the track
  /// @param category number of the category of the first row
  /// @param rows rows in order of stamps
  /// @param doneNs when half of its labels were made (later corrections of some say nothing about
  ///   the order of work), or, where that is not told of all labels, its first stamp
  record Piece(String annotator, int track, int category, int[] rows, long doneNs) {
    // Every piece has rows of its own. What a record does by itself is put together at run time,
    // which takes longer than the rules about annotators on a short drive.
    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return 31 * annotator.hashCode() + track;
    }
  }

  private final LabelSet labels;
  private final List<Piece> all;

  private final boolean edited;
  private final boolean flat;
  private final double grid;

  private Pieces(LabelSet labels, List<Piece> all, boolean edited, boolean flat) {
    this.labels = labels;
    this.flat = flat;
    this.grid = flat ? grid(labels) : 0;
    this.edited = edited;
    this.all = List.copyOf(all);
  }

  /// Why the labels say nothing about annotators, or null.
  static @Nullable String obstacle(LabelSet labels) {
    if (labels.size() == 0) {
      return "no labels";
    }
    boolean named = false;
    boolean boxes = false;
    for (int row = 0; row < labels.size(); row++) {
      named |= labels.annotator(row) != null;
      boxes |= labels.annotator(row) != null && (labels.has3d(row) || labels.has2d(row));
    }
    if (!named) {
      return "labels do not say who made them";
    }
    return boxes ? null : "labels with an annotator have no boxes";
  }

  private static boolean flat(LabelSet labels) {
    for (int row = 0; row < labels.size(); row++) {
      if (labels.annotator(row) != null && labels.has3d(row)) {
        return false;
      }
    }
    return true;
  }

  /// The coarsest step that all edges lie on, pixels; 0 where there is none.
  private static double grid(LabelSet labels) {
    for (double step : GRIDS) {
      boolean on = true;
      for (int i = 0; i < labels.size() * LabelSet.BOX_2D && on; i++) {
        double edge = labels.boxes2d()[i] / step;
        on = Double.isNaN(edge) || Math.abs(edge - Math.rint(edge)) < ON_GRID / step;
      }
      if (on) {
        return step;
      }
    }
    return 0;
  }

  /// The pieces, in order of their time of work, then of annotator and track.
  static Pieces of(LabelSet labels, LabelCheck.Context context) {
    return context.shared(labels).get(Pieces.class, () -> of(labels));
  }

  private static Pieces of(LabelSet labels) {
    boolean edited = true;
    boolean flat = flat(labels);
    for (int row = 0; row < labels.size(); row++) {
      edited &= labels.annotator(row) == null || labels.editedNs()[row] != Times.NONE;
    }
    List<Piece> all = new ArrayList<>();
    int[] rows = labels.trackRows();
    for (int track = 0; track < labels.trackCount(); track++) {
      Map<String, List<Integer>> byAnnotator = new TreeMap<>();
      for (int i = labels.trackStart(track); i < labels.trackStart(track + 1); i++) {
        int row = rows[i];
        String annotator = labels.annotator(row);
        boolean ignored = labels.details().has(row, LabelDetails.IGNORED);
        if (annotator != null && (flat ? labels.has2d(row) : labels.has3d(row)) && !ignored) {
          byAnnotator.computeIfAbsent(annotator, a -> new ArrayList<>()).add(row);
        }
      }
      for (Map.Entry<String, List<Integer>> each : byAnnotator.entrySet()) {
        int[] own = each.getValue().stream().mapToInt(Integer::intValue).toArray();
        long doneNs = edited ? middleEdit(labels, own) : labels.stampsNs()[own[0]];
        all.add(new Piece(each.getKey(), track, labels.categories()[own[0]], own, doneNs));
      }
    }
    all.sort(Pieces::compare);
    return new Pieces(labels, all, edited, flat);
  }

  private static long middleEdit(LabelSet labels, int[] rows) {
    long[] edits = Arrays.stream(rows).mapToLong(row -> labels.editedNs()[row]).sorted().toArray();
    return edits[edits.length / 2];
  }

  /// By time of work, annotator and track.
  private static int compare(Piece one, Piece other) {
    int order = Long.compare(one.doneNs, other.doneNs);
    if (order == 0) {
      order = one.annotator.compareTo(other.annotator);
    }
    return order == 0 ? Integer.compare(one.track, other.track) : order;
  }

  /// Whether all labels tell when they were changed last.
  boolean edited() {
    return edited;
  }

  /// Whether boxes are 2D.
  boolean flat() {
    return flat;
  }

  /// Nearer to the line between its neighbours than this, a box may have been computed; at most so
  /// far off are coordinates by rounding.
  double exactMeters() {
    return Math.max(EXACT_METERS, grid * PIXEL_METERS);
  }

  /// Whether coordinates are rounded so much that a line drawn by hand looks computed.
  boolean coarse() {
    return grid >= 0.1;
  }

  /// A length for the reader: in meters, or in pixels where boxes are 2D.
  double length(double meters) {
    return flat ? meters / PIXEL_METERS : meters;
  }

  /// Unit of [#length(double)].
  String unit() {
    return flat ? "px" : "m";
  }

  /// When a piece was done, for the reader: " since 2026-03-04T05:45Z", or nothing where that is
  /// not told.
  String since(Piece piece) {
    return edited
        ? " since "
            + Instant.ofEpochSecond(Math.floorDiv(piece.doneNs(), Times.SECOND))
                .truncatedTo(ChronoUnit.MINUTES)
        : "";
  }

  /// All pieces.
  List<Piece> all() {
    return all;
  }

  /// Pieces of each annotator, by name, each in order of work.
  Map<String, List<Piece>> byAnnotator() {
    Map<String, List<Piece>> map = new TreeMap<>();
    all.forEach(p -> map.computeIfAbsent(p.annotator(), a -> new ArrayList<>()).add(p));
    return map;
  }

  /// A number of a box: 0 to 2 the centre, 3 to 5 length, width and height; of a 2D box its third
  /// axis is 0 and 1.
  double box(int row, int number) {
    if (!flat) {
      return labels.boxes3d()[row * LabelSet.BOX_3D + number];
    }
    double low = labels.boxes2d()[row * LabelSet.BOX_2D + number % 3 % 2];
    double high = labels.boxes2d()[row * LabelSet.BOX_2D + 2 + number % 3 % 2];
    return switch (number) {
      case 0, 1 -> PIXEL_METERS * (low + high) / 2;
      case 3, 4 -> PIXEL_METERS * (high - low);
      default -> number == 2 ? 0 : 1;
    };
  }

  /// Logarithm of the volume of a box.
  double logVolume(int row) {
    return Math.log(box(row, 3) * box(row, 4) * box(row, 5));
  }

  /// Distance between the centres of two boxes, meters.
  double distance(int one, int other) {
    return Math.hypot(
        Math.hypot(box(one, 0) - box(other, 0), box(one, 1) - box(other, 1)),
        box(one, 2) - box(other, 2));
  }

  /// Logarithm of the volume of the middle one of a piece's boxes; NaN where it has none.
  double logVolume(Piece piece) {
    double[] logs = new double[piece.rows().length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = logVolume(piece.rows()[i]);
    }
    return median(logs, logs.length);
  }

  /// Logarithm of the middle one of the lengths (side 0), widths or heights of a piece's boxes.
  double logSide(Piece piece, int side) {
    double[] logs = new double[piece.rows().length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = Math.log(box(piece.rows()[i], 3 + side));
    }
    return median(logs, logs.length);
  }

  /// How far a box lies from the straight way between its neighbours in the piece, meters; NaN at
  /// the ends and where stamps are equal.
  double offLine(Piece piece, int index) {
    int[] rows = piece.rows();
    if (index == 0 || index == rows.length - 1) {
      return Double.NaN;
    }
    long before = labels.stampsNs()[rows[index - 1]];
    long after = labels.stampsNs()[rows[index + 1]];
    double share = (double) (labels.stampsNs()[rows[index]] - before) / (after - before);
    double sum = 0;
    for (int k = 0; k < 3; k++) {
      double a = box(rows[index - 1], k);
      double off = box(rows[index], k) - a - share * (box(rows[index + 1], k) - a);
      sum += off * off;
    }
    return Math.sqrt(sum);
  }

  /// Distance between the neighbours of a box in the piece, meters.
  double stride(Piece piece, int index) {
    int[] rows = piece.rows();
    return Math.hypot(
        box(rows[index + 1], 0) - box(rows[index - 1], 0),
        box(rows[index + 1], 1) - box(rows[index - 1], 1));
  }

  /// Logarithm of the middle distance of the drawn boxes of a piece from the line between their
  /// neighbours; NaN where fewer than `least` were drawn.
  double logJitter(Piece piece, int least) {
    double[] offs = new double[piece.rows().length];
    int count = 0;
    for (int i = 1; i < piece.rows().length - 1; i++) {
      double off = offLine(piece, i);
      // A box beside computed ones shows how far their line cuts corners, not how steady a hand is.
      boolean computed = false;
      for (int k = i - 1; k <= i + 1; k++) {
        computed |= labels.details().has(piece.rows()[k], LabelDetails.INTERPOLATED);
      }
      if (off > exactMeters() && !computed) {
        offs[count++] = off;
      }
    }
    return count < least ? Double.NaN : Math.log(median(offs, count));
  }

  /// The middle of the first `count` numbers, which are brought into order; NaN of none.
  static double median(double[] values, int count) {
    Arrays.sort(values, 0, count);
    return count == 0 ? Double.NaN : (values[(count - 1) / 2] + values[count / 2]) / 2;
  }

  /// Middle and spread (1.4826 times the middle distance from it) of numbers of pieces, by
  /// category.
  static Map<Integer, double[]> middles(
      List<Piece> pieces, Map<Piece, Double> values, double floor) {
    Map<Integer, List<Double>> byCategory = new HashMap<>();
    for (Piece piece : pieces) {
      Double value = values.get(piece);
      if (value != null && Double.isFinite(value)) {
        byCategory.computeIfAbsent(piece.category(), c -> new ArrayList<>()).add(value);
      }
    }
    Map<Integer, double[]> middles = new HashMap<>();
    byCategory.forEach((category, list) -> {
      double[] numbers = list.stream().mapToDouble(Double::doubleValue).toArray();
      double middle = median(numbers, numbers.length);
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Math.abs(numbers[i] - middle);
      }
      double spread = Math.max(floor, 1.4826 * median(numbers, numbers.length));
      middles.put(category, new double[] {middle, spread, numbers.length});
    });
    return middles;
  }
}
