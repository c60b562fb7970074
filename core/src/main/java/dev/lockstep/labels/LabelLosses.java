package dev.lockstep.labels;

import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.Times;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/// What a label set loses when it is written in a format.
///
/// @param rows rows that are left out, because the format needs a box that they do not have
/// @param fields rows that lose a field, by field
public record LabelLosses(long rows, Map<LabelField, Long> fields) {
  /// How far a quaternion may lean before it counts as tilted: 1e-6 rad, below any printed angle.
  private static final double UPRIGHT = 1e-6;

  /// Copies the map.
  public LabelLosses {
    fields = Map.copyOf(fields);
  }

  /// What `labels` lose in a format of these capabilities.
  public static LabelLosses of(LabelSet labels, LabelCapabilities capabilities) {
    Map<LabelField, Long> fields = new EnumMap<>(LabelField.class);
    long rows = 0;
    for (int row = 0; row < labels.size(); row++) {
      boolean kept = false;
      for (LabelField field : LabelField.values()) {
        boolean present = has(labels, row, field);
        boolean carried = capabilities.carries(field);
        boolean box = field == LabelField.BOX_2D || field == LabelField.BOX_3D;
        kept |= box && present && carried;
        if (present && !carried) {
          fields.merge(field, 1L, Long::sum);
        }
      }
      if (!kept) {
        rows++;
      }
    }
    return new LabelLosses(rows, fields);
  }

  /// Whether nothing is lost.
  public boolean none() {
    return rows == 0 && fields.isEmpty();
  }

  /// The losses in words, empty if there are none.
  public String text() {
    String list =
        fields.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> e.getKey().label() + " (" + e.getValue() + " rows)")
            .collect(Collectors.joining(", "));
    if (rows == 0) {
      return list;
    }
    return rows + " rows without a box that it can hold" + (list.isEmpty() ? "" : "; " + list);
  }

  /// Whether a row has a field.
  public static boolean has(LabelSet labels, int row, LabelField field) {
    LabelDetails details = labels.details();
    return switch (field) {
      case BOX_2D -> labels.has2d(row);
      case BOX_3D -> labels.has3d(row);
      case TILT -> labels.has3d(row) && tilted(labels.boxes3d(), row * LabelSet.BOX_3D);
      case TRACK -> labels.tracks()[row] != LabelSet.NO_TRACK;
      case FRAME -> labels.frames()[row] >= 0;
      case STAMP ->
          labels.stampSource() != StampSource.FRAME_NUMBER && labels.stampsNs()[row] != Times.NONE;
      case SCORE -> !Float.isNaN(details.score(row));
      case POINTS -> labels.points()[row] >= 0;
      case TRUNCATED -> !Float.isNaN(labels.truncated()[row]);
      case OCCLUDED -> !Float.isNaN(labels.occluded()[row]);
      case KEYFRAME -> details.has(row, LabelDetails.KEYFRAME | LabelDetails.INTERPOLATED);
      case IGNORED -> details.has(row, LabelDetails.IGNORED);
      case ANNOTATOR -> labels.annotator(row) != null;
      case TOOL -> details.tool(row) != null;
      case EDITED -> labels.editedNs()[row] != Times.NONE;
      case REVISION -> details.revision(row) >= 0;
      case LABEL_ID -> details.labelId(row) != null;
      case ATTRIBUTES -> !details.attributes(row).isEmpty();
    };
  }

  private static boolean tilted(double[] boxes, int at) {
    return Math.hypot(boxes[at + 7], boxes[at + 8]) > UPRIGHT;
  }
}
