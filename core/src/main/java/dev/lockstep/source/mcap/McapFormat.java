package dev.lockstep.source.mcap;

import dev.lockstep.mapped.MappedFile;
import dev.lockstep.source.Growth;
import dev.lockstep.source.Match;
import dev.lockstep.source.Probe;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.RecordingIndex;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/// MCAP files, whole or damaged, finished or still growing.
public final class McapFormat implements SourceFormat {
  private static final byte[] MAGIC = {(byte) 0x89, 'M', 'C', 'A', 'P'};

  @Override
  public String name() {
    return "mcap";
  }

  @Override
  public String summary() {
    return "MCAP (ROS 2, Foxglove): chunked or not, none/lz4/zstd, growing or whole";
  }

  @Override
  public Match match(Probe probe) {
    if (probe.isDirectory()) {
      return Match.no("a folder");
    }
    if (probe.startsWith(MAGIC)) {
      return Match.yes("MCAP magic");
    }
    return probe.fileName().toLowerCase(Locale.ROOT).endsWith(".mcap")
        ? Match.yes("name ends with .mcap")
        : Match.no("neither MCAP magic nor a name that ends with .mcap");
  }

  @Override
  public Growth growth(Path path) {
    return Growth.APPENDED;
  }

  /// Footer and magic at the end of the file.
  @Override
  public boolean saysItHasEnded(Path path) throws IOException {
    ByteBuffer tail =
        ByteBuffer.allocate(McapLayout.FILE_TAIL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      long at = file.size() - McapLayout.FILE_TAIL_BYTES;
      return at >= McapLayout.MAGIC_BYTES
          && file.read(tail, at) == McapLayout.FILE_TAIL_BYTES
          && tail.get(0) == McapLayout.FOOTER
          && tail.getLong(1) == McapLayout.FOOTER_BYTES
          && tail.getLong(McapLayout.FILE_TAIL_BYTES - McapLayout.MAGIC_BYTES) == McapLayout.MAGIC;
    }
  }

  @Override
  public RecordingReader open(Path path, ReadOptions options) throws IOException {
    return new McapReader(MappedFile.openFirst(path, 0), options);
  }

  /// By the summary's chunk index and the message indexes, where both are there and complete.
  @Override
  public RecordingIndex index(Path path) throws IOException {
    RecordingIndex index = McapIndex.open(path);
    return index == null ? SourceFormat.super.index(path) : index;
  }

  @Override
  public RecordingCutter cutter(Path path) throws IOException {
    return McapCutter.open(path);
  }
}
