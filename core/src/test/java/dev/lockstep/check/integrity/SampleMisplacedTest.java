package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class SampleMisplacedTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new SampleMisplaced();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.SAMPLE_OUTSIDE,
            Location.bytes("clip.mp4", 140, 874).withStream("video/1").withFrames(70, 78),
            new Evidence.Violation(
                "samples outside of the file",
                "9 of 79",
                "samples inside of mdat, in 49207 bytes")),
        Defect.of(
            DefectKind.SAMPLE_OVERLAP,
            Location.bytes("clip.mp4", 22548, 395).withStream("video/1"),
            new Evidence.Violation(
                "bytes of video/1", "395 belong to video/1 as well", "bytes of their own")));
  }

  @Override
  public String expected() {
    return """
    error INT033 sample-misplaced: samples lie outside of the media data: samples outside of the file 9 of 79 (expected samples inside of mdat, in 49207 bytes)
      at video/1, frames 70..78, clip.mp4, byte 140+874
    warning INT033 sample-misplaced: bytes belong to two samples: bytes of video/1 395 belong to video/1 as well (expected bytes of their own)
      at video/1, clip.mp4, byte 22548+395\
    """;
  }
}
