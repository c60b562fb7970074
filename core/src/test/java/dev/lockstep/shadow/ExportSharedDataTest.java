package dev.lockstep.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.check.ExportCheck;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.labels.LabelFiles;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import dev.lockstep.synth.labels.ExportScene;
import dev.lockstep.synth.labels.ExporterBugs;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Real exports against what they were made from, where they are at hand.
class ExportSharedDataTest {
  private static RecordingResult compare(Path original, String from, Path export, String to)
      throws IOException {
    List<ExportCheck> checks =
        Checks.ALL.stream()
            .filter(ExportCheck.class::isInstance)
            .map(ExportCheck.class::cast)
            .toList();
    return new ShadowRun(checks)
        .run(
            new LabelSource(original, null, LabelFormats.named(from)),
            new LabelSource(export, null, LabelFormats.named(to)),
            export.toString());
  }

  private static List<String> causes(RecordingResult result, String rule) {
    return result.findings().stream()
        .filter(f -> f.check().id().equals(rule) && f.cause() != null)
        .map(f -> f.cause().id())
        .toList();
  }

  @Test
  void openLabelExportsOfKittiAreRight() throws IOException {
    Path exports =
        SharedData.path("labels", "VCD-OpenLABEL", "converters", "kittiConverter", "etc");
    Path originals = SharedData.path("kitti", "OpenTraj", "datasets", "KITTI", "data", "label");
    long[] labels = {1089, 4271, 2098, 861, 2012};
    for (int sequence = 0; sequence < labels.length; sequence++) {
      RecordingResult result =
          compare(
              originals.resolve("000" + sequence + ".txt"),
              "kitti-tracking",
              exports.resolve("openlabel100_kitti_tracking_000" + sequence + ".json"),
              "openlabel");
      assertThat(result.worst()).isEqualTo(Severity.INFO);
      assertThat(result.notes().getFirst())
          .contains(labels[sequence] + " the same, 0 changed, 0 only in the original");
      assertThat(causes(result, "SHA010")).containsExactly("precision-cut", "precision-cut");
      assertThat(causes(result, "SHA003")).containsExactly("declared-anchor");
      assertThat(causes(result, "SHA002")).containsExactly("constant-object");
      assertThat(causes(result, "SHA006")).containsExactly("ids-given");
      assertThat(causes(result, "SHA009")).containsExactly("placeholder-box");
      List<Finding> added =
          result.findings().stream().filter(f -> f.check().id().equals("SHA002")).toList();
      assertThat(added.getFirst().evidence().what()).isEqualTo("track -2");
      assertThat(outcome(result, "SHA001")).isInstanceOf(Outcome.Passed.class);
    }
  }

  private static Outcome outcome(RecordingResult result, String rule) {
    return result.results().stream()
        .filter(r -> r.check().id().equals(rule))
        .findFirst()
        .orElseThrow()
        .outcome();
  }

  private static Path mot(String release, String sequence) {
    return SharedData.path(
        "mot", "TrackEval-pedes", "data", "gt", "mot_challenge", release, sequence, "gt", "gt.txt");
  }

  @Test
  void aCopyOfMot17LacksATrack() throws IOException {
    RecordingResult result =
        compare(
            mot("MOT17-train", "MOT17-02-FRCNN"), "mot", mot("MOT17-train", "MOT17-02-DPM"), "mot");
    assertThat(result.findings()).hasSize(1);
    Finding only = result.findings().getFirst();
    assertThat(only.check().id()).isEqualTo("SHA001");
    assertThat(only.location().track()).isEqualTo("1");
    assertThat(only.location().frames().last()).isEqualTo(600);
    assertThat(only.evidence().expected()).isEqualTo("600 labels, the whole track");
    assertThat(
            compare(
                    mot("MOT17-train", "MOT17-02-FRCNN"),
                    "mot",
                    mot("MOT17-train", "MOT17-02-SDP"),
                    "mot")
                .findings())
        .isEmpty();
  }

  @Test
  void theCorrectionsOfMot17AreCounted() throws IOException {
    RecordingResult result =
        compare(mot("MOT16-train", "MOT16-02"), "mot", mot("MOT17-train", "MOT17-02-FRCNN"), "mot");
    assertThat(result.notes().getFirst())
        .contains("543 changed, 244 only in the original, 1054 only in the export");
    // All of the 244 are there again under other ids.
    assertThat(outcome(result, "SHA001")).isInstanceOf(Outcome.Passed.class);
    assertThat(causes(result, "SHA006")).containsExactly("ids-renumbered");
    assertThat(causes(result, "SHA002")).isEmpty();
    assertThat(
            compare(
                    mot("MOT16-train", "MOT16-04"),
                    "mot",
                    mot("MOT17-train", "MOT17-04-FRCNN"),
                    "mot")
                .findings())
        .isEmpty();
  }

  @Test
  void scalabelHoldsTwoFramesOfKitti() throws IOException {
    Path cases = SharedData.path("kitti", "scalabel", "tests", "label", "testcases");
    RecordingResult result =
        compare(
            cases.resolve("kitti_sample/tracking/training/label_02/0001.txt"),
            "kitti-tracking",
            cases.resolve("kitti_tracking.json"),
            "scalabel");
    assertThat(causes(result, "SHA001")).containsExactly("export-cut", "category-left-out");
    assertThat(causes(result, "SHA003")).containsExactly("declared-anchor");
    assertThat(causes(result, "SHA007")).containsExactly("categories-renamed");
    assertThat(outcome(result, "SHA006")).isInstanceOf(Outcome.Passed.class);
    assertThat(outcome(result, "SHA004")).isInstanceOf(Outcome.Passed.class);
  }

  @TempDir private Path folder;

  /// Errors that need neither attributes nor keyframes, in labels that people made: objects that
  /// stand still, regions without a track, tracks that pause.
  @ParameterizedTest
  @EnumSource(
      value = ExporterBugs.class,
      names = {
        "ANGLE_RESET_CAMERA",
        "FRAME_SKIPPED",
        "FRAME_BASE",
        "FRAME_OFFSET",
        "FRAMES_SWAPPED",
        "FRAMES_FROZEN",
        "KEYFRAME_REPEATED",
        "FRAME_RATE_CHANGED",
        "FRAME_STEP_IGNORED",
        "CENTRE_FOR_BOTTOM",
        "DEGREES_CAMERA",
        "HALF_TURN",
        "SIZES_SWAPPED",
        "HALF_SIZE",
        "Y_FLIPPED",
        "MILLIMETERS",
        "FRAME_OF_SENSOR",
        "EXPORT_CUT_FRAMES",
        "EXPORT_CUT_ROWS",
        "KEYFRAMES_ONLY",
        "IDS_RENUMBERED",
        "TRACK_IDS_LOST",
        "CONSTANT_OBJECT",
        "ROWS_DUPLICATED",
        "CATEGORIES_MERGED"
      })
  void namesErrorsInRealLabels(ExporterBugs bug) throws IOException {
    Path labels = SharedData.path("kitti", "OpenTraj", "datasets", "KITTI", "data", "label");
    for (int sequence : new int[] {0, 1, 4}) {
      Path file = labels.resolve("000" + sequence + ".txt");
      LabelFormat kitti = LabelFormats.named("kitti-tracking");
      LabelSet original = LabelFiles.readClean(kitti, file);
      ExportScene scene = ExportScene.from(original);
      LabelSet export = bug.exported(scene).build();
      Path into = Files.createDirectories(folder.resolve("s" + sequence));
      Path written = kitti.write(export, LabelWriteOptions.of(export), into).getFirst();
      RecordingResult result = compare(file, "kitti-tracking", written, "kitti-tracking");
      List<Finding> serious =
          result.findings().stream()
              .filter(f -> f.severity().compareTo(Severity.WARNING) >= 0)
              .toList();
      assertThat(serious.stream().map(f -> f.cause() == null ? f.title() : f.cause().id()))
          .as("sequence %d", sequence)
          .containsExactly(bug.cause);
    }
  }
}
