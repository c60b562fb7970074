package dev.lockstep.manifest;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/// The layout of a block manifest, version 1: an Arrow IPC file without compression, one row a
/// block, in the order in which blocks closed.
///
/// ```text
/// schema   metadata: lockstep.manifest.version, lockstep.block.messages, lockstep.block.bytes,
///                    lockstep.recording, lockstep.recording.bytes, lockstep.format
/// batch    GROUP_ROWS rows (the last one fewer, but not none)
///   stream          utf8            name of the stream
///   block           int64           index of the block in its stream, from 0
///   first_message   int64           index in the stream of its first message
///   messages        int32           number of messages
///   position_bytes  int64           offset of its first message (of its chunk where compressed)
///   first_stamp_ns  int64, null     stamp of its first message
///   last_stamp_ns   int64, null     stamp of its last message
///   payload_bytes   int64           bytes of its payloads
///   crc32c          uint32          CRC-32C of the payloads, one after the other
///   message_crc32c  list of uint32  CRC-32C of each payload
///   chained_crc32c  uint32          CRC-32C of payloads, stream, block, first stamp and the
///                                   chained CRC of the stream's block before, see BlockBuilder
///   group_sha256    binary[32], null  in the last row of a batch: digest of its rows
///   root_sha256     binary[32], null  in the last row of the file: digest of all
/// ```
///
/// The digest of rows takes for each row, little-endian: length of the stream name in UTF-8 (u64)
/// and the name, `block`, `first_message`, `position_bytes`, `first_stamp_ns`, `last_stamp_ns`
/// (null as -2^63), `payload_bytes`, `messages` (i64 each), then `crc32c`, `chained_crc32c` and
/// each `message_crc32c` (u32 each). The root takes `key=value` and a line feed (UTF-8) for each
/// pair of the metadata, sorted by key, and then the group digests. A manifest of no blocks has no
/// batch and no root.
///
/// Names, types and order ([ManifestColumn]) are frozen: whatever changes them changes [#VERSION].
final class ManifestLayout {
  static final String VERSION = "1";

  /// Rows of a batch, which is also what one SHA-256 covers.
  static final int GROUP_ROWS = 1024;

  static final String VERSION_KEY = "lockstep.manifest.version";
  static final String BLOCK_MESSAGES_KEY = "lockstep.block.messages";
  static final String BLOCK_BYTES_KEY = "lockstep.block.bytes";
  static final String RECORDING_KEY = "lockstep.recording";
  static final String RECORDING_BYTES_KEY = "lockstep.recording.bytes";
  static final String FORMAT_KEY = "lockstep.format";

  private ManifestLayout() {}

  /// What the schema of a manifest with `header` says about the file.
  static Map<String, String> metadata(ManifestHeader header) {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put(VERSION_KEY, VERSION);
    metadata.put(BLOCK_MESSAGES_KEY, Integer.toString(header.limits().messages()));
    metadata.put(BLOCK_BYTES_KEY, Long.toString(header.limits().bytes()));
    metadata.put(RECORDING_KEY, header.recording());
    metadata.put(RECORDING_BYTES_KEY, Long.toString(header.recordingBytes()));
    metadata.put(FORMAT_KEY, header.format());
    return metadata;
  }

  /// What the root digest takes of the metadata.
  static byte[] rootPrefix(Map<String, String> metadata) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(metadata)
        .forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
