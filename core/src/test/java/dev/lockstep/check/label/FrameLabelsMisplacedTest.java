package dev.lockstep.check.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.LabelCheck;
import dev.lockstep.model.LabelSet;
import dev.lockstep.synth.fault.Corruption;
import dev.lockstep.synth.fault.FaultSpec;
import dev.lockstep.synth.fault.LabelTable;
import dev.lockstep.testing.LabelCheckContract;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameLabelsMisplacedTest implements LabelCheckContract {
  @Override
  public LabelCheck check() {
    return new FrameLabelsMisplaced();
  }

  @Override
  public LabelSet clean() {
    return Scenes.lanes(3).build();
  }

  @Override
  public LabelSet violating() {
    LabelTable table = Scenes.lanes(3);
    for (String track : List.of("1", "2", "3")) {
      LabelTable.Box first = Scenes.box(table, track, 9);
      LabelTable.Box second = Scenes.box(table, track, 10);
      double x = first.x;
      first.x = second.x;
      second.x = x;
    }
    return table.build();
  }

  @Override
  public String expected() {
    return """
    error LAB017 frame-labels-misplaced: labels of two instants are exchanged: unevenness of 3 tracks 1200 -> 0 (with the labels where they belong, squared sigmas)
      at labels, messages 28..31, frames 9..10, stamps 1700000000900000000..1700000001000000000 ns, labels.txt
      likely cause: the first and the last are exchanged in frames 9..10: exchange them back\
    """;
  }

  private static LabelTable damaged(String fault) {
    return damaged(Scenes.lanes(3), fault);
  }

  private static LabelTable damaged(LabelTable table, String fault) {
    Corruption.plantInLabels(table, FaultSpec.parse(fault, 1));
    return table;
  }

  private String found(LabelTable table) {
    return LabelCheckContract.run(check(), table.build()).text();
  }

  @Test
  void namesWhatHappenedAndWhere() {
    assertThat(found(damaged("frame-rotation:at=8")))
        .containsOnlyOnce("LAB017")
        .contains("labels of three instants are rotated")
        .contains("frames 8..10");
    assertThat(found(damaged("stale-frame:at=8")))
        .containsOnlyOnce("LAB017")
        .contains("labels of the instant before once more")
        .contains("the labels are stale in frame 8: label it anew");
    assertThat(found(damaged("frame-shift:at=8,frames=2")))
        .containsOnlyOnce("LAB017")
        .endsWith("labels come 2 instants late from frame 8 on");
    assertThat(found(damaged("frame-shift:at=8,frames=-1")))
        .containsOnlyOnce("LAB017")
        .endsWith("labels come 1 instant early from frame 8 on");
  }

  @Test
  void isSilentWhereNothingMoves() {
    LabelTable table = Scenes.lanes(3);
    table.boxes.forEach(b -> b.x = 10);
    assertThat(found(damaged(table, "frame-swap:at=9"))).isEmpty();
  }

  @Test
  void doesNotBlameAllForOne() {
    LabelTable table = Scenes.lanes(3);
    LabelTable.Box a = Scenes.box(table, "1", 9);
    LabelTable.Box b = Scenes.box(table, "1", 10);
    double x = a.x;
    a.x = b.x;
    b.x = x;
    assertThat(found(table)).isEmpty();
  }

  /// Cars and people at all rates and noises: what is planted is found, and nothing else.
  @ParameterizedTest
  @CsvSource({"10, 0", "5, 0", "2, 0", "10, 0.1", "10, 0.2", "5, 0.1"})
  void findsEachExchangeAndNothingElse(double hertz, double noise) {
    for (long seed = 1; seed <= 4; seed++) {
      LabelTable table = TrackSimulator.street(seed, 12, 6, 100, hertz, noise);
      assertThat(found(table)).as("clean, seed %d", seed).isEmpty();
      for (int at : new int[] {30, 41, 43, 60}) {
        damaged(table, "frame-swap:at=" + at);
      }
      List<Long> frames =
          LabelCheckContract.run(check(), table.build()).findings().findings().stream()
              .map(f -> f.location().frames().first())
              .toList();
      assertThat(frames).as("seed %d", seed).containsExactly(30L, 41L, 43L, 60L);
    }
  }

  /// People in images, before cameras that stand and cameras that are held by hand.
  @ParameterizedTest
  @CsvSource({"0, 0", "0.5, 0", "0.5, 4", "0, 8"})
  void findsExchangesInImagesAndNothingElse(double noise, double shake) {
    for (long seed = 1; seed <= 4; seed++) {
      LabelTable table = TrackSimulator.video(seed, 16, 100, noise, shake);
      assertThat(found(table)).as("clean, seed %d", seed).isEmpty();
      for (int at : new int[] {30, 41, 43, 60}) {
        damaged(table, "frame-swap:at=" + at);
      }
      damaged(table, "stale-frame:at=80");
      List<String> found =
          LabelCheckContract.run(check(), table.build()).findings().findings().stream()
              .map(f -> f.location().frames().first() + " " + f.title())
              .toList();
      assertThat(found)
          .as("seed %d", seed)
          .containsExactly(
              "30 labels of two instants are exchanged",
              "41 labels of two instants are exchanged",
              "43 labels of two instants are exchanged",
              "60 labels of two instants are exchanged",
              "80 labels of the instant before once more");
    }
  }

  /// Later labels are early by as many instants as are left out before them.
  @ParameterizedTest
  @CsvSource({"0, 1", "0, 2", "0.3, 3", "0.5, 5"})
  void findsInstantsThatAreLeftOutInImages(double noise, int instants) {
    for (long seed = 1; seed <= 4; seed++) {
      LabelTable table = TrackSimulator.video(seed, 16, 100, noise, 0);
      damaged(table, "frame-shift:at=50,frames=-" + instants);
      assertThat(found(table))
          .as("seed %d", seed)
          .containsOnlyOnce("LAB017")
          .contains("frame 50,")
          .contains(
              "labels come "
                  + instants
                  + (instants == 1 ? " instant" : " instants")
                  + " early from frame 50 on: labels of as many are left out before it");
    }
  }

  /// A camera that is turned faster for a step moves all boxes by a multiple of their way.
  @Test
  void isSilentWhereTheCameraIsTurned() {
    LabelTable table = TrackSimulator.video(3, 8, 100, 0.3, 0);
    for (LabelTable.Box box : table.boxes) {
      double turned = 12 * (box.frame + (box.frame >= 50 ? 1 : 0));
      box.flat(box.left + turned, box.top, box.right + turned, box.bottom);
    }
    assertThat(found(table)).isEmpty();
  }

  /// A blow to the camera moves all boxes alike, even by the step that most of them take.
  @Test
  void isSilentWhereTheCameraIsMoved() {
    LabelTable table = TrackSimulator.video(3, 8, 100, 0.3, 2);
    for (LabelTable.Box box : table.boxes) {
      double blow = box.frame == 50 ? 30 : box.frame == 51 ? -25 : 0;
      box.flat(box.left + blow, box.top - blow, box.right + blow, box.bottom - blow);
    }
    assertThat(found(table)).isEmpty();
  }

  /// What is copied is known by its numbers, however noisy and however seldom labelled.
  @ParameterizedTest
  @CsvSource({"10, 0.3", "5, 0.2", "2, 0", "2, 0.3"})
  void knowsCopiesByTheirNumbers(double hertz, double noise) {
    for (long seed = 1; seed <= 3; seed++) {
      LabelTable stale = TrackSimulator.street(seed, 6, 3, 60, hertz, noise);
      assertThat(found(damaged(stale, "frame-swap:at=50"))).doesNotContain("once more");
      assertThat(found(damaged(stale, "stale-frame:at=20")))
          .as("seed %d", seed)
          .contains("the labels are stale in frame 20: label it anew");
      for (int by = 2; by <= 5; by++) {
        LabelTable late = TrackSimulator.street(seed, 6, 3, 60, hertz, noise);
        assertThat(found(damaged(late, "frame-shift:at=20,frames=" + by)))
            .as("seed %d", seed)
            .contains("labels come " + by + " instants late from frame 20 on");
      }
    }
  }

  @Test
  void letsAllStopAtOnce() {
    LabelTable table = Scenes.lanes(3);
    // Brakes to a stop for one and for three instants, and goes on.
    double[] x = {
      0, 1, 1.9, 2.6, 3.1, 3.4, 3.5, 3.5, 3.6, 3.9, 4.4, 4.9, 5.2, 5.3, 5.3, 5.3, 5.3, 5.4, 5.7
    };
    table.boxes.removeIf(b -> b.frame >= x.length);
    table.boxes.forEach(b -> b.x = x[(int) b.frame]);
    assertThat(found(table)).isEmpty();
  }

  @Test
  void doesNotJudgeOnePersonInImages() {
    LabelTable table = TrackSimulator.video(1, 1, 60, 0, 0);
    assertThat(found(damaged(table, "frame-swap:at=30"))).isEmpty();
  }

  @Test
  void countsInstantsWhoseNoiseWouldHideAnExchange() {
    assertThat(undecided(TrackSimulator.street(1, 12, 6, 100, 10, 0))).isZero();
    // One person at walking pace, 0.14 m a frame, labelled to 0.2 m.
    assertThat(undecided(TrackSimulator.street(1, 0, 1, 100, 10, 0.2))).isGreaterThan(50);
  }

  private double undecided(LabelTable table) {
    return LabelCheckContract.run(check(), table.build())
        .findings()
        .measurements()
        .getOrDefault("instants-not-decided", Double.NaN);
  }
}
