package dev.lockstep.source.rosbag1;

import dev.lockstep.mapped.MappedFile;
import dev.lockstep.source.Growth;
import dev.lockstep.source.Match;
import dev.lockstep.source.PieceCutter;
import dev.lockstep.source.Probe;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/// Bags of ROS 1, closed or not, indexed or not.
public final class Rosbag1Format implements SourceFormat {
  private static final byte[] MAGIC = "#ROSBAG".getBytes(StandardCharsets.US_ASCII);

  @Override
  public String name() {
    return "rosbag1";
  }

  @Override
  public String summary() {
    return "ROS 1 bags (`#ROSBAG V2.0`): chunks none/bz2/lz4, indexed or not, whole or damaged";
  }

  @Override
  public Match match(Probe probe) {
    if (probe.isDirectory()) {
      return Match.no("a folder");
    }
    if (probe.startsWith(MAGIC)) {
      return Match.yes("first line of a ROS bag");
    }
    String name = probe.fileName().toLowerCase(Locale.ROOT);
    return name.endsWith(".bag") || name.endsWith(".bag.active")
        ? Match.yes("name ends with .bag")
        : Match.no("neither the first line of a ROS bag nor a name that ends with .bag");
  }

  /// While it is recorded a bag says nothing of an index; its recorder, which calls it `.active`
  /// meanwhile, puts that into its head at the end.
  @Override
  public Growth growth(Path path) {
    try {
      return saysItHasEnded(path) ? Growth.UNREADABLE : Growth.REOPENED;
    } catch (IOException e) {
      return Growth.UNREADABLE;
    }
  }

  /// The place of its index, in the bag header.
  @Override
  public boolean saysItHasEnded(Path path) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(BagLayout.MAGIC.length + BagLayout.BAG_HEADER_BYTES);
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      for (int count = 0; count >= 0 && head.hasRemaining(); ) {
        count = file.read(head, head.position());
      }
    }
    // Its padding may lie behind these bytes.
    BagRecord first = new BagRecord();
    MemorySegment bytes = MemorySegment.ofBuffer(head.flip());
    return first.read(bytes, BagLayout.MAGIC.length, bytes.byteSize()) != BagRecord.State.BROKEN
        && first.op == BagLayout.BAG_HEADER
        && first.indexPos != 0;
  }

  @Override
  public RecordingReader open(Path path, ReadOptions options) throws IOException {
    return new Bag1Reader(MappedFile.open(path), options);
  }

  @Override
  public RecordingCutter cutter(Path path) throws IOException {
    return new PieceCutter(BagPieces.open(path));
  }
}
