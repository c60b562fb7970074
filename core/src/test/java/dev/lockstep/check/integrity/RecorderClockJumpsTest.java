package dev.lockstep.check.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.RecordingCheck;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.check.StreamSummary.LogStep;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.testing.CheckPages;
import dev.lockstep.testing.RecordedFindings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecorderClockJumpsTest {
  private static final long START = 1_772_442_000_000_000_000L;
  private static final long SECOND = 1_000_000_000L;

  private static final String EXAMPLE =
      """
      warning INT052 recorder-clock-jumps: the log time jumps against the stamps and stays there: step of the log times of /camera/front, /lidar 5 s (expected none)
        at /camera/front, message 40, stamp 1772442004000000000 ns
        likely cause: the clock of the recorder was set while it ran: the stamps went on\
      """;

  private final RecordedFindings findings = new RecordedFindings(new RecorderClockJumps().card());

  private static StreamSummary stream(int id, String name, @Nullable LogStep step) {
    StreamInfo info =
        new StreamInfo(id, name, Modality.OTHER, StampSource.HEADER, "cdr", "T", 1, "message");
    return new StreamSummary(info, 100, 0, 0, 0, 0, 0, 0, 0, "", step, 0, 0);
  }

  private Conclusion end(StreamSummary... streams) {
    return new RecorderClockJumps().open(findings).onEnd(new Ended(List.of(streams)));
  }

  @Test
  void tellsOneJumpOfAllStreamsOnce() {
    Conclusion end =
        end(
            stream(0, "/camera/front", new LogStep(40, START + 4 * SECOND, 5 * SECOND)),
            stream(1, "/imu", null),
            stream(2, "/lidar", new LogStep(20, START + 4 * SECOND + 90, 5 * SECOND + 3_000_000)));

    assertThat(end).isEqualTo(new Conclusion.Examined(300));
    assertThat(findings.text()).isEqualTo(EXAMPLE);
    CheckPages.assertComplete(new RecorderClockJumps(), EXAMPLE);
  }

  @Test
  void tellsJumpsOfOtherTimesOrStepsByThemselves() {
    end(
        stream(0, "/a", new LogStep(40, START, 5 * SECOND)),
        stream(1, "/b", new LogStep(40, START + 10 * SECOND, 5 * SECOND)),
        stream(2, "/c", new LogStep(40, START, -7 * SECOND)));

    assertThat(findings.findings()).hasSize(3);
    assertThat(findings.text()).doesNotContain("likely cause");
  }

  @Test
  void isSilentWhereNothingJumps() {
    end(stream(0, "/a", null));

    assertThat(findings.text()).isEmpty();
  }

  private record Ended(List<StreamSummary> streams) implements RecordingCheck.Summary {
    @Override
    public long examined(DefectKind kind) {
      return 0;
    }

    @Override
    public List<String> unexamined(DefectKind kind) {
      return List.of();
    }

    @Override
    public Coverage coverage() {
      return new Coverage(0, 0, 0, 0, "none");
    }
  }
}
