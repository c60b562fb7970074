package dev.lockstep.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.shadow.LabelsUnmatched;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.labels.log.LabelLog;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.LabelSet.Frame;
import dev.lockstep.model.StampSource;
import dev.lockstep.report.FindingText;
import dev.lockstep.source.RecordingIndex;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.testing.CheckPages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelLogMatchTest {
  private static final Path DRIVE = Path.of("..", "fixtures", "mcap", "clean-lz4", "drive.mcap");

  @TempDir private Path folder;

  /// A car in each of the first 20 sweeps, with their stamps plus `shiftNs`; in one of them plus
  /// `strayNs` more.
  private CheckResult match(long shiftNs, long strayNs) throws IOException {
    LabelSet labels = new LabelSet("drive", Frame.SENSOR, StampSource.HEADER);
    try (RecordingIndex index = new McapFormat().index(DRIVE)) {
      for (int i = 0; i < 20; i++) {
        long stampNs = index.message("/lidar/points", i).stampNs() + shiftNs;
        int row = labels.add(stampNs + (i == 11 ? strayNs : 0), i, "7", "car", "drive.mcap", i);
        labels.setBox3d(row, 10, i, 0, 4, 2, 1.5, 1, 0, 0, 0);
      }
    }
    labels.seal();
    Path into = Files.createDirectories(folder.resolve("log" + shiftNs + "_" + strayNs));
    Path log = new LabelLog().write(labels, LabelWriteOptions.of(labels), into).getFirst();
    RecordingResult result =
        new LabelLogMatch(List.of(new LabelsUnmatched()))
            .run(DRIVE, new McapFormat(), new LabelSource(log, null, new LabelLog()));
    assertThat(result.results()).hasSize(1);
    return result.results().getFirst();
  }

  @Test
  void givesEveryLabelTheMessageOfItsStamp() throws IOException {
    assertThat(match(0, 0).outcome()).isEqualTo(new Outcome.Passed(20));
  }

  @Test
  void tellsWhichLabelHasAStampOfItsOwn() throws IOException {
    CheckResult result = match(0, 1L << 24);
    assertThat(result.findings()).hasSize(1);
    assertThat(result.findings().getFirst().location().track()).isEqualTo("7");
    CheckPages.assertComplete(new LabelsUnmatched(), FindingText.of(result.findings().getFirst()));
  }

  @Test
  void allowsLabelsBetweenMessagesWhereAllStandThere() throws IOException {
    assertThat(match(3_000_000, 0).outcome()).isEqualTo(new Outcome.Passed(20));
  }
}
