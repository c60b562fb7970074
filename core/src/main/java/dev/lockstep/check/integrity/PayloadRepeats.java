package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.check.StreamCheck;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// INT030: a sensor delivers the same data again, as if it had frozen.
public final class PayloadRepeats implements StreamCheck {
  private static final CheckCard.Parameter RUN =
      new CheckCard.Parameter(
          "error-run",
          "messages",
          3,
          "judged: drivers are known to deliver one buffer twice; three in a row is a frozen"
              + " sensor");

  private static final CheckCard.Parameter NATURAL =
      new CheckCard.Parameter(
          "natural-changes",
          "changes",
          3,
          "judged: a sensor whose data changed three times by itself is alive");

  private static final CheckCard.Parameter READINGS =
      new CheckCard.Parameter(
          "imu-run",
          "messages",
          10,
          "judged: readings are noisy, but some drivers repeat the last one until the next comes");

  private static final CheckCard.Parameter UNUSUAL =
      new CheckCard.Parameter(
          "imu-unusual", "", 10, "judged: of the length of the stream's usual run");

  private static final int NATURAL_CHANGES = (int) NATURAL.value();

  private static final int WAITING = 1024;

  private static final CheckCard CARD =
      CheckCard.of(
          "INT030",
          PayloadRepeats.class,
          Severity.ERROR,
          "A sensor delivers the same data several times in a row, with or without new stamps.",
          RUN,
          NATURAL,
          READINGS,
          UNUSUAL);

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public @Nullable String notApplicable(StreamInfo stream) {
    return switch (stream.modality()) {
      case LIDAR, CAMERA, VIDEO, IMU -> null;
      case RADAR, GNSS, POSE, LABELS, OTHER ->
          "equal messages are ordinary on a stream of "
              + (stream.modality() == Modality.OTHER ? "unknown kind" : stream.modality().label());
    };
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Runs(stream, sink);
  }

  /// Follows runs of equal digests. A run tells of a frozen sensor only where the sensor's data
  /// changes by itself: runs wait until it has changed [#NATURAL_CHANGES] times to something else
  /// than what it was before. At most [#WAITING] runs wait; a stream with more is as good as
  /// constant.
  private static final class Runs implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private final List<Run> waiting = new ArrayList<>();
    private final boolean readings;
    private long compared;
    private long repeated;
    private long changes;
    private int digestBefore;
    private boolean any;
    private int digest;
    private int lengthBytes;
    private long firstIndex;
    private long lastIndex;
    private long firstStampNs = Times.NONE;
    private long lastStampNs = Times.NONE;

    Runs(StreamInfo stream, CheckSink sink) {
      this.stream = stream;
      this.sink = sink;
      readings = stream.modality() == Modality.IMU;
    }

    @Override
    public void onBatch(MessageBatch batch) {
      for (int r = 0; r < batch.size(); r++) {
        int length = batch.lengthsBytes()[r];
        long stampNs = batch.stampsNs()[r];
        boolean readable = (batch.flags()[r] & MessageBatch.UNREADABLE) == 0 && length > 0;
        if (!readable) {
          continue;
        }
        if (any) {
          compared++;
        }
        // One stamp twice is one message twice, or a clock that stands still: rules about stamps.
        boolean sameStamp = any && stampNs != Times.NONE && stampNs == lastStampNs;
        boolean same = any && batch.digests()[r] == digest && length == lengthBytes;
        if (same && !sameStamp) {
          lastIndex = batch.firstIndex() + r;
          lastStampNs = stampNs;
          continue;
        }
        if (any && !same) {
          boolean back = batch.digests()[r] == digestBefore;
          changes += back ? 0 : 1;
          digestBefore = digest;
        }
        closeRun();
        any = true;
        digest = batch.digests()[r];
        lengthBytes = length;
        firstIndex = batch.firstIndex() + r;
        lastIndex = firstIndex;
        firstStampNs = stampNs;
        lastStampNs = stampNs;
      }
    }

    private void closeRun() {
      long least = readings ? (long) READINGS.value() : 2;
      if (any && lastIndex - firstIndex + 1 >= least) {
        if (waiting.size() < WAITING) {
          Run run = new Run(firstIndex, lastIndex, firstStampNs, lastStampNs, digest);
          waiting.add(run);
          repeated += run.count() - 1;
        }
      }
      if (!readings && changes >= NATURAL_CHANGES) {
        waiting.forEach(this::report);
        waiting.clear();
      }
    }

    /// Readings of some sensors repeat now and then, or always: only what is far beyond the usual
    /// of the stream tells.
    private void closeReadings() {
      double usual = (double) (compared - repeated) / Math.max(1, changes);
      if (changes >= NATURAL_CHANGES && waiting.size() < WAITING) {
        waiting.stream()
            .filter(run -> run.count() >= UNUSUAL.value() * usual)
            .forEach(this::report);
        waiting.clear();
      }
    }

    private void report(Run run) {
      long count = run.count();
      sink.report(
          !readings && (count >= RUN.value() || stream.modality() == Modality.LIDAR)
              ? Severity.ERROR
              : Severity.WARNING,
          "the same " + stream.unit() + " is delivered again",
          run.location(stream),
          new Evidence.Repeat(
              stream.unit() + " content", count, String.format("0x%08X", run.digest)));
    }

    @Override
    public Conclusion onEnd() {
      closeRun();
      if (readings) {
        closeReadings();
      }
      any = false;
      if (!waiting.isEmpty()) {
        Run first = waiting.getFirst();
        sink.report(
            Severity.INFO,
            "the data of this stream hardly ever changes: simulated, or frozen from the start",
            first.location(stream),
            new Evidence.Repeat(
                stream.unit() + " content", first.count(), String.format("0x%08X", first.digest)));
      }
      return Conclusion.examined(compared, "fewer than two messages with data");
    }
  }

  /// Messages in a row with equal data.
  private record Run(
      long firstIndex, long lastIndex, long firstStampNs, long lastStampNs, int digest) {
    long count() {
      return lastIndex - firstIndex + 1;
    }

    Location location(StreamInfo stream) {
      return Location.stream(stream.name())
          .withMessages(firstIndex, lastIndex)
          .withKnownStamps(firstStampNs, lastStampNs);
    }
  }
}
