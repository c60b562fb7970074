package dev.lockstep.bench.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadInputTest {
  @TempDir private Path folder;

  @Test
  void strangersGetAnAnswerAndNobodyElseNotices() throws Exception {
    byte[] recording = Files.readAllBytes(Path.of("../fixtures/mcap/clean-lz4/drive.mcap"));
    BadInput.Result result = BadInput.play(folder, 250, 11, recording);
    assertThat(result.leaks()).isZero();
    assertThat(result.soundStreams()).isPositive();
    assertThat(result.attempts()).hasSize(BadInput.Attack.values().length);
  }
}
