package dev.lockstep.source.mp4;

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
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// MP4 and QuickTime files. Each track is a stream; a message is a sample, in the order of
/// decoding, and its stamp is when a player shows it. A folder of an initialisation and segments is
/// one recording.
public final class Mp4Format implements SourceFormat {
  private static final Set<String> EXTENSIONS =
      Set.of("mp4", "mov", "m4v", "m4a", "m4s", "cmfv", "cmfa", "ismv", "isma", "qt", "3gp");

  @Override
  public String name() {
    return "mp4";
  }

  @Override
  public String summary() {
    return "MP4 and QuickTime videos, progressive, fragmented and in segments (DASH, CMAF: a"
        + " folder; sample tables, edit lists, fragments; H.264, H.265 and JPEG frames are"
        + " examined)";
  }

  @Override
  public Match match(Probe probe) {
    if (probe.isDirectory()) {
      return segments(probe.path(), probe.children()) == null
          ? Match.no("a folder without an initialisation and its segments")
          : Match.yes("an initialisation and segments");
    }
    String name = probe.fileName().toLowerCase(Locale.ROOT);
    if (EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1))) {
      return Match.yes("extension of an MP4 file");
    }
    MemorySegment head = MemorySegment.ofArray(probe.head());
    if (head.byteSize() < Mp4Layout.HEAD_BYTES + 4) {
      return Match.no("too short for a box");
    }
    int type = head.get(Mp4Layout.U32, 4);
    int brand = head.get(Mp4Layout.U32, Mp4Layout.HEAD_BYTES);
    if (type == Mp4Layout.FTYP && Mp4Layout.IMAGE_BRANDS.contains(brand)) {
      return Match.no("a still image");
    }
    return Mp4Layout.FIRST_TYPES.contains(type)
        ? Match.yes("begins with a box " + Mp4Layout.name(type))
        : Match.no("no box of an MP4 file");
  }

  private static @Nullable SegmentFolder segments(Path folder, List<String> children) {
    try {
      return SegmentFolder.of(folder, children);
    } catch (IOException e) {
      // Whoever reads the files one by one reports which cannot be read.
      return null;
    }
  }

  @Override
  public @Nullable Path readBeside(Path path) {
    return FrameTimeList.pathBeside(path);
  }

  /// Sample by sample.
  @Override
  public @Nullable RecordingCutter cutter(Path path) throws IOException {
    boolean segments = Files.isDirectory(path);
    SegmentFolder folder = segments ? SegmentFolder.of(path, Probe.of(path).children()) : null;
    Mp4Pieces pieces = segments && folder == null ? null : Mp4Pieces.open(path, folder);
    return pieces == null ? null : new PieceCutter(pieces);
  }

  @Override
  public RecordingReader open(Path path, ReadOptions options) throws IOException {
    if (Files.isDirectory(path)) {
      SegmentFolder folder = SegmentFolder.of(path, Probe.of(path).children());
      // Files may have gone since the folder was looked at.
      return folder == null ? SegmentFolder.gone() : folder.open(path, options);
    }
    return new Mp4Reader(MappedFile.openFirst(path, 0), options, Mp4Reader.Place.ALONE);
  }
}
