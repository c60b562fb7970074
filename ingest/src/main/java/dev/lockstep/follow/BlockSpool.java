package dev.lockstep.follow;

import dev.lockstep.manifest.BlockFeed;
import dev.lockstep.manifest.BlockLimits;
import dev.lockstep.manifest.ManifestHeader;
import dev.lockstep.manifest.ManifestWriter;
import dev.lockstep.model.Block;
import dev.lockstep.model.MessageCrcs;
import dev.lockstep.model.MessagePlaces;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Keeps the blocks of a growing recording until its length, which stands at the beginning of the
/// manifest, is known.
final class BlockSpool implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;
  private final DataOutputStream out;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private long blocks;

  /// An empty spool in `folder`.
  ///
  /// @throws IOException if no file can be made there
  BlockSpool(Path folder) throws IOException {
    file = Files.createTempFile(folder, "lockstep-blocks-", ".spool");
    out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES));
  }

  /// What feeds the spool.
  BlockFeed feed() {
    return new BlockFeed(BlockLimits.DEFAULT, this::add);
  }

  private void add(Block block) {
    int number =
        numbers.computeIfAbsent(
            block.stream(),
            name -> {
              names.add(name);
              return names.size() - 1;
            });
    try {
      out.writeInt(number);
      out.writeLong(block.index());
      out.writeLong(block.firstMessage());
      out.writeLong(block.positionBytes());
      out.writeLong(block.firstStampNs());
      out.writeLong(block.lastStampNs());
      out.writeLong(block.bytes());
      out.writeInt(block.crc32c());
      out.writeInt(block.chainedCrc32c());
      out.writeInt(block.messages());
      for (int i = 0; i < block.messages(); i++) {
        out.writeInt(block.messageCrc32c().get(i));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    blocks++;
  }

  /// Writes the manifest `target` from what was kept.
  ///
  /// @throws IOException if it cannot be written
  void writeTo(Path target, ManifestHeader header) throws IOException {
    out.flush();
    try (DataInputStream in =
            new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES));
        ManifestWriter writer = ManifestWriter.create(target, header)) {
      for (long i = 0; i < blocks; i++) {
        writer.add(read(in));
      }
      writer.commit();
    }
  }

  private Block read(DataInputStream in) throws IOException {
    String stream = names.get(in.readInt());
    long index = in.readLong();
    long firstMessage = in.readLong();
    long positionBytes = in.readLong();
    long firstStampNs = in.readLong();
    long lastStampNs = in.readLong();
    long bytes = in.readLong();
    int crc32c = in.readInt();
    int chained = in.readInt();
    int[] sums = new int[in.readInt()];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = in.readInt();
    }
    return new Block(
        stream,
        index,
        firstMessage,
        positionBytes,
        firstStampNs,
        lastStampNs,
        bytes,
        crc32c,
        chained,
        new MessageCrcs(sums, sums.length),
        MessagePlaces.NONE);
  }

  @Override
  public void close() throws IOException {
    out.close();
    Files.deleteIfExists(file);
  }
}
