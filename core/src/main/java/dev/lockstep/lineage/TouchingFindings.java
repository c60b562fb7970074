package dev.lockstep.lineage;

import dev.lockstep.lineage.LabelTrace.Rest;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Span;
import dev.lockstep.source.MessageAt;
import java.util.ArrayList;
import java.util.List;

/// Tells which findings touch a label: the label itself, or a message that it rests on.
public final class TouchingFindings {
  private TouchingFindings() {}

  /// `trace` with those of `all` that touch it.
  public static LabelTrace of(LabelTrace trace, List<ReportedFinding> all) {
    List<ReportedFinding> touching = new ArrayList<>();
    for (ReportedFinding finding : all) {
      if (touches(finding, trace)) {
        touching.add(finding);
      }
    }
    return new LabelTrace(
        trace.label(), trace.basis(), trace.why(), trace.paired(), trace.unpaired(), touching);
  }

  private static boolean touches(ReportedFinding finding, LabelTrace trace) {
    Rest basis = trace.basis();
    return finding.touches(trace.label())
        || basis != null && touches(finding, basis.message())
        || trace.paired().stream().anyMatch(pair -> touches(finding, pair.message()));
  }

  private static boolean touches(ReportedFinding finding, MessageAt message) {
    var at = finding.location();
    Span messages = at.messages();
    ByteRange bytes = at.bytes();
    if (message.stream().equals(at.stream())) {
      return messages == null || Tracer.holds(messages, message.index());
    }
    if (at.stream() != null || !message.file().equals(at.file())) {
      return false;
    }
    return bytes == null
        || bytes.offsetBytes() < message.bytes().endBytes()
            && bytes.endBytes() > message.bytes().offsetBytes();
  }
}
