package dev.lockstep.check.sync;

import dev.lockstep.check.Alignment;
import dev.lockstep.check.AlignmentCheck;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckSink;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.sync.SyncStreams.Timed;
import dev.lockstep.clock.RisingStamps;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.List;

/// SYN005: streams of several sensors carry the same stamps.
public final class StampsCopied implements AlignmentCheck {
  /// Names that a finding lists.
  private static final int LISTED = 8;

  private static final CheckCard.Parameter SHARE =
      new CheckCard.Parameter(
          "min-share",
          "%",
          99,
          "sensors that measure their own stamps do not share one to the nanosecond; judged: all"
              + " but lost messages");
  private static final CheckCard.Parameter MINIMUM =
      new CheckCard.Parameter("min-messages", "messages", 12, "judged, as for a period");

  private static final CheckCard CARD =
      CheckCard.of(
          "SYN005",
          StampsCopied.class,
          Severity.INFO,
          "Several sensors carry the same stamps, which at most one of them measured.",
          SHARE,
          MINIMUM);

  @Override
  public CheckCard card() {
    return CARD;
  }

  @Override
  public void examine(Alignment alignment, Results results) {
    List<Timed> streams =
        SyncStreams.of(alignment).all().stream()
            .filter(t -> t.stamps().size() >= MINIMUM.value())
            .toList();
    if (streams.size() < 2) {
      return;
    }
    boolean[] taken = new boolean[streams.size()];
    for (int i = 0; i < taken.length; i++) {
      if (taken[i]) {
        continue;
      }
      List<Timed> alike = new ArrayList<>(List.of(streams.get(i)));
      for (int k = i + 1; k < taken.length; k++) {
        if (!taken[k] && areAlike(streams.get(i).stamps(), streams.get(k).stamps())) {
          taken[k] = true;
          alike.add(streams.get(k));
        }
      }
      results.of(streams.get(i).name(), sink -> tell(alike, sink));
    }
  }

  /// Whether the longer stream shares more than that part of its stamps with the other one.
  private static boolean areAlike(RisingStamps a, RisingStamps b) {
    RisingStamps longer = a.size() >= b.size() ? a : b;
    long[] own = longer.stampsNs();
    long[] others = (a.size() >= b.size() ? b : a).stampsNs();
    double mostUnlike = own.length * (1 - SHARE.value() / 100);
    int unlike = 0;
    int at = 0;
    // Two streams that differ do so within the first percent or two.
    for (int i = 0; i < own.length && unlike < mostUnlike; i++) {
      while (at < others.length && others[at] < own[i]) {
        at++;
      }
      unlike += at < others.length && others[at] == own[i] ? 0 : 1;
    }
    return unlike < mostUnlike;
  }

  private static Conclusion tell(List<Timed> alike, CheckSink sink) {
    if (alike.size() > 1) {
      List<String> names = alike.stream().skip(1).limit(LISTED).map(Timed::name).toList();
      int more = alike.size() - 1 - names.size();
      sink.report(
          Severity.INFO,
          "sensors share their stamps",
          Location.stream(alike.getFirst().name()),
          new Evidence.Violation(
              "stamps",
              "the same as those of "
                  + String.join(", ", names)
                  + (more > 0 ? " and " + more + " more" : ""),
              "measured by each sensor; copied ones hide how far apart they were"));
    }
    return Conclusion.examined(alike.getFirst().stamps().size(), "");
  }
}
