package dev.lockstep.manifest;

import dev.lockstep.checksum.Crc32c;
import dev.lockstep.model.Block;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.MessageCrcs;
import dev.lockstep.model.MessagePlaces;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Groups the messages of one stream into blocks and sums them up from the sums of the messages: no
/// payload is read again.
///
/// A block closes when it is full ([BlockLimits]) and in front of a video keyframe, so that a block
/// can be decoded by itself. Where a batch ends makes no difference.
///
/// The chained CRC continues the CRC-32C of the payloads over stream name (UTF-8), block index
/// (u64), first stamp (i64) and the chained CRC of the block before (u32), little-endian. Plain
/// sums stay right when two blocks of equal content size change places or an old one is put in
/// again; the chain does not.
public final class BlockBuilder {
  private final StreamInfo stream;
  private final BlockLimits limits;
  private final Consumer<Block> out;
  private final MemorySegment name;
  private final int[] crcs;
  private final long[] positionsBytes;
  private final int[] lengthsBytes;
  private final long[] stampsNs;
  private final @Nullable String[] files;

  private int messages;
  private long index;
  private long firstMessage;
  private long firstStampNs = Times.NONE;
  private long lastStampNs = Times.NONE;
  private long bytes;
  private int crc;
  private int chained;

  /// A builder for the messages of `stream` that hands each finished block to `out`.
  public BlockBuilder(StreamInfo stream, BlockLimits limits, Consumer<Block> out) {
    this.stream = stream;
    this.limits = limits;
    this.out = out;
    this.name = MemorySegment.ofArray(stream.name().getBytes(StandardCharsets.UTF_8));
    this.crcs = new int[limits.messages()];
    this.positionsBytes = new long[limits.messages()];
    this.lengthsBytes = new int[limits.messages()];
    this.stampsNs = new long[limits.messages()];
    this.files = new @Nullable String[limits.messages()];
  }

  /// Adds messages, which must carry their CRC-32C unless their payloads could not be read: those
  /// count with a sum of 0.
  ///
  /// @throws IllegalArgumentException if they do not
  public void accept(MessageBatch batch) {
    for (int r = 0; r < batch.size(); r++) {
      int length = batch.lengthsBytes()[r];
      int messageCrc = crc32c(batch, r);
      boolean keyframe =
          stream.modality() == Modality.VIDEO && (batch.flags()[r] & MessageBatch.KEYFRAME) != 0;
      if (messages > 0 && (keyframe || bytes + length > limits.bytes())) {
        close();
      }
      if (messages == 0) {
        firstMessage = batch.firstIndex() + r;
        firstStampNs = batch.stampsNs()[r];
      }
      positionsBytes[messages] = batch.positionsBytes()[r];
      lengthsBytes[messages] = batch.placeBytes(r);
      stampsNs[messages] = batch.stampsNs()[r];
      files[messages] = batch.file(r);
      crcs[messages++] = messageCrc;
      crc = Crc32c.combine(crc, messageCrc, length);
      bytes += length;
      lastStampNs = batch.stampsNs()[r];
      if (messages == limits.messages()) {
        close();
      }
    }
  }

  private int crc32c(MessageBatch batch, int row) {
    if (batch.crc32cs().length > 0) {
      return batch.crc32cs()[row];
    }
    if ((batch.flags()[row] & MessageBatch.UNREADABLE) == 0) {
      throw new IllegalArgumentException("messages of " + stream.name() + " carry no CRC-32C");
    }
    return 0;
  }

  /// Closes the last block.
  public void end() {
    if (messages > 0) {
      close();
    }
  }

  private void close() {
    chained = chain(crc, name, index, firstStampNs, chained);
    out.accept(
        new Block(
            stream.name(),
            index,
            firstMessage,
            positionsBytes[0],
            firstStampNs,
            lastStampNs,
            bytes,
            crc,
            chained,
            new MessageCrcs(crcs, messages),
            new MessagePlaces(positionsBytes, lengthsBytes, stampsNs, files, messages)));
    index++;
    messages = 0;
    bytes = 0;
    crc = 0;
  }

  /// The chained CRC of a block.
  ///
  /// @param crc CRC-32C of its payloads
  /// @param before chained CRC of the block before, 0 for the first
  public static int chain(int crc, String stream, long index, long firstStampNs, int before) {
    MemorySegment name = MemorySegment.ofArray(stream.getBytes(StandardCharsets.UTF_8));
    return chain(crc, name, index, firstStampNs, before);
  }

  /// The same with the name as bytes.
  ///
  /// @param crc CRC-32C of its payloads
  /// @param name stream name, UTF-8
  /// @param before chained CRC of the block before, 0 for the first
  static int chain(int crc, MemorySegment name, long index, long firstStampNs, int before) {
    int chained = Crc32c.update(crc, name, 0, name.byteSize());
    chained = Crc32c.updateLong(chained, index);
    chained = Crc32c.updateLong(chained, firstStampNs);
    return Crc32c.updateInt(chained, before);
  }
}
