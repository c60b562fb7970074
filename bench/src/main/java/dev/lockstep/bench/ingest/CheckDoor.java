package dev.lockstep.bench.ingest;

import dev.lockstep.catalog.Checks;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `lockstep check`: whole recordings, from beginning to end.
public final class CheckDoor implements Door {
  @Override
  public String name() {
    return "check";
  }

  @Override
  public Map<String, List<String>> findings(List<Source> drives, long seed, Path scratch)
      throws IOException {
    Map<String, List<String>> found = new TreeMap<>();
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults())) {
      for (Source drive : drives) {
        found.put(
            drive.name(),
            engine.check(drive.path(), drive.name(), drive.format()).findings().stream()
                .map(Findings::line)
                .sorted()
                .toList());
      }
    }
    return found;
  }
}
