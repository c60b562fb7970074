package dev.lockstep.source.mcap;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.source.RecordingSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Compares the statistics record with what was read, field by field.
final class StatisticsCheck {
  private final Statistics stored;
  private final DataFacts facts;
  private final List<String> names = new ArrayList<>();
  private final List<String> storedValues = new ArrayList<>();
  private final List<String> computedValues = new ArrayList<>();

  StatisticsCheck(Statistics stored, DataFacts facts) {
    this.stored = stored;
    this.facts = facts;
  }

  /// Reports one defect that names every field that differs.
  ///
  /// @param dataSchemas schemas that the data section defines
  /// @param allSchemas schemas that the file defines
  /// @param dataChannels channels that the data section defines
  /// @param allChannels channels that the file defines
  void run(
      int dataSchemas,
      int allSchemas,
      int dataChannels,
      int allChannels,
      Location at,
      DefectLog log,
      RecordingSink sink) {
    log.examined(DefectKind.STATISTICS, 1);
    // Messages that are known to be missing are told of already.
    long missing = stored.messages() - facts.messages;
    boolean explained =
        missing > 0
            && missing
                <= facts.missingMessages + facts.strangers + log.count(DefectKind.RECORD_FORBIDDEN);
    if (!explained) {
      compare("messages", stored.messages(), facts.messages);
    }
    compareEither("schemas", stored.schemas(), dataSchemas, allSchemas);
    compareEither("channels", stored.channels(), dataChannels, allChannels);
    compare("attachments", stored.attachments(), facts.attachments.count());
    compare("metadata records", stored.metadata(), facts.metadata.count());
    compare("chunks", stored.chunks(), facts.chunks.count());
    if (!explained) {
      byChannel();
    }
    boolean zeroIgnored =
        facts.messages > 0
            && facts.firstLogTime() == 0
            && stored.startNs() == facts.firstPositiveLogTime();
    if (!zeroIgnored && !explained) {
      compare("first log time", stored.startNs(), facts.firstLogTime());
    }
    if (!explained) {
      compare("last log time", stored.endNs(), facts.lastLogTime());
    }
    if (!names.isEmpty()) {
      log.report(
          sink,
          DefectKind.STATISTICS,
          at,
          new Evidence.Mismatch(
              String.join(", ", names),
              String.join(", ", storedValues),
              String.join(", ", computedValues)));
    } else if (zeroIgnored && stored.startNs() != 0) {
      // Some writers take a log time of 0 for "not set": no reader loses anything by it.
      log.report(
          sink,
          new Defect(
              DefectKind.STATISTICS,
              Severity.INFO,
              at,
              Evidence.Mismatch.ofCount("first log time", stored.startNs(), 0)));
    }
  }

  private void compare(String name, long storedValue, long computedValue) {
    if (storedValue != computedValue) {
      differs(name, Long.toUnsignedString(storedValue), Long.toUnsignedString(computedValue));
    }
  }

  /// Writers differ in whether definitions that only the summary holds count.
  private void compareEither(String name, long storedValue, long inData, long inFile) {
    if (storedValue != inData && storedValue != inFile) {
      differs(name, Long.toString(storedValue), Long.toString(inData));
    }
  }

  private void byChannel() {
    if (stored.byChannel().isEmpty()) {
      return;
    }
    Map<Integer, Long> all = new TreeMap<>(facts.messagesByChannel);
    stored.byChannel().keySet().forEach(id -> all.putIfAbsent(id, 0L));
    int differing = 0;
    for (Map.Entry<Integer, Long> channel : all.entrySet()) {
      long storedCount = stored.byChannel().getOrDefault(channel.getKey(), 0L);
      if (storedCount != channel.getValue() && ++differing <= 4) {
        differs(
            "messages of channel " + channel.getKey(),
            Long.toUnsignedString(storedCount),
            channel.getValue().toString());
      }
    }
    if (differing > 4) {
      differs("messages of " + (differing - 4) + " more channels", "other counts", "");
    }
  }

  private void differs(String name, String storedValue, String computedValue) {
    names.add(name);
    storedValues.add(storedValue);
    computedValues.add(computedValue);
  }
}
