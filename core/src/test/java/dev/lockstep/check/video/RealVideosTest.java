package dev.lockstep.check.video;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Check;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.Finding;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.CodedFrames;
import dev.lockstep.model.FrameOrder;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.Probe;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.source.mp4.Mp4Format;
import dev.lockstep.testing.ReaderDriver;
import dev.lockstep.testing.SharedData;
import dev.lockstep.testing.StreamCheckContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Rules about video on videos of others and of our own generator, as they are and with frames left
/// out.
class RealVideosTest {
  private static final List<StreamCheck> RULES =
      List.of(
          new DecodeTimesDisordered(),
          new ShownTimesCollide(),
          new FrameTimesUneven(),
          new ReferenceFramesLost(),
          new ParameterSetsMissing(),
          new ReferencesAbsent(),
          new VideoClockDiffers(),
          new OrderCountsLeaveHoles(),
          new ShownOrderWrong());

  /// Where a rule has found what is there.
  private static final Map<String, String> TRUE = Map.of("ed_hevc.mp4 video/1", "VID004");

  /// Video streams of files of others, by name of file and stream.
  private static Map<String, MessageBatch> videos() throws IOException {
    Map<String, MessageBatch> videos = new TreeMap<>();
    try (Stream<Path> files = Files.walk(SharedData.path("video"))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (new Mp4Format().match(Probe.of(file)).claimed()) {
          add(videos, file, new ReaderDriver(new Mp4Format()).read(file));
        }
      }
    }
    return videos;
  }

  private static void add(Map<String, MessageBatch> videos, Path file, ReaderDriver.Read read) {
    for (StreamInfo stream : read.streams()) {
      if (stream.modality() == Modality.VIDEO && read.messages(stream.id()).size() > 1) {
        videos.put(file.getFileName() + " " + stream.name(), read.messages(stream.id()));
      }
    }
  }

  private static List<Finding> findings(Check rule, MessageBatch messages) {
    return StreamCheckContract.run((StreamCheck) rule, messages).findings().findings();
  }

  @Test
  void findNothingInVideosOfOthersButWhatIsThere() throws IOException {
    Map<String, MessageBatch> videos = videos();
    assertThat(videos).hasSize(24);
    videos.forEach((name, messages) -> {
      for (StreamCheck rule : RULES) {
        List<Finding> found = findings(rule, messages);
        found.removeIf(f -> f.severity() == Severity.INFO);
        if (rule.card().id().equals(TRUE.get(name))) {
          assertThat(found).as(name).hasSize(1);
        } else {
          assertThat(found).as(name + " " + rule.card().id()).isEmpty();
        }
      }
    });
  }

  /// The same messages without row `left`.
  private static MessageBatch without(MessageBatch messages, int left) {
    MessageBatch rest = new MessageBatch(messages.stream(), messages.size());
    for (int row = 0; row < messages.size(); row++) {
      if (row != left) {
        int r =
            rest.add(
                messages.stampsNs()[row],
                Times.NONE,
                Times.NONE,
                messages.positionsBytes()[row],
                messages.lengthsBytes()[row]);
        rest.setDigest(r, messages.digests()[row]);
        if (messages.frameOrders().length > 0) {
          rest.setFrameOrder(r, messages.frameOrders()[row]);
        }
        CodedFrames coded = messages.codedFrames();
        if (coded != null) {
          rest.setCodedFrame(r, coded.orders()[row], coded.timesNs()[row], coded.marks()[row]);
        }
      }
    }
    return rest;
  }

  /// Whether the number behind row `left` is the one that is due without it as well.
  private static boolean fits(int[] orders, int left) {
    for (int before = left - 1; before >= 0; before--) {
      if (FrameOrder.has(orders[before], FrameOrder.REFERENCE)) {
        int due = (FrameOrder.number(orders[before]) + 1) % FrameOrder.modulus(orders[before]);
        return FrameOrder.number(orders[left + 1]) == due;
      }
    }
    return false;
  }

  /// Leaves out every frame that another refers to, one at a time, but for the first and those in
  /// front of a keyframe, whose loss no number shows. Nor does any show the loss of a keyframe
  /// behind a frame with the number 0.
  @Test
  void findEachSingleReferenceFrameThatIsLeftOut() throws IOException {
    int trials = 0;
    int tracks = 0;
    int undecided = 0;
    List<String> missed = new ArrayList<>();
    for (Map.Entry<String, MessageBatch> video : videos().entrySet()) {
      MessageBatch messages = video.getValue();
      int[] orders = messages.frameOrders();
      if (Arrays.stream(orders).noneMatch(order -> FrameOrder.has(order, FrameOrder.KNOWN))) {
        continue;
      }
      tracks++;
      for (int row = 1; row + 1 < messages.size(); row++) {
        if (!FrameOrder.has(orders[row], FrameOrder.REFERENCE)
            || FrameOrder.has(orders[row + 1], FrameOrder.RESTART)) {
          continue;
        }
        trials++;
        if (fits(orders, row)) {
          undecided++;
          continue;
        }
        List<Finding> found = findings(new ReferenceFramesLost(), without(messages, row));
        boolean there =
            found.size() == 1
                && found.getFirst().severity() == Severity.ERROR
                && found.getFirst().location().messages() != null
                && found.getFirst().location().messages().last() == row;
        if (!there) {
          missed.add(video.getKey() + " " + row + " " + found);
        }
      }
    }
    assertThat(missed).isEmpty();
    // The page tells these figures.
    assertThat(tracks).isEqualTo(14);
    assertThat(trials).isEqualTo(1480);
    assertThat(undecided).isEqualTo(9);
  }

  @Test
  void countTheFramesOfOurOwnDrivesAndFindNothing() throws IOException {
    Path fixtures = Path.of("..", "fixtures", "mcap");
    for (String name : List.of("clean-drive", "clean-unchunked", "clean-lz4", "clean-zstd")) {
      ReaderDriver.Read read =
          new ReaderDriver(new McapFormat())
              .threads(2)
              .read(fixtures.resolve(name + "/drive.mcap"));
      MessageBatch messages = read.messages("/camera/rear/video");
      StreamCheckContract.Run run = StreamCheckContract.run(new ReferenceFramesLost(), messages);
      assertThat(run.findings().findings()).as(name).isEmpty();
      assertThat(run.conclusion()).isEqualTo(new Conclusion.Examined(messages.size() - 1L));
      for (int row = 1; row + 1 < messages.size(); row++) {
        if (!FrameOrder.has(messages.frameOrders()[row + 1], FrameOrder.RESTART)) {
          assertThat(findings(new ReferenceFramesLost(), without(messages, row)))
              .as(name + " without " + row)
              .hasSize(1);
        }
      }
    }
  }
}
