package dev.lockstep.source.mcap;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.source.RecordingSink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The chunk committed last, until something else than its message indexes follows: compares each
/// index with the messages.
final class OpenChunk {
  /// Channels that a finding about several names; judged.
  private static final int LISTED = 8;

  final ChunkSpan span;

  /// Whether the chunk is sound, so that its indexes must agree with it.
  boolean believed;

  final ChunkScan scan;

  private final ScanContext context;
  private final DefectLog log;
  private final Map<Integer, Counted> channels = new LinkedHashMap<>();
  private long messages;
  private long firstLogTime;
  private long lastLogTime;
  private boolean timesWrong;

  /// End of the last index of the chunk.
  private long indexEnd;

  private long indexBytes;
  private int indexCount;
  private long indexSum;
  private long indexedMessages;
  private long missingMessages;
  private boolean contradicted;

  /// Indexes that differ from their messages: whatever wrote them wrong did so for the chunk.
  private final List<Differing> differing = new ArrayList<>();

  private final List<ScanResult.IndexSeen> twice = new ArrayList<>();

  /// Whether one of those that stand twice is about other messages.
  private boolean strange;

  OpenChunk(ScanContext context, DefectLog log, ChunkScan scan, boolean believed) {
    this.context = context;
    this.log = log;
    this.span = scan.chunk;
    this.believed = believed;
    this.scan = scan;
    this.indexEnd = span.end();
  }

  /// Indexes of channels of which the chunk holds nothing.
  private final List<ScanResult.IndexSeen> strays = new ArrayList<>();

  private record Differing(ScanResult.IndexSeen index, IndexComparison.Difference difference) {}

  private static final class Counted {
    long messages;
    long sum;
    boolean indexed;
  }

  /// Says that the chunk turned out to be damaged.
  void doubt() {
    believed = false;
  }

  /// Counts the messages of a scan of the chunk.
  void add(ScanResult result) {
    for (ChannelRows rows : result.channels) {
      Counted counted = channels.computeIfAbsent(rows.channelId, id -> new Counted());
      counted.messages += rows.count;
      counted.sum += rows.indexSum;
    }
    if (result.messages > 0) {
      firstLogTime =
          messages == 0 || Long.compareUnsigned(result.firstLogTime, firstLogTime) < 0
              ? result.firstLogTime
              : firstLogTime;
      lastLogTime =
          messages == 0 || Long.compareUnsigned(result.lastLogTime, lastLogTime) > 0
              ? result.lastLogTime
              : lastLogTime;
      messages += result.messages;
    }
  }

  /// Compares the times in the chunk's head with those of its messages.
  void checkTimes(RecordingSink sink) {
    if (!believed) {
      return;
    }
    log.examined(DefectKind.CHUNK_TIMES, 1);
    Records.ChunkHead head = span.head();
    if (head.startNs() != firstLogTime || head.endNs() != lastLogTime) {
      timesWrong = true;
      log.report(
          sink,
          DefectKind.CHUNK_TIMES,
          Location.bytes(context.name, span.offset(), span.length()),
          new Evidence.Mismatch(
              "first and last log time of the chunk",
              range(head.startNs(), head.endNs()),
              range(firstLogTime, lastLogTime)));
    }
  }

  private static String range(long firstNs, long lastNs) {
    return Long.toUnsignedString(firstNs) + " to " + Long.toUnsignedString(lastNs) + " ns";
  }

  /// Number of messages that the chunk is known to hold.
  long messages() {
    return messages;
  }

  /// Number of messages that its indexes list.
  long indexedMessages() {
    return indexedMessages;
  }

  /// Messages that its indexes list and that are not there.
  long missingMessages() {
    return missingMessages;
  }

  /// Number of message indexes behind it.
  int indexCount() {
    return indexCount;
  }

  /// End of the last index of the chunk.
  long indexEnd() {
    return indexEnd;
  }

  /// Takes an index that follows the chunk.
  void index(ScanResult.IndexSeen index, RecordingSink sink) {
    indexEnd = index.at() + index.length();
    indexBytes += index.length();
    indexCount++;
    indexSum += Fingerprint.ofPair(index.channelId(), index.at());
    indexedMessages += index.entries();
    if (!believed) {
      return;
    }
    log.examined(DefectKind.MESSAGE_INDEX, 1);
    Counted counted = channels.get(index.channelId());
    if (counted == null) {
      if (index.entries() > 0) {
        missingMessages += index.entries();
        contradicted = true;
        strays.add(index);
      }
    } else if (counted.indexed) {
      differing.removeIf(d -> d.index.channelId() == index.channelId());
      contradicted = true;
      strange |= counted.messages != index.entries() || counted.sum != index.sum();
      twice.add(index);
    } else {
      counted.indexed = true;
      if (counted.messages != index.entries() || counted.sum != index.sum()) {
        missingMessages += Math.max(0, index.entries() - counted.messages);
        contradicted = true;
        differing.add(new Differing(index, new IndexComparison(context, span, index).difference()));
      }
    }
  }

  private void report(ScanResult.IndexSeen index, String observed, RecordingSink sink) {
    contradicted = true;
    report("MessageIndex of channel " + index.channelId(), index.at(), index, observed, sink);
  }

  private void report(
      String what, long from, ScanResult.IndexSeen last, String observed, RecordingSink sink) {
    log.report(
        sink,
        DefectKind.MESSAGE_INDEX,
        Location.bytes(context.name, from, last.at() + last.length() - from),
        new Evidence.Violation(
            what + " (chunk at byte " + span.offset() + ")",
            observed,
            "one entry for each message, with its log time and offset"));
  }

  /// Reports the indexes that stand twice, several as one.
  private void reportTwice(RecordingSink sink) {
    if (twice.isEmpty()) {
      return;
    }
    ScanResult.IndexSeen first = twice.getFirst();
    report(
        named(twice.stream().map(ScanResult.IndexSeen::channelId).toList()),
        first.at(),
        twice.getLast(),
        (twice.size() == 1 ? "stands twice" : "stand twice")
            + (strange ? ", for messages that are not there: their chunk is missing" : ""),
        sink);
  }

  private static String named(List<Integer> channels) {
    if (channels.size() == 1) {
      return "MessageIndex of channel " + channels.getFirst();
    }
    String listed =
        channels.stream().limit(LISTED).map(String::valueOf).collect(Collectors.joining(", "));
    int more = channels.size() - LISTED;
    return "MessageIndexes of channels " + listed + (more > 0 ? " and " + more + " more" : "");
  }

  /// Reports the indexes that differ, several as one.
  private void reportDiffering(RecordingSink sink) {
    if (differing.isEmpty()) {
      return;
    }
    ScanResult.IndexSeen first = differing.getFirst().index;
    ScanResult.IndexSeen last = differing.getLast().index;
    IndexComparison.Difference all =
        differing.stream()
            .map(Differing::difference)
            .reduce(IndexComparison.Difference::plus)
            .orElseThrow();
    report(
        named(differing.stream().map(d -> d.index.channelId()).toList()),
        first.at(),
        last,
        (differing.size() == 1 ? "has " : "have ") + all.inWords(),
        sink);
  }

  /// Reports indexes that differ from their messages, and channels without an index where others
  /// have one.
  void finish(RecordingSink sink) {
    if (!believed || indexCount == 0) {
      // What was damaged behind the chunk may have been its indexes.
      return;
    }
    reportTwice(sink);
    reportDiffering(sink);
    int missing = 0;
    long lost = 0;
    int first = -1;
    for (Map.Entry<Integer, Counted> entry : channels.entrySet()) {
      if (!entry.getValue().indexed) {
        missing++;
        lost += entry.getValue().messages;
        first = first < 0 ? entry.getKey() : first;
      }
    }
    if (!strays.isEmpty()) {
      // What has no index of its own is what the strange one is about.
      String unlisted =
          missing == 0
              ? ""
              : "; " + missing + " channels with messages have no index, first channel " + first;
      for (ScanResult.IndexSeen stray : strays) {
        report(stray, "has " + stray.entries() + " entries, the chunk no message" + unlisted, sink);
        unlisted = "";
      }
    } else if (missing > 0) {
      contradicted = true;
      log.report(
          sink,
          DefectKind.MESSAGE_INDEX_MISSING,
          Location.bytes(context.name, span.offset(), span.length()),
          new Evidence.Loss(
              "message indexes",
              missing,
              lost + " messages that indexed readers do not see, first of channel " + first));
    }
  }

  /// What the chunk index must say about the chunk.
  long fingerprint() {
    Records.ChunkHead head = span.head();
    return fingerprint(
        new Records.ChunkIndex(
            head.startNs(),
            head.endNs(),
            span.offset(),
            span.length(),
            indexSum,
            indexCount,
            indexBytes,
            head.compression(),
            head.recordsLength(),
            head.uncompressedSize()));
  }

  /// A chunk index entry as one number.
  static long fingerprint(Records.ChunkIndex entry) {
    long f = Fingerprint.with(Fingerprint.start(), entry.startNs());
    f = Fingerprint.with(Fingerprint.with(f, entry.endNs()), entry.offset());
    f = Fingerprint.with(Fingerprint.with(f, entry.length()), entry.indexes());
    f = Fingerprint.with(Fingerprint.with(f, entry.indexCount()), entry.indexLength());
    f = Fingerprint.with(Fingerprint.with(f, entry.compression()), entry.compressedSize());
    return Fingerprint.with(f, entry.uncompressedSize());
  }

  /// Whether the indexes agree with the chunk, so that the chunk index must agree with both.
  boolean sound() {
    return believed && !contradicted && !timesWrong;
  }
}
