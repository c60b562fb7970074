package dev.lockstep.check.annotator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Times;
import dev.lockstep.synth.labels.Crew;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class TrackCopiedTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new TrackCopied();
  }

  @Override
  public LabelSet clean() {
    return Crew.of(1, 4, 40).build();
  }

  @Override
  public LabelSet violating() {
    return Crew.of(1, 4, 40).copy(0, 3, 2, 5).build();
  }

  @Override
  public String expected() {
    return """
    error ANN004 track-copied: track of ann-2 is a copy: motion that of track t-0-3 by ann-0 from row 37 on 12 times in a row
      at labels, track t-2-5, messages 1021..1032, frames 19..30, stamps 1700000001900000000..1700000003000000000 ns, labels.txt
      likely cause: the boxes were copied from other work instead of drawn\
    """;
  }

  private LabelCheckContract.Run run(Crew crew) {
    return LabelCheckContract.run(check(), crew.build());
  }

  @Test
  void isUndecidedWhereLabelsDoNotSayWhoMadeThem() {
    Crew crew = Crew.of(1, 2, 30);
    crew.table.boxes.forEach(box -> box.annotator = null);
    assertThat(run(crew).conclusion())
        .isEqualTo(new Conclusion.Undecided("labels do not say who made them"));
  }

  @Test
  void findsAnAnnotatorsOwnWorkOnceMore() {
    assertThat(run(Crew.of(2, 2, 20).copy(1, 3, 1, 12)).text())
        .contains("track of ann-1 is a copy")
        .containsOnlyOnce("ANN004");
  }

  @Test
  void findsEveryTrackOfACopiedJob() {
    Crew crew = Crew.of(3, 2, 20);
    for (int object = 0; object < 20; object++) {
      crew.copy(0, object, 1, object);
    }
    assertThat(run(crew).count()).isEqualTo(20);
  }

  @Test
  void namesNobodyWhereItIsNotToldWhoWasFirst() {
    Crew crew = Crew.of(2, 2, 20).copy(0, 3, 1, 12);
    crew.table.boxes.getFirst().editedNs = Times.NONE;
    assertThat(run(crew).text()).contains("track is there twice: motion that of track t-");
  }

  @Test
  void acceptsObjectsThatStandStillOrMoveEvenly() {
    Crew crew = Crew.of(4, 2, 20);
    for (int object = 0; object < 20; object++) {
      crew.thin(0, object, object + 1, 11).thin(1, object, object + 1, 11);
      crew.copy(0, object, 1, object);
    }
    LabelCheckContract.Run run = run(crew);
    assertThat(run.text()).isEmpty();
    assertThat(run.conclusion()).isInstanceOf(Conclusion.Undecided.class);
  }
}
