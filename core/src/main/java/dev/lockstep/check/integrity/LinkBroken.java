package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT035: rows of linked tables whose references lead nowhere, or whose tokens are not unique.
public final class LinkBroken extends DefectCheck {
  /// The rule.
  public LinkBroken() {
    super(
        CheckCard.of(
            "INT035",
            LinkBroken.class,
            worst(DefectKind.LINK_BROKEN, DefectKind.TOKEN_DUPLICATED),
            "A row of a table refers to a row that does not exist, or shares its token."),
        DefectKind.LINK_BROKEN,
        DefectKind.TOKEN_DUPLICATED);
  }
}
