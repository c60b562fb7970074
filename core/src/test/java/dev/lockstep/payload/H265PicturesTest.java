package dev.lockstep.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Finding;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.check.video.OrderCountsLeaveHoles;
import dev.lockstep.check.video.ReferencesAbsent;
import dev.lockstep.model.FrameOrder;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.source.mp4.Mp4Format;
import dev.lockstep.testing.ReaderDriver;
import dev.lockstep.testing.SharedData;
import dev.lockstep.testing.StreamCheckContract;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// On videos of others, as they are and with each frame left out.
class H265PicturesTest {
  private static final StreamInfo VIDEO =
      StreamInfo.of(0, "video", Modality.VIDEO, StampSource.MEDIA_TIME, "h265", null);

  /// Bytes of the length in front of each unit in these files.
  private static final int PREFIX_BYTES = 4;

  private static final int HVCC_ARRAYS_AT = 22;

  /// Parameter sets of the file, found without the reader.
  private static List<byte[]> parameters(byte[] file) {
    int box = 0;
    while (!(file[box] == 'h'
        && file[box + 1] == 'v'
        && file[box + 2] == 'c'
        && file[box + 3] == 'C')) {
      box++;
    }
    ByteBuffer in = ByteBuffer.wrap(file).position(box + 4 + HVCC_ARRAYS_AT);
    List<byte[]> sets = new ArrayList<>();
    int arrays = in.get();
    for (int array = 0; array < arrays; array++) {
      in.get();
      int count = in.getShort();
      for (int i = 0; i < count; i++) {
        byte[] set = new byte[in.getShort()];
        in.get(set);
        sets.add(set);
      }
    }
    return sets;
  }

  /// The frames without frame `left`, as they are then understood.
  private static MessageBatch without(byte[] file, MessageBatch frames, int left) {
    FrameNumbers numbers = new FrameNumbers();
    parameters(file).forEach(set -> numbers.parameters(FrameNumbers.h265(set)));
    FrameHeads heads = new FrameHeads();
    MessageBatch rows = new MessageBatch(VIDEO, frames.size());
    PayloadReader reader = PayloadProfile.ofVideo(true, PREFIX_BYTES).reader();
    PayloadFacts facts = new PayloadFacts();
    for (int row = 0; row < frames.size(); row++) {
      if (row != left) {
        facts.reset();
        reader.read(
            MemorySegment.ofArray(file),
            frames.positionsBytes()[row],
            frames.lengthsBytes()[row],
            facts);
        heads.add(rows.add(frames.stampsNs()[row], 0, 0, 0, 0), facts);
      }
    }
    numbers.resolve(heads, rows);
    return rows;
  }

  /// Frames that lack others, without frame `left`.
  private static List<Integer> lacking(byte[] file, MessageBatch frames, int left) {
    MessageBatch rows = without(file, frames, left);
    List<Integer> lacking = new ArrayList<>();
    for (int row = 0; row < rows.size(); row++) {
      int order = rows.frameOrders()[row];
      assertThat(FrameOrder.has(order, FrameOrder.REFERENCES)).as("frame " + row).isTrue();
      if (FrameOrder.number(order) > 0) {
        lacking.add(row < left || left < 0 ? row : row + 1);
      }
    }
    return lacking;
  }

  /// Type of the first unit of the frame that is part of a picture.
  private static int type(byte[] file, MessageBatch frames, int row) {
    ByteBuffer in = ByteBuffer.wrap(file).position((int) frames.positionsBytes()[row]);
    while (true) {
      int length = in.getInt();
      int type = (in.get(in.position()) >> 1) & 0x3F;
      if (type < 32) {
        return type;
      }
      in.position(in.position() + length);
    }
  }

  /// A loss shows at one frame behind it, or at none where nobody refers to what is lost.
  @ParameterizedTest
  @CsvSource({
    "mp4ff/mp4/testdata/ed_hevc.mp4,12,14",
    "mp4ff/cmd/mp4ff-nallister/testdata/hevc.mp4,24,25",
    "torchcodec/test/resources/h265_video.mp4,3,3",
    "torchcodec/test/resources/h265_10bits.mp4,12,17"
  })
  void eachLostReferenceShowsOnce(String name, int expected, int spare) throws IOException {
    Path path = SharedData.path("video").resolve(name);
    byte[] file = Files.readAllBytes(path);
    ReaderDriver.Read read = new ReaderDriver(new Mp4Format()).read(path);
    MessageBatch frames = read.messages("video/1");

    assertThat(lacking(file, frames, -1)).isEmpty();
    int shown = 0;
    int unreferenced = 0;
    for (int left = 1; left < frames.size(); left++) {
      int type = type(file, frames, left);
      List<Integer> lacking = lacking(file, frames, left);
      assertThat(lacking).as("without " + left + " of type " + type).hasSizeLessThanOrEqualTo(1);
      unreferenced += type < 16 && type % 2 == 0 ? 1 : 0;
      if (type < 16 && type % 2 == 0) {
        assertThat(lacking).as("nobody refers to " + left).isEmpty();
      }
      if (!lacking.isEmpty()) {
        assertThat(lacking.getFirst()).isGreaterThan(left);
        shown++;
      }
    }
    assertThat(shown).isEqualTo(expected);
    assertThat(unreferenced).as("frames that nobody refers to").isEqualTo(spare);
  }

  /// What no reference shows, the order of showing does, but for what is shown last in front of a
  /// keyframe or the end. The pages of VID009 and VID011 tell these figures.
  @ParameterizedTest
  @CsvSource({
    "mp4ff/mp4/testdata/ed_hevc.mp4,26,25",
    "mp4ff/cmd/mp4ff-nallister/testdata/hevc.mp4,49,49",
    "torchcodec/test/resources/h265_video.mp4,9,8",
    "torchcodec/test/resources/h265_10bits.mp4,29,29"
  })
  void eachLostFrameShowsInReferencesOrOrder(String name, int trials, int expected)
      throws IOException {
    Path path = SharedData.path("video").resolve(name);
    byte[] file = Files.readAllBytes(path);
    MessageBatch frames = new ReaderDriver(new Mp4Format()).read(path).messages("video/1");
    int whole = findings(without(file, frames, -1)).size();
    List<Integer> missed = new ArrayList<>();
    for (int left = 1; left < frames.size(); left++) {
      int found = findings(without(file, frames, left)).size();
      if (found != whole + 1) {
        missed.add(left);
      }
    }
    assertThat(frames.size() - 1).isEqualTo(trials);
    assertThat(trials - missed.size()).as("missed " + missed).isEqualTo(expected);
  }

  private static List<Finding> findings(MessageBatch frames) {
    SharedAnalyses shared = new SharedAnalyses();
    List<Finding> found = new ArrayList<>();
    for (StreamCheck rule : List.of(new ReferencesAbsent(), new OrderCountsLeaveHoles())) {
      found.addAll(StreamCheckContract.run(rule, frames, shared).findings().findings());
    }
    return found;
  }
}
