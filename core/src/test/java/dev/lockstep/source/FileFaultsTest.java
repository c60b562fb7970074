package dev.lockstep.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Location;
import dev.lockstep.report.FindingText;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileFaultsTest {
  private final List<Defect> defects = new ArrayList<>();

  private boolean examine(byte[] bytes) {
    defects.clear();
    return FileFaults.examine(MemorySegment.ofArray(bytes), Location.file("a.bin"), defects::add);
  }

  private static byte[] data(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 7);
    return bytes;
  }

  private String only() {
    assertThat(defects).hasSize(1);
    Defect defect = defects.getFirst();
    return defect.kind()
        + ": "
        + FindingText.evidence(defect.evidence())
        + " @ "
        + FindingText.place(defect.location());
  }

  @Test
  void passesData() {
    assertThat(examine(data(20_000))).isTrue();
    assertThat(examine(new byte[] {0})).isTrue();
    assertThat(defects).isEmpty();
  }

  @Test
  void knowsEmptyFilesAndPointers() {
    assertThat(examine(new byte[0])).isFalse();
    assertThat(only())
        .isEqualTo("FILE_EMPTY: file length 0 bytes (expected at least 1 bytes) @ a.bin, byte 0");
    String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:12ab\nsize 99\n";
    assertThat(examine(pointer.getBytes(StandardCharsets.UTF_8))).isFalse();
    assertThat(only())
        .isEqualTo(
            "LFS_POINTER: content pointer to 99 bytes, sha256:12ab (expected the data itself) @"
                + " a.bin, byte 0+"
                + pointer.length());
    assertThat(examine("version https://example.org/9\n".getBytes(StandardCharsets.UTF_8)))
        .isTrue();
    assertThat(defects).isEmpty();
  }

  @Test
  void findsLostPagesInTheMiddleAndAtTheEnd() {
    byte[] bytes = data(6 * 4096 + 700);
    Arrays.fill(bytes, 4096, 3 * 4096, (byte) 0);
    assertThat(examine(bytes)).isTrue();
    assertThat(only())
        .isEqualTo(
            "ZERO_PAGES: zeros on page bounds 8192 of 25276 bytes (expected data) @ a.bin, byte"
                + " 4096+8192");
    Arrays.fill(bytes, 5 * 4096, bytes.length, (byte) 0);
    assertThat(examine(bytes)).isTrue();
    assertThat(only())
        .contains("zeros on page bounds 12988 of 25276 bytes")
        .endsWith("byte 4096+8192");
  }

  @Test
  void takesZerosThatBeginAndEndAnywhereForData() {
    byte[] bytes = data(6 * 4096);
    Arrays.fill(bytes, 4096 - 200, 3 * 4096, (byte) 0);
    assertThat(examine(bytes)).isTrue();
    assertThat(defects).isEmpty();
    bytes = data(6 * 4096);
    Arrays.fill(bytes, 4096, 3 * 4096 + 48, (byte) 0);
    assertThat(examine(bytes)).isTrue();
    assertThat(defects).isEmpty();
    bytes = data(6 * 4096);
    Arrays.fill(bytes, 4096 - 3, 3 * 4096 + 2, (byte) 0);
    assertThat(examine(bytes)).isTrue();
    assertThat(defects.stream().map(Defect::kind)).containsExactly(DefectKind.ZERO_PAGES);
  }
}
