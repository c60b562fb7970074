package dev.lockstep.source;

import dev.lockstep.mapped.TextLines;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.payload.PayloadFacts;
import dev.lockstep.payload.PayloadReader;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.regex.Pattern;

/// Sweeps that are kept as text: a point a line, its values between separators.
public final class TextCloud implements PayloadReader {
  private final Pattern separator;
  private final int fields;
  private final boolean titled;
  private final String expected;

  private TextCloud(Pattern separator, int fields, boolean titled, String expected) {
    this.separator = separator;
    this.fields = fields;
    this.titled = titled;
    this.expected = expected;
  }

  /// How files of such sweeps are read.
  ///
  /// @param fields number of values of a point
  /// @param titled whether the first line may hold names
  /// @param expected the values in words
  public static FileMessage.Content content(
      Pattern separator, int fields, boolean titled, String expected) {
    return new FileMessage.Content(
        new TextCloud(separator, fields, titled, expected),
        Set.of(DefectKind.TEXT_MALFORMED, DefectKind.CLOUD_NOT_FINITE),
        "",
        true);
  }

  @Override
  public void read(MemorySegment bytes, long offsetBytes, int lengthBytes, PayloadFacts facts) {
    TextLines lines = new TextLines(bytes.asSlice(offsetBytes, lengthBytes));
    int points = 0;
    int bad = 0;
    long malformed = 0;
    long firstMalformed = 0;
    while (lines.next()) {
      if (lines.blank()) {
        continue;
      }
      String[] values = separator.split(lines.text().strip(), -1);
      boolean finite = true;
      boolean numbers = values.length == fields;
      for (int i = 0; numbers && i < values.length; i++) {
        try {
          finite &= Double.isFinite(Double.parseDouble(values[i]));
        } catch (NumberFormatException e) {
          numbers = false;
        }
      }
      if (!numbers) {
        if ((!titled || lines.number() > 1) && malformed++ == 0) {
          firstMalformed = lines.number();
        }
        continue;
      }
      points++;
      bad += finite ? 0 : 1;
    }
    if (malformed > 0) {
      facts.fault(
          DefectKind.TEXT_MALFORMED,
          new Evidence.Violation(
              "lines", malformed + " malformed, the first is line " + firstMalformed, expected));
    }
    facts.points = points;
    facts.nonFinitePoints = bad;
    if (bad > 0) {
      facts.fault(
          DefectKind.CLOUD_NOT_FINITE,
          new Evidence.Violation(
              "points with a value that is not finite", bad + " of " + points, "none"));
    }
  }
}
