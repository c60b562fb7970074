package dev.lockstep.source.mp4;

import static dev.lockstep.source.mp4.Mp4Layout.*;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the movie box says: its tracks and their tables.
final class Movie {
  /// Tracks that are read (judged: the richest known files have some 20).
  private static final int MAX_TRACKS = 256;

  /// Sample entries of a track that are read (judged).
  private static final int MAX_ENTRIES = 64;

  final Box box;

  /// Ticks of the movie in a second; 0 where it does not say.
  long timescale;

  /// Length as the head has it, ticks; 0 where unknown.
  long durationTicks;

  /// The box that says so; the movie's own where there is none.
  Box head;

  /// Whether fragments follow.
  boolean fragmented;

  final List<Track> tracks = new ArrayList<>();

  private final MemorySegment file;
  private final Faults faults;

  private Movie(MemorySegment file, Box box, Faults faults) {
    this.file = file;
    this.box = box;
    this.head = box;
    this.faults = faults;
  }

  /// Reads the movie box.
  static Movie of(MemorySegment file, Box box, Faults faults) {
    Movie movie = new Movie(file, box, faults);
    movie.read();
    return movie;
  }

  /// The track of that id, or null.
  @Nullable Track track(long id) {
    for (Track track : tracks) {
      if (track.id == id) {
        return track;
      }
    }
    return null;
  }

  private void read() {
    List<Box> defaults = new ArrayList<>();
    Box.Walk walk = Box.Walk.in(file, box, faults);
    for (Box child = walk.next(); child != null; child = walk.next()) {
      if (child.type() == MVHD && faults.holds(child, 1)) {
        int skip = child.version(file) == 1 ? 20 : 12;
        timescale = faults.holds(child, skip + 4) ? u32(file, child.body() + skip) : 0;
        durationTicks = length(child, skip + 4);
        head = child;
      } else if (child.type() == TRAK) {
        if (tracks.size() == MAX_TRACKS) {
          faults.malformed(child, "tracks", "more than " + MAX_TRACKS, "at most " + MAX_TRACKS);
          break;
        }
        Track track = new Track(child);
        track(track, child);
        tracks.add(track);
      } else if (child.type() == MVEX) {
        fragmented = true;
        defaults.add(child);
      }
    }
    defaults.forEach(this::defaults);
  }

  private void defaults(Box mvex) {
    Box.Walk walk = Box.Walk.in(file, mvex, faults);
    for (Box child = walk.next(); child != null; child = walk.next()) {
      if (child.type() == TREX && faults.holds(child, 24)) {
        Track track = track(u32(file, child.body() + 4));
        if (track != null) {
          track.defaultEntry = file.get(U32, child.body() + 8);
          track.defaultDuration = u32(file, child.body() + 12);
          track.defaultSize = u32(file, child.body() + 16);
          track.defaultFlags = file.get(U32, child.body() + 20);
        }
      }
    }
  }

  private void track(Track track, Box parent) {
    Box.Walk walk = Box.Walk.in(file, parent, faults);
    for (Box child = walk.next(); child != null; child = walk.next()) {
      // Each box opens its own level of the picture in Mp4Layout, so that nesting has an end.
      if (parent.type() == TRAK && (child.type() == EDTS || child.type() == MDIA)
          || parent.type() == MDIA && child.type() == MINF
          || parent.type() == MINF && (child.type() == DINF || child.type() == STBL)) {
        track(track, child);
      } else {
        leaf(track, child);
      }
    }
  }

  private void leaf(Track track, Box leaf) {
    int type = leaf.type();
    if (type == TKHD && faults.holds(leaf, 1)) {
      int skip = leaf.version(file) == 1 ? 20 : 12;
      track.id = faults.holds(leaf, skip + 4) ? u32(file, leaf.body() + skip) : 0;
      track.shownTicks = length(leaf, skip + 8);
      track.head = leaf;
    } else if (type == MDHD && faults.holds(leaf, 1)) {
      mediaHead(track, leaf);
    } else if (type == HDLR && track.handler == 0 && faults.holds(leaf, 12)) {
      track.handler = file.get(U32, leaf.body() + 8);
    } else if (type == ELST) {
      track.edits = EditList.of(file, leaf, faults);
    } else if (type == DREF) {
      references(track, leaf);
    } else if (type == STSD) {
      entries(track, leaf);
    } else if (type == STTS) {
      track.decodeDeltas = Table.of(file, leaf, STTS_BYTES, faults);
    } else if (type == CTTS) {
      track.compositionOffsets = Table.of(file, leaf, CTTS_BYTES, faults);
    } else if (type == STSC) {
      track.chunkRuns = Table.of(file, leaf, STSC_BYTES, faults);
    } else if (type == STSZ || type == STZ2) {
      track.sizes = Sizes.of(file, leaf, faults);
    } else if (type == STCO || type == CO64) {
      track.chunks = Table.of(file, leaf, type == CO64 ? 8 : 4, faults);
    } else if (type == STSS) {
      track.syncs = Table.of(file, leaf, 4, faults);
    }
  }

  /// The length that stands `skip` bytes behind the begin of a head's body, ticks; 0 where it is
  /// not told.
  private long length(Box head, int skip) {
    boolean wide = head.version(file) == 1;
    if (head.length() < skip + (wide ? Long.BYTES : Integer.BYTES)) {
      return 0;
    }
    long at = head.body() + skip;
    // All bits set: not known when it was written.
    return Math.max(0, wide ? file.get(U64, at) : file.get(U32, at));
  }

  private void mediaHead(Track track, Box head) {
    boolean wide = head.version(file) == 1;
    int skip = wide ? 20 : 12;
    if (faults.holds(head, skip + (wide ? 12 : 8))) {
      track.timescale = u32(file, head.body() + skip);
      long at = head.body() + skip + 4;
      track.duration = wide ? file.get(U64, at) : file.get(U32, at);
      if (track.timescale == 0) {
        faults.malformed(head, "timescale of mdhd", "0", "at least 1");
      }
    }
  }

  private void references(Track track, Box dref) {
    if (!faults.holds(dref, FULL_BYTES + COUNT_BYTES)) {
      return;
    }
    Box.Walk walk =
        new Box.Walk(file, dref.body() + FULL_BYTES + COUNT_BYTES, dref.end(), "dref", faults);
    for (Box child = walk.next(); child != null; child = walk.next()) {
      if (track.selfContained.size() < MAX_ENTRIES && faults.holds(child, FULL_BYTES)) {
        track.selfContained.add((child.flags(file) & SELF_CONTAINED) != 0);
      }
    }
  }

  private void entries(Track track, Box stsd) {
    if (!faults.holds(stsd, FULL_BYTES + COUNT_BYTES)) {
      return;
    }
    Box.Walk walk =
        new Box.Walk(file, stsd.body() + FULL_BYTES + COUNT_BYTES, stsd.end(), "stsd", faults);
    for (Box child = walk.next(); child != null; child = walk.next()) {
      if (track.entries.size() < MAX_ENTRIES) {
        track.entries.add(SampleEntry.of(file, child, track.isVideo(), faults));
      }
    }
  }
}
