package dev.lockstep.check;

import dev.lockstep.model.Block;
import dev.lockstep.model.StoredBlocks;

/// A rule about blocks: the stored ones of a manifest against those computed from the data.
public non-sealed interface BlockCheck extends Check {
  /// Begins to look at one stream.
  ///
  /// @param stream its name; it may be known to the recording, to the manifest, or to both
  /// @param stored blocks that the manifest stores
  Observer open(String stream, StoredBlocks stored, CheckSink sink);

  /// Looks at one stream.
  interface Observer {
    /// The next computed block of the stream.
    void onBlock(Block computed);

    /// No more blocks.
    Conclusion onEnd();
  }
}
