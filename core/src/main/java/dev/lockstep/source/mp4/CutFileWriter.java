package dev.lockstep.source.mp4;

import static dev.lockstep.source.mp4.Mp4Layout.*;

import dev.lockstep.model.Order;
import dev.lockstep.payload.ZeroRuns;
import dev.lockstep.source.OffsetMap;
import dev.lockstep.source.mp4.CutFile.TrackPieces;
import dev.lockstep.source.mp4.CutFragments.FragmentPieces;
import dev.lockstep.source.mp4.CutFragments.RunPieces;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.collections.impl.list.mutable.primitive.LongArrayList;
import org.jspecify.annotations.Nullable;

/// Writes one file of a cut: the boxes at the top in their order, with the bytes of those samples
/// that are kept, and tables, fragments and indices that say of these what they said.
final class CutFileWriter {
  /// Bytes that stay of what is in no box, or in one that is cut off, or that no table tells of.
  private static final int TAIL_BYTES = 64;

  /// Longest piece that is copied at once.
  private static final int COPY_BYTES = 1 << 16;

  /// Boxes that are written anew, or left out in any case.
  private static final Set<Integer> ANEW = Set.of(MOOV, MOOF, MDAT, SIDX, type("mfra"));

  /// Boxes that belong to the fragment behind them.
  private static final Set<Integer> IN_FRONT = Set.of(STYP, type("prft"), type("emsg"));

  private final CutFile source;
  private final MemorySegment file;
  private final CutSamples cut;
  private final CutFragments fragments;

  /// Ranges of the file that are kept of media data: begins and ends, ascending, apart.
  private long[] ranges = {};

  private @Nullable CutMovie movie;

  CutFileWriter(CutFile source, CutSamples cut, CutFragments fragments) {
    this.source = source;
    this.file = source.segment();
    this.cut = cut;
    this.fragments = fragments;
  }

  /// A stretch of the cut.
  ///
  /// @param bytes new bytes, or null for those from `from` to `to` of the file
  private record Stretch(byte @Nullable [] bytes, long from, long to) {}

  /// Whether anything of the file is kept.
  boolean isEmpty() {
    return source.fragments.stream().noneMatch(each -> cut.has(each.piece()));
  }

  /// Writes the file.
  void write(Path target) throws IOException {
    ranges = ranges();
    movie = movie();
    // Lengths do not depend on places: those of the first layout are good for the second.
    OffsetMap first = layout(new OffsetMap(), null);
    List<Stretch> stretches = new ArrayList<>();
    layout(first, stretches);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
      for (Stretch each : stretches) {
        byte[] bytes = each.bytes();
        if (bytes != null) {
          out.write(bytes);
        } else {
          for (long at = each.from(); at < each.to(); at += COPY_BYTES) {
            out.write(raw(at, Math.min(each.to(), at + COPY_BYTES)));
          }
        }
      }
    }
  }

  private byte[] raw(long from, long to) {
    return file.asSlice(from, to - from).toArray(U8);
  }

  /// Lays the boxes out.
  ///
  /// @param places where bytes lie in the cut, as far as is known
  /// @param into stretches of the cut; null where only places are asked for
  private OffsetMap layout(OffsetMap places, @Nullable List<Stretch> into) {
    OffsetMap layout = new OffsetMap();
    boolean first = true;
    boolean media = false;
    for (int i = 0; i < source.tops.size(); i++) {
      Box top = source.tops.get(i);
      boolean truncated = top.equals(source.map.truncated);
      boolean data = top.type() == MDAT;
      if (data && keepsData(i, media || truncated)) {
        data(top, truncated, layout, into);
        media = true;
        continue;
      }
      if (!data && !truncated && isVerbatim(i)) {
        keep(top.at(), top.end(), layout, into);
        continue;
      }
      byte[] box = data ? null : truncated ? truncated(top) : box(i, first, places);
      first &= top.type() != MOOV;
      put(layout, into, top.at(), top.end(), box == null ? new byte[0] : box);
    }
    tail(layout, into);
    return layout;
  }

  /// The begin of what is in no box, what follows the zeros that it begins with, and samples that
  /// are said to lie in it.
  private void tail(OffsetMap layout, @Nullable List<Stretch> into) {
    long at = source.tailAt;
    long end = file.byteSize();
    if (at == end) {
      return;
    }
    long next = keep(at, Math.min(end, at + TAIL_BYTES), layout, into);
    long zeros = ZeroRuns.end(file, at);
    next = keep(Math.max(next, zeros), Math.min(end, zeros + TAIL_BYTES), layout, into);
    for (int i = firstRange(next); i < ranges.length; i += 2) {
      next = keep(Math.max(next, ranges[i]), ranges[i + 1], layout, into);
    }
    layout.add(next, end, 0);
  }

  /// Keeps bytes as they are, and gives their end.
  private static long keep(long from, long to, OffsetMap layout, @Nullable List<Stretch> into) {
    if (from < to) {
      layout.add(from, to, to - from);
      if (into != null) {
        into.add(new Stretch(null, from, to));
      }
    }
    return Math.max(from, to);
  }

  private static void put(
      OffsetMap layout, @Nullable List<Stretch> into, long from, long to, byte[] bytes) {
    layout.add(from, to, bytes.length);
    if (into != null) {
      into.add(new Stretch(bytes, from, to));
    }
  }

  /// Whether media data stays: where some of its bytes do, or its fragment; else the first one.
  private boolean keepsData(int index, boolean another) {
    Box data = source.tops.get(index);
    if (data.equals(source.map.truncated)) {
      return true;
    }
    int i = firstRange(data.body());
    boolean some = i < ranges.length && ranges[i] < data.end();
    Box before = index == 0 ? null : source.tops.get(index - 1);
    FragmentPieces fragment = before == null ? null : fragment(before);
    boolean own = fragment != null && cut.has(fragment.piece());
    return some || own || !another && source.map.fragments == 0;
  }

  /// Index of the first range that ends behind a place.
  private int firstRange(long at) {
    int i = 0;
    int high = ranges.length / 2;
    while (i < high) {
      int middle = (i + high) >>> 1;
      if (ranges[2 * middle + 1] <= at) {
        i = middle + 1;
      } else {
        high = middle;
      }
    }
    return 2 * i;
  }

  private void data(Box data, boolean truncated, OffsetMap layout, @Nullable List<Stretch> into) {
    LongArrayList kept = new LongArrayList();
    long length = 0;
    for (int i = firstRange(data.body()); i < ranges.length && ranges[i] < data.end(); i += 2) {
      long from = Math.max(data.body(), ranges[i]);
      long to = Math.min(data.end(), ranges[i + 1]);
      kept.add(from);
      kept.add(to);
      length += to - from;
    }
    if (source.map.movie == null) {
      length = Math.min(data.length(), TAIL_BYTES);
      kept.addAll(data.body(), data.body() + length);
    }
    byte[] head = raw(data.at(), Math.min(data.body(), data.end()));
    long claimed = truncated ? source.map.claimedBytes : data.end() - data.at();
    long size = head.length + length + (claimed - (data.end() - data.at()));
    resize(head, size);
    put(layout, into, data.at(), data.at() + head.length, head);
    for (int i = 0; i < kept.size(); i += 2) {
      keep(kept.get(i), kept.get(i + 1), layout, into);
    }
    layout.add(kept.isEmpty() ? data.body() : kept.getLast(), data.end(), 0);
  }

  /// Writes the size into the head of a box, where it has one.
  private static void resize(byte[] head, long size) {
    MemorySegment bytes = MemorySegment.ofArray(head);
    long said = u32(bytes, 0);
    if (said == 1 && head.length >= LARGE_HEAD_BYTES) {
      bytes.set(U64, HEAD_BYTES, size);
    } else if (said != 0) {
      bytes.set(U32, 0, (int) size);
    }
  }

  /// The begin of a box that the end of the file cuts off.
  private byte[] truncated(Box top) {
    byte[] bytes = raw(top.at(), Math.min(top.end(), top.at() + TAIL_BYTES));
    long more = source.map.claimedBytes - (top.end() - top.at());
    resize(bytes, bytes.length + more);
    return bytes;
  }

  private @Nullable FragmentPieces fragment(Box moof) {
    int i = source.firstFragment(moof.at());
    boolean there = i < source.fragments.size() && source.fragments.get(i).moof().equals(moof);
    return there ? source.fragments.get(i) : null;
  }

  /// A box that is no media data; null if it is left out.
  ///
  /// @param first whether no movie was in front of it
  private byte @Nullable [] box(int index, boolean first, OffsetMap places) {
    Box top = source.tops.get(index);
    CutMovie anew = movie;
    if (top.type() == MOOV) {
      // Of a second one, only that it is there is ever said.
      return anew != null && first ? anew.box(places) : new byte[] {0, 0, 0, 8, 'm', 'o', 'o', 'v'};
    }
    if (top.type() == MOOF) {
      FragmentPieces pieces = fragment(top);
      if (pieces == null) {
        return source.map.movie == null && index < 4 ? raw(top.at(), top.end()) : null;
      }
      return cut.has(pieces.piece()) ? fragments.box(source, pieces, places) : null;
    }
    if (top.type() == SIDX) {
      return source.map.movie == null ? null : index(top, places);
    }
    return null;
  }

  /// Whether a box stays as it is.
  private boolean isVerbatim(int index) {
    Box top = source.tops.get(index);
    if (ANEW.contains(top.type())) {
      return false;
    }
    if (IN_FRONT.contains(top.type())) {
      return keepsBehind(index);
    }
    Integer piece = source.spare.get(top);
    return piece == null || cut.has(piece);
  }

  /// Whether the next fragment stays, or there is none.
  private boolean keepsBehind(int index) {
    for (int i = index + 1; i < source.tops.size(); i++) {
      FragmentPieces pieces = fragment(source.tops.get(i));
      if (pieces != null) {
        return cut.has(pieces.piece());
      }
    }
    return true;
  }

  private @Nullable CutMovie movie() {
    Movie movie = source.map.movie;
    if (movie == null || source.tops.stream().noneMatch(top -> top.equals(movie.box))) {
      return null;
    }
    Map<Box, CutTables> tables = new HashMap<>();
    Set<Box> left = new HashSet<>();
    Map<Box, Long> mediaTimes = new HashMap<>();
    for (TrackPieces each : source.tracks) {
      CutTables kept =
          new CutTables(
              file, each.track(), cut, each.first(), each.samples(), each.cursors(), source.shift);
      tables.put(each.track().box, kept);
      if (kept.count() == 0) {
        left.add(each.track().box);
      } else {
        mediaTimes.put(each.track().box, mediaTime(each));
      }
    }
    if (left.size() == movie.tracks.size() && !left.isEmpty()) {
      // A movie has a track.
      left.clear();
    }
    return new CutMovie(file, movie, source.faults, tables, left, mediaTimes);
  }

  /// Where an edit list begins to show the samples that are kept: not behind one that it showed.
  private long mediaTime(TrackPieces pieces) {
    long told = pieces.track().edits.mediaTime();
    long first = Long.MAX_VALUE;
    long dropped = 0;
    long before = 0;
    boolean last = true;
    SampleCursor cursor = pieces.cursors().get();
    for (int i = 0; cursor != null && i < pieces.samples() && cursor.next(); i++) {
      dropped += last ? 0 : cursor.time - before;
      before = cursor.time;
      last = cut.has(pieces.first() + i);
      long shown = cursor.time + cursor.composition;
      if (last && shown >= told) {
        first = Math.min(first, shown - dropped);
      }
    }
    return Math.clamp(first, 0, told);
  }

  /// The ranges of media data that samples which stay lie in.
  private long[] ranges() {
    LongArrayList all = new LongArrayList();
    for (TrackPieces each : source.tracks) {
      for (int piece = each.first(); piece < each.first() + each.samples(); piece++) {
        range(piece, source.shift, all);
      }
    }
    for (FragmentPieces each : source.fragments) {
      for (RunPieces run : each.runs()) {
        for (int piece = run.first(); piece < run.first() + run.run().count(); piece++) {
          range(piece, 0, all);
        }
      }
    }
    return merged(all);
  }

  private void range(int piece, long shift, LongArrayList into) {
    long at = cut.table().offsetBytes(piece);
    if (!cut.has(piece) || at == Long.MAX_VALUE) {
      return;
    }
    long from = Math.clamp(at - shift, 0, file.byteSize());
    long whole = cut.table().lengthBytes(piece);
    // What lies outside of media data is not read.
    boolean read = source.map.media.holding(at - shift, whole) >= 0;
    long size = read ? source.ownBytes(at, cut.size(piece, whole)) : Math.min(whole, TAIL_BYTES);
    long to = Math.clamp(from + size, 0, file.byteSize());
    if (to > from && !into.isEmpty() && into.getLast() == from) {
      into.set(into.size() - 1, to);
    } else if (to > from) {
      into.add(from);
      into.add(to);
    }
  }

  private static long[] merged(LongArrayList all) {
    long[][] sorted = new long[all.size() / 2][];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = new long[] {all.get(2 * i), all.get(2 * i + 1)};
    }
    Arrays.sort(sorted, Order.byLong(range -> range[0]));
    LongArrayList merged = new LongArrayList();
    for (long[] each : sorted) {
      int last = merged.size() - 1;
      if (last > 0 && each[0] <= merged.get(last)) {
        merged.set(last, Math.max(merged.get(last), each[1]));
      } else {
        merged.add(each[0]);
        merged.add(each[1]);
      }
    }
    return merged.toArray();
  }

  /// A segment index with the references of which something is left; null if there were some, and
  /// nothing is.
  private byte @Nullable [] index(Box box, OffsetMap places) {
    boolean wide = box.length() > 0 && box.version(file) != 0;
    int head = wide ? 32 : 24;
    int count = box.length() < head ? 0 : u16(file, box.body() + head - 2);
    long entries = box.body() + head;
    if (count == 0 || (box.end() - entries) / SIDX_REFERENCE_BYTES < count) {
      return raw(box.at(), box.end());
    }
    long id = u32(file, box.body() + 4);
    long timescale = u32(file, box.body() + 8);
    long firstAt = box.end() + (wide ? file.get(U64, box.body() + 20) : u32(file, box.body() + 16));
    BoxBytes references = new BoxBytes();
    int kept = 0;
    long at = firstAt;
    for (int i = 0; i < count; i++) {
      long entry = entries + (long) i * SIDX_REFERENCE_BYTES;
      int kind = file.get(U32, entry) & 0x8000_0000;
      long end = at + (file.get(U32, entry) & 0x7FFF_FFFFL);
      if (at >= file.byteSize() || keepsAny(at, end)) {
        long size = place(end, places) - place(at, places);
        long ticks = ticks(id, timescale, at, end);
        references.u32(kind | (int) Math.max(0, size));
        references.u32((int) Math.max(0, u32(file, entry + 4) - ticks));
        references.u32(file.get(U32, entry + 8));
        kept++;
      }
      at = end;
    }
    if (kept == 0) {
      return null;
    }
    byte[] fields = raw(box.body(), entries);
    MemorySegment bytes = MemorySegment.ofArray(fields);
    long first = place(firstAt, places) - place(box.end(), places);
    long earlier = fragments.earlier(source, id, firstAt);
    Track track = source.map.movie == null ? null : source.map.movie.track(id);
    long scaled =
        track == null || track.timescale == 0
            ? 0
            : Math.round((double) earlier * timescale / track.timescale);
    if (wide) {
      bytes.set(U64, 12, Math.max(0, bytes.get(U64, 12) - scaled));
      bytes.set(U64, 20, Math.max(0, first));
    } else {
      bytes.set(U32, 12, (int) Math.max(0, u32(bytes, 12) - scaled));
      bytes.set(U32, 16, (int) Math.max(0, first));
    }
    bytes.set(U16, head - 2, (short) kept);
    BoxBytes out = new BoxBytes();
    out.box(SIDX, body -> body.bytes(fields).bytes(references.toBytes()));
    return out.toBytes();
  }

  /// A place of which it matters whether a box begins there.
  private long place(long at, OffsetMap places) {
    long place = places.place(at);
    if (at >= file.byteSize() || source.map.boxes.begins(at)) {
      return place;
    }
    boolean seems =
        place >= places.endAt()
            || source.tops.stream().anyMatch(top -> places.place(top.at()) == place);
    return seems ? place - 1 : place;
  }

  private boolean keepsAny(long from, long to) {
    for (int next = source.firstFragment(from); next < source.fragments.size(); next++) {
      FragmentPieces each = source.fragments.get(next);
      if (each.moof().at() >= to) {
        break;
      }
      if (cut.has(each.piece())) {
        return true;
      }
    }
    int i = firstRange(from);
    return i < ranges.length && ranges[i] < to;
  }

  private long ticks(long id, long timescale, long from, long to) {
    Movie of = source.map.movie;
    Track track = of == null ? null : of.track(id);
    return track == null || track.timescale == 0
        ? 0
        : Math.round(
            (double) fragments.droppedTicks(source, id, from, to) * timescale / track.timescale);
  }
}
