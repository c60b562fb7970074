package dev.lockstep.check.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.RecordingCheck;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.DefectKind;
import dev.lockstep.testing.CheckPages;
import dev.lockstep.testing.RecordedFindings;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChecksumsAbsentTest {
  private static final String EXAMPLE =
      "info INT016 checksums-absent: bytes are under no checksum: share under a stored checksum"
          + " 2.5 %, 975000 bytes are not (expected at least 50 %; a block manifest protects the"
          + " rest)";

  private final RecordedFindings findings = new RecordedFindings(new ChecksumsAbsent().card());

  private Conclusion end(long totalBytes, long protectedBytes) {
    Coverage coverage = new Coverage(totalBytes, protectedBytes, 0, 0, "none");
    return new ChecksumsAbsent().open(findings).onEnd(new Ended(coverage));
  }

  @Test
  void tellsThatMostBytesAreUnprotected() {
    assertThat(end(1_000_000, 25_000)).isEqualTo(new Conclusion.Examined(1_000_000));
    assertThat(findings.text()).isEqualTo(EXAMPLE);
    CheckPages.assertComplete(new ChecksumsAbsent(), EXAMPLE);
  }

  @Test
  void isSilentWhereMostBytesAreProtectedButMeasuresTheShare() {
    end(1_000_000, 970_000);
    assertThat(findings.text()).isEmpty();
    assertThat(findings.measurements()).containsEntry("protected-share", 97.0);
  }

  @Test
  void isUndecidedWithoutBytes() {
    assertThat(end(0, 0)).isInstanceOf(Conclusion.Undecided.class);
  }

  private record Ended(Coverage coverage) implements RecordingCheck.Summary {
    @Override
    public List<StreamSummary> streams() {
      return List.of();
    }

    @Override
    public long examined(DefectKind kind) {
      return 0;
    }

    @Override
    public List<String> unexamined(DefectKind kind) {
      return List.of();
    }
  }
}
