package dev.lockstep.check.integrity;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.Arrays;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// INT049: some files bear stamps at which the table of poses has none, although it has one at just
/// the stamp of the others.
public final class PosesMissStamps implements AlignmentCheck {
  private static final CheckCard.Parameter SHARE =
      new CheckCard.Parameter(
          "min-matching",
          "%",
          50,
          "judged: a table that is made for these stamps has most of them");

  private static final CheckCard CARD =
      CheckCard.of(
          "INT049",
          PosesMissStamps.class,
          Severity.WARNING,
          "Sensor files or labels bear stamps at which the table of poses has none.",
          SHARE);

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public boolean readsAll() {
    return true;
  }

  @Override
  public String nothingToExamine() {
    return "no table of poses beside files that bear stamps";
  }

  @Override
  public void examine(Alignment alignment, Results results) {
    for (Alignment.Stream poses : alignment.others()) {
      if (poses.info().modality() != Modality.POSE
          || poses.info().stampSource() != StampSource.COLUMN
          || poses.cut()) {
        continue;
      }
      long[] sorted = poses.stampsNs().clone();
      Arrays.sort(sorted);
      for (Alignment.Stream sensor : alignment.streams()) {
        if (bearsStamps(sensor.info()) && sensor.stampsNs().length > 0) {
          results.of(
              AlignmentCheck.pair(sensor.name(), poses.name()),
              sink -> judge(sensor, poses.name(), sorted, sink));
        }
      }
    }
  }

  /// Whether messages of a stream bear stamps of a sensor by themselves: files by their names, and
  /// labels in a table those of their sweeps.
  private static boolean bearsStamps(StreamInfo stream) {
    return stream.stampSource() == StampSource.FILE_NAME
        || stream.modality() == Modality.LABELS && stream.stampSource() == StampSource.COLUMN;
  }

  private static Conclusion judge(
      Alignment.Stream sensor, String poses, long[] sorted, CheckSink sink) {
    long[] stamps = sensor.stampsNs();
    @Nullable IntPredicate right = sensor.rightlyStamped();
    int found = 0;
    int missing = 0;
    int first = -1;
    for (int i = 0; i < stamps.length; i++) {
      if (stamps[i] == Times.NONE || right != null && !right.test(i)) {
        continue;
      }
      if (Arrays.binarySearch(sorted, stamps[i]) >= 0) {
        found++;
      } else {
        missing++;
        first = first < 0 ? i : first;
      }
    }
    if (100.0 * found < SHARE.value() * (found + missing) || found == 0) {
      return Conclusion.undecided("the table of poses is not made for the stamps of these files");
    }
    if (missing > 0) {
      sink.report(
          Severity.WARNING,
          "the table of poses lacks stamps that others bear",
          sensor.location(first, first),
          new Evidence.Violation(
              sensor.info().unit() + "s without a pose in " + poses,
              missing + " of " + (found + missing) + ", the first at " + stamps[first] + " ns",
              "a pose at just the stamp of each, as the others have"));
    }
    return Conclusion.examined(found + missing, "");
  }
}
