package dev.lockstep.synth.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class H264EncoderTest {
  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;
  private static final int FRAMES = 300;
  private static final int KEYFRAMES = 25;

  @Test
  void keyframesCarryTheirParametersAndOthersAreOneSlice() {
    H264Encoder encoder = new H264Encoder(WIDTH, HEIGHT, KEYFRAMES, 1);
    for (int frame = 0; frame < 60; frame++) {
      List<Integer> types = unitTypes(encoder.encode(frame, picture(frame)));
      assertThat(types)
          .as("frame " + frame)
          .isEqualTo(frame % KEYFRAMES == 0 ? List.of(7, 8, 5) : List.of(1));
    }
  }

  @Test
  void refusesSizesThatAreNoWholeMacroblocks() {
    assertThatThrownBy(() -> new H264Encoder(60, 48, 10, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("video size: 60x48 (expected multiples of 16)");
  }

  @ParameterizedTest
  @EnumSource(H264Encoder.Clock.class)
  void anotherDecoderShowsEveryFrameAndKeyframesExactly(
      H264Encoder.Clock clock, @TempDir Path folder) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/ffmpeg")), "ffmpeg is not installed");
    H264Encoder encoder = new H264Encoder(WIDTH, HEIGHT, KEYFRAMES, 2).clock(clock, 25);
    if (clock != H264Encoder.Clock.NONE) {
      encoder.disposable();
    }
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    for (int frame = 0; frame < FRAMES; frame++) {
      stream.writeBytes(encoder.encode(frame, picture(frame), frame * 40_000_000L));
    }
    Path video = folder.resolve("video.h264");
    Path raw = folder.resolve("video.gray");
    Files.write(video, stream.toByteArray());

    Process decoder =
        new ProcessBuilder(
                "/usr/bin/ffmpeg",
                "-v",
                "warning",
                "-xerror",
                "-i",
                video.toString(),
                "-vf",
                "extractplanes=y",
                "-f",
                "rawvideo",
                "-fps_mode",
                "passthrough",
                raw.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(decoder.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(decoder.waitFor()).as(said).isZero();
    assertThat(said).doesNotContain("error").doesNotContain("missing");
    byte[] shown = Files.readAllBytes(raw);
    assertThat(shown).hasSize(FRAMES * WIDTH * HEIGHT);
    for (int frame = 0; frame < FRAMES; frame += KEYFRAMES) {
      int from = frame * WIDTH * HEIGHT;
      assertThat(Arrays.copyOfRange(shown, from, from + WIDTH * HEIGHT))
          .as("keyframe " + frame)
          .isEqualTo(picture(frame));
    }
  }

  /// Has runs of zeros and ones, which need emulation prevention in the stream.
  private static byte[] picture(int frame) {
    byte[] pixels = new byte[WIDTH * HEIGHT];
    for (int i = 0; i < pixels.length; i++) {
      int x = i % WIDTH;
      int y = i / WIDTH;
      boolean inside = x > frame % WIDTH && y > 20;
      pixels[i] = (byte) (inside ? 0 : y % 7 == 0 ? x % 3 : 16 + x + y);
    }
    return pixels;
  }

  private static List<Integer> unitTypes(byte[] unit) {
    List<Integer> types = new ArrayList<>();
    for (int i = 0; i + 3 < unit.length; i++) {
      if (unit[i] == 0 && unit[i + 1] == 0 && unit[i + 2] == 1) {
        types.add(unit[i + 3] & 0x1F);
      }
    }
    return types;
  }
}
