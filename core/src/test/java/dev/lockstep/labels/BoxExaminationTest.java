package dev.lockstep.labels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.report.FindingText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BoxExaminationTest {
  private final LabelSet labels =
      new LabelSet("labels", LabelSet.Frame.EGO, StampSource.FRAME_NUMBER);
  private long frame;

  private int add(String track) {
    frame++;
    return labels.add(frame * 100, frame, track, "Car", "l.txt", frame);
  }

  private void box(String track, double x, double length, double height, double qw) {
    labels.setBox3d(add(track), x, 0, 0, length, 2, height, qw, 0, 0, 0);
  }

  private String examine() {
    labels.seal();
    List<Defect> defects = new ArrayList<>();
    assertThat(BoxExamination.examine(labels, defects::add)).isEqualTo(labels.size());
    return defects.stream()
        .map(d -> FindingText.evidence(d.evidence()) + " @ " + FindingText.place(d.location()))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void passesBoxesThatCanBe() {
    box("a", 80, 4, 1.5, 1);
    box("a", -80, 75, 0.01, -1);
    labels.setBox2d(add("b"), 0, 0, 0, 10);
    int unlabelled = add(null);
    labels.setBox2d(unlabelled, -3, -2, 2000, 1000);
    int empty = add("c");
    assertThat(empty).isPositive();
    assertThat(examine()).isEmpty();
  }

  @Test
  void reportsPointsInTheImageWhereThereIsNoBoxInSpace() {
    for (int i = 0; i < 4; i++) {
      labels.setBox2d(add("a"), 0, 0, 0, 0);
    }
    int both = add("b");
    labels.setBox2d(both, 0, 0, 0, 0);
    labels.setBox3d(both, 10, 0, 0, 4, 2, 1.5, 1, 0, 0, 0);
    assertThat(examine())
        .isEqualTo(
            "box in the image a point at 0, 0 px (expected a width or a height) @ labels, track a,"
                + " messages 1..4, frames 1..4, l.txt");
  }

  @Test
  void reportsEachRunOfAFaultOnce() {
    box("a", 10, 4, 1.5, 1);
    box("a", 10, 4, -1.5, 1);
    box("a", 10, 4, -1.5, 1);
    box("a", 10, 4, 1.5, 1);
    box("a", 10, 0, 1.5, 1);
    box("b", 10, 4, Double.NaN, 1);
    box("c", 10, 4, 1.5, 0.9);
    box("d", Double.NaN, 4, 1.5, 1);
    box("e", 9_000, 4, 1.5, 1);
    box(null, 10, 4, 900, 1);
    labels.setBox2d(add("f"), 10, 10, 5, 20);
    labels.setBox2d(add("f"), 10, 10, 20, 9);
    labels.setBox2d(add("g"), 10, 10, Float.POSITIVE_INFINITY, 20);
    assertThat(examine())
        .isEqualTo(
            """
            box height -1.5 m (expected above 0, at most 500 m) @ labels, track a, messages 2..3, frames 2..3, l.txt
            box length 0 m (expected above 0, at most 500 m) @ labels, track a, message 5, frame 5, l.txt
            box height NaN m (expected above 0, at most 500 m) @ labels, track b, message 6, frame 6, l.txt
            length of the orientation quaternion 0.9 (expected 0.999 to 1.001) @ labels, track c, message 7, frame 7, l.txt
            centre x NaN m (expected -5000 to 5000 m) @ labels, track d, message 8, frame 8, l.txt
            centre x 9000 m (expected -5000 to 5000 m) @ labels, track e, message 9, frame 9, l.txt
            right edge 5 px (expected at least 10 px) @ labels, track f, message 11, frame 11, l.txt
            bottom edge 9 px (expected at least 10 px) @ labels, track f, message 12, frame 12, l.txt
            right edge Infinity px (expected -200000 to 200000 px) @ labels, track g, message 13, frame 13, l.txt
            box height 900 m (expected above 0, at most 500 m) @ labels, message 10, frame 10, l.txt\
            """);
  }
}
