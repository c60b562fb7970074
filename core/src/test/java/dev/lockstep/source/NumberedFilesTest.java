package dev.lockstep.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumberedFilesTest {
  @TempDir private Path folder;

  @Test
  void ordersByNumberAndCountsTheRest() throws IOException {
    for (String name :
        new String[] {
          "10.bin",
          "9.bin",
          "0000000009.bin",
          "315966265259836000.feather",
          "a.bin",
          "3.tar.gz",
          "1234567890123456789.bin"
        }) {
      Files.write(folder.resolve(name), new byte[1]);
    }
    NumberedFiles files = NumberedFiles.of(folder);
    assertThat(files.numbers()).containsExactly(9, 10, 315_966_265_259_836_000L);
    assertThat(files.entries().getFirst().path().getFileName()).hasToString("0000000009.bin");
    assertThat(files.entries().getLast().extension()).isEqualTo("feather");
    assertThat(files.others()).isEqualTo(4);
    assertThat(NumberedFiles.of(folder.resolve("absent")).entries()).isEmpty();
  }
}
