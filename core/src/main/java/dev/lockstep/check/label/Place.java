package dev.lockstep.check.label;

import dev.lockstep.model.LabelSet;

/// Instants of labels in words.
final class Place {
  private Place() {}

  /// ` from frame 7 on`, ` in frame 7` or ` in frames 7..9`; stamps where there are no frame
  /// numbers.
  static String of(LabelSet labels, int firstRow, int lastRow, boolean open) {
    boolean numbered = labels.frames()[firstRow] >= 0 && labels.frames()[lastRow] >= 0;
    long[] values = numbered ? labels.frames() : labels.stampsNs();
    String word = numbered ? "frame" : "stamp";
    long first = values[firstRow];
    long last = values[lastRow];
    if (open) {
      return " from " + word + " " + first + " on";
    }
    return first == last ? " in " + word + " " + first : " in " + word + "s " + first + ".." + last;
  }
}
