package dev.lockstep.check.video;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Conclusion;
import dev.lockstep.check.Finding;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.CodedFrames;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.StreamCheckContract;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VideoClockDiffersTest implements StreamCheckContract {
  private static double even(int row) {
    return 50.0 * row;
  }

  private List<Finding> found(MessageBatch batch) {
    return StreamCheckContract.run(check(), batch).findings().findings();
  }

  private String text(VideoRows.Millis stamp, VideoRows.Millis clock) {
    return StreamCheckContract.run(check(), VideoRows.clocked(VideoRows.FILE, 300, stamp, clock))
        .findings()
        .text();
  }

  @Override
  public StreamCheck check() {
    return new VideoClockDiffers();
  }

  @Override
  public MessageBatch clean() {
    Random random = new Random(5);
    double[] jitter = random.doubles(200, -4, 4).toArray();
    return VideoRows.clocked(
        VideoRows.FILE, 200, VideoClockDiffersTest::even, row -> even(row) + jitter[row]);
  }

  /// Two frames lost at 60, over which the stamps close; a wrong stamp at 100; a clock that stands
  /// from 140 to 143.
  @Override
  public MessageBatch violating() {
    return VideoRows.clocked(
        VideoRows.FILE,
        200,
        row -> even(row) + (row == 100 ? 40 : 0),
        row -> even(row >= 140 && row <= 143 ? 140 : row) + (row >= 60 ? 100 : 0));
  }

  @Override
  public String expected() {
    return """
    error VID010 video-clock-differs: clock in the video stands still: time in the video 1700000007100000000 4 times in a row
      at video/1, messages 140..143
    error VID010 video-clock-differs: stamps close over frames that are missing: 2 frames missing (clock in the video +100.000 ms)
      at video/1, message 60, stamp 3000000000 ns
    error VID010 video-clock-differs: frame bears another time than its stamp: clock in the video, against the stamp -40.000 ms (expected as in the frames before)
      at video/1, message 100, stamp 5040000000 ns\
    """;
  }

  @Test
  void tellsARateThatWasRewritten() {
    assertThat(text(VideoClockDiffersTest::even, row -> even(row) * 1001 / 1000))
        .isEqualTo(
            """
            warning VID010 video-clock-differs: stamps run at another rate than the clock in the video: rate of the clock in the video (14.950 ms apart after 15.0 s) 1000 ppm (expected -100 to 100 ppm)
              at video/1\
            """);
    assertThat(text(VideoClockDiffersTest::even, row -> even(row) * 1.0001)).isEmpty();
    assertThat(text(VideoClockDiffersTest::even, row -> even(row) * 1.2))
        .contains("200000 ppm (expected -100 to 100 ppm)")
        .doesNotContain("error");
  }

  @Test
  void followsFramesThatAreDecodedInAnotherOrderThanShown() {
    int[] turn = {0, 3, 1, 2};
    VideoRows.Millis shown = row -> even(row / 4 * 4 + turn[row % 4]);
    assertThat(text(shown, shown)).isEmpty();
    assertThat(text(shown, row -> shown.at(row) + (row >= 80 ? 50 : 0)))
        .contains("stamps close over frames that are missing: 1 frames missing")
        .contains("message 80,");
  }

  @Test
  void isANoteWhereMeasuredStampsStepBack() {
    MessageBatch batch =
        VideoRows.clocked(
            VideoRows.STAMPED,
            100,
            row -> even(row) + (row >= 50 ? 200 : 0),
            VideoClockDiffersTest::even);
    assertThat(found(batch)).hasSize(1);
    assertThat(found(batch).getFirst().severity().label()).isEqualTo("info");
  }

  @Test
  void saysOnceThatClocksHaveNothingToDoWithEachOther() {
    double[] gaps = new Random(3).doubles(300, 0, 60).toArray();
    VideoRows.Millis uneven = row -> 50 * row + gaps[row];
    assertThat(text(uneven, VideoClockDiffersTest::even))
        .startsWith("warning VID010 video-clock-differs: clock in the video does not follow")
        .doesNotContain("error");
  }

  @Test
  void saysNothingWhereTheClockSaysThatItJumps() {
    MessageBatch batch =
        VideoRows.clocked(
            VideoRows.FILE,
            100,
            VideoClockDiffersTest::even,
            row -> even(row) + (row >= 50 ? 5000 : 0));
    assertThat(found(batch)).hasSize(1);
    CodedFrames coded = batch.codedFrames();
    assertThat(coded).isNotNull();
    byte jumps = CodedFrames.ABSOLUTE | CodedFrames.RESTARTS;
    batch.setCodedFrame(50, CodedFrames.NO_ORDER, coded.timesNs()[50], jumps);
    assertThat(found(batch)).isEmpty();
  }

  @Test
  void isUndecidedOnFramesWithoutTimesAndOnCodesWithoutARate() {
    MessageBatch none = VideoRows.counted(0, 2, 4, 6);
    assertThat(StreamCheckContract.run(check(), none).conclusion())
        .isEqualTo(Conclusion.undecided("the frames bear no times of their own"));
    for (int row = 0; row < none.size(); row++) {
      none.setCodedFrame(row, 2 * row, Long.MIN_VALUE, CodedFrames.UNSCALED);
    }
    assertThat(StreamCheckContract.run(check(), none).conclusion())
        .isEqualTo(Conclusion.undecided("time codes without a frame rate in the parameter sets"));
  }
}
