package dev.lockstep.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class McapFramingTest {
  private static byte[] recording() throws IOException {
    return Files.readAllBytes(Path.of("../fixtures/mcap/clean-lz4/drive.mcap"));
  }

  @Test
  void findsTheEndHoweverTheBytesCome() throws Exception {
    byte[] bytes = recording();
    Random random = new Random(1);
    for (int most : new int[] {1, 7, 1000, 1 << 20}) {
      McapFraming framing = new McapFraming(McapFraming.Limits.DEFAULT);
      int at = 0;
      while (at < bytes.length) {
        assertThat(framing.ended()).isFalse();
        int count = Math.min(bytes.length - at, 1 + random.nextInt(most));
        assertThat(framing.accept(ByteBuffer.wrap(bytes, at, count))).isEqualTo(count);
        at += count;
      }
      assertThat(framing.ended()).isTrue();
      assertThat(framing.recordStart()).isEqualTo(bytes.length - 37);
    }
  }

  @Test
  void takesNothingBehindTheEnd() throws Exception {
    byte[] bytes = recording();
    McapFraming framing = new McapFraming(McapFraming.Limits.DEFAULT);
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 10);
    assertThat(framing.accept(ByteBuffer.wrap(longer))).isEqualTo(bytes.length);
    assertThat(framing.accept(ByteBuffer.wrap(longer, 0, 5))).isZero();
  }

  /// From any byte: what `recordStart` tells is enough to go on.
  @Test
  void goesOnWhereItLeftOff() throws Exception {
    byte[] bytes = recording();
    Random random = new Random(2);
    for (int i = 0; i < 300; i++) {
      int cut = i < 60 ? bytes.length - i : random.nextInt(bytes.length);
      McapFraming before = new McapFraming(McapFraming.Limits.DEFAULT);
      before.accept(ByteBuffer.wrap(bytes, 0, cut));
      int from = (int) before.recordStart();
      assertThat(from).isLessThanOrEqualTo(cut);
      McapFraming after = McapFraming.at(from, McapFraming.Limits.DEFAULT);
      after.accept(ByteBuffer.wrap(bytes, from, cut - from));
      assertThat(after.recordStart()).isEqualTo(from);
      assertThat(after.ended()).isEqualTo(before.ended());
      after.accept(ByteBuffer.wrap(bytes, cut, bytes.length - cut));
      assertThat(after.ended()).as("cut at %s", cut).isTrue();
    }
  }
}
