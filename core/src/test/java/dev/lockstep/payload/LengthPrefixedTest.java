package dev.lockstep.payload;

import static dev.lockstep.payload.Payloads.faults;
import static dev.lockstep.payload.Payloads.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LengthPrefixedTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "4|00000002 6533|true|",
        "4|00000003 09F0 00 00000003 412233|false|",
        "2|0002 6533 0002 4155|true|",
        "1|02 6533|true|",
        "4|00000002 09F0|false|frame no slice (expected a picture)",
        "4|00000002 6533 0000|true|length of the NAL unit at byte 6 2 bytes (expected 4 bytes)",
        "4|00000009 6533|false|length of the NAL unit at byte 0 9 bytes (expected 1 to 2)",
        "4|00000000 6533|false|length of the NAL unit at byte 0 0 bytes (expected 1 to 2)",
        "4|FFFFFFFF 6533|false|length of the NAL unit at byte 0 4294967295 bytes (expected 1 to 2)",
        "4|00000002 E533|false|NAL unit header at byte 4 E5 (expected forbidden_zero_bit 0)",
        "4|00000006 41 000001 22 33|false|bytes before 8 00 00 01 (expected no such sequence in a"
            + " NAL unit)",
        "4|00000006 41 000002 22 33|false|bytes at 5 00 00 02 (expected no such sequence in a NAL"
            + " unit)",
        "4|00000001 6533|true|length of the NAL unit at byte 5 1 bytes (expected 4 bytes)",
      })
  void judgesFramesOfH264(int prefix, String hex, boolean keyframe, String fault) {
    PayloadReader reader = PayloadProfile.ofVideo(false, prefix).reader();
    PayloadFacts facts = read(reader, HexFormat.of().parseHex(hex.replace(" ", "")));
    assertThat(faults(facts))
        .isEqualTo(fault == null ? List.of() : List.of("VIDEO_MALFORMED: " + fault));
    assertThat(facts.keyframe).isEqualTo(keyframe);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "00000004 2601 4455|true|",
        "00000004 0201 4455|false|",
        "00000001 26|false|length of the NAL unit at byte 0 1 bytes (expected 2 to 1)",
        "00000004 0200 4455|false|temporal id of the NAL unit at byte 4 0 (expected at least 1)",
      })
  void judgesFramesOfH265(String hex, boolean keyframe, String fault) {
    PayloadReader reader = PayloadProfile.ofVideo(true, 4).reader();
    PayloadFacts facts = read(reader, HexFormat.of().parseHex(hex.replace(" ", "")));
    assertThat(faults(facts))
        .isEqualTo(fault == null ? List.of() : List.of("VIDEO_MALFORMED: " + fault));
    assertThat(facts.keyframe).isEqualTo(keyframe);
  }
}
