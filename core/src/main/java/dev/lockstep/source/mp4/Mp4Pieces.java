package dev.lockstep.source.mp4;

import dev.lockstep.model.Order;
import dev.lockstep.source.FrameTimeList;
import dev.lockstep.source.Opening;
import dev.lockstep.source.PieceCutter;
import dev.lockstep.source.PieceTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The pieces of a video: its samples, in their tracks and fragments, and boxes that nothing needs.
///
/// Tables, fragments, indices and lengths are written anew for the samples that stay; what was
/// wrong by some number is wrong by as much ([CutTables], [CutMovie], [CutFragments],
/// [CutFileWriter]). The axis is the time of decoding.
final class Mp4Pieces implements PieceCutter.Pieces {
  /// Samples of a video that is cut, 40 bytes each. Judged: 20 hours at 30 Hz.
  private static final long MAX_SAMPLES = 1L << 21;

  /// Files of a folder that are mapped at a time. Judged: four hours of segments of a second.
  private static final int MAX_FILES = 1 << 14;

  private final Path recording;
  private final @Nullable SegmentFolder folder;
  private final PieceTable table = new PieceTable();
  private final List<Stream> streams = new ArrayList<>();

  /// Files that belong to one initialisation, which comes first, or one file.
  private record Stream(List<CutFile> files) {}

  private Mp4Pieces(Path recording, @Nullable SegmentFolder folder) {
    this.recording = recording.toAbsolutePath().normalize();
    this.folder = folder;
  }

  /// Opens a file, or a folder of segments; null if it has too many samples or files, or segments
  /// of which nothing can be read.
  ///
  /// @throws IOException if it cannot be read
  static @Nullable Mp4Pieces open(Path recording, @Nullable SegmentFolder folder)
      throws IOException {
    Mp4Pieces pieces = new Mp4Pieces(recording, folder);
    return Opening.keepIf(pieces::add, pieces, pieces::close);
  }

  private boolean add() throws IOException {
    SegmentFolder segments = folder;
    List<List<SegmentFolder.Member>> groups =
        segments == null
            ? List.of(List.of(new SegmentFolder.Member(recording, Mp4Reader.Place.ALONE)))
            : segments.members(recording);
    if (groups.stream().mapToInt(List::size).sum() > MAX_FILES) {
      return false;
    }
    for (List<SegmentFolder.Member> group : groups) {
      Stream stream = new Stream(new ArrayList<>());
      streams.add(stream);
      Map<String, Long> axis = new HashMap<>();
      for (SegmentFolder.Member member : group) {
        long left = MAX_SAMPLES - table.size();
        CutFile file = CutFile.open(member.file(), member.place(), table, axis, left);
        if (file == null) {
          return false;
        }
        stream.files().add(file);
      }
    }
    return !groups.isEmpty();
  }

  @Override
  public PieceTable table() {
    return table;
  }

  @Override
  public Path write(BitSet kept, BitSet shortened, boolean verbatim, Path into) throws IOException {
    Path target = into.resolve(String.valueOf(recording.getFileName()));
    CutSamples cut = new CutSamples(table, kept, shortened);
    if (folder != null) {
      Files.createDirectories(target);
    }
    Map<String, Double> dropped = new HashMap<>();
    for (Stream stream : streams) {
      CutFragments fragments = new CutFragments(cut);
      for (CutFile file : stream.files()) {
        file.file.guard(() -> file.fragments.forEach(each -> fragments.add(file, each)));
      }
      fragments.close();
      for (CutFile file : stream.files()) {
        CutFileWriter writer = new CutFileWriter(file, cut, fragments);
        if (folder == null || isNeeded(file, stream) || !writer.isEmpty()) {
          Path to = folder == null ? target : target.resolve(file.name());
          file.file.guard(() -> writer.write(to));
        }
      }
      stream.files().forEach(file -> dropped.put(file.name(), fragments.droppedSeconds(file)));
    }
    SegmentFolder segments = folder;
    if (segments != null) {
      segments.cutManifests(recording, target, dropped);
    } else {
      times(kept, target);
    }
    return target;
  }

  /// Whether a file of a folder stays though no sample of it does: the initialisation, and, where
  /// no samples can be read at all, a segment to go with it.
  private boolean isNeeded(CutFile file, Stream stream) {
    int number = stream.files().indexOf(file);
    return number == 0 || number == 1 && table.streams().isEmpty();
  }

  /// The list of times beside a video, for the frames that are kept.
  private void times(BitSet kept, Path target) throws IOException {
    Path list = FrameTimeList.pathBeside(recording);
    CutFile file = streams.getFirst().files().getFirst();
    Movie movie = file.map.movie;
    if (list == null || movie == null) {
      return;
    }
    for (Track track : movie.tracks) {
      if (track.isVideo()) {
        List<CutFile.TrackPieces> own =
            file.tracks.stream().filter(each -> each.track() == track).toList();
        Path to = target.resolveSibling(String.valueOf(list.getFileName()));
        file.file.guard(() -> FrameTimeList.cut(list, to, shownOrder(file, track, own), kept));
        return;
      }
    }
  }

  /// Pieces of a track in the order in which they are shown.
  private static int[] shownOrder(CutFile file, Track track, List<CutFile.TrackPieces> own) {
    List<long[]> all = new ArrayList<>();
    for (CutFile.TrackPieces each : own) {
      SampleCursor cursor = each.cursors().get();
      for (int i = 0; cursor != null && i < each.samples() && cursor.next(); i++) {
        all.add(new long[] {cursor.time + cursor.composition, each.first() + (long) i});
      }
    }
    for (CutFragments.FragmentPieces each : file.fragments) {
      for (CutFragments.RunPieces run : each.runs()) {
        RunCursor cursor = new RunCursor(file.segment(), List.of(run.run()), 0);
        for (int i = 0; run.track() == track && cursor.next(); i++) {
          all.add(new long[] {cursor.time + cursor.composition, run.first() + (long) i});
        }
      }
    }
    return all.stream()
        .sorted(Order.byLong(each -> each[0]))
        .mapToInt(each -> (int) each[1])
        .toArray();
  }

  @Override
  public void close() {
    streams.forEach(stream -> stream.files().forEach(CutFile::close));
  }
}
