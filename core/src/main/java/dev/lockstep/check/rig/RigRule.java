package dev.lockstep.check.rig;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.CheckCard;
import dev.lockstep.model.RigProfile;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A rule that judges by a rig profile, and says nothing where there is none.
public abstract class RigRule implements AlignmentCheck {
  /// Why a rule says nothing where no profile was given.
  static final String NO_PROFILE = "no rig profile (see 'lockstep learn' and --rig)";

  private final CheckCard card;
  private final @Nullable RigProfile profile;

  RigRule(CheckCard card, @Nullable RigProfile profile) {
    this.card = card;
    this.profile = profile;
  }

  /// The same rule, judging by `profile`.
  public abstract RigRule with(RigProfile profile);

  /// Looks at a recording.
  abstract void examine(RigSurvey survey, RigProfile profile, Results results);

  /// Why the rule has no subject although there is a profile.
  abstract String nothingKnown();

  @Override
  public final CheckCard card() {
    return card;
  }

  @Override
  public final boolean readsAll() {
    return profile != null;
  }

  @Override
  public final String nothingToExamine() {
    return profile == null ? NO_PROFILE : nothingKnown();
  }

  @Override
  public final void examine(Alignment alignment, Results results) {
    RigProfile known = profile;
    if (known != null) {
      examine(RigSurvey.of(alignment), known, results);
    }
  }

  /// Hands on each stream that has messages and an entry that `knows` what the rule judges by.
  static void each(
      RigSurvey survey,
      RigProfile profile,
      Predicate<RigProfile.Stream> knows,
      BiConsumer<RigSurvey.Measured, RigProfile.Stream> judge) {
    for (RigSurvey.Measured measured : survey.streams()) {
      RigProfile.Stream entry = profile.entry(measured.name(), knows);
      if (entry != null && measured.stream().messages() > 0) {
        judge.accept(measured, entry);
      }
    }
  }
}
