package dev.lockstep.check.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.RecordingCheck;
import dev.lockstep.check.StreamSummary;
import dev.lockstep.model.Calibration;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.testing.CheckPages;
import dev.lockstep.testing.RecordedFindings;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageSizeDiffersTest {
  private static final String CAMERA = "/camera/front/image";

  private static final String EXAMPLE =
      """
      warning INT053 image-size-differs: images have another size than the calibration is for: size of the images 960 x 540 px (expected 1920 x 1080 px, as the calibration says)
        at /camera/front/image
        likely cause: the images were scaled, and the calibration was not\
      """;

  private final RecordedFindings findings = new RecordedFindings(new ImageSizeDiffers().card());

  private Conclusion end(int width, int height, Calibration calibration) {
    StreamInfo info = StreamInfo.of(0, CAMERA, Modality.CAMERA, StampSource.HEADER, "cdr", "Image");
    StreamSummary stream = new StreamSummary(info, 100, 0, 0, 0, 0, 0, 0, 0, "", width, height);
    return new ImageSizeDiffers()
        .open(findings)
        .onEnd(new Ended(List.of(stream), List.of(calibration)));
  }

  private static Calibration calibration(String sensor, int width, int height) {
    return new Calibration(
        sensor, "ego", null, new Calibration.Intrinsics(900, 900, 960, 540, width, height));
  }

  @Test
  void tellsImagesOfAnotherSize() {
    assertThat(end(960, 540, calibration(CAMERA, 1920, 1080)))
        .isEqualTo(new Conclusion.Examined(1));
    assertThat(findings.text()).isEqualTo(EXAMPLE);
    CheckPages.assertComplete(new ImageSizeDiffers(), EXAMPLE);
  }

  @Test
  void tellsImagesOfAnotherShapeOtherwise() {
    end(1920, 1200, calibration(CAMERA, 1920, 1080));
    assertThat(findings.text()).contains("of another camera");
  }

  @Test
  void isSilentWhereSizesAgreeAndUndecidedWhereOneIsUnknown() {
    assertThat(end(1920, 1080, calibration(CAMERA, 1920, 1080)))
        .isEqualTo(new Conclusion.Examined(1));
    assertThat(end(0, 0, calibration(CAMERA, 1920, 1080))).isInstanceOf(Conclusion.Undecided.class);
    assertThat(end(960, 540, calibration(CAMERA, 0, 0))).isInstanceOf(Conclusion.Undecided.class);
    assertThat(end(960, 540, calibration("/other", 1920, 1080)))
        .isInstanceOf(Conclusion.Undecided.class);
    assertThat(findings.text()).isEmpty();
  }

  private record Ended(List<StreamSummary> streams, List<Calibration> calibrations)
      implements RecordingCheck.Summary {
    @Override
    public long examined(DefectKind kind) {
      return 0;
    }

    @Override
    public List<String> unexamined(DefectKind kind) {
      return List.of();
    }

    @Override
    public Coverage coverage() {
      return new Coverage(0, 0, 0, 0, "none");
    }
  }
}
