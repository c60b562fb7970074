package dev.lockstep.cli;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Check;
import dev.lockstep.model.RigProfile;
import dev.lockstep.rig.Requirement;
import dev.lockstep.rig.RigFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `--rig` and `--require`: what the sensors are expected to record.
final class RigOption {
  static final String RIG = "Rig profile to judge by: what 'lockstep learn' made of a good drive.";

  static final String REQUIRE =
      "A stream, or a pattern with * and ?, that must exist and have that rate, within 5 %% unless"
          + " said otherwise. Repeatable.";

  static final String REQUIRE_LABEL = "STREAM:RATEhz[,+-N%]";

  private RigOption() {}

  /// The checks, judging by what the options say.
  ///
  /// @throws IOException if the profile cannot be read
  /// @throws IllegalArgumentException if profile or requirement cannot be used, or no check is left
  static List<Check> apply(List<Check> checks, @Nullable Path rig, List<String> required)
      throws IOException {
    if (checks.isEmpty()) {
      throw new IllegalArgumentException("--select and --ignore leave no check");
    }
    if (rig == null && required.isEmpty()) {
      return checks;
    }
    List<RigProfile.Stream> entries = new ArrayList<>();
    for (String each : required) {
      entries.add(Requirement.parse(each));
    }
    RigProfile profile = rig == null ? RigProfile.NOTHING : read(rig);
    return Checks.under(checks, profile.withRequired(entries));
  }

  private static RigProfile read(Path rig) throws IOException {
    return RigFile.read(SmallText.read(rig, "a rig profile in YAML"), rig.toString());
  }
}
