package dev.lockstep.source.rosbag2;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import dev.lockstep.source.Part;
import dev.lockstep.source.PartsSink;
import dev.lockstep.source.RecordingSink;
import java.util.HashMap;
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

  private static final Location AT = Location.file(BagMetadata.NAME);

  private final BagMetadata metadata;
  private final List<Part> parts;
  private final PartsSink read;
  private final RecordingSink sink;
  private long examined;

  MetadataCheck(BagMetadata metadata, List<Part> parts, PartsSink read, RecordingSink sink) {
    this.metadata = metadata;
    this.parts = parts;
    this.read = read;
    this.sink = sink;
  }

  void run() {
    counts();
    times("of the recording", metadata.startNs(), metadata.durationNs(), parts);
    Map<String, Part> byName = new HashMap<>();
    parts.forEach(part -> byName.put(part.name(), part));
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
    order();
    sink.examined(DefectKind.BAG_METADATA, examined);
  }

  private void counts() {
    long all = parts.stream().mapToLong(Part::messages).sum();
    Long said = metadata.messages();
    if (said != null) {
      count("message count", said, all);
    }
    Map<String, Long> counts = read.counts();
    metadata
        .topics()
        .forEach((topic, messages) ->
            count("message count of " + topic, messages, counts.getOrDefault(topic, 0L)));
    counts.forEach((topic, messages) -> {
      if (messages > 0 && !metadata.topics().containsKey(topic)) {
        defect(
            Severity.WARNING,
            new Evidence.Violation(
                "topic " + topic, "not listed, " + messages + " messages", "all topics"));
      }
    });
  }

  private void count(String what, long said, long found) {
    examined++;
    if (said != found) {
      defect(
          read.lostMessages() ? Severity.INFO : Severity.ERROR,
          Evidence.Mismatch.ofCount(what, said, found));
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
        defect(
            read.lostMessages() ? Severity.INFO : Severity.WARNING,
            new Evidence.Mismatch(what + " (ns)", said + "", found + ""));
      }
    }
  }

  private void order() {
    for (int i = 1; i < parts.size(); i++) {
      Part before = parts.get(i - 1);
      Part part = parts.get(i);
      if (before.messages() == 0 || part.messages() == 0) {
        continue;
      }
      examined++;
      long overlap = before.lastNs() - part.firstNs();
      if (part.lastNs() < before.firstNs()) {
        defect(
            Severity.ERROR,
            new Evidence.Violation(
                "order of parts", part.name() + " lies before " + before.name(), "that of time"));
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
  }

  private void defect(Severity severity, Evidence evidence) {
    sink.defect(new Defect(DefectKind.BAG_METADATA, severity, AT, evidence));
  }
}
