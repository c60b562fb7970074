package dev.lockstep.check.annotator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.synth.labels.Crew;
import dev.lockstep.testing.LabelCheckContract;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoxesPastedTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new BoxesPasted();
  }

  @Override
  public LabelSet clean() {
    return Crew.together(1, 3, 40).build();
  }

  @Override
  public LabelSet violating() {
    return Crew.together(1, 3, 40).paste(1, 0, 40, 4).build();
  }

  @Override
  public String expected() {
    return """
    warning ANN011 boxes-pasted: boxes of ann-1 are pasted: share that stays between two jumps, 516 boxes, 30 moving objects, since 2023-11-15T22:14:00Z 0.69 (expected at most 0.3)
      at labels, track t-1-0, message 17, frame 4, stamp 1700000000400000000 ns, labels.txt
      likely cause: the box of the last frame was taken over without looking: redo these objects\
    """;
  }

  private LabelCheckContract.Run run(Crew crew) {
    return LabelCheckContract.run(check(), crew.build());
  }

  @Test
  void isUndecidedWhereNothingMoves() {
    assertThat(run(still()).conclusion())
        .isEqualTo(new Conclusion.Undecided("no drawn boxes of moving objects"));
  }

  private static Crew still() {
    Crew crew = Crew.together(5, 2, 20);
    crew.objects(0, 0, 20).forEach(BoxesPastedTest::stop);
    crew.objects(1, 0, 20).forEach(BoxesPastedTest::stop);
    return crew;
  }

  private static void stop(List<LabelTable.Box> object) {
    object.forEach(box -> {
      box.x = object.getFirst().x;
      box.y = object.getFirst().y;
      box.z = object.getFirst().z;
    });
  }

  @Test
  void findsEverySecondBox() {
    assertThat(run(Crew.of(2, 3, 60).paste(1, 0, 60, 2)).text())
        .contains("boxes of ann-1 are pasted")
        .containsOnlyOnce("ANN011");
  }

  @Test
  void isToldOnce() {
    LabelSet labels = Crew.together(3, 4, 60).paste(1, 0, 60, 4).build();
    StringBuilder text = new StringBuilder();
    for (LabelCheck rule : FalseAccusationsTest.RULES) {
      text.append(LabelCheckContract.run(rule, labels).text());
    }
    assertThat(text.toString()).containsOnlyOnce("warning ANN");
  }

  @Test
  void acceptsCarsThatWaitAndGoOn() {
    Crew crew = Crew.together(4, 3, 40);
    for (List<LabelTable.Box> object : crew.objects(1, 0, 40)) {
      for (int i = 3; i < 9; i++) {
        object.get(i).x = object.get(3).x;
        object.get(i).y = object.get(3).y;
        object.get(i).z = object.get(3).z;
      }
      double x = object.get(9).x - object.get(3).x;
      double y = object.get(9).y - object.get(3).y;
      for (int i = 9; i < object.size(); i++) {
        object.get(i).x -= x;
        object.get(i).y -= y;
      }
    }
    assertThat(run(crew).text()).isEmpty();
  }
}
