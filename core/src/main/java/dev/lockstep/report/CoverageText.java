package dev.lockstep.report;

import dev.lockstep.model.Coverage;
import dev.lockstep.model.Numbers;
import java.util.ArrayList;
import java.util.List;

/// Words for what of a recording was read and is protected.
final class CoverageText {
  private CoverageText() {}

  /// One statement.
  ///
  /// @param about what it is about, in a word or two
  /// @param words what is said, behind those
  /// @param phrase the same for itself
  record Line(String about, String words, String phrase) {
    Line(String about, String phrase) {
      this(about, phrase, phrase);
    }
  }

  /// The share of the bytes that lie under a stored checksum, percent.
  static String share(Coverage coverage) {
    return Numbers.fixed(coverage.protectedShare() * 100, 1);
  }

  /// What there is to say; the first line is about the protection.
  static List<Line> of(Coverage coverage) {
    List<Line> lines = new ArrayList<>();
    lines.add(
        new Line(
            "protected",
            share(coverage)
                + " % of "
                + TextReport.bytes(coverage.totalBytes())
                + " lie under a stored checksum ("
                + coverage.basis()
                + ")"));
    if (coverage.manifestBlocks() > 0) {
      lines.add(
          new Line(
              "manifest",
              TextReport.count(coverage.manifestBlocks(), "block")
                  + " with "
                  + TextReport.bytes(coverage.manifestBytes())
                  + " of payload compared with the block manifest"));
    }
    if (coverage.lostBytes() > 0) {
      lines.add(new Line("lost", TextReport.bytes(coverage.lostBytes()) + " cannot be read"));
    }
    if (coverage.unexaminedBytes() > 0) {
      String bytes = TextReport.bytes(coverage.unexaminedBytes());
      lines.add(new Line("left out", bytes, bytes + " left out"));
    }
    return lines;
  }
}
