package dev.lockstep.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.ExportDifference;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.Rotations;
import dev.lockstep.labels.cvat.CvatLabels;
import dev.lockstep.labels.kitti.KittiTracking;
import dev.lockstep.labels.mot.MotLabels;
import dev.lockstep.labels.openlabel.OpenLabel;
import dev.lockstep.model.LabelDetails;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.LabelSet.Frame;
import dev.lockstep.model.Severity;
import dev.lockstep.shadow.ExportComparison.Part;
import dev.lockstep.synth.labels.ExportScene;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What exporters may choose: it is told as a fact, and hides no error.
class ExportConventionsTest {
  private static List<ExportDifference> compare(Part a, Part b) {
    return ExportComparison.compare(a, b).differences();
  }

  private static Part part(LabelSet labels, LabelFormat format) {
    return new Part(labels, format.capabilities(), format.name());
  }

  private static List<String> serious(List<ExportDifference> all) {
    return all.stream()
        .filter(d -> d.severity().compareTo(Severity.WARNING) >= 0)
        .map(d -> d.cause() == null ? d.toString() : d.cause().id())
        .toList();
  }

  private static List<String> facts(List<ExportDifference> all) {
    return all.stream()
        .filter(d -> d.severity() == Severity.INFO && d.cause() != null)
        .map(d -> d.cause().id())
        .toList();
  }

  private static double rounded(double value) {
    return Math.rint(value * 100) / 100;
  }

  /// Edges are then half steps of what was written.
  @Test
  void centreAndSizeMayBeCutToTwoDecimals() {
    ExportScene original = ExportScene.of(Frame.IMAGE, 1);
    ExportScene export = original.copy();
    export.rows.forEach(r -> {
      double x = rounded((r.flat[0] + r.flat[2]) / 2);
      double y = rounded((r.flat[1] + r.flat[3]) / 2);
      double w = rounded(r.flat[2] - r.flat[0]);
      double h = rounded(r.flat[3] - r.flat[1]);
      r.flat = new double[] {x - w / 2, y - h / 2, x + w / 2, y + h / 2};
    });
    List<ExportDifference> found =
        compare(part(original.build(), new KittiTracking()), part(export.build(), new OpenLabel()));
    assertThat(serious(found)).isEmpty();
    assertThat(facts(found)).contains("precision-cut");
  }

  private static void turnToCamera(ExportScene scene) {
    scene.rows.forEach(r -> {
      r.place = new double[] {-r.place[1], -r.place[2], r.place[0]};
      r.size = new double[] {r.size[0], r.size[2], r.size[1]};
      r.turn = Rotations.toCamera(r.turn);
    });
  }

  @Test
  void axesThatAreNotDeclaredAreDerived() {
    ExportScene original = ExportScene.of(Frame.SENSOR, 1);
    ExportScene export = original.copy();
    turnToCamera(export);
    LabelSet labels = export.build();
    List<ExportDifference> found =
        compare(part(original.build(), new KittiTracking()), part(labels, new OpenLabel()));
    assertThat(serious(found)).isEmpty();
    assertThat(facts(found)).contains("axes-undeclared");
    labels.details().setOwnAxes(LabelDetails.OwnAxes.Z_UP);
    found = compare(part(original.build(), new KittiTracking()), part(labels, new OpenLabel()));
    assertThat(serious(found)).containsExactly("axes-swapped");
  }

  @Test
  void axesThatAreNotDeclaredHideNoError() {
    ExportScene original = ExportScene.of(Frame.SENSOR, 1);
    ExportScene export = original.copy();
    export.rows.forEach(r -> r.place[2] -= r.size[2] / 2);
    turnToCamera(export);
    List<ExportDifference> found =
        compare(part(original.build(), new KittiTracking()), part(export.build(), new OpenLabel()));
    assertThat(serious(found)).containsExactly("bottom-for-centre");
  }

  /// An id of the original names another object in the export, which is no loss.
  @Test
  void idsThatNameOtherObjectsHideNoError() {
    ExportScene original = ExportScene.of(Frame.IMAGE, 1);
    ExportScene export = original.copy();
    export.rows.forEach(r -> {
      r.track = Integer.toString(Integer.parseInt(r.track) + 3);
      r.frame += 4;
    });
    assertThat(
            serious(
                compare(
                    part(original.build(), new KittiTracking()),
                    part(export.build(), new MotLabels()))))
        .containsExactlyInAnyOrder("ids-renumbered", "frame-offset");
    export.rows.forEach(r -> {
      r.frame -= 4;
      r.flat =
          new double[] {
            (r.flat[0] + r.flat[2]) / 2,
            (r.flat[1] + r.flat[3]) / 2,
            r.flat[2] + (r.flat[2] - r.flat[0]) / 2,
            r.flat[3] + (r.flat[3] - r.flat[1]) / 2
          };
    });
    assertThat(
            serious(
                compare(
                    part(original.build(), new KittiTracking()),
                    part(export.build(), new MotLabels()))))
        .containsExactlyInAnyOrder("ids-renumbered", "centre-for-corner");
  }

  /// The format has only a flag for occlusion, and no word for "unknown".
  @Test
  void anyFlagIsRightWhereNothingIsKnown() {
    ExportScene original = ExportScene.of(Frame.IMAGE, 1);
    ExportScene export = original.copy();
    for (int k = 0; k < original.rows.size(); k += 7) {
      original.rows.get(k).occluded = Double.NaN;
      export.rows.get(k).occluded = 1;
    }
    assertThat(
            serious(
                compare(
                    part(original.build(), new KittiTracking()),
                    part(export.build(), new CvatLabels()))))
        .isEmpty();
  }

  private static ExportScene both() {
    ExportScene whole = ExportScene.of(Frame.SENSOR, 1);
    assertThat(whole.rows).allMatch(r -> r.flat.length > 0 && r.place.length > 0);
    return whole;
  }

  @Test
  void boxesInTwoSystemsAreOneLabel() {
    ExportScene whole = both();
    ExportScene flat = whole.copy();
    flat.rows.forEach(r -> {
      r.place = new double[0];
      r.size = new double[0];
      r.turn = new double[0];
    });
    ExportScene solid = whole.copy();
    solid.rows.forEach(r -> r.flat = new double[0]);
    LabelSet half = flat.build();
    LabelSet other = solid.build();
    assertThat(Halves.whole(whole.build())).isTrue();
    assertThat(Halves.whole(half)).isFalse();
    assertThat(Halves.other(half, List.of(half))).isNull();
    assertThat(Halves.other(half, List.of(half, other))).isSameAs(other);
    assertThat(Halves.other(other, List.of(half, other))).isSameAs(half);
    LabelSet joined = Halves.joined(other, Objects.requireNonNull(half));
    assertThat(joined.size()).isEqualTo(whole.rows.size());
    OpenLabel format = new OpenLabel();
    assertThat(serious(compare(part(whole.build(), format), part(joined, format)))).isEmpty();
  }

  @Test
  void labelsOfOtherObjectsAreNoOtherHalf() {
    ExportScene flat = both();
    flat.rows.forEach(r -> r.place = new double[0]);
    ExportScene solid = both();
    solid.rows.forEach(r -> {
      r.flat = new double[0];
      r.track = "other " + r.track;
    });
    assertThat(Halves.other(flat.build(), List.of(solid.build()))).isNull();
  }

  /// What puts 30 frames a second into 25 has two instants in every fifth frame: both stay, or the
  /// later one takes the place of the other.
  @Test
  void aLowerFrameRateIsNamedWhetherOrNotInstantsAreLost() {
    for (int seed = 1; seed <= 3; seed++) {
      ExportScene original = ExportScene.of(Frame.IMAGE, seed);
      ExportScene export = original.copy();
      export.rows.forEach(r -> r.frame = (long) (r.frame * 25 / 30.0 + 0.5));
      Part before = part(original.build(), new MotLabels());
      assertThat(serious(compare(before, part(export.build(), new MotLabels()))))
          .as("both stay, seed %d", seed)
          .containsExactly("frame-rate-changed");
      Map<String, ExportScene.Row> last = new LinkedHashMap<>();
      export.rows.forEach(r -> last.put(r.frame + " " + r.track, r));
      export.rows.retainAll(last.values());
      assertThat(serious(compare(before, part(export.build(), new MotLabels()))))
          .as("the later one stays, seed %d", seed)
          .containsExactly("frame-rate-changed");
    }
  }

  @Test
  void idsOfSingleLabelsAreLostIds() {
    ExportScene original = ExportScene.of(Frame.IMAGE, 1);
    ExportScene export = original.copy();
    for (int row = 0; row < export.rows.size(); row++) {
      export.rows.get(row).track = "n" + row;
    }
    assertThat(
            serious(
                compare(
                    part(original.build(), new KittiTracking()),
                    part(export.build(), new OpenLabel()))))
        .containsExactly("track-ids-lost");
  }

  /// MOT counts pixels from 1, and many a converter forgets that.
  @Test
  void pixelsThatCountFromOneHideNoOtherError() {
    for (int seed = 1; seed <= 3; seed++) {
      ExportScene original = ExportScene.of(Frame.IMAGE, seed);
      ExportScene aside = original.copy();
      aside.rows.forEach(r -> r.flat = Arrays.stream(r.flat).map(edge -> edge + 1).toArray());
      Part before = part(original.build(), new MotLabels());
      assertThat(serious(compare(before, part(aside.build(), new OpenLabel()))))
          .as("alone, seed %d", seed)
          .containsExactly("pixel-origin");
      ExportScene held = aside.copy();
      Map<String, double[]> keyframes = new LinkedHashMap<>();
      held.rows.forEach(r -> {
        if (r.frame % 5 == 0) {
          keyframes.put(r.track, r.flat);
        }
        r.flat = keyframes.getOrDefault(r.track, r.flat);
      });
      assertThat(serious(compare(before, part(held.build(), new OpenLabel()))))
          .as("with keyframes repeated, seed %d", seed)
          .containsExactlyInAnyOrder("pixel-origin", "keyframe-repeated");
    }
  }

  /// A frame is skipped and another repeated later, so that the number of frames is right.
  @Test
  void aStretchThatIsOffByOneFrameIsOneFinding() {
    for (int seed = 1; seed <= 3; seed++) {
      ExportScene original = ExportScene.of(Frame.IMAGE, seed);
      Part before = part(original.build(), new MotLabels());
      for (int last : new int[] {40, ExportScene.FRAMES - 2}) {
        ExportScene export = original.copy();
        export.rows.removeIf(r -> r.frame >= 20 && r.frame <= last);
        original.copy().rows.stream()
            .filter(r -> r.frame > 20 && r.frame <= last + 1)
            .forEach(r -> {
              r.frame--;
              export.rows.add(r);
            });
        assertThat(serious(compare(before, part(export.build(), new OpenLabel()))))
            .as("frames 20 to %d, seed %d", last, seed)
            .containsExactly("frame-skipped");
      }
    }
  }
}
