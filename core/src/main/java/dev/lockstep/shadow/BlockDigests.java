package dev.lockstep.shadow;

import dev.lockstep.checksum.Sha256;
import dev.lockstep.labels.Decimals;
import dev.lockstep.labels.LabelCapabilities;
import dev.lockstep.labels.LabelField;
import dev.lockstep.model.LabelDetails.Attribute;
import dev.lockstep.model.LabelSet;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
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

  /// Single precision holds no more of thousands of pixels.
  private static final int PIXEL_DECIMALS = 3;

  private static final int DECIMALS = 9;

  /// Compares the blocks and marks the rows of equal ones as settled.
  static BlockDigests of(Side a, Side b) {
    TreeMap<Long, List<Integer>> blocksA = blocks(a);
    TreeMap<Long, List<Integer>> blocksB = blocks(b);
    TreeMap<Long, List<Integer>> all = new TreeMap<>(blocksA);
    blocksB.forEach(all::putIfAbsent);
    long equal = 0;
    long rows = 0;
    for (long block : all.keySet()) {
      List<Integer> rowsA = blocksA.getOrDefault(block, List.of());
      List<Integer> rowsB = blocksB.getOrDefault(block, List.of());
      if (rowsA.size() == rowsB.size()
          && Arrays.equals(digest(a, rowsA, a, b), digest(b, rowsB, a, b))) {
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

  private static byte[] digest(Side side, List<Integer> rows, Side a, Side b) {
    List<String> texts = new ArrayList<>(rows.size());
    rows.forEach(row -> {
      String text = text(side, row, a.can(), b.can());
      texts.add(SameFormat.is(a, b) ? text + SameFormat.values(side.labels(), row) : text);
    });
    texts.sort(null);
    byte[] bytes = String.join("\n", texts).getBytes(StandardCharsets.UTF_8);
    return Sha256.of(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  private static String text(Side side, int row, LabelCapabilities p, LabelCapabilities q) {
    LabelSet labels = side.labels();
    StringBuilder text = new StringBuilder();
    text.append(side.time()[row]).append('|').append(side.track(row)).append('|');
    text.append(side.category(row));
    if (Sides.stamped(labels)) {
      text.append('|').append(labels.stampsNs()[row] / 1000);
    }
    if (labels.has2d(row)) {
      int decimals = Math.min(PIXEL_DECIMALS, Math.min(p.pixelDecimals(), q.pixelDecimals()));
      for (int i = 0; i < LabelSet.BOX_2D; i++) {
        text.append('|')
            .append(Decimals.rounded(labels.boxes2d()[row * LabelSet.BOX_2D + i], decimals));
      }
    }
    if (labels.has3d(row)) {
      int decimals = Math.min(DECIMALS, Math.min(p.meterDecimals(), q.meterDecimals()));
      int angles = Math.min(DECIMALS, Math.min(p.angleDecimals(), q.angleDecimals()));
      int at = row * LabelSet.BOX_3D;
      double sign = labels.boxes3d()[at + 6] < 0 ? -1 : 1;
      for (int i = 0; i < LabelSet.BOX_3D; i++) {
        double value = labels.boxes3d()[at + i];
        text.append('|')
            .append(
                i < 6 ? Decimals.rounded(value, decimals) : Decimals.rounded(sign * value, angles));
      }
    }
    for (LabelField field : Values.COMPARED) {
      if (p.carries(field) && q.carries(field)) {
        text.append('|').append(Values.text(side, row, field, p, q));
      }
    }
    if (p.carries(LabelField.ATTRIBUTES) && q.carries(LabelField.ATTRIBUTES)) {
      for (Attribute attribute : labels.details().attributes(row)) {
        text.append('|').append(attribute.name()).append('=').append(attribute.value());
      }
    }
    return text.toString();
  }
}
