package dev.lockstep.check.label;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// LAB002: a track has one category up to some instant, and another from there on.
public final class CategoryChanges extends TrackRule {
  /// Sizes of one object agree to this share.
  private static final double SAME_SIZE = 0.05;

  /// Sizes of two objects of different categories differ by more than this share in some dimension.
  private static final double OTHER_SIZE = 0.2;

  private static final CheckCard CARD =
      CheckCard.of(
          "LAB002",
          CategoryChanges.class,
          Severity.ERROR,
          "A track changes its category for good.",
          new CheckCard.Parameter("same-size", "", SAME_SIZE, "spread of fitted sizes; judged"),
          new CheckCard.Parameter(
              "other-size", "", OTHER_SIZE, "spread within a category; judged"));

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    LabelSet labels = evidence.labels();
    ObjectKind[] kinds = evidence.kinds();
    boolean[] identity = evidence.identities();
    long examined = 0;
    for (int track = 0; track < labels.trackCount(); track++) {
      int boxes = labels.trackStart(track + 1) - labels.trackStart(track);
      if (!identity[track] || boxes < 2) {
        continue;
      }
      examined += boxes;
      report(labels, CategoryRuns.of(labels, track, kinds).runs(), evidence, sink);
    }
    return Conclusion.examined(examined, "no track has two boxes or more");
  }

  /// One finding a track: its first change that nothing else explains, the worst kind first.
  private static void report(
      LabelSet labels, List<CategoryRuns.Run> runs, SharedEvidence evidence, CheckSink sink) {
    int changes = 0;
    int at = -1;
    @Nullable String legal = null;
    for (int i = 1; i < runs.size(); i++) {
      if (evidence.switchedAt(runs.get(i).firstRow())) {
        continue;
      }
      changes++;
      @Nullable String reason =
          StateChanges.reason(
              labels.categoryName(runs.get(i - 1).category()),
              labels.categoryName(runs.get(i).category()));
      if (at < 0 || legal != null && reason == null) {
        at = i;
        legal = reason;
      }
    }
    if (at < 0) {
      return;
    }
    CategoryRuns.Run before = runs.get(at - 1);
    CategoryRuns.Run after = runs.get(at);
    String support = before.boxes() + " boxes before, " + after.boxes() + " from here on";
    if (changes > 1) {
      support += ", " + changes + " changes in all";
    }
    Sizes sizes = Sizes.of(labels, before, after);
    if (sizes != null) {
      support += ", " + sizes.text();
    }
    sink.report(
        legal == null ? Severity.ERROR : Severity.INFO,
        "category changes",
        labels.location(after.firstRow(), after.firstRow()),
        new Evidence.Change(
            "category",
            labels.categoryName(before.category()),
            labels.categoryName(after.category()),
            support),
        cause(legal, sizes));
  }

  private static @Nullable Cause cause(@Nullable String legal, @Nullable Sizes sizes) {
    if (legal != null) {
      return new Cause("state-change", "the category names a state: " + legal);
    }
    if (sizes == null) {
      return null;
    }
    if (sizes.largestChange() <= SAME_SIZE) {
      return new Cause(
          "wrong-category", "the box keeps its size: one object, and one category is wrong");
    }
    if (sizes.largestChange() > OTHER_SIZE) {
      return new Cause("two-objects", "the box changes its size: two objects share the id");
    }
    return null;
  }

  /// Median sizes on both sides of a change, meters.
  private static final class Sizes {
    private final double[] before;
    private final double[] after;

    private Sizes(double[] before, double[] after) {
      this.before = before;
      this.after = after;
    }

    static @Nullable Sizes of(LabelSet labels, CategoryRuns.Run before, CategoryRuns.Run after) {
      double[] a = medians(labels, before);
      double[] b = medians(labels, after);
      return a == null || b == null ? null : new Sizes(a, b);
    }

    private static double @Nullable [] medians(LabelSet labels, CategoryRuns.Run run) {
      int track = labels.tracks()[run.firstRow()];
      double[] medians = new double[3];
      double[] values = new double[run.boxes()];
      for (int d = 0; d < 3; d++) {
        int n = 0;
        for (int i = labels.trackStart(track); i < labels.trackStart(track + 1); i++) {
          int row = labels.trackRows()[i];
          if (row >= run.firstRow()
              && row <= run.lastRow()
              && n < values.length
              && labels.categories()[row] == run.category()
              && labels.has3d(row)) {
            values[n++] = labels.boxes3d()[row * LabelSet.BOX_3D + 3 + d];
          }
        }
        if (n == 0) {
          return null;
        }
        Arrays.sort(values, 0, n);
        medians[d] = values[n / 2];
      }
      return medians;
    }

    double largestChange() {
      double largest = 0;
      for (int d = 0; d < 3; d++) {
        double most = Math.max(before[d], after[d]);
        if (most > 0) {
          largest = Math.max(largest, Math.abs(after[d] - before[d]) / most);
        }
      }
      return largest;
    }

    String text() {
      return "size " + size(before) + " m before, " + size(after) + " m after";
    }

    private static String size(double[] s) {
      return round(s[0]) + " x " + round(s[1]) + " x " + round(s[2]);
    }

    private static String round(double meters) {
      return Numbers.text(Math.rint(meters * 100) / 100);
    }
  }
}
