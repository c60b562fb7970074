package dev.lockstep.source.rosbag2;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.Part;
import dev.lockstep.source.PartsSink;
import dev.lockstep.source.RecordingSink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Holds `metadata.yaml` against what was read.
///
/// Counts must agree. Times are worth a warning only: recorders have written those of the last part
/// alone. Where a part is damaged so that it lost messages, what follows from that is only told.
final class MetadataCheck {
  /// How far a part may begin before the one in front of it has ended. Judged: a recorder's cache
  /// is written some hundred milliseconds later, by several threads.
  private static final long OVERLAP_NS = Times.SECOND;

  /// What one finding lists at most.
  private static final int SHOWN = 4;

  private static final Location AT = Location.file(BagMetadata.NAME);

  private final BagMetadata metadata;
  private final List<Part> parts;
  private final PartsSink read;
  private final RecordingSink sink;
  private final List<Evidence.Mismatch> counts = new ArrayList<>();
  private final List<Evidence.Mismatch> times = new ArrayList<>();
  private long examined;

  MetadataCheck(BagMetadata metadata, List<Part> parts, PartsSink read, RecordingSink sink) {
    this.metadata = metadata;
    this.parts = parts;
    this.read = read;
    this.sink = sink;
  }

  void run() {
    boolean inOrder = order();
    Map<String, Part> byName = new HashMap<>();
    parts.forEach(part -> byName.put(part.name(), part));
    counts();
    times("of the recording", metadata.startNs(), metadata.durationNs(), parts);
    for (BagMetadata.FileEntry entry : metadata.files()) {
      Part part = byName.get(Rosbag2Format.fileName(entry.path()));
      if (part == null) {
        continue;
      }
      Long messages = entry.messages();
      if (messages != null) {
        count("message count of " + part.name(), messages, part.messages());
      }
      times("of " + part.name(), entry.startNs(), entry.durationNs(), List.of(part));
    }
    types();
    tell(counts, read.lostMessages() ? Severity.INFO : Severity.ERROR);
    // Times follow from messages that are too many or too few, or elsewhere.
    boolean follows = read.lostMessages() || !counts.isEmpty() || !inOrder;
    tell(times, follows ? Severity.INFO : Severity.WARNING);
    sink.examined(DefectKind.BAG_METADATA, examined);
  }

  private void counts() {
    long all = parts.stream().mapToLong(Part::messages).sum();
    Long said = metadata.messages();
    if (said != null) {
      count("message count", said, all);
    }
    Map<String, Long> found = read.counts();
    Map<String, Long> unlisted = new LinkedHashMap<>();
    found.forEach((topic, messages) -> {
      if (messages > 0 && !metadata.topics().containsKey(topic)) {
        unlisted.put(topic, messages);
      }
    });
    metadata
        .topics()
        .forEach((topic, messages) -> {
          String renamed = found.containsKey(topic) ? null : renamed(unlisted, messages);
          if (renamed == null) {
            count("message count of " + topic, messages, found.getOrDefault(topic, 0L));
          } else {
            unlisted.remove(renamed);
            examined++;
            defect(
                Severity.ERROR,
                new Evidence.Violation(
                    "topic of " + messages + " messages", "named " + topic, renamed));
          }
        });
    unlisted.forEach((topic, messages) ->
        defect(
            Severity.WARNING,
            new Evidence.Violation(
                "topic " + topic, "not listed, " + messages + " messages", "all topics")));
  }

  /// The one topic of so many messages that the metadata do not list; null if there is none.
  private static @Nullable String renamed(Map<String, Long> unlisted, long messages) {
    List<String> same =
        unlisted.entrySet().stream()
            .filter(topic -> topic.getValue() == messages)
            .map(Map.Entry::getKey)
            .toList();
    return messages > 0 && same.size() == 1 ? same.getFirst() : null;
  }

  /// The types of messages must be those that the parts name.
  private void types() {
    metadata
        .types()
        .forEach((topic, type) -> {
          StreamInfo stream = read.stream(topic);
          if (stream != null && !type.isEmpty() && !stream.schema().isEmpty()) {
            examined++;
            if (!type.equals(stream.schema())) {
              defect(
                  Severity.WARNING,
                  new Evidence.Mismatch("type of " + topic, type, stream.schema()));
            }
          }
        });
  }

  private void count(String what, long said, long found) {
    examined++;
    if (said != found) {
      counts.add(Evidence.Mismatch.ofCount(what, said, found));
    }
  }

  private void times(
      String of, @Nullable Long startNs, @Nullable Long durationNs, List<Part> spanned) {
    long first = spanned.stream().mapToLong(Part::firstNs).min().orElse(Long.MAX_VALUE);
    long last = spanned.stream().mapToLong(Part::lastNs).max().orElse(Long.MIN_VALUE);
    if (first > last) {
      return;
    }
    time("starting time " + of, startNs, first);
    time("duration " + of, durationNs, last - first);
  }

  private void time(String what, @Nullable Long said, long found) {
    if (said != null) {
      examined++;
      if (said != found) {
        times.add(new Evidence.Mismatch(what + " (ns)", said + "", found + ""));
      }
    }
  }

  /// Tells what differs as one fault: the number of a topic, that of its part and that of all
  /// messages differ for one reason.
  private void tell(List<Evidence.Mismatch> differing, Severity severity) {
    if (differing.size() == 1) {
      defect(severity, differing.getFirst());
    } else if (!differing.isEmpty()) {
      // The first is that of the whole, the second the first part of it that differs.
      Evidence.Mismatch whole = differing.getFirst();
      StringBuilder more = new StringBuilder();
      for (Evidence.Mismatch other : differing.subList(1, Math.min(SHOWN, differing.size()))) {
        more.append("; ")
            .append(other.what())
            .append(" stored ")
            .append(other.stored())
            .append(", computed ")
            .append(other.computed());
      }
      if (differing.size() > SHOWN) {
        more.append("; and ").append(differing.size() - SHOWN).append(" more");
      }
      defect(
          severity, new Evidence.Mismatch(whole.what(), whole.stored(), whole.computed() + more));
    }
  }

  /// Whether the parts are listed in the order of their times; if not, it is told.
  private boolean order() {
    List<String> wrong = new ArrayList<>();
    for (int i = 1; i < parts.size(); i++) {
      Part before = parts.get(i - 1);
      Part part = parts.get(i);
      if (before.messages() == 0 || part.messages() == 0) {
        continue;
      }
      examined++;
      long overlap = before.lastNs() - part.firstNs();
      if (part.lastNs() < before.firstNs()) {
        wrong.add(part.name() + " lies before " + before.name());
      } else if (overlap > OVERLAP_NS) {
        defect(
            Severity.WARNING,
            new Evidence.OutOfRange(
                "overlap of " + before.name() + " and " + part.name(),
                overlap,
                null,
                OVERLAP_NS,
                "ns"));
      }
    }
    if (!wrong.isEmpty()) {
      int shown = Math.min(SHOWN, wrong.size());
      String more = wrong.size() > shown ? " and " + (wrong.size() - shown) + " more" : "";
      defect(
          Severity.ERROR,
          new Evidence.Violation(
              "order of parts", String.join(", ", wrong.subList(0, shown)) + more, "that of time"));
    }
    return wrong.isEmpty();
  }

  private void defect(Severity severity, Evidence evidence) {
    sink.defect(new Defect(DefectKind.BAG_METADATA, severity, AT, evidence));
  }
}
