package dev.lockstep.bench.robustness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeTest {
  private static final CheckCard CARD =
      CheckCard.of("TIM999", JudgeTest.class, Severity.ERROR, "Judges.");
  private static final StreamSummary STREAM =
      new StreamSummary(
          StreamInfo.of(0, "/lidar", Modality.LIDAR, StampSource.LOG_TIME, null, null),
          7,
          70,
          1,
          7,
          1,
          7,
          1,
          1,
          "",
          0,
          0);

  @TempDir private Path folder;

  private List<String> failures(Outcome outcome, Location... at) throws IOException {
    Path file = folder.resolve("drive.mcap");
    Files.write(file, new byte[100]);
    List<Finding> findings = new ArrayList<>();
    for (Location each : at) {
      findings.add(
          new Finding(
              CARD, "odd", Severity.ERROR, each, new Evidence.Violation("a", "b", "c"), null));
    }
    RecordingResult result =
        new RecordingResult(
            "drive.mcap",
            "mcap",
            List.of(STREAM),
            List.of(),
            List.of(),
            List.of(new CheckResult(CARD, "", outcome, findings, findings.size())),
            List.of(),
            new Coverage(100, 0, 0, 0, "none"),
            List.of());
    List<String> failures = new ArrayList<>();
    Judge.examine(result, file, failures);
    return failures;
  }

  private String misplaced(Location at) throws IOException {
    List<String> failures = failures(new Outcome.Found(1), at);
    return failures.isEmpty() ? "" : failures.getFirst().split(":", -1)[1].strip();
  }

  @Test
  void takesPlacesInsideTheRecording() throws IOException {
    assertThat(
            failures(
                new Outcome.Found(3),
                Location.bytes("drive.mcap", 90, 10),
                Location.stream("/lidar").withMessages(0, 6),
                Location.file("missing.bin")))
        .isEmpty();
  }

  @Test
  void seesAFindingWithoutAPlace() throws IOException {
    assertThat(misplaced(Location.RECORDING)).isEqualTo("TIM999, neither file nor stream");
  }

  @Test
  void seesPlacesOutsideOfTheFile() throws IOException {
    assertThat(misplaced(Location.bytes("drive.mcap", 90, 11)))
        .isEqualTo("TIM999, bytes behind the end of the file at 100");
    assertThat(misplaced(Location.bytes("other.mcap", 0, 1)))
        .isEqualTo("TIM999, bytes of a file that does not exist");
    assertThat(misplaced(Location.stream("/lidar").withBytes(0, 1)))
        .isEqualTo("TIM999, bytes of no file");
  }

  @Test
  void seesMessagesThatAreNotThere() throws IOException {
    assertThat(misplaced(Location.stream("/lidar").withMessages(3, 7)))
        .isEqualTo("TIM999, messages that the stream does not have");
    assertThat(misplaced(Location.stream("/radar")))
        .isEqualTo("TIM999, a stream that the recording does not have");
  }

  @Test
  void seesABrokenCheck() throws IOException {
    assertThat(failures(new Outcome.Broken("java.lang.ArithmeticException: / by zero")))
        .containsExactly("broken: TIM999 on '': java.lang.ArithmeticException: / by zero");
  }

  @Test
  void seesWhatEscapes() {
    try (Judge judge = new Judge()) {
      Judge.Judgement judgement =
          judge.judge(folder.resolve("absent"), new java.util.SplittableRandom(1), false);
      assertThat(judgement.failures()).hasSize(1);
      assertThat(judgement.failures().getFirst())
          .startsWith("escaped: java.nio.file.NoSuchFileException");
    }
  }
}
