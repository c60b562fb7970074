package dev.lockstep.engine;

import dev.lockstep.check.BlockCheck;
import dev.lockstep.check.Check;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.manifest.BlockLimits;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.manifest.ManifestReader;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The manifest beside a recording, as far as the selected checks have a use for it.
///
/// @param manifest the manifest, null where none can be used
/// @param damage what is wrong with it, null where nothing is
/// @param reason why there is nothing to compare blocks with, empty where there is
/// @param recording name of the recording that it seals
record ManifestUse(
    @Nullable ManifestReader manifest, @Nullable Defect damage, String reason, String recording)
    implements AutoCloseable {

  /// Looks for the manifest of the recording at `path`.
  ///
  /// @param quick whether payloads are left out, so that blocks cannot be compared
  /// @throws IOException if the operating system refuses to open or map it
  static ManifestUse of(Path path, List<Check> checks, boolean quick) throws IOException {
    boolean wanted =
        checks.stream()
            .anyMatch(check ->
                check instanceof BlockCheck
                    || check instanceof DefectCheck defects
                        && defects.kinds().contains(DefectKind.MANIFEST_DAMAGED));
    if (!wanted
        || path.toAbsolutePath().normalize().getFileName() == null
        || !Files.exists(ManifestFiles.of(path))) {
      return new ManifestUse(null, null, "the recording has no block manifest", "");
    }
    String name = ManifestFiles.name(path);
    String reason = quick ? "payloads are left out of a quick run" : "";
    return switch (ManifestReader.open(ManifestFiles.of(path))) {
      case ManifestReader.Opened.Whole whole ->
          new ManifestUse(whole.manifest(), null, reason, name);
      case ManifestReader.Opened.Damaged damaged ->
          new ManifestUse(null, damaged.defect(), "the block manifest is damaged", name);
    };
  }

  /// Whether there was a manifest to look at.
  boolean present() {
    return manifest != null || damage != null;
  }

  /// The manifest that blocks are to be compared with, or null.
  @Nullable ManifestReader compared() {
    return reason.isEmpty() ? manifest : null;
  }

  /// How blocks are to be cut for the comparison.
  BlockLimits limits() {
    return manifest == null ? BlockLimits.DEFAULT : manifest.header().limits();
  }

  @Override
  public void close() {
    if (manifest != null) {
      manifest.close();
    }
  }
}
