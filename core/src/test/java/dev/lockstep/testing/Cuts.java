package dev.lockstep.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Finding;
import dev.lockstep.engine.Engine;
import dev.lockstep.lineage.ReportedFinding;
import dev.lockstep.lineage.Reproduction;
import dev.lockstep.model.Severity;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Cuts out everything that is found in a recording.
public final class Cuts {
  private Cuts() {}

  /// A finding and its cut.
  public record Made(ReportedFinding target, Reproduction.Cut cut) {
    /// Checks that the cut gives the finding, and is no copy of the whole.
    public void givesIt() {
      Finding found = cut.finding();
      assertThat(found).as(target.message()).isNotNull();
      assertThat(cut.whole()).as(target.message()).isFalse();
    }

    /// The same in a line, for people.
    @Override
    public String toString() {
      return target.check()
          + " "
          + cut.bytes()
          + " bytes, "
          + cut.tries()
          + " tries"
          + (cut.whole() ? ", WHOLE" : "")
          + (cut.finding() == null ? ", LOST" : "")
          + " "
          + target.message()
          + " beside "
          + cut.result().findings().stream().map(each -> each.check().id()).toList();
    }
  }

  /// The cuts of all findings but remarks.
  ///
  /// @param folder where they are made, one after the other
  public static List<Made> of(Path recording, SourceFormat format, Engine engine, Path folder)
      throws IOException {
    String name = String.valueOf(recording.getFileName());
    List<Made> all = new ArrayList<>();
    for (Finding each : engine.check(recording, name, format).findings()) {
      if (each.severity() != Severity.INFO) {
        ReportedFinding target = ReportedFinding.of(name, each);
        all.add(
            new Made(
                target,
                Reproduction.of(
                    recording,
                    format,
                    engine,
                    target,
                    folder.resolve("cut"),
                    folder.resolve("tried"))));
      }
    }
    return all;
  }
}
