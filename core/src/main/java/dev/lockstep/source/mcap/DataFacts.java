package dev.lockstep.source.mcap;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the data section was found to hold, for the comparison with the summary.
final class DataFacts {
  Records.@Nullable Header header;

  /// Whether there is a header whose fields cannot be read.
  boolean headerUnreadable;

  /// Messages of each channel, by channel id, whether or not it is defined.
  final Map<Integer, Long> messagesByChannel = new TreeMap<>();

  long messages;

  /// Messages that stand outside of chunks.
  long unchunkedMessages;

  private long firstLogTime;
  private long lastLogTime;

  /// Smallest log time above 0, or 0 if there is none.
  private long firstPositiveLogTime;

  final IndexTable chunks = new IndexTable();
  final IndexTable attachments = new IndexTable();
  final IndexTable metadata = new IndexTable();

  long chunksWithCrc;
  long chunksWithoutCrc;

  /// Sound chunks with messages but without any message index, and where the first one lies.
  long unindexedChunks;

  long firstUnindexedChunk = -1;
  long messageIndexes;

  long attachmentsWithCrc;
  long attachmentsWithoutCrc;

  /// Bytes under a checksum that was verified, data section checksum apart.
  long protectedBytes;

  long framesWithChecksum;

  /// Bytes that could not be interpreted, and those left out because of a limit.
  long lostBytes;

  long unexaminedBytes;

  /// Messages that the indexes of lost chunks list.
  long lostMessages;

  /// Messages that the indexes of sound chunks list and that are not there.
  long missingMessages;

  /// Records of chunks that may have been messages.
  long strangers;

  /// Whether anything was lost or is in doubt, so that what should agree with it need not.
  boolean damaged;

  /// Whether the file ends too early.
  boolean truncated;

  /// Whether the file changed while it was read.
  boolean changed;

  /// Byte ranges where damage or contradictions were found.
  final Ranges faults = new Ranges();

  /// Where pages of zeros stand that may be data, as long as no checksum says so.
  final Ranges suspectPages = new Ranges();

  /// Adds a scan's messages.
  void count(ScanResult result) {
    strangers += result.strangers.size();
    if (result.messages == 0) {
      return;
    }
    if (messages == 0) {
      firstLogTime = result.firstLogTime;
      lastLogTime = result.lastLogTime;
    } else {
      firstLogTime = min(firstLogTime, result.firstLogTime);
      lastLogTime =
          Long.compareUnsigned(lastLogTime, result.lastLogTime) < 0
              ? result.lastLogTime
              : lastLogTime;
    }
    if (result.firstPositiveLogTime != 0) {
      firstPositiveLogTime =
          firstPositiveLogTime == 0
              ? result.firstPositiveLogTime
              : min(firstPositiveLogTime, result.firstPositiveLogTime);
    }
    messages += result.messages;
    for (ChannelRows rows : result.channels) {
      messagesByChannel.merge(rows.channelId, rows.count, Long::sum);
    }
  }

  /// Adds what a chunk's scan says about checksums and limits.
  void take(ChunkScan scan) {
    if (scan.chunk.head().crc() != 0) {
      chunksWithCrc++;
    } else {
      chunksWithoutCrc++;
    }
    if (scan.protectedByFrame) {
      framesWithChecksum++;
    }
    if (scan.protectedByCrc || scan.protectedByFrame) {
      protectedBytes += scan.chunk.recordsLength();
    }
    unexaminedBytes += scan.unexaminedBytes + scan.result.unexaminedBytes;
    if (scan.lostPages >= 0 && !scan.isDamaged()) {
      suspectPages.add(scan.lostPages, scan.lostPagesEnd);
    }
  }

  /// Adds a chunk whose message indexes have all been seen.
  void close(OpenChunk chunk) {
    messageIndexes += chunk.indexCount();
    missingMessages += chunk.missingMessages();
    if (chunk.indexCount() == 0 && chunk.messages() > 0 && chunk.believed) {
      unindexedChunks++;
      firstUnindexedChunk = firstUnindexedChunk < 0 ? chunk.span.offset() : firstUnindexedChunk;
    }
    chunks.add(chunk.span.offset(), chunk.fingerprint(), chunk.sound());
  }

  private static long min(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }

  /// Smallest log time, unsigned; 0 without messages.
  long firstLogTime() {
    return firstLogTime;
  }

  /// Largest log time, unsigned; 0 without messages.
  long lastLogTime() {
    return lastLogTime;
  }

  /// Smallest log time above 0; 0 if there is none.
  long firstPositiveLogTime() {
    return firstPositiveLogTime;
  }
}
