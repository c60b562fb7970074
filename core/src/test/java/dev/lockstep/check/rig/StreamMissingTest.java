package dev.lockstep.check.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.RigProfile;
import dev.lockstep.rig.Requirement;
import dev.lockstep.rig.RigMerge;
import dev.lockstep.testing.AlignmentCheckContract;
import dev.lockstep.testing.RigScene;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamMissingTest implements AlignmentCheckContract {
  @Override
  public AlignmentCheck check() {
    return new StreamMissing().with(RigSurvey.learn(clean()));
  }

  @Override
  public Alignment clean() {
    return RigScene.fourCameras(100).build();
  }

  @Override
  public Alignment violating() {
    return RigScene.of(100)
        .camera("/front", 0, 2)
        .camera("/back", 170, 2)
        .camera("/right", -95, 2)
        .build();
  }

  @Override
  public String expected() {
    return """
    error SYN013 stream-missing: an expected stream is missing: stream /left absent (expected messages)
      at /left\
    """;
  }

  @Override
  public void saysWhyWhereThereIsNothingToCompare() {
    Alignment nothing = new Alignment(List.of(), List.of(), null, new SharedAnalyses());
    assertThat(AlignmentCheckContract.run(check(), nothing).findings()).hasSize(5);
    assertThat(new StreamMissing().nothingToExamine()).contains("lockstep learn");
    assertThat(AlignmentCheckContract.run(new StreamMissing(), nothing).conclusions()).isEmpty();
  }

  @Test
  void namesTheStreamThatMayHaveTakenItsPlace() {
    Alignment renamed =
        RigScene.of(100)
            .camera("/front", 0, 2)
            .camera("/port", 70, 2)
            .camera("/back", 170, 2)
            .camera("/right", -95, 2)
            .build();
    assertThat(AlignmentCheckContract.run(check(), renamed).findings())
        .singleElement()
        .satisfies(f -> assertThat(f.cause().sentence()).isEqualTo("it may now be called /port"));
  }

  @Test
  void wantsOneStreamForAPattern() {
    RigProfile wanted =
        RigProfile.NOTHING.withRequired(
            List.of(Requirement.parse("/l*:20hz"), Requirement.parse("/radar?:20hz")));
    assertThat(AlignmentCheckContract.run(new StreamMissing().with(wanted), clean()).text())
        .isEqualTo(
            """
            error SYN013 stream-missing: no stream fits an expected name: stream /radar? absent (expected messages)
              at /radar?\
            """);
  }

  @Test
  void permitsOptionalStreamsToBeAbsent() {
    RigProfile both =
        RigMerge.of(List.of(RigSurvey.learn(clean()), RigSurvey.learn(violating()))).profile();
    assertThat(AlignmentCheckContract.run(new StreamMissing().with(both), violating()).text())
        .isEmpty();
  }
}
