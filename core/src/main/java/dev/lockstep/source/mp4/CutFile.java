package dev.lockstep.source.mp4;

import static dev.lockstep.source.mp4.Mp4Layout.*;

import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Order;
import dev.lockstep.source.PieceTable;
import dev.lockstep.source.mp4.CutFragments.FragmentPieces;
import dev.lockstep.source.mp4.CutFragments.RunPieces;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.collections.impl.list.mutable.primitive.LongArrayList;
import org.jspecify.annotations.Nullable;

/// One file of a video that is cut: the boxes at its top, and the samples that they hold, as
/// pieces.
final class CutFile implements AutoCloseable {
  /// A step between samples counts no more than that on the axis: a wrong one must not make all
  /// others vanish. Judged.
  private static final long MAX_STEP_NS = 10_000_000_000L;

  final MappedFile file;
  final FileMap map;
  final Faults faults;
  final List<Box> tops = new ArrayList<>();
  final List<TrackPieces> tracks = new ArrayList<>();
  final List<FragmentPieces> fragments = new ArrayList<>();

  /// Pieces of boxes that nothing needs.
  final Map<Box, Integer> spare = new HashMap<>();

  /// Where bytes begin that are in no box.
  long tailAt;

  /// Bytes that all samples are said to lie too far back.
  long shift;

  private long[] starts = {};
  private final PieceTable table;
  private final Map<String, Long> axis;
  private long lastNs;

  /// The samples of a track that its own tables list.
  ///
  /// @param piece number of the track; those of its samples follow
  record TrackPieces(
      Track track, int piece, int samples, Supplier<@Nullable SampleCursor> cursors) {
    int first() {
      return piece + 1;
    }
  }

  private CutFile(
      MappedFile file, FileMap map, Faults faults, PieceTable table, Map<String, Long> axis) {
    this.file = file;
    this.map = map;
    this.faults = faults;
    this.table = table;
    this.axis = axis;
  }

  /// Opens a file and adds its pieces to `table`; null if it has too many samples.
  ///
  /// @param place where it stands among others
  /// @param axis how far streams have come, by name
  /// @param most most samples
  static @Nullable CutFile open(
      Path path, Mp4Reader.Place place, PieceTable table, Map<String, Long> axis, long most)
      throws IOException {
    MappedFile file = MappedFile.open(path);
    try {
      Faults faults = new Faults(file.name());
      @Nullable CutFile[] made = new @Nullable CutFile[1];
      file.guard(() -> {
        Path init = place.init();
        Movie known = init == null ? null : Mp4Reader.initialisation(init);
        FileMap map = new FileMap(file.segment(), faults, known, place.continuation());
        map.read();
        CutFile cut = new CutFile(file, map, faults, table, axis);
        if (cut.read(place, most)) {
          made[0] = cut;
        }
      });
      CutFile cut = made[0];
      if (cut == null) {
        file.close();
      }
      return cut;
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  MemorySegment segment() {
    return file.segment();
  }

  String name() {
    return file.name();
  }

  private boolean read(Mp4Reader.Place place, long most) {
    for (int i = 0; i < map.boxes.size(); i++) {
      tops.add(top(map.boxes.start(i), map.boxes.end(i)));
    }
    tailAt = tops.isEmpty() ? 0 : tops.getLast().end();
    Box truncated = map.truncated;
    if (truncated != null) {
      tops.add(truncated);
      tailAt = file.lengthBytes();
    }
    Movie movie = map.movie;
    if (movie == null) {
      others();
      return true;
    }
    movie.tracks.forEach(track -> track.prefix = place.prefix());
    Map<Track, String> names = names(movie);
    long samples = 0;
    for (Track track : names.keySet()) {
      samples += place.init() == null && track.runs.isEmpty() ? track.tableSamples() : 0;
      samples += track.runs.stream().mapToLong(Run::count).sum();
    }
    if (samples > most) {
      return false;
    }
    for (Track track : movie.tracks) {
      String name = names.get(track);
      boolean tables = place.init() == null && track.runs.isEmpty() && name != null;
      if (name != null && tables && track.tableSamples() > 0) {
        tables(track, name);
      } else if (name != null && tables && !movie.fragmented) {
        // A stream without a message, which something may be wrong with.
        table.add(name, 0, file.name(), track.box.at(), track.box.end() - track.box.at(), -1);
      }
    }
    shift = shift();
    fragments(movie, names);
    starts = starts();
    others();
    return true;
  }

  private Box top(long at, long end) {
    MemorySegment bytes = file.segment();
    boolean large = u32(bytes, at) == 1 && end - at >= LARGE_HEAD_BYTES;
    return new Box(bytes.get(U32, at + 4), at, at + (large ? LARGE_HEAD_BYTES : HEAD_BYTES), end);
  }

  /// The streams of a movie, as they are named.
  private static Map<Track, String> names(Movie movie) {
    Map<Track, String> names = new LinkedHashMap<>();
    Set<String> known = new HashSet<>();
    for (Track track : movie.tracks) {
      String stream = TrackReader.nameOf(track);
      for (int copy = 2; !known.add(stream); copy++) {
        stream = TrackReader.nameOf(track) + "#" + copy;
      }
      if (!TrackReader.isPieces(track)) {
        names.put(track, stream);
      }
    }
    return names;
  }

  private long advance(String stream, long ticks, Track track) {
    long stepNs =
        track.timescale == 0 || ticks < 0
            ? 0
            : Math.min(MAX_STEP_NS, Ticks.toNs(ticks, track.timescale));
    long at = axis.getOrDefault(stream, 0L);
    axis.put(stream, at + stepNs);
    lastNs = Math.max(lastNs, at);
    return at;
  }

  private void tables(Track track, String stream) {
    int samples = (int) track.tableSamples();
    int piece =
        table.add(
            PieceTable.ANY, 0, file.name(), track.box.at(), track.box.end() - track.box.at(), -1);
    Supplier<@Nullable SampleCursor> cursors = new TableChecks(track, stream, faults).open();
    SampleCursor cursor = cursors.get();
    int placed = 0;
    long before = 0;
    long at = 0;
    while (cursor != null && placed < samples && cursor.next()) {
      advance(stream, cursor.time - before, track);
      at = axis.getOrDefault(stream, 0L);
      before = cursor.time;
      lastNs = Math.max(lastNs, at);
      table.add(stream, at, file.name(), cursor.offset, cursor.size, piece);
      placed++;
    }
    for (; placed < samples; placed++) {
      table.add(stream, at, file.name(), Long.MAX_VALUE, 0, piece);
    }
    tracks.add(new TrackPieces(track, piece, samples, cursors));
  }

  /// Bytes that all samples lie too far back, if they fill the media data but for that.
  private long shift() {
    if (map.media.size() != 1 || map.fragments > 0) {
      return 0;
    }
    long first = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    for (TrackPieces each : tracks) {
      for (int piece = each.first(); piece < each.first() + each.samples(); piece++) {
        long at = table.offsetBytes(piece);
        if (at < Long.MAX_VALUE) {
          first = Math.min(first, at);
          end = Math.max(end, at + table.lengthBytes(piece));
        }
      }
    }
    long by = first - map.media.start(0);
    return first < end && end - map.media.end(0) == by ? by : 0;
  }

  private void fragments(Movie movie, Map<Track, String> names) {
    Map<Track, Integer> next = new HashMap<>();
    for (Box top : tops) {
      if (top.type() != MOOF || top.equals(map.truncated)) {
        continue;
      }
      List<Map.Entry<Track, Run>> runs = new ArrayList<>();
      for (Track track : movie.tracks) {
        int i = next.getOrDefault(track, 0);
        for (; i < track.runs.size() && track.runs.get(i).fragment().equals(top); i++) {
          runs.add(Map.entry(track, track.runs.get(i)));
        }
        next.put(track, i);
      }
      runs.sort(Order.byLong(run -> run.getValue().box().at()));
      int piece =
          table.add(PieceTable.ANY, lastNs, file.name(), top.at(), top.end() - top.at(), -1);
      List<RunPieces> pieces = new ArrayList<>();
      for (Map.Entry<Track, Run> each : runs) {
        Track track = each.getKey();
        String stream = names.getOrDefault(track, PieceTable.ANY);
        pieces.add(new RunPieces(track, each.getValue(), table.size()));
        RunCursor cursor = new RunCursor(segment(), List.of(each.getValue()), 0);
        while (cursor.next()) {
          long at = advance(stream, cursor.duration(), track);
          table.add(stream, at, file.name(), cursor.offset, cursor.size, piece);
        }
      }
      fragments.add(new FragmentPieces(top, piece, pieces));
    }
  }

  /// Bytes of a sample that are not those of others: one that is said to hold others as a whole
  /// ends where the first of these begins.
  long ownBytes(long at, long size) {
    int next = Arrays.binarySearch(starts, at);
    while (next >= 0 && next < starts.length && starts[next] == at) {
      next++;
    }
    next = next < 0 ? -next - 1 : next;
    boolean holds = next + 1 < starts.length && starts[next + 1] < at + size;
    return holds ? Math.min(size, starts[next] - at) : size;
  }

  /// Where samples begin that have sizes of their own, ascending.
  private long[] starts() {
    LongArrayList all = new LongArrayList();
    for (TrackPieces each : tracks) {
      Sizes sizes = each.track().sizes;
      for (int i = 0; sizes != null && sizes.each() == 0 && i < each.samples(); i++) {
        all.add(table.offsetBytes(each.first() + i));
      }
    }
    for (FragmentPieces each : fragments) {
      for (RunPieces run : each.runs()) {
        for (int i = 0; (run.run().flags() & TRUN_SIZE) != 0 && i < run.run().count(); i++) {
          all.add(table.offsetBytes(run.first() + i));
        }
      }
    }
    return all.sortThis().toArray();
  }

  /// Index of the first fragment that begins at or behind a place.
  int firstFragment(long at) {
    int low = 0;
    int high = fragments.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (fragments.get(middle).moof().at() < at) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static final Set<Integer> NEEDED =
      Set.of(FTYP, STYP, MOOV, MOOF, MDAT, SIDX, type("mfra"), type("prft"), type("emsg"));

  private void others() {
    for (Box top : tops) {
      if (!NEEDED.contains(top.type()) && !top.equals(map.truncated)) {
        spare.put(
            top,
            table.add(PieceTable.ANY, lastNs, file.name(), top.at(), top.end() - top.at(), -1));
      }
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
