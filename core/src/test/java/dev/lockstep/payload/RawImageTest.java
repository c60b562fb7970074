package dev.lockstep.payload;

import static dev.lockstep.payload.Payloads.faults;
import static dev.lockstep.payload.Payloads.read;
import static dev.lockstep.payload.Payloads.ros;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RawImageTest {
  private final PayloadProfile image =
      ros(
          "sensor_msgs/msg/Image",
          """
          std_msgs/Header header
          uint32 height
          uint32 width
          string encoding
          uint8 is_bigendian
          uint32 step
          uint8[] data
          """);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rgb8|4|10|30|120|",
        "rgb8|4|10|32|128|",
        "mono16|4|10|20|80|",
        "32FC1|4|10|40|160|",
        "8UC3|4|10|30|120|",
        "bayer_rggb8|4|10|10|40|",
        "nv12|4|10|10|60|",
        "nv24|4|10|10|120|",
        "secret|4|10|7|21|",
        "rgb8|4|10|29|116|IMAGE_LAYOUT: step of 10 pixels rgb8 29 bytes (expected at least 30"
            + " bytes)",
        "rgb8|4|10|30|119|IMAGE_LAYOUT: data length of 4 rows of 30 bytes stored 119, computed 120",
        "secret|4|10|7|22|IMAGE_LAYOUT: data length 22 bytes (expected a multiple of the step 7)",
        "rgb8|4294967295|10|30|0|IMAGE_LAYOUT: data length of 4294967295 rows of 30 bytes stored 0,"
            + " computed 128849018850",
        "''|4|10|30|120|IMAGE_LAYOUT: encoding of 10 x 4 pixels none (expected its name)",
        "rgb8|0|0|0|0|IMAGE_WITHOUT_PICTURE: image 0 x 0 pixels (expected a picture)",
      })
  void judgesSizes(String encoding, long height, long width, long step, int data, String fault) {
    byte[] message =
        new CdrWriter()
            .header(1, 2, "cam")
            .u32(height, width)
            .text(encoding)
            .u8(0)
            .u32(step)
            .bytes(new byte[data])
            .done();
    assertThat(faults(read(image, message))).isEqualTo(fault == null ? List.of() : List.of(fault));
  }
}
