package dev.lockstep.source.nuscenes;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Times;

/// Checks that the rows of a table which belong together form one chain by `prev` and `next`: each
/// link is mutual, stays within its group and goes forward in time, which excludes cycles.
final class Chains {
  private static final String PREV = "prev";
  private static final String NEXT = "next";
  private static final String TOKEN = "token";

  private final Table table;
  private final int[] group;
  private final long[] stampsNs;
  private final boolean[] spoiled;
  private final Faults faults;

  /// @param group number of the group of each row, negative where unknown
  /// @param stampsNs stamp of each row, or [Times#NONE]
  Chains(Table table, int[] group, int groups, long[] stampsNs, Faults faults) {
    this.table = table;
    this.group = group;
    this.stampsNs = stampsNs;
    this.spoiled = new boolean[groups];
    this.faults = faults;
  }

  /// Looks at every row.
  void examine() {
    int[] prev = table.link(PREV);
    int[] next = table.link(NEXT);
    int[] heads = new int[spoiled.length];
    int[] lastHead = new int[spoiled.length];
    for (int row = 0; row < table.rows(); row++) {
      if (prev[row] == Links.DANGLING || next[row] == Links.DANGLING) {
        spoil(row);
      }
      if (next[row] >= 0) {
        forward(row, next[row], prev[next[row]]);
      }
      if (prev[row] >= 0) {
        backward(row, prev[row], next[prev[row]]);
      } else if (prev[row] == Links.NONE && group[row] >= 0) {
        heads[group[row]]++;
        lastHead[group[row]] = row;
      }
    }
    for (int g = 0; g < heads.length; g++) {
      if (heads[g] > 1 && !spoiled[g]) {
        fault(lastHead[g], PREV, heads[g] + " rows of one chain have none", "one");
      }
    }
    faults.examined(DefectKind.CHAIN_BROKEN, table.rows());
  }

  private void forward(int row, int next, int back) {
    if (back != row && back != Links.DANGLING) {
      fault(row, NEXT, "row " + next + ", whose prev is " + rowName(back), "mutual links");
    } else if (group[next] != group[row] && group[next] >= 0 && group[row] >= 0) {
      fault(row, NEXT, "row " + next + " of another chain", "a row of the same");
      spoil(next);
    } else if (stampsNs[row] != Times.NONE
        && stampsNs[next] != Times.NONE
        && stampsNs[next] <= stampsNs[row]) {
      fault(
          row,
          NEXT,
          "row " + next + " of " + stampsNs[next] + " ns",
          "after " + stampsNs[row] + " ns");
    }
  }

  /// A row whose predecessor goes elsewhere is the other side of the predecessor's fault, where
  /// that leads to a row: only one that leads nowhere is told here.
  private void backward(int row, int prev, int forth) {
    if (forth == Links.NONE) {
      fault(row, PREV, "row " + prev + ", whose next is " + rowName(forth), "mutual links");
    } else if (forth != row) {
      spoil(row);
    }
  }

  private static String rowName(int row) {
    return row >= 0 ? "row " + row : row == Links.NONE ? "empty" : "dangling";
  }

  private void spoil(int row) {
    if (group[row] >= 0) {
      spoiled[group[row]] = true;
    }
  }

  private void fault(int row, String field, String observed, String expected) {
    spoil(row);
    String name = table.kind().name();
    faults.add(
        name + " chain " + field,
        Defect.of(
            DefectKind.CHAIN_BROKEN,
            table.place(row),
            new Evidence.Violation(
                name + "." + field + " of " + table.text(row, TOKEN), observed, expected)));
  }

  /// Compares what each row of `owner` says of its chain: first row, last row, number.
  void examineOwners(Table owner, String first, String last, String count) {
    int[] firsts = owner.link(first);
    int[] lasts = owner.link(last);
    int[] rows = new int[owner.rows()];
    int[] head = new int[owner.rows()];
    int[] tail = new int[owner.rows()];
    int[] prev = table.link(PREV);
    int[] next = table.link(NEXT);
    int strays = 0;
    for (int row = 0; row < table.rows(); row++) {
      int g = group[row];
      strays += g < 0 ? 1 : 0;
      if (g >= 0) {
        rows[g]++;
        head[g] = prev[row] == Links.NONE ? row : head[g];
        tail[g] = next[row] == Links.NONE ? row : tail[g];
      }
    }
    for (int g = 0; g < owner.rows(); g++) {
      if (spoiled[g] || firsts[g] == Links.DANGLING || lasts[g] == Links.DANGLING) {
        continue;
      }
      end(owner, g, first, firsts[g], head[g], rows[g]);
      end(owner, g, last, lasts[g], tail[g], rows[g]);
      int stored = owner.number(count, g);
      // Rows of which nobody knows where they belong are told; one of them may be missing here.
      if (stored != rows[g] && (stored < rows[g] || stored - rows[g] > strays)) {
        String what = owner.kind().name() + "." + count;
        faults.add(
            what,
            Defect.of(
                DefectKind.COUNT_MISMATCH,
                owner.place(g),
                Evidence.Mismatch.ofCount(what + " of " + owner.text(g, TOKEN), stored, rows[g])));
      }
    }
    faults.examined(DefectKind.COUNT_MISMATCH, owner.rows());
  }

  private void end(Table owner, int g, String field, int stored, int found, int rows) {
    if (rows > 0 && stored != found) {
      String what = owner.kind().name() + "." + field;
      faults.add(
          what,
          Defect.of(
              DefectKind.CHAIN_BROKEN,
              owner.place(g),
              new Evidence.Violation(
                  what + " of " + owner.text(g, TOKEN),
                  "row " + stored + " of " + table.kind().name(),
                  "row " + found + ", where its chain ends")));
    }
  }
}
