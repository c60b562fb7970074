package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class ImageDamagedTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new ImageDamaged();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.IMAGE_TRUNCATED,
            Location.stream("/cam0")
                .withMessages(20, 20)
                .withFile("drive.mcap")
                .withBytes(31020, 762),
            new Evidence.Violation("JPEG end marker", "missing", "FF D9 at the end")),
        Defect.of(
            DefectKind.IMAGE_MALFORMED,
            Location.stream("image_02").withMessages(3, 3).withFile("image_02/data/0000000003.png"),
            Evidence.Mismatch.ofCrc("CRC-32 of chunk IDAT at byte 33", 0x1234, 0xCAFE)),
        Defect.of(
            DefectKind.IMAGE_LAYOUT,
            Location.stream("/cam1").withMessages(4, 4),
            new Evidence.Mismatch("data length of 480 rows of 1920 bytes", "460800", "921600")),
        Defect.of(
            DefectKind.IMAGE_WITHOUT_PICTURE,
            Location.stream("/cam2").withMessages(0, 0),
            new Evidence.Violation(
                "JPEG", "start and end only", "a frame and a scan between them")));
  }

  @Override
  public String expected() {
    return """
    error INT023 image-damaged: image is cut off: JPEG end marker missing (expected FF D9 at the end)
      at /cam0, message 20, drive.mcap, byte 31020+762
    error INT023 image-damaged: image structure is damaged: CRC-32 of chunk IDAT at byte 33 stored 0x00001234, computed 0x0000CAFE
      at image_02, message 3, image_02/data/0000000003.png
    error INT023 image-damaged: image contradicts its own layout: data length of 480 rows of 1920 bytes stored 460800, computed 921600
      at /cam1, message 4
    info INT023 image-damaged: image holds no picture: JPEG start and end only (expected a frame and a scan between them)
      at /cam2, message 0\
    """;
  }
}
