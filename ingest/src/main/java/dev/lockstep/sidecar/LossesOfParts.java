package dev.lockstep.sidecar;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Hands what was seen while parts grew on to the folder that they become one recording with:
/// nobody can see that again when the folder is read.
final class LossesOfParts {
  /// Folders that are remembered; the oldest is forgotten. Judged.
  private static final int MAX_FOLDERS = 64;

  private final Map<Path, LossAttribution> byFolder = new LinkedHashMap<>();

  /// A recording is complete.
  void completed(Path recording, LossAttribution seen) {
    Path folder = recording.getParent();
    if (folder == null || !seen.hasStalls()) {
      return;
    }
    byFolder.computeIfAbsent(folder, key -> new LossAttribution()).stalledAs(seen);
    if (byFolder.size() > MAX_FOLDERS) {
      byFolder.remove(byFolder.keySet().iterator().next());
    }
  }

  /// What is known at the beginning of a recording: of a folder, that of its parts.
  LossAttribution of(Path recording) {
    LossAttribution attribution = new LossAttribution();
    LossAttribution parts = byFolder.get(recording);
    if (parts != null && Files.isDirectory(recording)) {
      attribution.stalledAs(parts);
    }
    return attribution;
  }
}
