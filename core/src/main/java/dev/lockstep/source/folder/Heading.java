package dev.lockstep.source.folder;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the first line of a table says of its columns: a name and a unit in brackets each, as the
/// ASL format of EuRoC writes them (`w_RS_S_x [rad s^-1]`, `q_RS_w []`).
///
/// @param columns texts of the line's fields, in order; those without brackets say nothing
record Heading(List<String> columns) {
  /// Copies the list.
  Heading {
    columns = List.copyOf(columns);
  }

  /// The first column that cannot tell how a sensor turned where the layout says that it does, by
  /// its unit; null where there is none.
  @Nullable String contradiction(Layout.Turns turns) {
    for (int column : turns.columns()) {
      String unit = unit(column);
      if (unit != null && !turns.isUnit(unit)) {
        return "column " + column + " is " + columns.get(column);
      }
    }
    return null;
  }

  /// Whether every column that tells how a sensor turned is there and has a unit in which it may.
  boolean fits(Layout.Turns turns) {
    for (int column : turns.columns()) {
      String unit = unit(column);
      if (unit == null || !turns.isUnit(unit)) {
        return false;
      }
    }
    return true;
  }

  private @Nullable String unit(int column) {
    String text = column < columns.size() ? columns.get(column) : "";
    int open = text.lastIndexOf('[');
    return open < 0 || !text.endsWith("]")
        ? null
        : text.substring(open + 1, text.length() - 1).strip();
  }
}
