package dev.lockstep.check.label;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// LAB004: a track id stands on more than one box of the same instant.
public final class TrackIdRepeated extends TrackRule {
  private static final CheckCard CARD =
      CheckCard.of(
          "LAB004", TrackIdRepeated.class, Severity.ERROR, "A track has two boxes at one instant.");

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  Conclusion judge(SharedEvidence evidence, CheckSink sink) {
    LabelSet labels = evidence.labels();
    Context context = evidence.context();
    ObjectKind[] kinds = evidence.kinds();
    boolean[] identity = evidence.identities();
    int[] rows = labels.trackRows();
    List<Repeated> found = new ArrayList<>();
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
          run.end(found);
        }
        previous = row;
      }
      run.end(found);
    }
    reportAll(labels, found, context, sink);
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

    void end(List<Repeated> found) {
      if (boxes > 0) {
        found.add(new Repeated(firstRow, lastRow, boxes, instants));
      }
      boxes = 0;
      instants = 0;
      lastRow = -1;
    }
  }

  /// Boxes of one track that stand at the same instants.
  private record Repeated(int firstRow, int lastRow, int boxes, int instants) {}

  /// Reports tracks one by one, but as one where all of an instant are repeated: a message was
  /// written twice.
  private static void reportAll(
      LabelSet labels, List<Repeated> found, Context context, CheckSink sink) {
    Map<List<Long>, List<Repeated>> byInstants = new LinkedHashMap<>();
    for (Repeated each : found) {
      List<Long> instants =
          List.of(
              labels.stampsNs()[each.firstRow],
              labels.frames()[each.firstRow],
              labels.stampsNs()[each.lastRow],
              labels.frames()[each.lastRow]);
      byInstants.computeIfAbsent(instants, k -> new ArrayList<>()).add(each);
    }
    for (List<Repeated> together : byInstants.values()) {
      if (together.size() == tracksAt(labels, together.getFirst().firstRow)) {
        report(labels, together, context, sink);
      } else {
        together.forEach(each -> report(labels, List.of(each), context, sink));
      }
    }
  }

  /// Number of tracks at the instant of a row.
  private static int tracksAt(LabelSet labels, int row) {
    BitSet tracks = new BitSet();
    int first = row;
    while (first > 0 && sameInstant(labels, first - 1, row)) {
      first--;
    }
    for (int r = first; r < labels.size() && sameInstant(labels, r, row); r++) {
      if (labels.tracks()[r] != LabelSet.NO_TRACK) {
        tracks.set(labels.tracks()[r]);
      }
    }
    return tracks.cardinality();
  }

  private static void report(
      LabelSet labels, List<Repeated> together, Context context, CheckSink sink) {
    Repeated first = together.getFirst();
    int boxes = together.stream().mapToInt(Repeated::boxes).sum();
    boolean one = together.size() == 1;
    Location at = labels.location(first.firstRow, first.lastRow);
    long stampNs = labels.stampsNs()[first.firstRow];
    // Where the message was stored twice, or has the stamp of another, that is the fault.
    String told = stampNs == Times.NONE ? null : context.reported(labels.name(), stampNs);
    sink.report(
        told == null ? Severity.ERROR : Severity.INFO,
        one ? "track id stands twice at one instant" : "labels of an instant stand twice",
        one ? at : at.withTrack(null),
        new Evidence.Violation(
            one ? "boxes of the track" : "boxes of " + together.size() + " tracks",
            boxes
                + " at "
                + (first.instants == 1 ? "one instant" : first.instants + " instants in a row"),
            "one each"),
        told == null
            ? null
            : new Cause("reported-stamps", told + " reports the stamps of these labels"));
  }
}
