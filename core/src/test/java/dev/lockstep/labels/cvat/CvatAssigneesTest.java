package dev.lockstep.labels.cvat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.labels.LabelInput;
import dev.lockstep.model.LabelSet;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Labels of a project are by those whose task they are of: nobody stands for another's work.
class CvatAssigneesTest {
  private static String task(int id, String name) {
    return "<task><id>"
        + id
        + "</id><segments><segment><id>9"
        + id
        + "</id></segment></segments>"
        + "<owner><username>boss</username></owner><assignee><username>"
        + name
        + "</username></assignee></task>";
  }

  private static String track(int id, String task) {
    return "<track id=\""
        + id
        + "\" label=\"car\""
        + task
        + "><box frame=\""
        + id
        + "\" xtl=\"1\" ytl=\"1\" xbr=\"9\" ybr=\"9\" outside=\"0\" occluded=\"0\" keyframe=\"1\"/>"
        + "</track>";
  }

  private static List<String> annotators(String meta, String tracks) {
    byte[] text =
        ("<annotations><version>1.1</version><meta>" + meta + "</meta>" + tracks + "</annotations>")
            .getBytes(StandardCharsets.UTF_8);
    List<String> defects = new ArrayList<>();
    LabelSet labels =
        new CvatLabels()
            .read(
                LabelInput.of(Path.of("annotations.xml"), MemorySegment.ofArray(text)),
                defect -> defects.add(defect.toString()))
            .sets()
            .getFirst();
    assertThat(defects).isEmpty();
    List<String> annotators = new ArrayList<>();
    for (int row = 0; row < labels.size(); row++) {
      annotators.add(labels.annotator(row));
    }
    return annotators;
  }

  @Test
  void areThoseOfTheTaskOfEachLabel() {
    String meta =
        "<project><id>3</id><tasks>" + task(7, "ada") + task(8, "bob") + "</tasks></project>";
    assertThat(annotators(meta, track(0, " task_id=\"8\"") + track(1, " task_id=\"7\"")))
        .containsExactly("bob", "ada");
  }

  @Test
  void areNotToldWhereSeveralDidTheWorkAndLabelsDoNotSayWho() {
    String meta = "<project><tasks>" + task(7, "ada") + task(8, "bob") + "</tasks></project>";
    assertThat(annotators(meta, track(0, "") + track(1, " task_id=\"9\"")))
        .containsExactly(null, null);
  }

  @Test
  void isTheOneOfASingleTask() {
    assertThat(annotators(task(7, "ada"), track(0, "") + track(1, "")))
        .containsExactly("ada", "ada");
  }
}
