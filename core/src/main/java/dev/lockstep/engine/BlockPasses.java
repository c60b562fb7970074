package dev.lockstep.engine;

import dev.lockstep.check.BlockCheck;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Conclusion;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Measurement;
import dev.lockstep.manifest.BlockBuilder;
import dev.lockstep.manifest.BlockFeed;
import dev.lockstep.manifest.BlockLimits;
import dev.lockstep.model.Block;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StoredBlocks;
import dev.lockstep.model.StreamInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Cuts the streams of a run into blocks: for the block rules, as the manifest was cut, and for
/// whoever else asked for them.
final class BlockPasses {
  private final List<BlockCheck> rules;
  private final @Nullable StoredBlocks stored;
  private final BlockLimits storedLimits;
  private final String recording;
  private final List<BlockFeed> feeds;
  private final Consumer<Finding> findings;
  private final List<Stream> streams = new ArrayList<>();
  private long blocks;
  private long bytes;

  /// @param rules rules about blocks
  /// @param stored what a manifest stores, null where there is none to compare with
  /// @param storedLimits how it was cut
  /// @param recording name of the recording, the file of messages that name none
  BlockPasses(
      List<BlockCheck> rules,
      @Nullable StoredBlocks stored,
      BlockLimits storedLimits,
      String recording,
      List<BlockFeed> feeds,
      Consumer<Finding> findings) {
    this.rules = List.copyOf(rules);
    this.stored = stored;
    this.storedLimits = storedLimits;
    this.recording = recording;
    this.feeds = List.copyOf(feeds);
    this.findings = findings;
  }

  /// A stream and those who look at its blocks.
  private static final class Stream {
    final String name;
    final List<BlockBuilder> builders = new ArrayList<>();
    final List<Pass> passes = new ArrayList<>();

    Stream(String name) {
      this.name = name;
    }
  }

  private static final class Pass {
    final BlockCheck rule;
    final BlockCheck.Observer observer;
    final FindingLog log;
    @Nullable Conclusion conclusion;

    Pass(BlockCheck rule, BlockCheck.Observer observer, FindingLog log) {
      this.rule = rule;
      this.observer = observer;
      this.log = log;
    }

    void accept(Block block) {
      if (!log.isBroken()) {
        try {
          observer.onBlock(block);
        } catch (RuntimeException e) {
          log.breaks(e);
        }
      }
    }

    void end() {
      if (!log.isBroken()) {
        try {
          conclusion = observer.onEnd();
        } catch (RuntimeException e) {
          log.breaks(e);
        }
      }
    }
  }

  /// The next stream; its id is the number of streams before it.
  void stream(StreamInfo info) {
    Stream stream = open(info.name());
    if (!stream.passes.isEmpty()) {
      stream.builders.add(
          new BlockBuilder(
              info,
              storedLimits,
              block -> {
                blocks++;
                bytes += block.bytes();
                stream.passes.forEach(pass -> pass.accept(block));
              }));
    }
    for (BlockFeed feed : feeds) {
      stream.builders.add(new BlockBuilder(info, feed.limits(), feed.blocks()));
    }
  }

  private Stream open(String name) {
    Stream stream = new Stream(name);
    StoredBlocks manifest = stored;
    if (manifest != null) {
      for (BlockCheck rule : rules) {
        FindingLog log = new FindingLog(rule.card(), name, recording, findings, new Accounts());
        stream.passes.add(new Pass(rule, rule.open(name, manifest, log), log));
      }
    }
    streams.add(stream);
    return stream;
  }

  /// The next messages of a stream, numbered.
  void accept(MessageBatch batch) {
    for (BlockBuilder builder : streams.get(batch.stream().id()).builders) {
      builder.accept(batch);
    }
  }

  /// Closes the last blocks, and looks at the streams that only the manifest knows.
  void end() {
    for (Stream stream : streams) {
      stream.builders.forEach(BlockBuilder::end);
    }
    if (stored != null) {
      Set<String> known = new HashSet<>();
      streams.forEach(stream -> known.add(stream.name));
      stored.streams().stream().filter(name -> !known.contains(name)).forEach(this::open);
    }
    for (Stream stream : streams) {
      stream.passes.forEach(Pass::end);
    }
  }

  /// Adds how `rule` ended on each stream.
  void collect(BlockCheck rule, List<CheckResult> results, List<Measurement> measurements) {
    for (Stream stream : streams) {
      for (Pass pass : stream.passes) {
        if (pass.rule.equals(rule)) {
          results.add(pass.log.result(pass.conclusion));
          measurements.addAll(pass.log.measurements());
        }
      }
    }
  }

  /// Blocks of the data that were compared with the manifest.
  long blocks() {
    return blocks;
  }

  /// Payload bytes in them.
  long bytes() {
    return bytes;
  }
}
