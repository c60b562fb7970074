package dev.lockstep.payload;

import java.util.Arrays;

/// Heads of the frames of a batch, kept by row until all frames before them are known.
///
/// Units of a recording are scanned in any order, but what a frame's number means depends on
/// parameter sets that came before: [FrameNumbers] resolves heads when their turn has come.
public final class FrameHeads {
  private byte[] bytes = new byte[256];
  private int[] rows = new int[16];
  private int[] ends = new int[16];
  private int size;

  /// Keeps the heads of the message of row `row`, if it has any. Rows ascend.
  public void add(int row, PayloadFacts facts) {
    HeadBytes heads = facts.heads;
    if (heads.isEmpty()) {
      return;
    }
    if (size == rows.length) {
      rows = Arrays.copyOf(rows, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
    }
    int from = size == 0 ? 0 : ends[size - 1];
    int to = from + heads.size();
    if (bytes.length < to) {
      bytes = Arrays.copyOf(bytes, 2 * to);
    }
    System.arraycopy(heads.bytes(), 0, bytes, from, heads.size());
    rows[size] = row;
    ends[size] = to;
    size++;
  }

  int size() {
    return size;
  }

  int row(int i) {
    return rows[i];
  }

  byte[] bytes() {
    return bytes;
  }

  int from(int i) {
    return i == 0 ? 0 : ends[i - 1];
  }

  int to(int i) {
    return ends[i];
  }
}
