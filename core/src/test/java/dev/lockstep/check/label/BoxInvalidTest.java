package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.DefectCheck;
import dev.lockstep.check.RecordingCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import dev.lockstep.testing.RecordedFindings;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoxInvalidTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new BoxInvalid();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.BOX_INVALID,
            Location.stream("tracklets")
                .withTrack("3")
                .withMessages(120, 180)
                .withFrames(17, 20)
                .withFile("tracklet_labels.xml"),
            new Evidence.Violation("box height", "-1.5 m", "above 0, at most 500 m")));
  }

  @Override
  public String expected() {
    return """
    error LAB011 box-invalid: box that cannot exist: box height -1.5 m (expected above 0, at most 500 m)
      at tracklets, track 3, messages 120..180, frames 17..20, tracklet_labels.xml\
    """;
  }

  @Test
  void keepsNeighbouringTracksApart() {
    RecordedFindings findings = new RecordedFindings(check().card());
    RecordingCheck.Observer observer = check().open(findings);
    for (int row = 4; row < 6; row++) {
      observer.onDefect(
          Defect.of(
              DefectKind.BOX_INVALID,
              Location.stream("labels").withTrack("t" + row).withMessages(row, row),
              new Evidence.Violation("box height", "0 m", "above 0, at most 500 m")));
    }
    assertThat(observer.onEnd(DefectCheckContract.summary(2)))
        .isEqualTo(new Conclusion.Examined(2));
    assertThat(findings.findings()).hasSize(2);
  }
}
