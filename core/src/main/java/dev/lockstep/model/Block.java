package dev.lockstep.model;

/// The smallest group of messages with a checksum of its own; one row of a block manifest.
///
/// @param stream name of the stream
/// @param index number of the block in its stream, from 0
/// @param firstMessage index in the stream of its first message
/// @param positionBytes offset of its first message in the file (of its chunk where that is
///   compressed)
/// @param firstStampNs stamp of its first message, or [Times#NONE]
/// @param lastStampNs stamp of its last message, or [Times#NONE]
/// @param bytes payload bytes
/// @param crc32c CRC-32C of the payloads, one after the other
/// @param chainedCrc32c CRC-32C of payloads, stream, index, first stamp and the chained CRC of the
///   block before
/// @param messageCrc32c CRC-32C of each payload, in order; its length is the number of messages
/// @param places where the messages lie; [MessagePlaces#NONE] for a block of a manifest
public record Block(
    String stream,
    long index,
    long firstMessage,
    long positionBytes,
    long firstStampNs,
    long lastStampNs,
    long bytes,
    int crc32c,
    int chainedCrc32c,
    MessageCrcs messageCrc32c,
    MessagePlaces places) {

  /// Number of messages.
  public int messages() {
    return messageCrc32c.size();
  }

  /// Index in the stream of the last message.
  public long lastMessage() {
    return firstMessage + messages() - 1;
  }
}
