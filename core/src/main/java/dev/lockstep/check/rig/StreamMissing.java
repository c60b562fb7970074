package dev.lockstep.check.rig;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// SYN013: a stream that the rig profile expects is missing.

public final class StreamMissing extends RigRule {
  private static final CheckCard CARD =
      CheckCard.of(
          "SYN013",
          StreamMissing.class,
          Severity.ERROR,
          "A stream that the rig profile or --require expects is missing or holds no messages.");

  /// A rule without a profile.
  public StreamMissing() {
    this(null);
  }

  private StreamMissing(@Nullable RigProfile profile) {
    super(CARD, profile);
  }

  @Override
  public StreamMissing with(RigProfile profile) {
    return new StreamMissing(profile);
  }

  @Override
  String nothingKnown() {
    return "the rig profile expects no stream";
  }

  @Override
  void examine(RigSurvey survey, RigProfile profile, Results results) {
    Map<String, RigProfile.Stream> expected = new LinkedHashMap<>();
    for (RigProfile.Stream entry : profile.streams()) {
      expected.merge(entry.name(), entry, (a, b) -> a.optional() ? b : a);
    }
    List<RigProfile.Stream> missing =
        expected.values().stream().filter(e -> !e.optional() && count(survey, e) == 0).toList();
    for (RigProfile.Stream entry : expected.values()) {
      results.of(
          entry.name(),
          sink -> {
            if (missing.contains(entry)) {
              report(survey, profile, entry, missing, sink);
            }
            return Conclusion.examined(1, "");
          });
    }
  }

  private static long count(RigSurvey survey, RigProfile.Stream entry) {
    return survey.streams().stream()
        .filter(s -> entry.fits(s.name()) && s.stream().messages() > 0)
        .count();
  }

  private static void report(
      RigSurvey survey,
      RigProfile profile,
      RigProfile.Stream entry,
      List<RigProfile.Stream> missing,
      CheckSink sink) {
    boolean declared = survey.streams().stream().anyMatch(s -> entry.fits(s.name()));
    sink.report(
        Severity.ERROR,
        entry.isPattern() ? "no stream fits an expected name" : "an expected stream is missing",
        Location.stream(entry.name()),
        new Evidence.Violation(
            "stream " + entry.name(), declared ? "no messages" : "absent", "messages"),
        renamed(survey, profile, entry, missing));
  }

  /// A single unknown stream of the same kind, where no other one of that kind is missing.
  private static @Nullable Cause renamed(
      RigSurvey survey,
      RigProfile profile,
      RigProfile.Stream entry,
      List<RigProfile.Stream> missing) {
    if (entry.modality() == null
        || missing.stream().filter(m -> m.modality() == entry.modality()).count() > 1) {
      return null;
    }
    List<String> unknown = new ArrayList<>();
    for (RigSurvey.Measured each : survey.streams()) {
      if (each.modality() == entry.modality()
          && each.stream().messages() > 0
          && profile.entry(each.name(), e -> true) == null) {
        unknown.add(each.name());
      }
    }
    return unknown.size() == 1
        ? new Cause("renamed-stream", "it may now be called " + unknown.getFirst())
        : null;
  }
}
