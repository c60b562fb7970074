package dev.lockstep.source.matroska;

import dev.lockstep.mapped.MappedFile;
import dev.lockstep.source.FrameTimeList;
import dev.lockstep.source.Match;
import dev.lockstep.source.PieceCutter;
import dev.lockstep.source.Probe;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingCutter;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.SourceFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Matroska and WebM files. Each track is a stream; a message is a frame, in the order of the file,
/// and its stamp is when a player shows it.
public final class MatroskaFormat implements SourceFormat {
  private static final Set<String> EXTENSIONS = Set.of("mkv", "mk3d", "mka", "mks", "webm");

  @Override
  public String name() {
    return "matroska";
  }

  @Override
  public String summary() {
    return "Matroska and WebM videos (clusters, block times, lacing, cues, CRC-32 elements; H.264,"
        + " H.265, VP8, VP9 and JPEG frames are examined)";
  }

  @Override
  public Match match(Probe probe) {
    if (probe.isDirectory()) {
      return Match.no("a folder");
    }
    String name = probe.fileName().toLowerCase(Locale.ROOT);
    if (EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1))) {
      return Match.yes("extension of a Matroska file");
    }
    return probe.startsWith((byte) 0x1A, (byte) 0x45, (byte) 0xDF, (byte) 0xA3)
        ? Match.yes("begins with an EBML head")
        : Match.no("no EBML head");
  }

  @Override
  public @Nullable Path readBeside(Path path) {
    return FrameTimeList.pathBeside(path);
  }

  /// Block by block.
  @Override
  public @Nullable RecordingCutter cutter(Path path) throws IOException {
    MatroskaPieces pieces = MatroskaPieces.open(path);
    return pieces == null ? null : new PieceCutter(pieces);
  }

  @Override
  public RecordingReader open(Path path, ReadOptions options) throws IOException {
    return new MatroskaReader(MappedFile.openFirst(path, 0), options);
  }
}
