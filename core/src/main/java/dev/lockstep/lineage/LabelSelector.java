package dev.lockstep.lineage;

import dev.lockstep.labels.WantedRows;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Times;
import org.jspecify.annotations.Nullable;

/// Which label is meant: by its row, or by its track and an instant.
///
/// @param file file that holds it, or its last part, or a path to it; null for any
/// @param position line, table row or message index in the file, or -1
/// @param track track id, or null for any
/// @param stampNs stamp, or [Times#NONE] for any
/// @param frame frame number, or -1 for any
public record LabelSelector(
    @Nullable String file, long position, @Nullable String track, long stampNs, long frame) {

  /// Every label.
  public static final LabelSelector ANY = new LabelSelector(null, -1, null, Times.NONE, -1);

  /// Reads `ROW` or `FILE:ROW`.
  ///
  /// @throws IllegalArgumentException if it is neither
  public static LabelSelector ofRow(String text, @Nullable String track) {
    int colon = text.lastIndexOf(':');
    String number = text.substring(colon + 1);
    if (colon == 0 || !number.matches("\\d{1,18}")) {
      throw new IllegalArgumentException(
          "label: " + text + " (expected ROW or FILE:ROW, as findings name rows)");
    }
    String file = colon < 0 ? null : text.substring(0, colon);
    return new LabelSelector(file, Long.parseLong(number), track, Times.NONE, -1);
  }

  /// What an index is asked for.
  WantedRows wanted() {
    boolean timed = stampNs != Times.NONE;
    return new WantedRows(
        timed ? stampNs : Long.MIN_VALUE, timed ? stampNs : Long.MAX_VALUE, position, frame, track);
  }

  boolean matches(LabelSet labels, int row) {
    int number = labels.tracks()[row];
    boolean tracked =
        track == null || number != LabelSet.NO_TRACK && track.equals(labels.trackName(number));
    return tracked
        && (position < 0 || labels.positions()[row] == position)
        && (stampNs == Times.NONE || labels.stampsNs()[row] == stampNs)
        && (frame < 0 || labels.frames()[row] == frame)
        && (file == null || isNamed(labels.file(row), file));
  }

  private static boolean isNamed(String file, String name) {
    return file.equals(name) || file.endsWith("/" + name) || name.endsWith("/" + file);
  }
}
