package dev.lockstep.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.check.ExportDifference;
import dev.lockstep.labels.LabelFiles;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.LabelSet.Frame;
import dev.lockstep.model.Severity;
import dev.lockstep.shadow.ExportComparison.Part;
import dev.lockstep.synth.labels.ExportScene;
import dev.lockstep.synth.labels.ExporterBugs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each known error of exporters is named between whatever formats can carry it: pairs of formats
/// drawn from all that can be written, in which the labels without the error agree.
class ExporterPairsTest {
  /// Pairs of formats that each error is tried in. All were tried once: 13 to 81 an error.
  private static final int PAIRS = 3;

  private static final int FEWEST = 3;
  private static final long SEED = 1;

  /// OpenLABEL holds the boxes of a frame by object: it cannot say one twice.
  private static final Set<ExporterBugs> TWICE =
      Set.of(ExporterBugs.IDS_MERGED, ExporterBugs.ROWS_DUPLICATED);

  @TempDir private static Path folder;

  private static final Map<String, Optional<Part>> SOUND = new HashMap<>();
  private static int written;

  private record Pair(LabelFormat from, LabelFormat to) {}

  /// Labels as they come back from a file; empty where a format cannot hold them.
  private static Optional<Part> part(LabelFormat format, ExportScene scene) {
    try {
      LabelSet labels = scene.build();
      Path into = Files.createDirectories(folder.resolve("written" + written++));
      Path file = format.write(labels, LabelWriteOptions.of(labels), into).getFirst();
      return Optional.of(
          new Part(LabelFiles.readClean(format, file), format.capabilities(), format.name()));
    } catch (IOException | RuntimeException | AssertionError e) {
      return Optional.empty();
    }
  }

  private static Optional<Part> sound(LabelFormat format, Frame frame) {
    return SOUND.computeIfAbsent(
        format.name() + " " + frame, _ -> part(format, ExportScene.of(frame, SEED)));
  }

  private static List<ExportDifference> serious(Part a, Part b) {
    return ExportComparison.compare(a, b).differences().stream()
        .filter(d -> d.severity().compareTo(Severity.WARNING) >= 0)
        .toList();
  }

  /// Whether labels with the error differ from those without it, in one format.
  private static boolean carries(LabelFormat format, ExporterBugs bug, Optional<Part> wrong) {
    Optional<Part> sound = sound(format, bug.frame);
    return sound.isPresent()
        && wrong.isPresent()
        && !(TWICE.contains(bug) && format.name().equals("openlabel"))
        && !serious(sound.get(), wrong.get()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(ExporterBugs.class)
  void namesEachErrorBetweenOtherFormats(ExporterBugs bug) {
    List<Pair> pairs = new ArrayList<>();
    for (LabelFormat from : LabelFormats.ALL) {
      for (LabelFormat to : LabelFormats.ALL) {
        // Those of the other test.
        if (!from.name().equals("label-log") || !to.name().equals(bug.format)) {
          pairs.add(new Pair(from, to));
        }
      }
    }
    Collections.shuffle(pairs, new Random(bug.name().hashCode()));
    ExportScene exported = bug.exported(ExportScene.of(bug.frame, SEED));
    Map<String, Optional<Part>> wrong = new HashMap<>();
    int tried = 0;
    for (Pair pair : pairs) {
      if (tried == PAIRS) {
        break;
      }
      Optional<Part> original = sound(pair.from(), bug.frame);
      Optional<Part> export = sound(pair.to(), bug.frame);
      if (original.isEmpty()
          || export.isEmpty()
          || !carries(
              pair.from(),
              bug,
              wrong.computeIfAbsent(pair.from().name(), _ -> part(pair.from(), exported)))
          || !carries(
              pair.to(),
              bug,
              wrong.computeIfAbsent(pair.to().name(), _ -> part(pair.to(), exported)))
          || !serious(original.get(), export.get()).isEmpty()) {
        continue;
      }
      tried++;
      String name = pair.from().name() + " to " + pair.to().name();
      List<ExportDifference> found =
          serious(original.get(), wrong.get(pair.to().name()).orElseThrow());
      assertThat(found).as(name).hasSize(1);
      assertThat(found.getFirst().cause()).as(name).isNotNull();
      assertThat(found.getFirst().cause().id()).as(name).isEqualTo(bug.cause);
    }
    assertThat(tried).isGreaterThanOrEqualTo(FEWEST);
  }
}
