package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT023: images that are cut off or whose structure is broken.
public final class ImageDamaged extends DefectCheck {
  /// The rule.
  public ImageDamaged() {
    super(
        CheckCard.of(
            "INT023",
            ImageDamaged.class,
            worst(
                DefectKind.IMAGE_TRUNCATED,
                DefectKind.IMAGE_MALFORMED,
                DefectKind.IMAGE_LAYOUT,
                DefectKind.IMAGE_WITHOUT_PICTURE),
            "An image is cut off, its structure is broken, or its size contradicts its data."),
        DefectKind.IMAGE_TRUNCATED,
        DefectKind.IMAGE_MALFORMED,
        DefectKind.IMAGE_LAYOUT,
        DefectKind.IMAGE_WITHOUT_PICTURE);
  }
}
