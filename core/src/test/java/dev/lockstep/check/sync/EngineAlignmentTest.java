package dev.lockstep.check.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.report.FindingText;
import dev.lockstep.testing.ListedRecording;
import dev.lockstep.testing.ListedRecording.Listed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The rules about several streams as the engine runs them, beside those about single ones.
class EngineAlignmentTest {
  private static final StreamInfo LIDAR = stream(0, "/lidar", Modality.LIDAR);
  private static final StreamInfo FRONT = stream(1, "/front", Modality.CAMERA);
  private static final StreamInfo LEFT = stream(2, "/left", Modality.CAMERA);
  private static final List<StreamInfo> STREAMS = List.of(LIDAR, FRONT, LEFT);
  private static final long TURN_NS = 100_000_000;

  private static StreamInfo stream(int id, String name, Modality modality) {
    return StreamInfo.of(id, name, modality, StampSource.FILE_NAME, "", "");
  }

  /// Twenty seconds of a LiDAR and two cameras at its rate.
  private static List<Listed> drive(long leftShiftNs, int lostFrom, int lostTo) {
    Random random = new Random(5);
    List<Listed> messages = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      long ns = 1_700_000_000_000_000_000L + i * TURN_NS;
      messages.add(new Listed(LIDAR, ns + random.nextInt(90_000), 3 * i));
      messages.add(new Listed(FRONT, ns + 20_000_000 + random.nextInt(90_000), 3 * i + 1));
      if (i < lostFrom || i >= lostTo) {
        messages.add(
            new Listed(LEFT, ns + leftShiftNs + 40_000_000 + random.nextInt(90_000), 3 * i + 2));
      }
    }
    messages.sort(Comparator.comparingLong(Listed::stampNs));
    return messages;
  }

  private static RecordingResult run(List<Listed> messages, int perUnit, int threads)
      throws IOException {
    try (Engine engine =
        new Engine(
            Checks.select(List.of("TIM", "SYN", "LID"), List.of()),
            EngineOptions.defaults().withThreads(threads))) {
      return engine.check(Path.of("."), "drive", new ListedRecording(STREAMS, messages, perUnit));
    }
  }

  private static List<String> texts(RecordingResult result) {
    return result.findings().stream().map(FindingText::of).toList();
  }

  @Test
  void givesTheSameForAnyCutAndAnyNumberOfThreads() throws IOException {
    List<Listed> messages = drive(37_000_000_000L, 90, 94);
    RecordingResult whole = run(messages, messages.size(), 1);
    for (int perUnit : new int[] {1, 7, 64}) {
      RecordingResult cut = run(messages, perUnit, 3);
      assertThat(texts(cut)).isEqualTo(texts(whole));
      assertThat(cut.measurements()).isEqualTo(whole.measurements());
    }
  }

  @Test
  void tellsAShiftedClockOnceAndByItsName() throws IOException {
    RecordingResult result = run(drive(37_000_000_000L, 0, 0), 50, 2);
    assertThat(result.findings())
        .filteredOn(f -> f.severity() != dev.lockstep.model.Severity.INFO)
        .singleElement()
        .satisfies(f -> {
          assertThat(f.check().id()).isEqualTo("SYN007");
          assertThat(f.cause().id()).isEqualTo("tai-utc");
        });
  }

  @Test
  void tellsLostImagesOnce() throws IOException {
    RecordingResult result = run(drive(0, 90, 94), 50, 2);
    assertThat(result.findings()).extracting(f -> f.check().id()).containsExactly("TIM008");
    assertThat(result.measurements())
        .anySatisfy(m -> {
          assertThat(m.check()).isEqualTo("SYN006");
          assertThat(m.quantity()).isEqualTo("unpaired-reported");
          assertThat(m.value()).isEqualTo(4);
        });
  }

  @Test
  void endsEachPairByItself() throws IOException {
    RecordingResult result = run(drive(0, 0, 0), 50, 2);
    assertThat(result.findings()).extracting(Finding::title).isEmpty();
    assertThat(result.results())
        .filteredOn(r -> r.check().id().equals("SYN006"))
        .extracting(CheckResult::subject)
        .containsExactly("/lidar ~ /front", "/lidar ~ /left");
    assertThat(result.results())
        .filteredOn(r -> r.check().id().equals("SYN002"))
        .extracting(CheckResult::outcome)
        .allSatisfy(o -> assertThat(o).isInstanceOf(Outcome.Passed.class));
  }
}
