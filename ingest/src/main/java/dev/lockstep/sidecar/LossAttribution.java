package dev.lockstep.sidecar;

import dev.lockstep.check.Finding;
import dev.lockstep.follow.StreamProgress;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Span;
import dev.lockstep.model.Times;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Says who lost messages, from what else happened at the time. The first that applies:
///
/// 1. rosbag2 reported the loss of the topic: `network` (its transport) or `recorder`, whichever
///    lost more;
/// 2. the file did not grow, or the disk was nearly full, meanwhile: `disk`;
/// 3. most other streams have a gap at the same time: `recorder`;
/// 4. the sender's counter skips: `network`, for the message was sent;
/// 5. other streams went on: `sensor`.
///
/// Otherwise nobody is blamed.
final class LossAttribution {
  /// Rules about messages that are missing.
  private static final Set<String> LOSSES = Set.of("TIM008", "TIM013", "TIM016");

  /// Rules whose evidence is the counter of the sender.
  private static final String COUNTER = "TIM013";

  /// The rule about connections that broke: nobody else can be to blame.
  private static final String CONNECTION = "INT043";

  /// A report counts what was lost since the last one; rosbag2 sends at most one a second. Judged.
  private static final long REPORT_REACH_NS = 5 * Times.SECOND;

  /// Stamps and clock of this machine must be of one kind to be compared. Judged.
  private static final long SAME_CLOCK_NS = 3600 * Times.SECOND;

  /// Share of the other streams that must have a gap too.
  private static final double MOST = 0.6;

  /// Stalls that are kept.
  private static final int KEPT = 64;

  /// Reports that are kept: of an hour in which some topic loses messages in each second. Judged.
  private static final int KEPT_REPORTS = 4096;

  private final ArrayDeque<LostReports.Report> reports = new ArrayDeque<>();
  private final ArrayDeque<Span> stalls = new ArrayDeque<>();

  /// Notes what the recorder reported.
  void reported(List<LostReports.Report> more) {
    for (LostReports.Report report : more) {
      reports.add(report);
      if (reports.size() > KEPT_REPORTS) {
        reports.remove();
      }
    }
  }

  /// Notes that the file did not grow, or could not, from `fromNs` to `toNs` of the wall clock.
  void stalled(long fromNs, long toNs) {
    Span last = stalls.peekLast();
    if (last != null && last.first() == fromNs) {
      stalls.removeLast();
    }
    stalls.add(new Span(fromNs, Math.max(fromNs, toNs)));
    if (stalls.size() > KEPT) {
      stalls.remove();
    }
  }

  /// Notes the stalls that were seen of a part of this recording.
  void stalledAs(LossAttribution part) {
    part.stalls.forEach(each -> stalled(each.first(), each.last()));
  }

  /// Whether the file did not grow at some time.
  boolean hasStalls() {
    return !stalls.isEmpty();
  }

  /// Who is to blame for what `finding` tells: `sensor`, `recorder`, `disk`, `network`, or empty.
  ///
  /// @param streams the streams of the recording
  String of(Finding finding, List<StreamProgress> streams) {
    if (finding.check().id().equals(CONNECTION)) {
      return "network";
    }
    String stream = finding.location().stream();
    Span hole = finding.location().stampsNs();
    if (!LOSSES.contains(finding.check().id()) || stream == null || hole == null) {
      return "";
    }
    String reported = reported(stream, hole);
    if (reported != null) {
      return reported;
    }
    for (Span stall : stalls) {
      boolean comparable = Math.abs(Times.difference(stall.first(), hole.first())) < SAME_CLOCK_NS;
      if (comparable && overlap(stall, hole)) {
        return "disk";
      }
    }
    List<StreamProgress> others = new ArrayList<>();
    for (StreamProgress each : streams) {
      if (!each.name().equals(stream) && each.rateHertz() > 0 && shows(each, hole)) {
        others.add(each);
      }
    }
    long gapped =
        others.stream()
            .filter(each -> each.recentGaps().stream().anyMatch(gap -> overlap(gap, hole)))
            .count();
    if (others.size() >= 2 && gapped >= MOST * others.size()) {
      return "recorder";
    }
    if (finding.check().id().equals(COUNTER)
        || finding.evidence() instanceof Evidence.Loss loss && loss.basis().contains("counter")) {
      return "network";
    }
    return others.isEmpty() ? "" : "sensor";
  }

  private @Nullable String reported(String stream, Span hole) {
    long transport = 0;
    long recorder = 0;
    for (LostReports.Report report : reports) {
      if (report.topic().equals(stream)
          && Times.difference(report.logTimeNs(), hole.first()) >= 0
          && Times.difference(report.logTimeNs(), hole.last()) <= REPORT_REACH_NS) {
        transport += report.transport();
        recorder += report.recorder();
      }
    }
    return transport + recorder == 0 ? null : recorder >= transport ? "recorder" : "network";
  }

  /// Whether a stream is fast enough for a hole of that length to show in it.
  private static boolean shows(StreamProgress stream, Span hole) {
    double lengthNs = Times.difference(hole.last(), hole.first());
    return lengthNs * stream.rateHertz() / Times.SECOND >= 2
        && stream.firstStampNs() != Times.NONE
        && stream.firstStampNs() <= hole.first()
        && stream.lastStampNs() >= hole.first();
  }

  private static boolean overlap(Span a, Span b) {
    return a.first() < b.last() && b.first() < a.last();
  }
}
