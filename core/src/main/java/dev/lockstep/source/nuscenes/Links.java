package dev.lockstep.source.nuscenes;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/// Where the rows of a table lead to: the rows of others whose tokens they name.
final class Links {
  /// No row: the token is empty.
  static final int NONE = -1;

  /// No row: the token leads nowhere.
  static final int DANGLING = -2;

  private final Table table;
  private final Map<String, int[]> links = new HashMap<>();
  private final Map<String, ListLinks> lists = new HashMap<>();

  /// Rows of another table that the lists of a column lead to.
  ///
  /// @param rows row of each entry, ascending
  /// @param targets row of the other table, negative where it leads nowhere
  record ListLinks(int[] rows, int[] targets) {}

  Links(Table table) {
    this.table = table;
  }

  /// Row of another table that a link of each row leads to, [#NONE] or [#DANGLING].
  int[] of(String field) {
    int[] found = links.get(field);
    if (found == null) {
      throw new IllegalStateException("no link " + field + " in " + table.kind().name());
    }
    return found;
  }

  /// Where the lists of a column lead to.
  ListLinks lists(String field) {
    return Objects.requireNonNull(lists.get(field), field);
  }

  /// Lets all go.
  void clear() {
    links.clear();
    lists.clear();
  }

  /// Resolves the links of all rows; rows that a link leads nowhere from are told.
  ///
  /// @param tables all tables by name
  void resolve(Map<String, Table> tables, Faults faults) {
    int rows = table.rows();
    for (TableKind.Link link : table.kind().links()) {
      Column.Tokens column = table.column(link.field(), Column.Tokens.class);
      Table target = target(tables, link);
      int[] found = column.resolve(rows, target.index());
      column.release();
      for (int row = 0; row < rows; row++) {
        if (found[row] == DANGLING || (found[row] == NONE && link.required())) {
          found[row] = DANGLING;
          dangling(link, target, row, faults);
        }
      }
      links.put(link.field(), found);
      tell(link, target, rows, faults);
    }
    for (TableKind.Link list : table.kind().lists()) {
      Column.TokenLists column = table.column(list.field(), Column.TokenLists.class);
      Table target = target(tables, list);
      int[] found = new int[column.rows.size()];
      for (int i = 0; i < found.length; i++) {
        boolean empty = (column.high.get(i) | column.low.get(i)) == 0;
        found[i] = empty ? DANGLING : target.index().find(column.high.get(i), column.low.get(i));
        if (found[i] < 0) {
          dangling(list, target, column.rows.get(i), faults);
        }
      }
      lists.put(list.field(), new ListLinks(column.rows.toArray(), found));
      tell(list, target, column.rows.size(), faults);
    }
  }

  private static Table target(Map<String, Table> tables, TableKind.Link link) {
    Table target = tables.get(link.target());
    if (target == null) {
      throw new IllegalStateException("no table " + link.target());
    }
    return target;
  }

  private static void tell(TableKind.Link link, Table target, long count, Faults faults) {
    if (target.whole()) {
      faults.examined(DefectKind.LINK_BROKEN, count);
    } else if (count > 0) {
      faults.unexamined(DefectKind.LINK_BROKEN, "table " + link.target() + " is absent or damaged");
    }
  }

  private void dangling(TableKind.Link link, Table target, int row, Faults faults) {
    if (!target.whole() || !table.whole()) {
      return;
    }
    String token = table.text(row, link.field());
    faults.add(
        "dangling " + link.target(),
        Defect.of(
            DefectKind.LINK_BROKEN,
            table.place(row),
            new Evidence.Violation(
                table.kind().name() + "." + link.field() + " of " + table.text(row, Table.TOKEN),
                token.isEmpty() ? "empty" : token,
                "the token of a row of " + link.target())));
  }
}
