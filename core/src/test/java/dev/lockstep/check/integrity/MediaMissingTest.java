package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class MediaMissingTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new MediaMissing();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.MEDIA_MISSING,
            Location.bytes("drive.mp4", 0, 5113),
            new Evidence.Violation(
                "media data", "no mdat in 5113 bytes", "480 samples that the tables list")),
        Defect.of(
            DefectKind.MOVIE_MISSING,
            Location.bytes("cut.mp4", 0, 90211),
            new Evidence.Violation(
                "box moov",
                "absent, before 90163 bytes of media data",
                "the tables that a recorder writes when it ends")));
  }

  @Override
  public String expected() {
    return """
    error INT032 media-missing: tables without the media data that they list: media data no mdat in 5113 bytes (expected 480 samples that the tables list)
      at drive.mp4, byte 0+5113
    error INT032 media-missing: media data without the tables to read it: box moov absent, before 90163 bytes of media data (expected the tables that a recorder writes when it ends)
      at cut.mp4, byte 0+90211\
    """;
  }
}
