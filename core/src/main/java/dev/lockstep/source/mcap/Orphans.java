package dev.lockstep.source.mcap;

import java.util.ArrayList;
import java.util.List;

/// Spans with messages whose channel was not defined in front of them: they are read once more at
/// the end, when everything that defines channels is known.
final class Orphans {
  /// Spans that are kept. Judged: as many as chunks are kept of.
  private static final int KEPT = 1 << 20;

  /// A range with such messages.
  ///
  /// @param unit the span, without what was found in it
  /// @param inChunk whether they lie in its chunk, or in front of it
  record Range(McapUnit unit, boolean inChunk) {}

  private final List<Range> ranges = new ArrayList<>();

  void add(McapUnit unit, boolean inChunk) {
    if (ranges.size() < KEPT) {
      ranges.add(new Range(unit.withoutResults(), inChunk));
    }
  }

  List<Range> ranges() {
    return ranges;
  }
}
