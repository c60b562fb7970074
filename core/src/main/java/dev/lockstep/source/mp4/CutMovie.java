package dev.lockstep.source.mp4;

import static dev.lockstep.source.mp4.Mp4Layout.*;

import dev.lockstep.source.OffsetMap;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The movie box for a cut: tracks of which samples stay, their tables, and lengths that fit.
///
/// A length that was wrong is wrong by as much, or at least not unknown. Where a box in it says
/// that it is longer than what holds it, it says so by as much, and little of what follows stays.
final class CutMovie {
  /// Bytes that stay behind a box of a wrong size.
  private static final int TAIL_BYTES = 64;

  private static final Set<Integer> LISTS = Set.of(MOOV, TRAK, EDTS, MDIA, MINF, STBL);

  private final MemorySegment file;
  private final Movie movie;
  private final Faults faults;
  private final Map<Box, CutTables> tables;
  private final Set<Box> left;
  private final Map<Box, Long> mediaTimes;
  private final Map<Box, Long> shifts = new HashMap<>();

  /// @param tables what is kept of tracks, by their boxes; of others, all stays
  /// @param left boxes of tracks that are left out
  /// @param mediaTimes where edit lists begin to show media, by the boxes of tracks, if not where
  ///   they did
  CutMovie(
      MemorySegment file,
      Movie movie,
      Faults faults,
      Map<Box, CutTables> tables,
      Set<Box> left,
      Map<Box, Long> mediaTimes) {
    this.file = file;
    this.movie = movie;
    this.faults = faults;
    this.tables = tables;
    this.left = left;
    this.mediaTimes = mediaTimes;
  }

  /// The box.
  ///
  /// @param layout where bytes lie in the cut; its length does not depend on that
  byte[] box(OffsetMap layout) {
    return box(movie.box, null, layout);
  }

  private byte[] raw(Box box) {
    return file.asSlice(box.at(), box.end() - box.at()).toArray(U8);
  }

  private byte[] box(Box box, @Nullable Track track, OffsetMap layout) {
    BoxBytes inside = new BoxBytes();
    Box.Walk walk = Box.Walk.in(file, box, faults);
    long end = box.body();
    for (Box child = walk.next(); child != null; child = walk.next()) {
      end = child.end();
      Track of = child.type() == TRAK ? trackOf(child) : track;
      if (left.contains(child)) {
        continue;
      }
      CutTables cut = of == null ? null : tables.get(of.box);
      if (LISTS.contains(child.type()) && (of != null || child.type() != TRAK)) {
        inside.bytes(box(child, of, layout));
      } else if (box.type() == STBL && cut != null) {
        byte[] table = cut.table(child, layout);
        inside.bytes(table == null ? new byte[0] : table);
      } else {
        inside.bytes(leaf(child, of));
      }
    }
    inside.bytes(tail(end, box.end()));
    BoxBytes out = new BoxBytes();
    out.box(box.type(), body -> body.bytes(inside.toBytes()));
    return out.toBytes();
  }

  private @Nullable Track trackOf(Box trak) {
    return movie.tracks.stream().filter(track -> track.box.equals(trak)).findFirst().orElse(null);
  }

  /// Bytes behind the last box that can be read.
  private byte[] tail(long from, long end) {
    long room = end - from;
    byte[] bytes = file.asSlice(from, Math.min(room, TAIL_BYTES)).toArray(U8);
    if (room > TAIL_BYTES && u32(file, from) > room) {
      put(bytes, 0, u32(file, from) - (room - bytes.length), false);
    }
    return bytes;
  }

  private static void put(byte[] bytes, int at, long value, boolean wide) {
    MemorySegment segment = MemorySegment.ofArray(bytes);
    if (wide) {
      segment.set(U64, at, value);
    } else {
      segment.set(U32, at, (int) value);
    }
  }

  private byte[] leaf(Box leaf, @Nullable Track track) {
    byte[] bytes = raw(leaf);
    if (leaf.length() < FULL_BYTES) {
      return bytes;
    }
    boolean wide = leaf.version(file) == 1;
    int body = (int) (leaf.body() - leaf.at());
    CutTables cut = track == null ? null : tables.get(track.box);
    if (leaf.type() == MVHD) {
      length(bytes, body + (wide ? 24 : 16), wide, droppedOfMovie());
    } else if (track != null && cut != null && leaf.type() == TKHD) {
      length(bytes, body + (wide ? 28 : 20), wide, shown(track, cut));
    } else if (cut != null && leaf.type() == MDHD) {
      length(bytes, body + (wide ? 24 : 16), wide, cut.droppedTicks());
    } else if (track != null && leaf.equals(track.edits.box())) {
      edits(bytes, body, wide, track, cut);
    }
    return bytes;
  }

  /// Takes `dropped` off a length that is known.
  private static void length(byte[] bytes, int at, boolean wide, long dropped) {
    if (at + (wide ? Long.BYTES : Integer.BYTES) > bytes.length) {
      return;
    }
    MemorySegment segment = MemorySegment.ofArray(bytes);
    long told = wide ? segment.get(U64, at) : u32(segment, at);
    boolean known = told > 0 && (wide || told != 0xFFFF_FFFFL);
    if (known) {
      put(bytes, at, Math.max(1, told - dropped), wide);
    }
  }

  /// Length that is left out of a track, in ticks of the movie.
  private long dropped(Track track, CutTables cut) {
    if (track.timescale == 0 || movie.timescale == 0) {
      return 0;
    }
    return Math.round((double) cut.droppedTicks() * movie.timescale / track.timescale);
  }

  /// How much shorter a track is shown.
  private long shown(Track track, CutTables cut) {
    return shifts.computeIfAbsent(
        track.box,
        _ -> {
          long dropped = dropped(track, cut);
          EditList edits = track.edits;
          boolean edited = edits.box().type() == ELST && edits.shownTicks() > 0;
          return edited ? Math.min(dropped, edits.shownTicks() - edits.parts()) : dropped;
        });
  }

  private long droppedOfMovie() {
    long longest = 0;
    long now = 0;
    for (Track track : movie.tracks) {
      CutTables cut = tables.get(track.box);
      longest = Math.max(longest, track.shownTicks);
      if (!left.contains(track.box)) {
        now = Math.max(now, track.shownTicks - (cut == null ? 0 : Math.max(0, shown(track, cut))));
      }
    }
    return longest - now;
  }

  /// Parts that show media get shorter, the first one first.
  private void edits(byte[] bytes, int body, boolean wide, Track track, @Nullable CutTables cut) {
    int stride = wide ? 20 : 12;
    long left = cut == null ? 0 : dropped(track, cut);
    boolean begun = false;
    MemorySegment segment = MemorySegment.ofArray(bytes);
    for (int at = body + FULL_BYTES + COUNT_BYTES; at + stride <= bytes.length; at += stride) {
      long length = wide ? segment.get(U64, at) : u32(segment, at);
      int timeAt = at + (wide ? 8 : 4);
      long time = wide ? segment.get(U64, timeAt) : segment.get(U32, timeAt);
      if (time < 0) {
        continue;
      }
      if (!begun) {
        put(bytes, timeAt, mediaTimes.getOrDefault(track.box, time), wide);
      }
      begun = true;
      if (length > 0) {
        long taken = Math.min(left, length - 1);
        put(bytes, at, length - taken, wide);
        left -= taken;
      }
    }
  }
}
