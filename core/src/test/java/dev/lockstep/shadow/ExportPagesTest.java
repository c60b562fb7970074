package dev.lockstep.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.ExportCheck;
import dev.lockstep.check.ExportDifference;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.check.Finding;
import dev.lockstep.check.export.AttributesDiffer;
import dev.lockstep.check.export.LabelsAdded;
import dev.lockstep.check.export.LabelsMissing;
import dev.lockstep.check.export.LabelsMoved;
import dev.lockstep.check.export.LabelsRecategorised;
import dev.lockstep.check.export.LabelsReidentified;
import dev.lockstep.check.export.LabelsResized;
import dev.lockstep.check.export.LabelsRetimed;
import dev.lockstep.check.export.LabelsRotated;
import dev.lockstep.check.export.PrecisionCut;
import dev.lockstep.check.export.ReadsDisagree;
import dev.lockstep.labels.LabelFiles;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.labels.log.LabelLog;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.LabelSet.Frame;
import dev.lockstep.model.Severity;
import dev.lockstep.report.FindingText;
import dev.lockstep.shadow.ExportComparison.Part;
import dev.lockstep.synth.labels.ExportScene;
import dev.lockstep.synth.labels.ExporterBugs;
import dev.lockstep.testing.CheckPages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The pages of the rules show what an export with the error leads to.
class ExportPagesTest {
  @TempDir private Path folder;

  static Stream<Arguments> pages() {
    return Stream.of(
        Arguments.of(new LabelsMissing(), ExporterBugs.EXPORT_CUT_FRAMES),
        Arguments.of(new LabelsAdded(), ExporterBugs.ROWS_DUPLICATED),
        Arguments.of(new LabelsMoved(), ExporterBugs.KEYFRAME_REPEATED),
        Arguments.of(new LabelsResized(), ExporterBugs.SIZES_SWAPPED),
        Arguments.of(new LabelsRotated(), ExporterBugs.ANGLE_RESET),
        Arguments.of(new LabelsReidentified(), ExporterBugs.IDS_MERGED),
        Arguments.of(new LabelsRecategorised(), ExporterBugs.CATEGORIES_MERGED),
        Arguments.of(new LabelsRetimed(), ExporterBugs.FRAME_SKIPPED),
        Arguments.of(new AttributesDiffer(), ExporterBugs.ATTRIBUTE_SHIFTED),
        Arguments.of(new PrecisionCut(), ExporterBugs.INTEGER_ROUNDING));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void showsWhatTheErrorLeadsTo(ExportCheck check, ExporterBugs bug) throws IOException {
    ExportScene original = ExportScene.of(bug.frame, 1);
    LabelFormat log = new LabelLog();
    LabelFormat format = ExporterBugsTest.format(bug.format);
    List<ExportDifference> found =
        ExportComparison.compare(
                written(log, original.build(), "original"),
                written(format, bug.exported(original).build(), "export"))
            .differences();
    assertThat(check.card().id()).isEqualTo(bug.rule);
    CheckPages.assertComplete(check, rendered(check, found));
  }

  private Part written(LabelFormat format, LabelSet labels, String part) throws IOException {
    Path into = Files.createDirectories(folder.resolve(part));
    Path file = format.write(labels, LabelWriteOptions.of(labels), into).getFirst();
    return new Part(LabelFiles.readClean(format, file), format.capabilities(), format.name());
  }

  private static String rendered(ExportCheck check, List<ExportDifference> found) {
    List<String> texts =
        found.stream()
            .filter(d -> d.kind() == check.kind() && d.severity() != Severity.INFO)
            .map(d ->
                FindingText.of(
                    new Finding(
                        check.card(),
                        d.title(),
                        d.severity(),
                        d.location(),
                        d.evidence(),
                        d.cause())))
            .toList();
    return String.join("\n", texts);
  }

  @Test
  void showsReadsThatDisagree() {
    ExportScene first = ExportScene.of(Frame.SENSOR, 1);
    ExportScene second = first.copy();
    second.at("7", 23).place[0] += 4;
    LabelSource source = new LabelSource(Path.of("drive.jsonl"), null, new LabelLog());
    List<ExportDifference> found =
        ShadowRun.disagreements(
            source, "original", List.of(first.build()), List.of(second.build()));
    assertThat(found).hasSize(1);
    CheckPages.assertComplete(new ReadsDisagree(), rendered(new ReadsDisagree(), found));
    assertThat(ShadowRun.disagreements(source, "original", List.of(first.build()), List.of()))
        .hasSize(1);
  }

  @Test
  void everyKindOfDifferenceHasItsRule() {
    Set<Kind> kinds = EnumSet.of(Kind.READ);
    pages().forEach(page -> kinds.add(((ExportCheck) page.get()[0]).kind()));
    assertThat(kinds).isEqualTo(EnumSet.allOf(Kind.class));
  }
}
