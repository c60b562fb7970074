package dev.lockstep.check.integrity;

import dev.lockstep.check.Cause;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.RecordingCheck;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;

/// INT053: the images of a camera have another size than its calibration is for.
public final class ImageSizeDiffers implements RecordingCheck {
  private static final CheckCard CARD =
      CheckCard.of(
          "INT053",
          ImageSizeDiffers.class,
          Severity.WARNING,
          "The images of a camera have another size than its calibration is for.");

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public Observer open(CheckSink sink) {
    return summary -> judge(summary, sink);
  }

  private static Conclusion judge(Summary summary, CheckSink sink) {
    long compared = 0;
    for (Calibration calibration : summary.calibrations()) {
      Calibration.Intrinsics camera = calibration.intrinsics();
      if (camera == null || camera.width() <= 0 || camera.height() <= 0) {
        continue;
      }
      for (StreamSummary stream : summary.streams()) {
        if (stream.pictureWidth() > 0 && stream.stream().name().equals(calibration.sensor())) {
          compared++;
          compare(stream, camera, sink);
        }
      }
    }
    return compared == 0
        ? Conclusion.undecided("no camera with images and a calibration that knows their size")
        : Conclusion.examined(compared, "");
  }

  private static void compare(StreamSummary stream, Calibration.Intrinsics camera, CheckSink sink) {
    int width = stream.pictureWidth();
    int height = stream.pictureHeight();
    if (width == camera.width() && height == camera.height()) {
      return;
    }
    boolean scaled = (long) width * camera.height() == (long) height * camera.width();
    sink.report(
        Severity.WARNING,
        "images have another size than the calibration is for",
        Location.stream(stream.stream().name()),
        new Evidence.Violation(
            "size of the images",
            width + " x " + height + " px",
            camera.width() + " x " + camera.height() + " px, as the calibration says"),
        scaled
            ? new Cause("scaled", "the images were scaled, and the calibration was not")
            : new Cause(
                "other-camera", "the images were cut, or the calibration is of another camera"));
  }
}
