/// MCAP recordings: a reader that judges every byte and every redundant field of a file, growing or
/// whole, sound or damaged, and a writer.
///
/// Entry types: [dev.lockstep.source.mcap.McapFormat], [dev.lockstep.source.mcap.McapWriter]. What
/// the payloads mean belongs to `payload`; compression to `codec`.
@NullMarked
package dev.lockstep.source.mcap;

import org.jspecify.annotations.NullMarked;
