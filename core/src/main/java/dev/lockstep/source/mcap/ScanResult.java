package dev.lockstep.source.mcap;

import java.util.ArrayList;
import java.util.List;

/// What a scan of one range of records gave; kept until the range is committed.
final class ScanResult {
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

  /// Bytes that were left out because of a limit.
  long unexaminedBytes;

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
  record AttachmentSeen(
      Records.Attachment attachment, long at, long length, int storedCrc, int crc, long summedBytes)
      implements Event {}

  /// A metadata record at file offset `at`.
  record MetadataSeen(String name, String duplicateKey, long at, long length) implements Event {}

  /// An attachment or metadata record at file offset `at` whose fields cannot be read.
  record Unreadable(int opcode, long at) implements Event {}

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
