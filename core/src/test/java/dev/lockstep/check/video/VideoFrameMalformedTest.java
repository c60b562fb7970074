package dev.lockstep.check.video;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class VideoFrameMalformedTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new VideoFrameMalformed();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.VIDEO_MALFORMED,
            Location.stream("/front/video")
                .withMessages(4, 4)
                .withFile("drive.mcap")
                .withBytes(90211, 48211),
            new Evidence.Violation(
                "frame start", "length-prefixed NAL units", "an Annex B start code, 00 00 01")));
  }

  @Override
  public String expected() {
    return """
    error VID001 video-frame-malformed: video frame is not a byte stream of its codec: frame start length-prefixed NAL units (expected an Annex B start code, 00 00 01)
      at /front/video, message 4, drive.mcap, byte 90211+48211\
    """;
  }
}
