package dev.lockstep.bench.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeDoorTest {
  @TempDir private Path folder;

  @Test
  void theEndpointFindsWhatCheckFinds() throws Exception {
    List<Door.Source> drives = new ArrayList<>();
    for (Door.Source drive : ThreeDoors.drives(Path.of("../fixtures"), folder.resolve("d"), 2)) {
      if (drive.format().name().equals("mcap") && drive.recording().isEmpty()) {
        Path own = Files.createDirectories(folder.resolve("named").resolve(drive.name()));
        Path copy = Files.copy(drive.root(), own.resolve(ServeDoor.FILE));
        drives.add(new Door.Source(drive.name(), copy, "", drive.format()));
      }
    }
    ThreeDoors.Outcome outcome =
        ThreeDoors.compare(new CheckDoor(), new ServeDoor(), drives, 3, folder.resolve("s"));
    assertThat(outcome.recordings()).isGreaterThan(5);
    assertThat(outcome.findings()).isGreaterThan(10);
    assertThat(outcome.differences()).isEmpty();
  }
}
