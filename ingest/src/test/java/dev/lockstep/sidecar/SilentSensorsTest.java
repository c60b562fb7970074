package dev.lockstep.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.follow.StreamProgress;
import dev.lockstep.model.Times;
import dev.lockstep.ops.Condition;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SilentSensorsTest {
  private static final Path FOLDER = Path.of("recordings");
  private static final long START = 1_795_000_000 * Times.SECOND;

  private final SilentSensors silent = new SilentSensors();

  private static StreamProgress stream(String name, double rateHertz, double lastSeconds) {
    long lastNs = START + Math.round(lastSeconds * Times.SECOND);
    return new StreamProgress(
        name, "camera", 100, 1, rateHertz, START, lastNs, lastNs, 0, 0, List.of(), 0);
  }

  private List<String> subjects(StreamProgress... streams) {
    return silent.of("drive.mcap", FOLDER, List.of(streams)).stream()
        .map(Condition::subject)
        .toList();
  }

  @Test
  void aSensorIsSilentWhenOthersHaveGoneOnForLong() {
    assertThat(subjects(stream("/a", 10, 30), stream("/b", 10, 27.9))).containsExactly("/b");
    assertThat(subjects(stream("/a", 10, 30), stream("/b", 10, 28.1))).isEmpty();
    // Ten periods of a slow one.
    assertThat(subjects(stream("/a", 10, 30), stream("/b", 1, 20.5))).isEmpty();
    assertThat(subjects(stream("/a", 10, 30), stream("/b", 1, 19.5))).containsExactly("/b");
  }

  @Test
  void nobodyIsSilentWhenAllStop() {
    assertThat(subjects(stream("/a", 10, 30), stream("/b", 10, 30))).isEmpty();
  }

  @Test
  void aSensorOfTheSplitBeforeThatIsMissingIsSilent() {
    silent.completed(FOLDER, List.of(stream("/a", 10, 30), stream("/b", 10, 30)));
    assertThat(subjects(stream("/a", 10, 1))).isEmpty();
    assertThat(subjects(stream("/a", 10, 3))).containsExactly("/b");
    silent.completed(FOLDER, List.of(stream("/a", 10, 30)));
    assertThat(subjects(stream("/a", 10, 3))).isEmpty();
  }
}
