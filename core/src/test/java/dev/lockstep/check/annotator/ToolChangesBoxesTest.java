package dev.lockstep.check.annotator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.labels.Crew;
import dev.lockstep.testing.LabelCheckContract;
import org.junit.jupiter.api.Test;

class ToolChangesBoxesTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new ToolChangesBoxes();
  }

  @Override
  public LabelSet clean() {
    return tools(1, 1).build();
  }

  @Override
  public LabelSet violating() {
    return tools(1, 1.05).build();
  }

  @Override
  public String expected() {
    return """
    warning ANN010 tool-changes-boxes: boxes change with tool studio 2: volume of boxes 100 % with studio 1 -> 113.1 % with studio 2 (4 of 4 annotators, since 2023-11-15T23:20:00Z, 8.8 sigmas)
      at labels, message 2237, frame 62, stamp 1700000006200000000 ns, labels.txt
      likely cause: the tool, or the guideline that came with it: no annotator's fault, and left out where annotators are compared\
    """;
  }

  private LabelCheckContract.Run run(Crew crew) {
    return LabelCheckContract.run(check(), crew.build());
  }

  @Test
  void isUndecidedWithOneTool() {
    assertThat(run(Crew.together(1, 3, 30)).conclusion())
        .isEqualTo(
            new Conclusion.Undecided("fewer than 3 annotators used two tools for 5 objects each"));
  }

  /// Four annotators get another version of their tool after half of their work.
  private static Crew tools(long seed, double factor) {
    Crew crew = Crew.together(seed, 4, 80);
    for (int a = 0; a < 4; a++) {
      crew.tool(a, 0, 30 + 5 * a, "studio 1").tool(a, 30 + 5 * a, 80, "studio 2");
      crew.resize(a, 30 + 5 * a, 80, factor);
    }
    return crew;
  }

  @Test
  void accusesNobodyOfWhatTheToolDoes() {
    for (int seed = 0; seed < 5; seed++) {
      LabelSet labels = tools(50 + seed, 0.95).build();
      assertThat(LabelCheckContract.run(check(), labels).text()).containsOnlyOnce("ANN010");
      for (LabelCheck rule : FalseAccusationsTest.RULES) {
        assertThat(LabelCheckContract.run(rule, labels).text()).isEmpty();
      }
    }
  }

  @Test
  void findsWhoDiffersBesideAToolThatDoes() {
    Crew crew = tools(60, 1.05).resize(2, 0, 80, 0.93);
    assertThat(run(crew).text()).containsOnlyOnce("ANN010");
    assertThat(LabelCheckContract.run(new AnnotatorSizesDiffer(), crew.build()).text())
        .contains("boxes of ann-2 differ")
        .containsOnlyOnce("ANN002");
  }

  @Test
  void leavesAChangeOfOneAnnotatorToThem() {
    Crew crew = tools(70, 1).resize(1, 35, 80, 1.1);
    assertThat(run(crew).text()).isEmpty();
    assertThat(LabelCheckContract.run(new AnnotatorDrifts(), crew.build()).text())
        .contains("work of ann-1 changes");
  }
}
