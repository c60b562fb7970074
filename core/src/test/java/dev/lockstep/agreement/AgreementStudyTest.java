package dev.lockstep.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgreementStudyTest {
  /// Ten frames with a car at x 0 and a truck at x 20, drawn `off` meters further; `called` names
  /// the truck, and of every third frame it is left out where `misses`.
  private static LabelSet set(double off, String called, boolean misses) {
    LabelSet labels = new LabelSet("drive", LabelSet.Frame.WORLD, StampSource.COLUMN);
    for (int f = 0; f < 10; f++) {
      int car = labels.add(1000L + f, f, "c", "car", "labels", 2 * f);
      labels.setBox3d(car, off, 0, 1, 4, 2, 2, 0);
      if (!misses || f % 3 != 0) {
        int truck = labels.add(1000L + f, f, "t", called, "labels", 2 * f + 1);
        labels.setBox3d(truck, 20 + off, 0, 1, 8, 2.5, 3, 0.3);
      }
    }
    labels.seal();
    return labels;
  }

  private static List<Rater> raters(LabelSet... sets) {
    Map<String, LabelSet> named = new LinkedHashMap<>();
    for (LabelSet set : sets) {
      named.put("file-" + (char) ('a' + named.size()), set);
    }
    return Rater.of(named, Rater.Key.STAMP);
  }

  private static AgreementRow row(
      List<AgreementRow> rows, String scope, String subject, String measure) {
    return rows.stream()
        .filter(r -> r.scope().equals(scope) && r.subject().equals(subject))
        .filter(r -> r.measure().equals(measure))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void equalLabelsAgreeFully() {
    List<AgreementRow> rows =
        AgreementStudy.of(raters(set(0, "truck", false), set(0.1, "truck", false)), null, 0.5, 1);
    assertThat(row(rows, "all", "", "items").value()).isEqualTo(20);
    assertThat(row(rows, "all", "", "fleiss-kappa").value()).isEqualTo(1);
    assertThat(row(rows, "category", "car", "krippendorff-alpha").value()).isEqualTo(1);
    assertThat(row(rows, "pair", "file-a | file-b", "cohen-kappa").value()).isEqualTo(1);
    double car = 3.9 / 4.1;
    assertThat(row(rows, "annotator", "file-a", "mean-iou").value())
        .isBetween(car - 0.03, car + 0.03);
    assertThat(row(rows, "iou", "0.9", "krippendorff-alpha").value()).isEqualTo(1);
  }

  @Test
  void boxesThatDoNotOverlapEnoughAreDifferentObjects() {
    List<AgreementRow> rows =
        AgreementStudy.of(raters(set(0, "truck", false), set(1.7, "truck", false)), null, 0.5, 1);
    assertThat(row(rows, "all", "", "items").value()).isEqualTo(40);
    assertThat(row(rows, "pair", "file-a | file-b", "observed-agreement").value()).isZero();
    assertThat(row(rows, "all", "", "krippendorff-alpha").value()).isNegative();
    assertThat(row(rows, "iou", "0.3", "krippendorff-alpha").value())
        .isGreaterThan(row(rows, "iou", "0.7", "krippendorff-alpha").value());
  }

  @Test
  void namesWhoCallsThingsOtherwiseAndWhoLeavesThemOut() {
    List<AgreementRow> rows =
        AgreementStudy.of(
            raters(
                set(0, "truck", false),
                set(0.1, "truck", false),
                set(0, "bus", false),
                set(0, "truck", true)),
            null,
            0.5,
            1);
    assertThat(row(rows, "annotator", "file-a", "agrees-with-majority-of-others").value())
        .isGreaterThan(0.99);
    assertThat(row(rows, "annotator", "file-c", "agrees-with-majority-of-others").value())
        .isEqualTo(0.5);
    AgreementRow missed = row(rows, "annotator", "file-d", "misses-what-most-others-drew");
    assertThat(missed.value()).isEqualTo(0.2);
    assertThat(missed.low()).isCloseTo(0.0573, within(5e-5));
    assertThat(row(rows, "confusion", "file-c: truck -> bus", "probability").value())
        .isGreaterThan(0.9);
    assertThat(row(rows, "annotator", "file-a", "spammer-score").value())
        .isGreaterThan(row(rows, "annotator", "file-d", "spammer-score").value());
  }

  @Test
  void goldTellsAccuracyRecallAndPrecision() {
    Rater gold = raters(set(0, "truck", false)).getFirst();
    List<AgreementRow> rows =
        AgreementStudy.of(raters(set(0, "bus", false), set(0, "truck", true)), gold, 0.5, 1);
    assertThat(row(rows, "gold", "file-a", "accuracy").value()).isEqualTo(0.5);
    assertThat(row(rows, "gold", "file-a", "recall").value()).isEqualTo(1);
    assertThat(row(rows, "gold", "file-b", "accuracy").value()).isEqualTo(0.8);
    assertThat(row(rows, "gold", "file-b", "precision").value()).isEqualTo(1);
  }

  @Test
  void annotatorsOfOneLogAreToldApart() {
    LabelSet labels = new LabelSet("drive", LabelSet.Frame.WORLD, StampSource.COLUMN);
    for (int f = 0; f < 6; f++) {
      for (String name : new String[] {"ada", "bob"}) {
        if (f < 4 || name.equals("ada")) {
          int row = labels.add(f, f, "c-" + name, "car", "labels", f);
          labels.setBox3d(row, 0, 0, 1, 4, 2, 2, 0);
          labels.setAuthor(row, name, 5);
        }
      }
    }
    labels.seal();
    List<Rater> raters = Rater.of(Map.of("log", labels), Rater.Key.STAMP);
    assertThat(raters).extracting(Rater::name).containsExactly("ada", "bob");
    List<AgreementRow> rows = AgreementStudy.of(raters, null, 0.5, 1);
    assertThat(row(rows, "all", "", "frames").value())
        .as("frames of a shared log in which somebody has no label are not theirs")
        .isEqualTo(4);
    assertThat(row(rows, "pair", "ada | bob", "observed-agreement").value()).isEqualTo(1);
  }

  @Test
  void nothingToCompareIsAnError() {
    assertThatThrownBy(() -> AgreementStudy.of(raters(set(0, "truck", false)), null, 0.5, 1))
        .hasMessage("1 annotator (expected at least two, or a gold set)");
    LabelSet later = new LabelSet("drive", LabelSet.Frame.WORLD, StampSource.COLUMN);
    later.setBox3d(later.add(9000, 0, "c", "car", "labels", 1), 0, 0, 1, 4, 2, 2, 0);
    later.seal();
    assertThatThrownBy(() -> AgreementStudy.of(raters(set(0, "truck", false), later), null, 0.5, 1))
        .hasMessage("no frame was labelled by two annotators");
  }

  /// The truck comes from the left while the car stands; whoever follows them by place alone
  /// exchanges their ids where they overlap most, and gives the truck a new one later.
  @Test
  void goldSetsShowWhereIdsGoOverToOtherObjects() {
    LabelSet truth = new LabelSet("truth", LabelSet.Frame.WORLD, StampSource.COLUMN);
    LabelSet tracker = new LabelSet("tracker", LabelSet.Frame.WORLD, StampSource.COLUMN);
    for (int f = 0; f < 10; f++) {
      String[] ids = f < 4 ? new String[] {"1", "2"} : f < 7 ? new String[] {"2", "1"} : null;
      for (int object = 0; object < 2; object++) {
        String name = object == 0 ? "car" : "truck";
        String id = ids != null ? ids[object] : object == 0 ? "2" : "3";
        double x = 20 * object + f;
        truth.setBox3d(truth.add(1000L + f, f, name, name, "t", f), x, 0, 1, 4, 2, 2, 0);
        tracker.setBox3d(tracker.add(1000L + f, f, id, name, "t", f), x + 0.4, 0, 1, 4, 2, 2, 0);
      }
    }
    truth.seal();
    tracker.seal();
    List<AgreementRow> rows =
        AgreementStudy.of(raters(tracker), Rater.ofAll("gold", truth, Rater.Key.STAMP), 0.5, 1);
    assertThat(row(rows, "gold", "file-a", "identity-changes").value()).isEqualTo(3);
    assertThat(rows.stream().filter(r -> r.scope().equals("identity")))
        .extracting(AgreementRow::subject)
        .containsExactly(
            "file-a: object car, 1 -> 2 at 1004",
            "file-a: object truck, 2 -> 1 at 1004",
            "file-a: object truck, 1 -> 3 at 1007");
    assertThat(row(rows, "identity", "file-a: object car, 1 -> 2 at 1004", "iou").value())
        .isCloseTo(3.6 / 4.4, within(1e-9));
  }

  @Test
  void anObjectThatIsLostForSomeFramesAndFoundAgainKeepsItsId() {
    LabelSet truth = set(0, "truck", false);
    List<AgreementRow> rows =
        AgreementStudy.of(
            raters(set(0.1, "truck", true)), Rater.ofAll("gold", truth, Rater.Key.STAMP), 0.5, 1);
    assertThat(row(rows, "gold", "file-a", "identity-changes").value()).isZero();
  }

  @Test
  void eachMeasureStandsOnceHoweverManyAnnotatorsThereAre() {
    LabelSet truth = set(0, "truck", false);
    List<AgreementRow> rows =
        AgreementStudy.of(
            raters(set(0, "truck", false), set(0.1, "truck", true), set(0.2, "truck", false)),
            Rater.ofAll("gold", truth, Rater.Key.STAMP),
            0.5,
            1);
    assertThat(rows)
        .extracting(row -> row.scope() + '|' + row.subject() + '|' + row.measure())
        .contains("gold|file-a|better-in-gold-only-chance")
        .doesNotHaveDuplicates();
  }
}
