package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT032: a media file holds tables without data, or data without tables.
public final class MediaMissing extends DefectCheck {
  /// The rule.
  public MediaMissing() {
    super(
        CheckCard.of(
            "INT032",
            MediaMissing.class,
            worst(DefectKind.MOVIE_MISSING, DefectKind.MEDIA_MISSING),
            "A media file holds tables without media data, or media data without tables."),
        DefectKind.MOVIE_MISSING,
        DefectKind.MEDIA_MISSING);
  }
}
