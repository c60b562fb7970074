package dev.lockstep.engine;

import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.Check;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StreamInfo;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What the rules of a run need to be kept of the streams, beyond what each sees as it goes by.
///
/// @param labels whether there are rules about labels
/// @param alignment whether there are rules about several streams
/// @param all whether some of these read all streams
/// @param turns whether some of these read how sensors turned
/// @param lossesReported whether rules of this run report all that may cost messages: only then can
///   holes be symptoms
record RuleNeeds(
    boolean labels, boolean alignment, boolean all, boolean turns, boolean lossesReported) {

  /// What `checks` need.
  ///
  /// @param keepAll whether somebody else needs all streams
  static RuleNeeds of(List<Check> checks, boolean keepAll) {
    List<AlignmentCheck> alignment =
        checks.stream()
            .filter(AlignmentCheck.class::isInstance)
            .map(AlignmentCheck.class::cast)
            .toList();
    return new RuleNeeds(
        checks.stream().anyMatch(LabelCheck.class::isInstance),
        !alignment.isEmpty(),
        keepAll || alignment.stream().anyMatch(AlignmentCheck::readsAll),
        alignment.stream().anyMatch(AlignmentCheck::readsTurns),
        lossesReported(checks));
  }

  private static boolean lossesReported(List<Check> checks) {
    Set<DefectKind> claimed = EnumSet.noneOf(DefectKind.class);
    for (Check check : checks) {
      if (check instanceof DefectCheck rule) {
        claimed.addAll(rule.kinds());
      }
    }
    return Stream.of(DefectKind.values())
        .filter(DefectKind::losesMessages)
        .allMatch(claimed::contains);
  }

  /// Whether the stamps of a stream are kept.
  boolean stamps(StreamInfo stream) {
    return switch (stream.modality()) {
      case LIDAR, LABELS -> labels || alignment || all;
      case CAMERA, VIDEO, RADAR -> alignment || all;
      case IMU, GNSS, POSE, OTHER -> all;
    };
  }

  /// Whether what a look at the sweeps of a stream gave is kept.
  boolean sweeps(StreamInfo stream) {
    return (alignment || all) && stream.modality() == Modality.LIDAR;
  }
}
