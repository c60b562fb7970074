package dev.lockstep.shadow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/// A digest of every ten frames of both label sets, over all that both formats can say, at the
/// digits that both have (at all digits in one format): where they agree, nothing needs a closer
/// look.
///
/// @param blocks number of blocks
/// @param equal blocks that are the same in both
/// @param equalRows rows in them
record BlockDigests(long blocks, long equal, long equalRows) {
  /// Frames of a block.
  static final int FRAMES = 10;

  /// Compares the blocks and marks the rows of equal ones as settled.
  static BlockDigests of(Side a, Side b) {
    TreeMap<Long, List<Integer>> blocksA = blocks(a);
    TreeMap<Long, List<Integer>> blocksB = blocks(b);
    TreeMap<Long, List<Integer>> all = new TreeMap<>(blocksA);
    blocksB.forEach(all::putIfAbsent);
    RowDigest ofA = RowDigest.of(a, a, b);
    RowDigest ofB = RowDigest.of(b, a, b);
    long equal = 0;
    long rows = 0;
    for (long block : all.keySet()) {
      List<Integer> rowsA = blocksA.getOrDefault(block, List.of());
      List<Integer> rowsB = blocksB.getOrDefault(block, List.of());
      if (rowsA.size() == rowsB.size() && Arrays.equals(digest(ofA, rowsA), digest(ofB, rowsB))) {
        rowsA.forEach(row -> a.settled()[row] = true);
        rowsB.forEach(row -> b.settled()[row] = true);
        equal++;
        rows += rowsA.size();
      }
    }
    return new BlockDigests(all.size(), equal, rows);
  }

  private static TreeMap<Long, List<Integer>> blocks(Side side) {
    TreeMap<Long, List<Integer>> blocks = new TreeMap<>();
    for (int row = 0; row < side.size(); row++) {
      blocks
          .computeIfAbsent(Math.floorDiv(side.time()[row], FRAMES), k -> new ArrayList<>())
          .add(row);
    }
    return blocks;
  }

  /// The digests of the rows of a block, in order of their own so that the order of rows of one
  /// instant makes no difference: one of a row for each lane.
  private static long[] digest(RowDigest of, List<Integer> rows) {
    long[] all = new long[2 * rows.size()];
    long[] first = new long[rows.size()];
    long[] second = new long[rows.size()];
    for (int i = 0; i < first.length; i++) {
      of.take(rows.get(i));
      first[i] = of.first();
      second[i] = of.second();
    }
    Arrays.sort(first);
    Arrays.sort(second);
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
