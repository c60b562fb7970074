package dev.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.model.Block;
import dev.lockstep.model.MessageCrcs;
import dev.lockstep.model.MessagePlaces;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestSizeTest {
  @Test
  void theFormulaIsWhatManyBlocksTake(@TempDir Path folder) throws IOException {
    String stream = "/camera/front/image";
    int blocks = 20_000;
    ManifestHeader header = new ManifestHeader(BlockLimits.DEFAULT, "a.mcap", "mcap", 1);
    try (ManifestWriter writer = ManifestWriter.create(folder.resolve("a"), header)) {
      MessageCrcs crcs = new MessageCrcs(new int[10], 10);
      for (int i = 0; i < blocks; i++) {
        writer.add(new Block(stream, i, i * 10L, i, i, i, 100, 1, 1, crcs, MessagePlaces.NONE));
      }
      double measured = writer.commit().fileBytes() / (blocks * 10.0);
      assertThat(ManifestFiles.bytesPerMessage(BlockLimits.DEFAULT, stream.length()))
          .isCloseTo(measured, within(measured * 0.02));
    }
  }
}
