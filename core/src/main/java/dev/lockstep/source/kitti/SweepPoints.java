package dev.lockstep.source.kitti;

import dev.lockstep.mapped.TextLines;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.payload.PayloadFacts;
import dev.lockstep.source.FileMessage;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// How KITTI sweeps are read; those that are kept as text are read here.
final class SweepPoints {
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private SweepPoints() {}

  /// How sweeps with that file name extension (without the dot) are read. Anything but `bin`, `pcd`
  /// and `txt` is taken as it is.
  static FileMessage.Content content(String extension) {
    return switch (extension.toLowerCase(Locale.ROOT)) {
      case "bin", "pcd" -> FileMessage.Content.ofCloud(extension, KittiLayout.POINT_VALUES);
      case "txt" ->
          new FileMessage.Content(
              SweepPoints::readText,
              Set.of(DefectKind.TEXT_MALFORMED, DefectKind.CLOUD_NOT_FINITE),
              "",
              true);
      default -> FileMessage.Content.unknown();
    };
  }

  private static void readText(
      MemorySegment bytes, long offsetBytes, int lengthBytes, PayloadFacts facts) {
    TextLines lines = new TextLines(bytes.asSlice(offsetBytes, lengthBytes));
    int points = 0;
    int bad = 0;
    long malformed = 0;
    long firstMalformed = 0;
    while (lines.next()) {
      if (lines.blank()) {
        continue;
      }
      String[] fields = SPACE.split(lines.text().strip(), -1);
      boolean finite = true;
      boolean numbers = fields.length == KittiLayout.POINT_VALUES;
      for (int i = 0; numbers && i < fields.length; i++) {
        try {
          finite &= Double.isFinite(Double.parseDouble(fields[i]));
        } catch (NumberFormatException e) {
          numbers = false;
        }
      }
      if (!numbers) {
        if (malformed++ == 0) {
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
              "lines",
              malformed + " malformed, the first is line " + firstMalformed,
              "x y z reflectance"));
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
