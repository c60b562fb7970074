package dev.lockstep.check.annotator;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Order;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// ANN012: edit times of an annotator are ahead of, or behind, those that others wrote around them
/// into the same log.
public final class EditClockOff implements LabelCheck {
  private static final long MIN_NS = 600 * Times.SECOND;
  private static final int MIN_LABELS = 20;
  private static final double MIN_ORDER = 0.98;
  private static final double MAX_SCATTER = 0.1;

  /// Labels that are looked through for three annotators.
  private static final int MAX_LOOK = 500;

  private static final CheckCard CARD =
      CheckCard.of(
          "ANN012",
          EditClockOff.class,
          Severity.WARNING,
          "Edit times of an annotator do not fit in the order of the log.",
          new CheckCard.Parameter("min-off", "s", MIN_NS / (double) Times.SECOND, "judged"),
          new CheckCard.Parameter("min-labels", "", MIN_LABELS, "that are off; judged"),
          new CheckCard.Parameter(
              "min-order", "", MIN_ORDER, "share of the others' labels in order; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public Conclusion examine(LabelSet labels, Context context, CheckSink sink) {
    if (labels.size() == 0) {
      return Conclusion.undecided("no labels");
    }
    Integer[] order = order(labels);
    if (order.length == 0) {
      return Conclusion.undecided("labels do not say who made them and when");
    }
    Map<String, List<Integer>> byAnnotator = new TreeMap<>();
    for (int row : order) {
      String name = labels.annotator(row);
      if (name != null) {
        byAnnotator.computeIfAbsent(name, n -> new ArrayList<>()).add(row);
      }
    }
    if (byAnnotator.size() < 2) {
      return Conclusion.undecided("one annotator: nothing to compare the clock with");
    }
    TreeMap<String, List<Integer>> left = new TreeMap<>(byAnnotator);
    long examined = 0;
    while (left.size() >= 2) {
      String worst = null;
      Off most = null;
      for (String name : left.keySet()) {
        Off off = off(labels, order, name, left);
        if (off == null) {
          continue;
        }
        examined = Math.max(examined, off.judged);
        if (off.rows.size() >= MIN_LABELS && (most == null || off.rows.size() > most.rows.size())) {
          most = off;
          worst = name;
        }
      }
      if (worst == null || most == null) {
        break;
      }
      tell(labels, worst, most, left.keySet(), sink);
      left.remove(worst);
    }
    return Conclusion.examined(
        examined, "rows do not stand in the order in which they were written");
  }

  private static Integer[] order(LabelSet labels) {
    List<Integer> rows = new ArrayList<>();
    for (int row = 0; row < labels.size(); row++) {
      if (labels.annotator(row) != null && labels.editedNs()[row] != Times.NONE) {
        rows.add(row);
      }
    }
    rows.sort(
        Order.by((Integer row) -> labels.file(row))
            .thenComparingLong(row -> labels.positions()[row]));
    return rows.toArray(Integer[]::new);
  }

  /// Labels whose times lie off those of others around them.
  private record Off(List<Integer> rows, List<Long> offsNs, int judged) {}

  /// Compares an annotator's times with the others' before and behind them in the log, where these
  /// stand in order; null where they do not.
  private static @Nullable Off off(
      LabelSet labels, Integer[] order, String name, Map<String, List<Integer>> left) {
    long[] edited = labels.editedNs();
    List<Integer> others = new ArrayList<>();
    int[] before = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      String by = labels.annotator(order[i]);
      before[i] = others.size() - 1;
      if (by != null && !by.equals(name) && left.containsKey(by)) {
        others.add(order[i]);
      }
    }
    // Others must rise, or the file was sorted by something else. (A sorted copy of wrong times
    // rises for everybody, and shows nothing.)
    long rising = 0;
    long highest = Long.MIN_VALUE;
    for (int row : others) {
      rising += edited[row] >= highest - MIN_NS ? 1 : 0;
      highest = Math.max(highest, edited[row]);
    }
    if (others.size() < MIN_LABELS || rising < MIN_ORDER * others.size()) {
      return null;
    }
    List<Integer> rows = new ArrayList<>();
    List<Long> offs = new ArrayList<>();
    int judged = 0;
    for (int i = 0; i < order.length; i++) {
      if (!name.equals(labels.annotator(order[i]))) {
        continue;
      }
      long low = around(labels, others, before[i], -1, left.size() == 2);
      long high = around(labels, others, before[i] + 1, 1, left.size() == 2);
      if (low == Times.NONE || high == Times.NONE) {
        continue;
      }
      judged++;
      long at = edited[order[i]];
      long offNs = at > high + MIN_NS ? at - high : at < low - MIN_NS ? at - low : 0;
      if (offNs != 0) {
        rows.add(order[i]);
        offs.add(offNs);
      }
    }
    return new Off(rows, offs, judged);
  }

  /// Time of the others from a place on, forwards or backwards: the middle of the nearest of up to
  /// three annotators, of two the more cautious, so that one wrong clock among them misleads
  /// nobody.
  private static long around(
      LabelSet labels, List<Integer> others, int from, int step, boolean alone) {
    Map<String, Long> times = new HashMap<>();
    for (int i = from, n = 0;
        i >= 0 && i < others.size() && times.size() < 3 && n < MAX_LOOK;
        i += step, n++) {
      String by = labels.annotator(others.get(i));
      if (by != null) {
        times.putIfAbsent(by, labels.editedNs()[others.get(i)]);
      }
    }
    long[] sorted = times.values().stream().mapToLong(Long::longValue).sorted().toArray();
    return switch (sorted.length) {
      case 0 -> Times.NONE;
      case 1 -> alone ? sorted[0] : Times.NONE;
      case 2 -> step < 0 ? sorted[0] : sorted[1];
      default -> sorted[1];
    };
  }

  private static void tell(
      LabelSet labels, String name, Off off, Set<String> annotators, CheckSink sink) {
    long[] sorted = off.offsNs.stream().mapToLong(Long::longValue).sorted().toArray();
    long middle = sorted[sorted.length / 2];
    double hours = Math.rint(middle / 360e9) / 10;
    int first = off.rows.getFirst();
    Map<Boolean, Integer> sides = new HashMap<>();
    Arrays.stream(sorted).forEach(ns -> sides.merge(ns > 0, 1, Integer::sum));
    boolean steady = sides.values().stream().anyMatch(n -> n >= (1 - MAX_SCATTER) * sorted.length);
    sink.report(
        Severity.WARNING,
        annotators.size() == 2
            ? "edit times of " + String.join(" and ", annotators) + " disagree"
            : "edit times of " + name + " are off",
        labels.location(first, first).withTrack(null),
        new Evidence.OutOfRange(
            "from those that others wrote before and behind, "
                + off.rows.size()
                + " labels of "
                + off.judged
                + ", from "
                + Instant.ofEpochSecond(Math.floorDiv(labels.editedNs()[first], Times.SECOND))
                    .truncatedTo(ChronoUnit.MINUTES)
                + " on",
            hours,
            null,
            Math.rint(MIN_NS / 36e9) / 100,
            "h"),
        new Cause(
            "clock-wrong",
            (steady
                    ? "a workstation with another clock or time zone"
                    : "a workstation whose clock was set back and forth")
                + ": order and pace of this work cannot be judged until its times are mended"
                + (annotators.size() == 2
                    ? "; which of two clocks is wrong, nobody can tell"
                    : "")));
  }
}
