package dev.lockstep.source.mcap;

import dev.lockstep.model.DefectKind;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.collections.impl.list.mutable.primitive.LongArrayList;

/// What a scan of one range of records gave; kept until the range is committed.
final class ScanResult {
  /// Strange records that are kept. Judged: streams are marked behind each.
  private static final int MAX_STRANGERS = 64;

  /// Channels with messages, in order of their first one.
  final List<ChannelRows> channels = new ArrayList<>();

  /// Records other than messages, in order.
  final List<Event> events = new ArrayList<>();

  final UnitDefects defects = new UnitDefects();

  /// Number of messages.
  long messages;

  /// Smallest and largest log time, unsigned; meaningless without messages.
  long firstLogTime;

  long lastLogTime;

  /// Smallest log time above 0, or 0 if there is none: some writers take 0 for "not set".
  long firstPositiveLogTime;

  /// Where in the scanned segment a record is broken, or -1.
  long brokenAt = -1;

  /// Where records of a chunk stand that are no messages, schemas or channels, or none that can be
  /// read: they may have been messages. The first ones.
  final LongArrayList strangers = new LongArrayList(0);

  /// Bytes that were left out because of a limit.
  long unexaminedBytes;

  /// Notes a record of a chunk that may have been a message.
  void strange(long at) {
    if (strangers.size() < MAX_STRANGERS) {
      strangers.add(at);
    }
  }

  /// Whether a record of a chunk is not what its opcode says, so that it may be missing as another.
  boolean mistaken() {
    return defects.counts().containsKey(DefectKind.RECORD_MALFORMED)
        || defects.counts().containsKey(DefectKind.RECORD_MISPLACED)
        || defects.counts().containsKey(DefectKind.RECORD_UNKNOWN);
  }

  /// A record that is no message.
  sealed interface Event {}

  /// A schema at offset `at`.
  record SchemaSeen(Records.Schema schema, long at, long length, boolean badText)
      implements Event {}

  /// A channel at offset `at`.
  record ChannelSeen(Records.Channel channel, long at, long length, boolean badText)
      implements Event {}

  /// A message index at file offset `at`.
  ///
  /// @param sum sum of the fingerprints of its entries
  /// @param attached whether nothing but other indexes stands in front of it in the range
  record IndexSeen(int channelId, long at, long length, long entries, long sum, boolean attached)
      implements Event {}

  /// A DataEnd at file offset `at` that does not end the data.
  record DataEndSeen(long at, long length) implements Event {}

  /// An attachment at file offset `at`.
  ///
  /// @param storedCrc checksum as stored, 0 if there is none
  /// @param crc checksum as computed
  /// @param summedBytes bytes that the checksum covers
  /// @param legible whether its texts are UTF-8, so that an index can agree with them
  record AttachmentSeen(
      Records.Attachment attachment,
      long at,
      long length,
      int storedCrc,
      int crc,
      long summedBytes,
      boolean legible)
      implements Event {}

  /// A metadata record at file offset `at`.
  ///
  /// @param legible whether its texts are UTF-8, so that an index can agree with them
  record MetadataSeen(String name, String duplicateKey, long at, long length, boolean legible)
      implements Event {}

  /// A record at offset `at` whose fields, or some of whose texts, cannot be read.
  ///
  /// @param id what a schema or channel would define, else -1
  record Unreadable(int opcode, long at, int id) implements Event {}

  /// The header of the file at file offset `at`.
  record HeaderSeen(Records.Header header, long at, long length) implements Event {}

  /// Takes the log time of the next message, before it is counted.
  void time(long logTime) {
    if (Long.compareUnsigned(logTime - 1, firstPositiveLogTime - 1) < 0) {
      firstPositiveLogTime = logTime;
    }
    if (messages == 0) {
      firstLogTime = logTime;
      lastLogTime = logTime;
    } else if (Long.compareUnsigned(logTime, firstLogTime) < 0) {
      firstLogTime = logTime;
    } else if (Long.compareUnsigned(logTime, lastLogTime) > 0) {
      lastLogTime = logTime;
    }
  }
}
