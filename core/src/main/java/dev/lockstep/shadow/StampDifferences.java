package dev.lockstep.shadow;

import dev.lockstep.check.Cause;
import dev.lockstep.check.ExportDifference;
import dev.lockstep.check.ExportDifference.Kind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Numbers;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import java.util.Arrays;
import java.util.function.Consumer;

/// Compares the stamps of pairs that were found by something else.
final class StampDifferences {
  /// Stamps that are written in microseconds, or as decimal seconds.
  static final long SLACK_NS = 2_000;

  private final Side a;
  private final Side b;
  private final String basis;

  StampDifferences(Side a, Side b, String basis) {
    this.a = a;
    this.b = b;
    this.basis = basis;
  }

  /// Reports stamps that differ: all by the same, or rows of their own.
  void of(Pairs pairs, Consumer<ExportDifference> found) {
    double rateA = a.labels().details().frameRateHertz();
    double rateB = b.labels().details().frameRateHertz();
    if (rateA > 0 && rateB > 0 && Math.abs(rateA / rateB - 1) > 1e-3) {
      found.accept(
          difference(
              Location.stream(b.labels().name()),
              "frames a second",
              Numbers.text(rateA),
              Numbers.text(rateB),
              "declared in both",
              new Cause("frame-rate-changed", "the export declares another rate of frames")));
      return;
    }
    if (basis.equals("stamp")
        || !Sides.stamped(a.labels())
        || !Sides.stamped(b.labels())
        || pairs.size() == 0) {
      return;
    }
    long[] off = new long[pairs.size()];
    int n = 0;
    int first = -1;
    int last = -1;
    for (int k = 0; k < pairs.size(); k++) {
      long before = a.labels().stampsNs()[pairs.original()[k]];
      long after = b.labels().stampsNs()[pairs.export()[k]];
      if (before != Times.NONE && after != Times.NONE) {
        long by = Times.difference(after, before);
        off[n++] = by;
        if (Math.abs(by) > SLACK_NS) {
          first = first < 0 ? k : first;
          last = k;
        }
      }
    }
    if (first < 0) {
      return;
    }
    long[] sorted = Arrays.copyOf(off, n);
    Arrays.sort(sorted);
    long median = sorted[n / 2];
    long constant = Arrays.stream(sorted).filter(by -> Math.abs(by - median) <= SLACK_NS).count();
    if (constant >= Explanation.NEARLY_ALL * n && Math.abs(median) > SLACK_NS) {
      found.accept(
          difference(
              b.place(pairs.export()),
              "stamps",
              "of the original",
              (median > 0 ? "+" : "") + Numbers.duration(median),
              constant + " labels",
              new Cause("stamp-offset", "all stamps are off by the same time")));
      return;
    }
    long largest = Math.max(Math.abs(sorted[0]), Math.abs(sorted[n - 1]));
    long count = Arrays.stream(sorted).filter(by -> Math.abs(by) > SLACK_NS).count();
    found.accept(
        new ExportDifference(
            Kind.RETIMED,
            Severity.ERROR,
            Outcomes.title(Kind.RETIMED),
            b.place(new int[] {pairs.export()[first], pairs.export()[last]}),
            new Evidence.Change(
                "stamps",
                "of the original",
                "up to " + Numbers.duration(largest) + " off",
                count + " labels"),
            null));
  }

  private static ExportDifference difference(
      Location at, String what, String before, String after, String support, Cause cause) {
    return new ExportDifference(
        Kind.RETIMED,
        Severity.ERROR,
        Outcomes.title(Kind.RETIMED),
        at,
        new Evidence.Change(what, before, after, support),
        cause);
  }
}
