package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingCheck;
import dev.lockstep.check.integrity.ImageDamaged;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnouncedFindingsTest {
  private final List<Finding> heard = new ArrayList<>();
  private final ImageDamaged rule = new ImageDamaged();
  private final FindingLog log = new FindingLog(rule.card(), "", heard::add, new Accounts());
  private final RecordingCheck.Observer observer = rule.open(log);

  private static Defect cut(long message) {
    return Defect.of(
        DefectKind.IMAGE_TRUNCATED,
        Location.stream("/camera").withMessages(message, message),
        new Evidence.Violation("JPEG", "no end marker", "an end marker"));
  }

  private CheckResult end() {
    return log.result(observer.onEnd(DefectCheckContract.summary(List.of())));
  }

  @Test
  void tellsOfALoneFaultOnceTheStreamIsPastIt() {
    observer.onDefect(cut(5));
    observer.onMessages("/camera", 6);
    observer.onMessages("/other", 9);
    assertThat(heard).as("it may go on").isEmpty();

    observer.onMessages("/camera", 7);
    observer.onMessages("/camera", 8);
    assertThat(heard).hasSize(1);

    CheckResult result = end();
    assertThat(heard).as("told once").hasSize(1);
    assertThat(result.findings()).isEqualTo(heard);
  }

  @Test
  void joinsAFaultThatGoesOn() {
    observer.onDefect(cut(5));
    observer.onMessages("/camera", 6);
    observer.onDefect(cut(6));
    observer.onMessages("/camera", 7);
    CheckResult result = end();
    assertThat(result.findings()).hasSize(1);
    assertThat(result.findings().getFirst().location())
        .isEqualTo(Location.stream("/camera").withMessages(5, 6));
    assertThat(heard).isEqualTo(result.findings());
  }

  @Test
  void mentionsOnlyWhatAHoleOfAllStreamsExplains() {
    Accounts accounts = new Accounts();
    FindingLog holes = new FindingLog(rule.card(), "/camera", heard::add, accounts);
    Location at = Location.stream("/camera").withMessages(4, 5);
    Evidence lost = new Evidence.Loss("images", 10, "slots 5..14");
    holes.report(DefectKind.IMAGE_TRUNCATED.severity(), "lost", at.withStamps(100, 200), lost);
    holes.report(DefectKind.IMAGE_TRUNCATED.severity(), "lost", at.withStamps(300, 400), lost);
    FindingLog all = new FindingLog(rule.card(), "", heard::add, accounts);
    all.accountsForAll(110, 190);

    List<Finding> yielded = accounts.yielding(holes.result(new Conclusion.Examined(1))).findings();

    assertThat(yielded)
        .extracting(finding -> finding.severity().toString())
        .containsExactly("INFO", "ERROR");
  }
}
