package dev.lockstep.payload;

import static dev.lockstep.payload.Payloads.faults;
import static dev.lockstep.payload.Payloads.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnexBTest {
  private static final PayloadReader H264 =
      (bytes, at, length, facts) -> AnnexB.examine(bytes, at, length, false, true, facts);
  private static final PayloadReader H265 =
      (bytes, at, length, facts) -> AnnexB.examine(bytes, at, length, true, true, facts);

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "00000001 67 11 000001 68 22 000001 65 33|true|",
        "000001 41 1122 00 00 03 01 55 00 00|false|",
        "000001 41 11 00 00 03|false|",
        "000001 65 33|true|keyframe slice at byte 3 no parameter sets before it (expected an SPS in"
            + " the same message)",
        "0000 0002 41 55|false|frame start length-prefixed NAL units (expected an Annex B start"
            + " code, 00 00 01)",
        "1234 5678 9A|false|frame start 12 34 56 78 (expected an Annex B start code, 00 00 01)",
        "000001 C1 11|false|NAL unit header at byte 3 C1 (expected forbidden_zero_bit 0)",
        "000001 41 11 000001 000001 41|false|NAL unit at byte 8 empty (expected a header and a"
            + " payload)",
        "000001 41 11 22 000001|false|",
        "000001 41 11 22 000001 0000|false|NAL unit at byte 9 empty (expected a header and a"
            + " payload)",
        "000001 41 11 00 00 02 55|false|bytes at 5 00 00 02 (expected no such sequence in a NAL"
            + " unit)",
        "000001 41 11 00 00 00 00 55|false|bytes at 5 00 00 00 00 (expected no such sequence in a"
            + " NAL unit)",
        "000001 41 11 00 00 03 04 55|false|bytes at 5 00 00 03 04 (expected no such sequence in a"
            + " NAL unit)",
      })
  void judgesFramesOfH264(String hex, boolean keyframe, String fault) {
    PayloadFacts facts = read(H264, bytes(hex));
    assertThat(faults(facts))
        .isEqualTo(fault == null ? List.of() : List.of("VIDEO_MALFORMED: " + fault));
    assertThat(facts.keyframe).isEqualTo(keyframe);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "000001 4001 11 000001 4201 22 000001 4401 33 000001 2601 44|true|",
        "000001 0201 11 22|false|",
        "000001 2601 44|true|keyframe slice at byte 3 no parameter sets before it (expected VPS,"
            + " SPS and PPS in the same message)",
        "000001 0200 11 22|false|temporal id of the NAL unit at byte 3 0 (expected at least 1)",
      })
  void judgesFramesOfH265(String hex, boolean keyframe, String fault) {
    PayloadFacts facts = read(H265, bytes(hex));
    assertThat(faults(facts))
        .isEqualTo(fault == null ? List.of() : List.of("VIDEO_MALFORMED: " + fault));
    assertThat(facts.keyframe).isEqualTo(keyframe);
  }

  @Test
  void findsNothingInWhatAnEncoderWrote() throws IOException {
    Path folder = SharedData.path("video", "mp4ff", "cmd", "mp4ff-nallister", "testdata");
    PayloadFacts h264 = read(H264, Files.readAllBytes(folder.resolve("4pics.264")));
    assertThat(faults(h264)).isEmpty();
    assertThat(h264.keyframe).isTrue();
    PayloadFacts h265 = read(H265, Files.readAllBytes(folder.resolve("hevc.265")));
    assertThat(faults(h265)).isEmpty();
    assertThat(h265.keyframe).isTrue();
  }
}
