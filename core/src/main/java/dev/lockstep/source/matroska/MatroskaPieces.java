package dev.lockstep.source.matroska;

import static dev.lockstep.source.matroska.MatroskaLayout.*;

import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Order;
import dev.lockstep.source.FaultTally;
import dev.lockstep.source.FrameTimeList;
import dev.lockstep.source.Opening;
import dev.lockstep.source.PieceCutter;
import dev.lockstep.source.PieceTable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.eclipse.collections.impl.list.mutable.primitive.LongArrayList;
import org.jspecify.annotations.Nullable;

/// The pieces of a Matroska file: its blocks, in their clusters, and elements that nothing needs.
///
/// What is written around the blocks that stay is told by [MatroskaCut]. Blocks keep their times.
/// The axis is the number of the block: a wrong time is no reason to look elsewhere.
final class MatroskaPieces implements PieceCutter.Pieces {
  /// Blocks of a file that is cut, 48 bytes each. Judged: 20 hours at 30 Hz.
  private static final int MAX_BLOCKS = 1 << 21;

  /// Longest cluster that is cut, and held in memory. Judged: writers end them after a few MB.
  private static final long MAX_CLUSTER_BYTES = 128L << 20;

  final MappedFile file;
  final FaultTally faults;
  final SegmentMap map;
  final List<Top> tops = new ArrayList<>();
  final PieceTable table = new PieceTable();

  /// Times of blocks in ticks, by piece; [Long#MIN_VALUE] where a piece has none.
  private final LongArrayList ticks = new LongArrayList();

  private final LongArrayList tracks = new LongArrayList();

  private boolean full;
  private int blocks;

  /// A stretch of the file.
  ///
  /// @param element what begins there, null where nothing that can be read does
  /// @param piece its number among the pieces, -1 where it always stays
  /// @param children the blocks of a cluster, in order
  record Top(long from, long to, @Nullable Element element, int piece, List<Child> children) {
    boolean is(int id) {
      return element != null && element.id() == id;
    }
  }

  /// A block, or a group with one.
  record Child(Element element, int piece) {}

  private MatroskaPieces(MappedFile file) {
    this.file = file;
    this.faults = new FaultTally(file.name());
    this.map = new SegmentMap(file.segment(), faults);
  }

  /// Opens a file; null if it has too many blocks, or too many in a cluster.
  ///
  /// @throws IOException if it cannot be read
  static @Nullable MatroskaPieces open(Path path) throws IOException {
    MatroskaPieces pieces = new MatroskaPieces(MappedFile.open(path));
    return Opening.keepIf(
        () -> {
          pieces.file.guard(pieces::read);
          return !pieces.full;
        },
        pieces,
        pieces::close);
  }

  private void read() {
    List<long[]> stretches = new ArrayList<>();
    map.read((from, to, element) -> stretches.add(new long[] {from, to, element ? 1 : 0}));
    long segmentEnd = -1;
    for (long[] each : stretches) {
      Element element =
          each[2] == 0 ? null : Element.at(file.segment(), each[0], file.lengthBytes());
      boolean behind = each[0] == segmentEnd && each[1] == file.lengthBytes();
      if (element == null || behind && element.id() != EBML) {
        add(each, null, true);
      } else if (element.id() == CLUSTER) {
        cluster(each, element);
      } else {
        if (element.id() == SEGMENT) {
          segmentEnd = element.end(file.lengthBytes());
        }
        add(each, element, !NEEDED.contains(element.id()));
      }
      if (full) {
        return;
      }
    }
  }

  private static final Set<Integer> NEEDED = Set.of(EBML, SEGMENT, INFO, TRACKS, SEEK_HEAD, CUES);

  private void add(long[] stretch, @Nullable Element element, boolean spare) {
    int piece = spare ? piece(PieceTable.ANY, stretch[0], stretch[1] - stretch[0], -1) : -1;
    tops.add(new Top(stretch[0], stretch[1], element, piece, List.of()));
  }

  private int piece(String stream, long at, long length, int parent) {
    int piece = table.add(stream, blocks, file.name(), at, length, parent);
    ticks.add(Long.MIN_VALUE);
    tracks.add(-1);
    return piece;
  }

  private void cluster(long[] stretch, Element cluster) {
    long end = stretch[1];
    full |= end - stretch[0] > MAX_CLUSTER_BYTES;
    int parent = piece(PieceTable.ANY, stretch[0], end - stretch[0], -1);
    List<Child> children = new ArrayList<>();
    long time = -1;
    for (Element each : children(cluster, end)) {
      if (each.id() == TIMESTAMP) {
        time = each.unsigned(file.segment());
      } else if (each.id() == SIMPLE_BLOCK || each.id() == BLOCK_GROUP) {
        children.add(block(each, time, parent));
      }
    }
    tops.add(new Top(stretch[0], end, cluster, parent, children));
  }

  /// The elements of a cluster that can be read.
  List<Element> children(Element cluster, long end) {
    List<Element> all = new ArrayList<>();
    MemorySegment bytes = file.segment();
    for (long at = cluster.body(); at < end; at = all.getLast().end(end)) {
      Element each = Element.at(bytes, at, end);
      if (each == null || !each.fits(end)) {
        break;
      }
      all.add(each);
    }
    return all;
  }

  private Child block(Element holder, long time, int parent) {
    long end = holder.body() + holder.size();
    // The walk reads a cluster that consists of nothing but the block.
    BlockWalk walk =
        new BlockWalk(
            file.segment(),
            new Element(CLUSTER, holder.at(), holder.at(), end - holder.at()),
            end,
            true,
            faults);
    boolean there = walk.next();
    Track track = there ? map.tracks.get(walk.track) : null;
    String stream = track == null ? PieceTable.ANY : track.name();
    long at = holder.at();
    int piece;
    if (there && walk.frames > 1) {
      piece = piece(PieceTable.ANY, at, end - at, parent);
      for (int i = 0; i < walk.frames; i++) {
        piece(stream, walk.offsets[i], walk.sizes[i], piece);
      }
    } else {
      piece = piece(stream, at, end - at, parent);
    }
    if (there) {
      // The walk knows no time of a cluster, and counts from -1.
      ticks.set(piece, Math.max(0, time) + walk.ticks + 1);
      tracks.set(piece, walk.track);
    }
    full |= ++blocks >= MAX_BLOCKS;
    return new Child(holder, piece);
  }

  /// Time of a block, ticks; [Long#MIN_VALUE] where a piece is none.
  long ticks(int piece) {
    return ticks.get(piece);
  }

  /// Number of a block's track, -1 where a piece is none.
  long track(int piece) {
    return tracks.get(piece);
  }

  @Override
  public PieceTable table() {
    return table;
  }

  @Override
  public Path write(BitSet kept, BitSet shortened, boolean verbatim, Path folder)
      throws IOException {
    Path target = folder.resolve(file.name());
    file.guard(() -> new MatroskaCut(this, kept, shortened).write(target));
    Path list = FrameTimeList.pathBeside(file.path());
    Track video = map.tracks.values().stream().filter(Track::isVideo).findFirst().orElse(null);
    if (list != null && video != null) {
      int[] shown =
          IntStream.range(0, table.size())
              .filter(piece -> track(piece) == video.number())
              .boxed()
              .sorted(Order.byLong(this::ticks))
              .mapToInt(Integer::intValue)
              .toArray();
      FrameTimeList.cut(list, folder.resolve(String.valueOf(list.getFileName())), shown, kept);
    }
    return target;
  }

  @Override
  public void close() {
    file.close();
  }
}
