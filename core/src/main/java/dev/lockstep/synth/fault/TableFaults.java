package dev.lockstep.synth.fault;

import dev.lockstep.synth.fault.Fault.Parameter;
import java.util.List;

/// Faults in the stamps of tables that lie in folders.
final class TableFaults {
  /// Fewest rows that show what the table as a whole is like.
  private static final int LEAST_ROWS = 10;

  static final List<Fault> ALL =
      List.of(
          new TableFault(
              "table-unit",
              "writes all stamps of a table in a unit so many times finer",
              List.of(new Parameter("factor", "", 1000)),
              TableFaults::rescale),
          new TableFault(
              "table-stamp-off",
              "changes the stamp of a row by so many units",
              List.of(new Parameter("units", "of the table", 5000)),
              TableFaults::move));

  private TableFaults() {}

  private static Planted rescale(StampedRows table, Request request) {
    long factor = request.count("factor");
    requireRows(table);
    for (int row = 0; row < table.size(); row++) {
      long stamp = table.stamp(row);
      if (stamp > Long.MAX_VALUE / factor) {
        throw new InapplicableFaultException(
            "table-unit: stamp " + stamp + " times " + factor + " is no 64-bit number");
      }
      table.setStamp(row, stamp * factor);
    }
    return Planted.of("all " + table.size() + " stamps times " + factor)
        .expect("TIM021", "TIM005")
        .effective(factor != 1);
  }

  private static Planted move(StampedRows table, Request request) {
    long units = Math.round(request.number("units"));
    requireRows(table);
    int row = request.position(table.size(), 1, 1);
    table.setStamp(row, table.stamp(row) + units);
    return Planted.of("stamp of row " + row + " " + units + " units later")
        .expect("INT049")
        .effective(units != 0);
  }

  private static void requireRows(StampedRows table) {
    if (table.size() < LEAST_ROWS) {
      throw new InapplicableFaultException(
          "table has " + table.size() + " stamped rows (expected " + LEAST_ROWS + ")");
    }
  }
}
