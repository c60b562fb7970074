package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.DefectKind;

/// INT014: the recording breaks the rules of the profile that it declares.
public final class ProfileBroken extends DefectCheck {
  /// The rule.
  public ProfileBroken() {
    super(
        CheckCard.of(
            "INT014",
            ProfileBroken.class,
            worst(DefectKind.PROFILE_BROKEN),
            "The recording breaks the rules of the profile that it declares."),
        DefectKind.PROFILE_BROKEN);
  }
}
