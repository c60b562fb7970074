package dev.lockstep.check.video;

import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.SharedAnalyses;
import dev.lockstep.model.CodedFrames;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// VID010: the clock inside of a coded video and the stamps of its frames do not agree.
public final class VideoClockDiffers extends VideoRule {
  private static final CheckCard.Parameter JUMP =
      new CheckCard.Parameter(
          "jump-periods", "periods", 0.5, "derived: half way between one frame and the next");
  private static final CheckCard.Parameter RATE =
      new CheckCard.Parameter(
          "rate-ppm", "ppm", 100, "judged: quartz clocks differ by less; a changed rate by more");
  private static final CheckCard.Parameter MINIMUM =
      new CheckCard.Parameter(
          "min-frames", "frames", 100, "judged: jitter of fewer hides what a rate is");

  /// Standard errors that a rate must be off by (judged).
  private static final double SIGMAS = 6;

  /// Share of the frames at which clocks may part that belong together (judged).
  private static final double UNRELATED = 0.1;

  /// Findings that are kept until the end (judged: of more, nobody reads each).
  private static final int MAX_FINDINGS = 1000;

  private static final CheckCard CARD =
      CheckCard.of(
          "VID010",
          VideoClockDiffers.class,
          Severity.ERROR,
          "The clock inside of a coded video and the stamps of its frames do not agree.",
          JUMP,
          RATE,
          MINIMUM,
          ReferenceFramesLost.STEPS);

  /// The rule.
  public VideoClockDiffers() {
    super(CARD);
  }

  @Override
  public Observer open(StreamInfo stream, CheckSink sink, SharedAnalyses shared) {
    return new Clocks(stream, sink, ToldLosses.of(shared));
  }

  /// A frame whose time is not where the ones before lead to.
  private record Odd(long index, long stampNs, long clockNs, double aheadNs, boolean inStamps) {}

  private record Found(Odd odd, String title, Evidence evidence, long lost) {}

  private static final class Clocks implements Observer {
    private final StreamInfo stream;
    private final CheckSink sink;
    private final ToldLosses losses;
    private final LossInStamps stamps;
    private final ClockTrend trend = new ClockTrend();
    private final ClockRate rate = new ClockRate();
    private @Nullable Odd odd;
    private int marks = -1;
    private double firstDifferenceNs = Double.NaN;
    private long pictures;
    private long told;
    private long unscaled;
    private long compared;
    private long odds;
    private final List<Found> findings = new ArrayList<>();

    // A clock that stands.
    private long lastClockNs = Times.NONE;
    private int lastDigest;
    private long stoodFrom = -1;
    private long stoodTo;
    private long lastStoodNs;

    Clocks(StreamInfo stream, CheckSink sink, ToldLosses losses) {
      this.losses = losses;
      this.stream = stream;
      this.sink = sink;
      this.stamps = new LossInStamps(stream, ReferenceFramesLost.STEPS.value());
    }

    @Override
    public void onBatch(MessageBatch batch) {
      CodedFrames coded = batch.codedFrames();
      for (int row = 0; row < batch.size(); row++) {
        long stampNs = batch.stampsNs()[row];
        if (coded != null) {
          accept(batch, row, coded, stampNs);
        }
        stamps.add(stampNs);
      }
    }

    private void accept(MessageBatch batch, int row, CodedFrames coded, long stampNs) {
      pictures++;
      int mark = coded.marks()[row];
      unscaled += (mark & CodedFrames.UNSCALED) == 0 ? 0 : 1;
      long clockNs = coded.timesNs()[row];
      if (!ClockTrend.isUsable(clockNs) || !ClockTrend.isUsable(stampNs)) {
        return;
      }
      told++;
      int kind = mark & CodedFrames.ABSOLUTE;
      boolean loss = (batch.flags()[row] & MessageBatch.AFTER_LOSS) != 0;
      if (loss || kind != marks || (mark & CodedFrames.RESTARTS) != 0) {
        begin();
      }
      marks = kind;
      long index = batch.firstIndex() + row;
      if (!stands(index, clockNs, batch.digests()[row])) {
        compare(index, stampNs, clockNs);
      }
    }

    private void begin() {
      single();
      trend.clear();
      rate.cut();
    }

    /// Whether the frame has the time of the one before and is another one.
    private boolean stands(long index, long clockNs, int digest) {
      boolean same = clockNs == lastClockNs;
      boolean repeated = same && digest == lastDigest;
      lastClockNs = clockNs;
      lastDigest = digest;
      if (!same) {
        stood();
        return false;
      }
      if (!repeated) {
        stoodFrom = stoodFrom < 0 ? index : stoodFrom;
        stoodTo = index;
      }
      return true;
    }

    private void stood() {
      // Both fields of a frame may have its time.
      if (stoodFrom >= 0 && stoodTo > stoodFrom) {
        sink.report(
            Severity.ERROR,
            "clock in the video stands still",
            Location.stream(stream.name()).withMessages(stoodFrom - 1, stoodTo),
            new Evidence.Repeat(
                "time in the video", stoodTo - stoodFrom + 2, Long.toString(lastStoodNs)));
        begin();
      }
      stoodFrom = -1;
      lastStoodNs = lastClockNs;
    }

    private void compare(long index, long stampNs, long clockNs) {
      if (!trend.isFull()) {
        take(stampNs, clockNs);
        return;
      }
      compared++;
      double aheadNs = trend.aheadNs(stampNs, clockNs);
      double limitNs = JUMP.value() * trend.periodNs();
      if (Math.abs(aheadNs) < limitNs) {
        single();
        take(stampNs, clockNs);
        return;
      }
      Odd first = odd;
      if (first == null) {
        odd = new Odd(index, stampNs, clockNs, aheadNs, stamps.show(stampNs));
        return;
      }
      if (Math.abs(aheadNs - first.aheadNs()) < limitNs) {
        jump(first);
        odd = null;
        trend.clear();
        rate.cut();
        take(first.stampNs(), first.clockNs());
        take(stampNs, clockNs);
        return;
      }
      single();
      odd = new Odd(index, stampNs, clockNs, aheadNs, stamps.show(stampNs));
    }

    private void take(long stampNs, long clockNs) {
      trend.add(stampNs, clockNs);
      rate.add(stampNs, clockNs);
      if (Double.isNaN(firstDifferenceNs)) {
        firstDifferenceNs = trend.differenceNs();
      }
    }

    /// The clocks agree no more from a frame on.
    private void jump(Odd first) {
      double frames = first.aheadNs() / trend.periodNs();
      long whole = Math.round(frames);
      boolean lost = whole >= 1 && Math.abs(frames - whole) < 0.25;
      report(
          first,
          lost
              ? "stamps close over frames that are missing"
              : "stamps and the clock in the video part",
          lost
              ? new Evidence.Loss("frames", whole, "clock in the video " + signed(first.aheadNs()))
              : new Evidence.Violation(
                  "clock in the video, against the stamps",
                  signed(first.aheadNs()) + " from here on",
                  "as before"),
          lost ? whole : 0);
    }

    /// One frame was off, and the next ones are not.
    private void single() {
      Odd first = odd;
      odd = null;
      if (first != null) {
        report(
            first,
            "frame bears another time than its stamp",
            new Evidence.Violation(
                "clock in the video, against the stamp",
                signed(first.aheadNs()),
                "as in the frames before"),
            0);
      }
    }

    private void report(Odd first, String title, Evidence evidence, long lost) {
      odds++;
      if (findings.size() < MAX_FINDINGS) {
        findings.add(new Found(first, title, evidence, lost));
      }
    }

    /// Tells what was found of single frames, unless so much was that the clocks have nothing to do
    /// with each other.
    private void tell() {
      if (odds > Math.max(3, UNRELATED * compared)) {
        sink.report(
            Severity.WARNING,
            "clock in the video does not follow the stamps",
            Location.stream(stream.name())
                .withMessages(findings.getFirst().odd().index(), findings.getLast().odd().index()),
            new Evidence.Violation(
                "frames at which the clocks part",
                odds + " of " + compared,
                "few; the clock counts frames, or the stamps do"));
        return;
      }
      for (Found found : findings) {
        Odd first = found.odd();
        // Frames may be decoded some turns from where they are missing.
        long near = ShownOrder.MAX_REORDER;
        boolean known = found.lost() > 0 && losses.any(first.index() - near, first.index() + near);
        if (found.lost() > 0 && !known) {
          losses.add(first.index(), (int) Math.min(found.lost(), Integer.MAX_VALUE - 1));
        }
        sink.report(
            first.inStamps() || known ? Severity.INFO : Severity.ERROR,
            found.title(),
            Location.stream(stream.name())
                .withMessages(first.index(), first.index())
                .withStamps(first.stampNs(), first.stampNs()),
            found.evidence());
        if (found.lost() > 0 && !known) {
          sink.lacks(stream.name(), first.index() - 1, first.index(), found.lost());
        }
      }
    }

    private static String signed(double ns) {
      return (ns >= 0 ? "+" : "") + Numbers.fixed(ns / Times.MILLISECOND, 3) + " ms";
    }

    @Override
    public Conclusion onEnd() {
      lastClockNs = Times.NONE;
      stood();
      begin();
      tell();
      if (told == 0) {
        return Conclusion.undecided(
            unscaled > 0
                ? "time codes without a frame rate in the parameter sets"
                : pictures == 0
                    ? "no frame heads were read (only those of H.264 and H.265 are)"
                    : "the frames bear no times of their own");
      }
      sink.measure("frames-with-time", told, "frames");
      sink.measure("clock-minus-stamp", firstDifferenceNs / Times.SECOND, "s");
      ClockRate.Line line = rate.longest();
      if (line.count() >= MINIMUM.value()) {
        sink.measure("clock-rate", line.ppm(), "ppm");
        rate(line);
      }
      return Conclusion.examined(
          compared, "fewer than " + (ClockTrend.WINDOW + 1) + " frames with a time");
    }

    private void rate(ClockRate.Line line) {
      boolean sure = Math.abs(line.ppm()) > RATE.value() + SIGMAS * line.sigmaPpm();
      if (sure && Math.abs(line.driftNs()) > 2 * Times.MILLISECOND) {
        sink.report(
            Severity.WARNING,
            "stamps run at another rate than the clock in the video",
            Location.stream(stream.name()),
            new Evidence.OutOfRange(
                "rate of the clock in the video ("
                    + Numbers.fixed(line.driftNs() / Times.MILLISECOND, 3)
                    + " ms apart after "
                    + Numbers.fixed(line.spanNs() / Times.SECOND, 1)
                    + " s)",
                Math.round(line.ppm()),
                (long) -RATE.value(),
                (long) RATE.value(),
                "ppm"));
      }
    }
  }
}
