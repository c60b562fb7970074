package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class TextMalformedTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new TextMalformed();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.TEXT_MALFORMED,
            Location.stream("image_02")
                .withMessages(8, 8)
                .withFile("image_02/timestamps.txt")
                .withBytes(240, 18),
            new Evidence.Violation("line 9", "not a stamp", "YYYY-MM-DD HH:MM:SS.nnnnnnnnn")),
        Defect.of(
            DefectKind.TEXT_MALFORMED,
            Location.stream("oxts")
                .withMessages(3, 3)
                .withStamps(1317042146264432921L, 1317042146264432921L)
                .withFile("oxts/data/0000000003.txt"),
            new Evidence.OutOfRange("value lat", 490.15, -90.0, 90.0, "")));
  }

  @Override
  public String expected() {
    return """
    error INT028 text-malformed: line or field cannot be parsed: line 9 not a stamp (expected YYYY-MM-DD HH:MM:SS.nnnnnnnnn)
      at image_02, message 8, image_02/timestamps.txt, byte 240+18
    error INT028 text-malformed: line or field cannot be parsed: value lat 490.15 (expected -90 to 90)
      at oxts, message 3, stamp 1317042146264432921 ns, oxts/data/0000000003.txt\
    """;
  }
}
