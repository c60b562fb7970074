package dev.lockstep.check.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.testing.AlignmentCheckContract;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PosesMissStampsTest implements AlignmentCheckContract {
  private static final long BEGIN_NS = 315_966_265_259_836_000L;

  @Override
  public AlignmentCheck check() {
    return new PosesMissStamps();
  }

  @Override
  public Alignment clean() {
    return drive(sweeps(0), poses(0));
  }

  @Override
  public Alignment violating() {
    return drive(sweeps(20_000_000), poses(0));
  }

  @Override
  public String expected() {
    return """
    warning INT049 poses-miss-stamps: the table of poses lacks stamps that others bear: sweeps without a pose in poses 1 of 10, the first at 315966265779836000 ns (expected a pose at just the stamp of each, as the others have)
      at lidar, message 5, stamp 315966265779836000 ns\
    """;
  }

  /// Ten sweeps, the sixth of which is stamped later.
  private static long[] sweeps(long lateNs) {
    return LongStream.range(0, 10)
        .map(i -> BEGIN_NS + i * 100_000_000 + (i == 5 ? lateNs : 0))
        .toArray();
  }

  private static long[] poses(long offNs) {
    return LongStream.range(-5, 25).map(i -> BEGIN_NS + i * 50_000_000 + offNs).toArray();
  }

  private static Alignment drive(long[] sweeps, long[] poses) {
    return new Alignment(
        List.of(stream(0, "lidar", Modality.LIDAR, StampSource.FILE_NAME, sweeps)),
        List.of(stream(1, "poses", Modality.POSE, StampSource.COLUMN, poses)),
        List.of(),
        List.of(),
        null,
        new SharedAnalyses());
  }

  private static Alignment.Stream stream(
      int id, String name, Modality modality, StampSource source, long[] stampsNs) {
    return new Alignment.Stream(
        StreamInfo.of(id, name, modality, source, null, null),
        stampsNs,
        stampsNs.length,
        List.of(),
        List.of());
  }

  @Test
  void saysNothingOfPosesForOtherStamps() {
    assertThat(AlignmentCheckContract.run(check(), drive(sweeps(0), poses(1_000))).text())
        .isEmpty();
  }
}
