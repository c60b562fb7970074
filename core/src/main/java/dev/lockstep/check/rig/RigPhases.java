package dev.lockstep.check.rig;

import dev.lockstep.clock.LatticeFit;
import dev.lockstep.clock.PhaseLock;
import dev.lockstep.model.RigProfile;
import dev.lockstep.model.RigProfile.Phase;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where the streams lie against the reference now and on the good drives, and who is to blame
/// where that differs; worked out once for all rules.

final class RigPhases {
  /// One stream that has a phase in the profile.
  ///
  /// @param lock its phase now, null where that cannot be told
  /// @param why why not
  /// @param offNs how far it is off, folded; 0 where it cannot be told
  record Phased(
      RigSurvey.Measured measured,
      RigProfile.Stream entry,
      Phase phase,
      @Nullable PhaseLock lock,
      String why,
      double offNs) {
    String name() {
      return measured.name();
    }

    boolean off() {
      return Math.abs(offNs) > phase.toleranceNs();
    }
  }

  private final RigSurvey.@Nullable Measured reference;
  private final List<Phased> streams = new ArrayList<>();
  private final List<List<String>> rings = new ArrayList<>();
  private boolean referenceOff;

  private RigPhases(RigSurvey survey, RigProfile profile) {
    reference = survey.named(profile.reference());
    for (RigSurvey.Measured each : survey.streams()) {
      RigProfile.Stream entry = profile.entry(each.name(), e -> e.phase() != null);
      Phase phase = entry == null ? null : entry.phase();
      if (entry != null && phase != null && each.stream().messages() > 0) {
        streams.add(phased(each, entry, phase, profile.reference()));
      }
    }
    findRings();
    judgeReference();
  }

  static RigPhases of(RigSurvey survey, RigProfile profile) {
    return survey.phases(() -> new RigPhases(survey, profile));
  }

  private Phased phased(
      RigSurvey.Measured own, RigProfile.Stream entry, Phase phase, String referenceName) {
    RigSurvey.Measured to = reference;
    if (to == null) {
      return new Phased(
          own, entry, phase, null, "the reference " + referenceName + " is missing", 0);
    }
    String why = to.unusable();
    if (why == null) {
      why = own.unusable();
    }
    if (why == null && !(to.fit() instanceof LatticeFit.Locked)) {
      why = to.name() + " follows no period";
    }
    if (why != null) {
      return new Phased(own, entry, phase, null, why, 0);
    }
    PhaseLock lock = PhaseLock.of(own.stamps(), to.stamps(), phase.foldNs(), to.periodNs());
    if (lock.count() < PhaseLock.MIN_COUNT) {
      why = "fewer than " + PhaseLock.MIN_COUNT + " messages lie within those of " + to.name();
    } else if (!lock.locked() || RigSurvey.changes(lock)) {
      why = "the phase to " + to.name() + " does not stay, which SYN002 judges";
    }
    return why == null
        ? new Phased(own, entry, phase, lock, "", phase.off(lock.phaseNs()))
        : new Phased(own, entry, phase, null, why, 0);
  }

  /// Streams of one kind whose phases are those of each other.
  private void findRings() {
    Set<String> told = new LinkedHashSet<>();
    for (Phased first : streams) {
      List<String> ring = new ArrayList<>();
      Phased at = first;
      while (at != null && at.off() && !told.contains(at.name()) && !ring.contains(at.name())) {
        ring.add(at.name());
        at = placeOf(at);
      }
      if (ring.size() > 1 && at != null && at.name().equals(first.name())) {
        rings.add(ring);
        told.addAll(ring);
      }
    }
  }

  /// The one stream whose place in the profile another takes, or null.
  private @Nullable Phased placeOf(Phased taker) {
    PhaseLock lock = taker.lock();
    Phased found = null;
    for (Phased other : streams) {
      if (lock == null
          || other.name().equals(taker.name())
          || !other.off()
          || other.entry().modality() != taker.entry().modality()
          || Math.abs(other.phase().foldNs() / taker.phase().foldNs() - 1) > 0.01
          || Math.abs(other.phase().off(lock.phaseNs())) > other.phase().toleranceNs()) {
        continue;
      }
      if (found != null) {
        return null;
      }
      found = other;
    }
    return found;
  }

  /// Where all streams are off by the same, the reference is.
  private void judgeReference() {
    int off = 0;
    int known = 0;
    Phased first = null;
    for (Phased each : streams) {
      if (each.lock() == null) {
        continue;
      }
      known++;
      first = first == null ? each : first;
      double fold = Math.min(first.phase().foldNs(), each.phase().foldNs());
      double apart = each.offNs() - first.offNs();
      apart -= Math.rint(apart / fold) * fold;
      off += each.off() && Math.abs(apart) <= 2 * each.phase().toleranceNs() ? 1 : 0;
    }
    referenceOff = known > 1 && off == known && rings.isEmpty();
  }

  RigSurvey.@Nullable Measured reference() {
    return reference;
  }

  List<Phased> streams() {
    return streams;
  }

  /// Whether all streams agree that the reference moved.
  boolean referenceOff() {
    return referenceOff;
  }

  /// Streams that took each other's places.
  List<List<String>> rings() {
    return rings;
  }

  boolean isExchanged(String stream) {
    return rings.stream().anyMatch(ring -> ring.contains(stream));
  }

  /// The rule that reports that stamps of a stream are not where they should be, or null.
  @Nullable String reporter(String stream) {
    if (isExchanged(stream)) {
      return "SYN016";
    }
    RigSurvey.Measured to = reference;
    if (referenceOff) {
      return to != null && to.name().equals(stream) ? "SYN015" : null;
    }
    return streams.stream().anyMatch(s -> s.name().equals(stream) && s.off()) ? "SYN015" : null;
  }
}
