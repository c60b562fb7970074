package dev.lockstep.model;

import java.util.List;

/// The blocks that a manifest stores, by stream. Rows may stay in the file until they are asked
/// for.
public interface StoredBlocks {
  /// Names of the streams, in the order of the manifest.
  List<String> streams();

  /// Number of blocks of a stream; 0 if the manifest does not know it.
  int blocks(String stream);

  /// Number of messages of a stream.
  long messages(String stream);

  /// A block of a stream.
  Block block(String stream, int index);

  /// The block of a stream that holds a message; messages are numbered without gaps.
  int blockOf(String stream, long message);
}
