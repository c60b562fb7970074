package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT033: a media table points to bytes that cannot be its samples.
public final class SampleMisplaced extends DefectCheck {
  /// The rule.
  public SampleMisplaced() {
    super(
        CheckCard.of(
            "INT033",
            SampleMisplaced.class,
            worst(DefectKind.SAMPLE_OUTSIDE, DefectKind.SAMPLE_OVERLAP),
            "A media table points outside of the media data, or twice to the same bytes."),
        DefectKind.SAMPLE_OUTSIDE,
        DefectKind.SAMPLE_OVERLAP);
  }
}
