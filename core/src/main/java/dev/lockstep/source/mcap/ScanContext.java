package dev.lockstep.source.mcap;

import dev.lockstep.codec.Decompressors;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.source.BlockBuffers;
import dev.lockstep.source.ReadOptions;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedDeque;

/// What all units of one reader share.
final class ScanContext implements AutoCloseable {
  final MappedFile file;
  final String name;
  final ReadOptions options;
  final Definitions definitions = new Definitions();
  final BlockBuffers buffers;
  final Decompressors decompressors = new Decompressors();
  private final ConcurrentLinkedDeque<ScanSpace> spaces = new ConcurrentLinkedDeque<>();

  /// Whether the CRC-32 of every byte of the data section is wanted.
  volatile boolean dataCrcWanted = true;

  ScanContext(MappedFile file, ReadOptions options) {
    this.file = file;
    this.name = file.name();
    this.options = options;
    this.buffers = new BlockBuffers(2L * options.maxBlockBytes());
  }

  /// The file as far as it is mapped.
  MemorySegment segment() {
    return file.segment();
  }

  /// Working space for the calling thread, to be given back.
  ScanSpace borrow() {
    ScanSpace space = spaces.pollFirst();
    return space == null ? new ScanSpace() : space;
  }

  void giveBack(ScanSpace space) {
    spaces.addFirst(space);
  }

  @Override
  public void close() {
    buffers.close();
    decompressors.close();
    file.close();
  }
}
