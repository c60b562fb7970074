package dev.lockstep.labels.log;

import dev.lockstep.labels.FrameStamps;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.model.LabelSet;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The labels of one set as their events come: of each label the event of the highest revision
/// counts, of equal ones the last.
final class Revisions {
  private static final int NO_ROW = -1;

  /// @param row its row, or [#NO_ROW] where the label is deleted
  private record Winner(int revision, int row) {}

  private final SetHeader header;
  private final LabelInput input;
  private final LabelSet rows;
  private final BitSet dropped = new BitSet();
  private final Map<String, Winner> winners = new HashMap<>();
  private long superseded;
  private long deleted;

  /// The labels of a set of the file `input`.
  Revisions(SetHeader header, LabelInput input) {
    this.header = header;
    this.input = input;
    this.rows = header.emptySet();
  }

  /// Takes an event that is sound.
  ///
  /// @param position its line or row
  /// @return the set and row that it became, null if it became none
  @Nullable Added take(LabelEvent event, long position) {
    String id = event.id;
    if (id == null) {
      deleted += event.deleted ? 1 : 0;
      return event.deleted ? null : new Added(rows, add(event, position));
    }
    Winner known = winners.get(id);
    if (known != null) {
      superseded++;
      if (event.revision < known.revision()) {
        return null;
      }
      drop(known);
    }
    int row = event.deleted ? NO_ROW : add(event, position);
    deleted += row == NO_ROW ? 1 : 0;
    winners.put(id, new Winner(event.revision, row));
    return row == NO_ROW ? null : new Added(rows, row);
  }

  /// A row that was added.
  record Added(LabelSet rows, int row) {}

  private int add(LabelEvent event, long position) {
    double rate = rows.details().frameRateHertz();
    return event.addTo(
        rows, input.file(), position, input.frames(rate > 0 ? rate : FrameStamps.VIDEO_HERTZ));
  }

  private void drop(Winner loser) {
    if (loser.row() == NO_ROW) {
      deleted--;
    } else {
      dropped.set(loser.row());
    }
  }

  /// Events that another one replaces.
  long superseded() {
    return superseded;
  }

  /// Labels that are deleted.
  long deleted() {
    return deleted;
  }

  /// The labels that count, sealed; nothing may be taken afterwards.
  LabelSet sealed() {
    winners.clear();
    LabelSet all = rows;
    if (!dropped.isEmpty()) {
      all = header.emptySet();
      for (int row = 0; row < rows.size(); row++) {
        if (!dropped.get(row)) {
          all.addCopy(rows, row);
        }
      }
    }
    all.seal();
    return all;
  }
}
