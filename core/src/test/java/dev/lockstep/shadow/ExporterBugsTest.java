package dev.lockstep.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.ExportDifference;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.labels.LabelFiles;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelInput;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.labels.cvat.CvatLabels;
import dev.lockstep.labels.kitti.KittiTracking;
import dev.lockstep.labels.log.LabelLog;
import dev.lockstep.labels.openlabel.OpenLabel;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.LabelSet.Frame;
import dev.lockstep.model.Severity;
import dev.lockstep.shadow.ExportComparison.Part;
import dev.lockstep.synth.labels.ExportScene;
import dev.lockstep.synth.labels.ExporterBugs;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Each known error of exporters, put into labels that are written by the real writers and read
/// back: it is named by its cause, and nothing else is reported.
class ExporterBugsTest {
  private static final long[] SEEDS = {1, 20, 300};

  @TempDir private Path folder;

  static LabelFormat format(String name) {
    return switch (name) {
      case "kitti-tracking" -> new KittiTracking();
      case "cvat" -> new CvatLabels();
      case "openlabel" -> new OpenLabel();
      default -> new LabelLog();
    };
  }

  private Part written(String name, LabelSet labels, String part) throws IOException {
    LabelFormat format = format(name);
    Path into = Files.createDirectories(folder.resolve(part));
    Path file = format.write(labels, LabelWriteOptions.of(labels), into).getFirst();
    return new Part(LabelFiles.readClean(format, file), format.capabilities(), name);
  }

  private List<ExportDifference> compare(ExportScene original, ExportScene export, String format)
      throws IOException {
    Part a = written("label-log", original.build(), "original");
    Part b = written(format, export.build(), "export");
    return ExportComparison.compare(a, b).differences();
  }

  private static List<ExportDifference> serious(List<ExportDifference> all) {
    return all.stream().filter(d -> d.severity().compareTo(Severity.WARNING) >= 0).toList();
  }

  @ParameterizedTest
  @EnumSource(ExporterBugs.class)
  void namesEachErrorAndNothingElse(ExporterBugs bug) throws IOException {
    for (long seed : SEEDS) {
      ExportScene original = ExportScene.of(bug.frame, seed);
      List<ExportDifference> found = serious(compare(original, bug.exported(original), bug.format));
      assertThat(found).as("seed %d", seed).hasSize(1);
      ExportDifference only = found.getFirst();
      assertThat(only.cause()).as("seed %d: %s", seed, only).isNotNull();
      assertThat(only.cause().id()).as("seed %d: %s", seed, only).isEqualTo(bug.cause);
      assertThat(rule(only.kind())).as("seed %d: %s", seed, only).isEqualTo(bug.rule);
    }
  }

  private static String rule(Kind kind) {
    return String.format("SHA%03d", kind.ordinal() + 1);
  }

  static Stream<Arguments> cleanExports() {
    return Stream.of("kitti-tracking", "cvat", "openlabel", "label-log")
        .flatMap(format ->
            Stream.of(Frame.values())
                .filter(frame -> format(format).capabilities().frames().contains(frame))
                .map(frame -> Arguments.of(format, frame)));
  }

  @ParameterizedTest
  @MethodSource("cleanExports")
  void findsNothingInARightExport(String format, Frame frame) throws IOException {
    for (long seed : SEEDS) {
      ExportScene original = ExportScene.of(frame, seed);
      assertThat(serious(compare(original, original, format))).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void listsTheSwappedFramesExactly() throws IOException {
    ExportScene original = ExportScene.of(Frame.SENSOR, 1);
    ExportScene export = ExporterBugs.FRAMES_SWAPPED.exported(original);
    assertThat(
            serious(compare(original, export, "kitti-tracking")).getFirst().evidence().observed())
        .contains("4 of 60 frames: 11, 12, 33, 34");
  }

  @Test
  void saysWhereASingleBoxMoved() throws IOException {
    ExportScene original = ExportScene.of(Frame.SENSOR, 1);
    ExportScene export = original.copy();
    export.at("7", 23).place[0] += 0.3;
    List<ExportDifference> found = serious(compare(original, export, "kitti-tracking"));
    assertThat(found).hasSize(1);
    ExportDifference only = found.getFirst();
    assertThat(only.kind()).isEqualTo(Kind.MOVED);
    assertThat(only.cause()).isNull();
    assertThat(only.location().track()).isEqualTo("7");
    assertThat(only.location().frames().first()).isEqualTo(23);
    assertThat(only.location().bytes()).isNotNull();
    assertThat(only.evidence().observed()).contains("0.300 m off");
  }

  /// What is wrong in half of the labels is no convention.
  @Test
  void namesNoConventionThatHoldsForSomeOnly() throws IOException {
    ExportScene original = ExportScene.of(Frame.EGO, 1);
    ExportScene export = original.copy();
    export.rows.stream().filter(r -> r.frame % 2 == 0).forEach(r -> r.place[2] -= r.size[2] / 2);
    List<ExportDifference> found = serious(compare(original, export, "openlabel"));
    assertThat(found).isNotEmpty().allSatisfy(d -> assertThat(d.cause()).isNull());
  }

  @Test
  void saysWhichIdsAreExchanged() throws IOException {
    ExportScene original = ExportScene.of(Frame.SENSOR, 1);
    ExportScene export = original.copy();
    export.rows.stream()
        .filter(r -> r.frame >= 40)
        .forEach(r -> r.track = r.track.equals("4") ? "7" : r.track.equals("7") ? "4" : r.track);
    List<ExportDifference> found = serious(compare(original, export, "kitti-tracking"));
    // Both tracks, and the categories that go with them, are one exchange.
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().kind()).isEqualTo(Kind.REIDENTIFIED);
    assertThat(found.getFirst().evidence().observed()).isEqualTo("4 and 7 -> 7 and 4");
    assertThat(found.getFirst().location().frames().first()).isEqualTo(40L);
  }

  /// Any bit of a label file: either the labels are the same, or the file is malformed, or the
  /// comparison says what differs, and where.
  @Test
  void noFlippedBitPasses() throws IOException {
    ExportScene scene = ExportScene.of(Frame.SENSOR, 1);
    LabelFormat kitti = format("kitti-tracking");
    Path into = Files.createDirectories(folder.resolve("flips"));
    LabelSet labels = scene.build();
    Path file = kitti.write(labels, LabelWriteOptions.of(labels), into).getFirst();
    Part original =
        new Part(LabelFiles.readClean(kitti, file), kitti.capabilities(), "kitti-tracking");
    byte[] bytes = Files.readAllBytes(file);
    Random random = new Random(5);
    int told = 0;
    for (int n = 0; n < 150; n++) {
      int at = random.nextInt(bytes.length);
      byte[] flipped = bytes.clone();
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      List<Defect> defects = new ArrayList<>();
      LabelFormat.Reading reading =
          kitti.read(LabelInput.of(file, MemorySegment.ofArray(flipped)), defects::add);
      Part export = new Part(reading.sets().getFirst(), kitti.capabilities(), "kitti-tracking");
      List<ExportDifference> found =
          serious(ExportComparison.compare(original, export).differences());
      List<String> differences =
          LabelFiles.differences(original.labels(), export.labels(), kitti.capabilities(), false);
      if (defects.isEmpty() && !differences.isEmpty()) {
        assertThat(found).as("byte %d, %s", at, differences).isNotEmpty();
        told++;
        ByteRange where = found.getFirst().location().bytes();
        if (found.size() == 1 && where != null && found.getFirst().kind() != Kind.MISSING) {
          assertThat((long) at)
              .as("byte %d, %s", at, found)
              .isBetween(where.offsetBytes(), where.offsetBytes() + where.lengthBytes());
        }
      }
    }
    assertThat(told).isGreaterThan(25);
  }
}
