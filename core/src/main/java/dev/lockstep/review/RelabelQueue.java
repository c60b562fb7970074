package dev.lockstep.review;

import dev.lockstep.lineage.ReportedFinding;
import dev.lockstep.model.Location;
import dev.lockstep.model.Order;
import dev.lockstep.model.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Findings about labels in the order in which relabelling mends most.
///
/// Findings of one track whose frames (or rows) overlap are one entry: who redoes the stretch mends
/// all of them. An entry is worth the number of wrong labels that are expected in it: for each
/// label the chance that one of its findings is right.
public final class RelabelQueue {
  /// Chance that a finding of a severity is right; judged, until audits of findings say more.
  private static final Map<String, Double> CHANCES =
      Map.of("error", 0.9, "warning", 0.6, "info", 0.2);

  private RelabelQueue() {}

  /// A stretch of labels to be redone.
  ///
  /// @param recording what the recording is called
  /// @param set label set
  /// @param track track, empty for all
  /// @param first first frame, or row where the findings name no frames; -1 where they name neither
  /// @param last last frame or row
  /// @param frames whether `first` and `last` are frames
  /// @param labels number of labels concerned
  /// @param value number of wrong labels that are expected
  /// @param findings the findings, from the first on
  public record Entry(
      String recording,
      String set,
      String track,
      long first,
      long last,
      boolean frames,
      long labels,
      double value,
      List<ReportedFinding> findings) {

    /// Why: the likely causes, or, where none is known, what was found.
    public List<String> causes() {
      return findings.stream()
          .map(finding -> finding.json().path("cause").path("sentence").asText(finding.message()))
          .distinct()
          .toList();
    }
  }

  /// All entries, those of most value first; equal ones in order of recording and place.
  public static List<Entry> of(List<ReportedFinding> findings) {
    Map<List<String>, List<ReportedFinding>> groups =
        new TreeMap<>(Order.by((List<String> key) -> String.join("\u0000", key)));
    for (ReportedFinding finding : findings) {
      if (isAboutLabels(finding)) {
        Location at = finding.location();
        List<String> key =
            List.of(
                finding.recording(),
                text(at.stream() == null ? at.file() : at.stream()),
                text(at.track()),
                at.frames() != null && at.track() != null ? "frames" : "rows");
        groups.computeIfAbsent(key, k -> new ArrayList<>()).add(finding);
      }
    }
    List<Entry> entries = new ArrayList<>();
    groups.forEach((key, group) -> split(key, group, entries));
    entries.sort(Order.byDouble(Entry::value).reversed());
    return entries;
  }

  private static boolean isAboutLabels(ReportedFinding finding) {
    return finding.check().startsWith("LAB") || finding.check().startsWith("ANN");
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  /// Cuts the findings of one track where no finding goes on.
  private static void split(List<String> key, List<ReportedFinding> group, List<Entry> entries) {
    boolean frames = key.get(3).equals("frames");
    group.sort(
        Order.byLong((ReportedFinding f) -> span(f, frames).first())
            .thenComparingLong(f -> span(f, frames).last())
            .thenComparing(ReportedFinding::id));
    int from = 0;
    long last = Long.MIN_VALUE;
    for (int i = 0; i < group.size(); i++) {
      Span span = span(group.get(i), frames);
      if (i > from && span.first() > last) {
        entries.add(entry(key, group.subList(from, i), frames));
        from = i;
        last = Long.MIN_VALUE;
      }
      last = Math.max(last, span.last());
    }
    entries.add(entry(key, group.subList(from, group.size()), frames));
  }

  private static Span span(ReportedFinding finding, boolean frames) {
    Span span = frames ? finding.location().frames() : finding.location().messages();
    return span == null ? new Span(-1, -1) : span;
  }

  private static Entry entry(List<String> key, List<ReportedFinding> group, boolean frames) {
    // Between two of these the same findings hold for every label.
    TreeMap<Long, Boolean> cuts = new TreeMap<>();
    long last = -1;
    for (ReportedFinding finding : group) {
      Span span = span(finding, frames);
      cuts.put(span.first(), true);
      cuts.put(span.last() + 1, true);
      last = Math.max(last, span.last());
    }
    double value = 0;
    for (long cut : cuts.headMap(last + 1).keySet()) {
      double right = 1;
      for (ReportedFinding finding : group) {
        Span span = span(finding, frames);
        if (span.first() <= cut && cut <= span.last()) {
          right *= 1 - CHANCES.getOrDefault(finding.severity(), 0.5);
        }
      }
      value += (1 - right) * (cuts.higherKey(cut) - cut);
    }
    long first = cuts.firstKey();
    return new Entry(
        key.get(0),
        key.get(1),
        key.get(2),
        first,
        last,
        frames,
        last - first + 1,
        value,
        List.copyOf(group));
  }
}
