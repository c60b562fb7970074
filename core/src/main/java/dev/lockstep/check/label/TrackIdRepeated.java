package dev.lockstep.check.label;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;

/// LAB004: a track id stands on more than one box of the same instant.
public final class TrackIdRepeated implements LabelCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "LAB004", TrackIdRepeated.class, Severity.ERROR, "A track has two boxes at one instant.");

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public Conclusion examine(LabelSet labels, Context context, CheckSink sink) {
    String obstacle = Tracks.obstacle(labels);
    if (obstacle != null) {
      return Conclusion.undecided(obstacle);
    }
    ObjectKind[] kinds = SharedEvidence.of(labels, context).kinds();
    boolean[] identity = SharedEvidence.of(labels, context).identities();
    int[] rows = labels.trackRows();
    long examined = 0;
    for (int track = 0; track < labels.trackCount(); track++) {
      if (!identity[track]) {
        continue;
      }
      Run run = new Run();
      int previous = -1;
      for (int i = labels.trackStart(track); i < labels.trackStart(track + 1); i++) {
        int row = rows[i];
        if (kinds[labels.categories()[row]] == ObjectKind.NONE) {
          continue;
        }
        examined++;
        boolean again = previous >= 0 && sameInstant(labels, previous, row);
        if (again) {
          run.add(previous, row);
        } else if (run.boxes > 0 && run.lastRow != previous) {
          // An instant with one box lies between: what follows is another fault.
          run.report(labels, sink);
        }
        previous = row;
      }
      run.report(labels, sink);
    }
    return Conclusion.examined(examined, "no box has a track id");
  }

  private static boolean sameInstant(LabelSet labels, int a, int b) {
    long stamp = labels.stampsNs()[a];
    if (stamp != labels.stampsNs()[b]) {
      return false;
    }
    long frame = labels.frames()[a];
    return stamp == Times.NONE
        ? frame >= 0 && frame == labels.frames()[b]
        : frame == labels.frames()[b];
  }

  /// Instants in a row at which the id stands twice or more.
  private static final class Run {
    private int firstRow;
    private int lastRow = -1;
    private int boxes;
    private int instants;

    void add(int before, int row) {
      if (boxes == 0) {
        firstRow = before;
      }
      if (lastRow != before) {
        instants++;
        boxes++;
      }
      boxes++;
      lastRow = row;
    }

    void report(LabelSet labels, CheckSink sink) {
      if (boxes == 0) {
        return;
      }
      sink.report(
          Severity.ERROR,
          "track id stands twice at one instant",
          labels.location(firstRow, lastRow),
          new Evidence.Violation(
              "boxes of the track",
              boxes + " at " + (instants == 1 ? "one instant" : instants + " instants in a row"),
              "one each"));
      boxes = 0;
      instants = 0;
      lastRow = -1;
    }
  }
}
