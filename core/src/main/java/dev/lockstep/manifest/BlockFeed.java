package dev.lockstep.manifest;

import dev.lockstep.model.Block;
import java.util.function.Consumer;

/// Somebody who wants the blocks of a recording while it is read.
///
/// @param limits how blocks are cut
/// @param blocks takes them; those of one stream come in order
public record BlockFeed(BlockLimits limits, Consumer<Block> blocks) {}
