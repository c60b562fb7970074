package dev.lockstep.check.label;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// LAB001: a track's category changes for a few boxes and changes back.
public final class CategoryFlips extends TrackRule {
  private static final CheckCard CARD =
      CheckCard.of(
          "LAB001",
          CategoryFlips.class,
          Severity.ERROR,
          "A few boxes of a track have another category than all around them.",
          new CheckCard.Parameter(
              "flip-boxes",
              "",
              CategoryRuns.FLIP_BOXES,
              "run length of slips in labelling tools; judged"),
          new CheckCard.Parameter(
              "flip-share",
              "",
              CategoryRuns.FLIP_SHARE,
              "minority against the rest of the track; judged"),
          new CheckCard.Parameter(
              "state-change",
              "s",
              CategoryRuns.STATE_CHANGE_SECONDS,
              "mounting takes longer; judged"));

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
      if (!identity[track] || boxes < 3) {
        continue;
      }
      examined += boxes;
      CategoryRuns runs = CategoryRuns.of(labels, track, kinds);
      report(labels, runs, evidence, sink);
    }
    return Conclusion.examined(examined, "no track has three boxes or more");
  }

  private static void report(
      LabelSet labels, CategoryRuns runs, SharedEvidence evidence, CheckSink sink) {
    List<CategoryRuns.Run> flips = runs.flips();
    CategoryRuns.@Nullable Run first = null;
    CategoryRuns.@Nullable Run last = null;
    int boxes = 0;
    int times = 0;
    for (CategoryRuns.Run flip : flips) {
      if (evidence.switchedAt(flip.firstRow())) {
        continue;
      }
      if (first != null && last != null && !oneFault(labels, last, flip)) {
        report(labels, runs, first, last, boxes, times, sink);
        first = null;
      }
      if (first == null) {
        first = flip;
        boxes = 0;
        times = 0;
      }
      last = flip;
      boxes += flip.boxes();
      times++;
    }
    if (first != null && last != null) {
      report(labels, runs, first, last, boxes, times, sink);
    }
  }

  /// Flips to and fro between the same categories with a flip's length between them are one fault.
  private static boolean oneFault(
      LabelSet labels, CategoryRuns.Run before, CategoryRuns.Run after) {
    return before.category() == after.category()
        && before.around() == after.around()
        && between(labels, before.lastRow(), after.firstRow()) <= CategoryRuns.FLIP_BOXES;
  }

  private static int between(LabelSet labels, int fromRow, int toRow) {
    int track = labels.tracks()[fromRow];
    int[] rows = labels.trackRows();
    int end = labels.trackStart(track + 1);
    int from = Arrays.binarySearch(rows, labels.trackStart(track), end, fromRow);
    int to = Arrays.binarySearch(rows, labels.trackStart(track), end, toRow);
    return to - from - 1;
  }

  private static void report(
      LabelSet labels,
      CategoryRuns runs,
      CategoryRuns.Run first,
      CategoryRuns.Run last,
      int boxes,
      int times,
      CheckSink sink) {
    String category = labels.categoryName(first.category());
    String around = labels.categoryName(first.around());
    String support =
        boxes + " of " + runs.boxes() + " boxes" + (times > 1 ? ", in " + times + " runs" : "");
    sink.report(
        Severity.ERROR,
        "category flips",
        labels.location(first.firstRow(), last.lastRow()),
        new Evidence.Change("category", around, category + " -> " + around, support));
  }
}
