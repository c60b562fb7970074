package dev.lockstep.check.rig;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.Severity;
import org.jspecify.annotations.Nullable;

/// SYN014: a stream is none of those that the rig profile describes, or of another kind.

public final class StreamUnexpected extends RigRule {
  private static final CheckCard CARD =
      CheckCard.of(
          "SYN014",
          StreamUnexpected.class,
          Severity.WARNING,
          "A stream is none of those that the rig profile describes, or of another kind.");

  /// A rule without a profile.
  public StreamUnexpected() {
    this(null);
  }

  private StreamUnexpected(@Nullable RigProfile profile) {
    super(CARD, profile);
  }

  @Override
  public StreamUnexpected with(RigProfile profile) {
    return new StreamUnexpected(profile);
  }

  @Override
  String nothingKnown() {
    return "the rig profile does not say which streams there are";
  }

  @Override
  void examine(RigSurvey survey, RigProfile profile, Results results) {
    for (RigSurvey.Measured each : survey.streams()) {
      RigProfile.Stream entry = profile.entry(each.name(), e -> e.modality() != null);
      boolean unknown = profile.entry(each.name(), e -> true) == null;
      if (each.stream().messages() == 0 || (entry == null && !profile.complete())) {
        continue;
      }
      results.of(
          each.name(),
          sink -> {
            if (unknown) {
              sink.report(
                  Severity.WARNING,
                  "the rig profile does not know the stream",
                  Location.stream(each.name()),
                  new Evidence.Violation(
                      "stream " + each.name(),
                      each.modality().label() + ", " + each.stream().messages() + " messages",
                      "one of the rig profile"));
            } else if (entry != null && entry.modality() != each.modality()) {
              sink.report(
                  Severity.WARNING,
                  "the stream is of another kind than on the good drives",
                  Location.stream(each.name()),
                  new Evidence.Violation("modality", each.modality().label(), label(entry)));
            }
            return Conclusion.examined(1, "");
          });
    }
  }

  private static String label(RigProfile.Stream entry) {
    return entry.modality() == null ? "" : entry.modality().label();
  }
}
