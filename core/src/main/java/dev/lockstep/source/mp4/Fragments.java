package dev.lockstep.source.mp4;

import static dev.lockstep.source.mp4.Mp4Layout.*;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Severity;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/// Walks the fragments of a movie in the order of the file: finds the runs of samples of each
/// track, and holds sequence numbers and decode times against those before.
final class Fragments {
  /// Runs that are kept, some 100 bytes each (judged: a day of video in fragments of 0.2 s).
  private static final int MAX_RUNS = 1 << 19;

  /// Samples without bytes of their own in any table that a run may hold (judged).
  private static final long MAX_UNLISTED = 1 << 20;

  /// Fragments that may be missing in front of a recording that begins late (judged: more, and it
  /// is a part of a longer one).
  private static final int MAX_IN_FRONT = 8;

  private final MemorySegment file;
  private final Movie movie;
  private final Faults faults;
  private final Map<Track, Long> ends = new HashMap<>();
  private int runs;
  private long lastSequence = -1;
  private boolean timesBroken;

  /// Whether another track of the same fragment is reported: one fragment is one fault.
  private boolean toldOfFragment;

  /// What is reported of the fragment's track: samples are missing in front, or it does not belong
  /// here.
  private boolean afterLoss;

  private boolean doubtful;

  private final Continuation continuation;

  /// Whether no fragment of this file was read yet.
  private boolean begins;

  /// @param before what the segments before have come to
  Fragments(MemorySegment file, Movie movie, Faults faults, Continuation before) {
    this.file = file;
    this.movie = movie;
    this.faults = faults;
    this.continuation = before;
    this.lastSequence = continuation.lastSequence;
    this.begins = true;
    for (Track track : movie.tracks) {
      Long end = continuation.ends.get(track.id);
      if (end != null) {
        ends.put(track, end);
      }
    }
  }

  /// Reads one fragment.
  void read(Box moof) {
    long sequence = -1;
    Box head = null;
    long dataEnd = moof.at();
    timesBroken = false;
    toldOfFragment = false;
    Box.Walk walk = Box.Walk.in(file, moof, faults);
    boolean first = true;
    for (Box child = walk.next(); child != null; child = walk.next()) {
      if (child.type() == MFHD && holds(child, 8)) {
        head = child;
        sequence = u32(file, child.body() + 4);
      } else if (child.type() == TRAF) {
        dataEnd = track(moof, child, first ? moof.at() : dataEnd, sequence);
        first = false;
      }
    }
    if (head != null) {
      boolean start = lastSequence < 0;
      sequence(head, sequence);
      if (start && sequence > 1 && !continuation.filesMissing) {
        missingInFront(head, sequence);
      }
    }
  }

  /// Tells that fragments are missing in front of the first one: its number says how many there
  /// were, and its time that they lasted as long as it does.
  private void missingInFront(Box head, long sequence) {
    long missing = sequence - 1;
    for (Map.Entry<Long, Long> begun : continuation.begins.entrySet()) {
      Track track = movie.track(begun.getKey());
      long begin = begun.getValue();
      long ticks = continuation.ends.getOrDefault(begun.getKey(), begin) - begin;
      double each = (double) begin / missing;
      if (track == null || track.timescale == 0 || each < ticks * 0.5 || each > ticks * 2.0) {
        return;
      }
    }
    continuation.broken |= missing <= MAX_IN_FRONT;
    faults.add(
        DefectKind.FRAGMENT_SEQUENCE,
        // A cut out of a longer stream begins anywhere (judged).
        missing > MAX_IN_FRONT ? Severity.INFO : DefectKind.FRAGMENT_SEQUENCE.severity(),
        faults.at(head.at(), head.end() - head.at()),
        new Evidence.Violation(
            "number of the first fragment",
            Long.toString(sequence),
            "1: its time says that " + missing + (missing == 1 ? " is" : " are") + " missing"));
  }

  /// Numbers ascend; a hole in them without a hole in the times is no loss.
  private void sequence(Box head, long sequence) {
    faults.examined(DefectKind.FRAGMENT_SEQUENCE, 1);
    // A packager may number the fragments of each segment anew.
    boolean anew = begins && sequence <= lastSequence;
    begins = false;
    if (lastSequence >= 0 && sequence != lastSequence + 1 && !timesBroken && !anew) {
      faults.add(
          DefectKind.FRAGMENT_SEQUENCE,
          sequence > lastSequence ? Severity.INFO : DefectKind.FRAGMENT_SEQUENCE.severity(),
          faults.at(head.at(), head.end() - head.at()),
          new Evidence.Violation(
              "number of the fragment",
              Long.toString(sequence),
              lastSequence + 1 + " (decode times go on)"));
    }
    lastSequence = sequence;
    continuation.lastSequence = sequence;
  }

  private long track(Box moof, Box traf, long implicitBase, long sequence) {
    Track track = null;
    Head head = null;
    long time = -1;
    Box.Walk walk = Box.Walk.in(file, traf, faults);
    long end = implicitBase;
    for (Box child = walk.next(); child != null; child = walk.next()) {
      if (child.type() == TFHD) {
        afterLoss = false;
        doubtful = false;
        track = holds(child, 8) ? movie.track(u32(file, child.body() + 4)) : null;
        if (track == null) {
          faults.malformed(child, "track of a fragment", "unknown", "one of the movie's tracks");
          return end;
        }
        head = head(track, child, moof, implicitBase);
        end = head.base;
        time = ends.getOrDefault(track, -1L);
      } else if (child.type() == TFDT && track != null && holds(child, 8)) {
        boolean wide = child.version(file) == 1 && holds(child, 12);
        time = wide ? file.get(U64, child.body() + 4) : u32(file, child.body() + 4);
        if (time < 0) {
          faults.malformed(child, "decode time", Long.toUnsignedString(time), "below 2^63");
          time = 0;
        }
        times(track, child, time, sequence);
        continuation.begins.putIfAbsent(track.id, time);
      } else if (child.type() == TRUN && track != null && head != null && holds(child, 8)) {
        long start = time < 0 ? 0 : time;
        Sums sums = run(track, head, moof, child, end, start);
        afterLoss = false;
        end = sums.dataEnd;
        time = sums.timeEnd;
      }
    }
    if (track != null && time >= 0) {
      // Behind a fragment that came late, the stream goes on where it had come to before.
      long furthest = Math.max(time, continuation.furthest.getOrDefault(track.id, -1L));
      continuation.furthest.put(track.id, furthest);
      follows(track, doubtful ? furthest : time);
      continuation.advance(track.id, furthest, track.timescale);
    }
    return end;
  }

  private void times(Track track, Box box, long time, long sequence) {
    faults.examined(DefectKind.FRAGMENT_TIME, 1);
    Long expected = ends.get(track);
    if (expected == null || time == expected) {
      return;
    }
    timesBroken = true;
    long hole = time - expected;
    String numbers =
        lastSequence < 0 || sequence < 0
            ? ""
            : " (fragment " + sequence + " after " + lastSequence + ")";
    // A writer that rounds each fragment's begin is off by a tick or two (judged: 1 ms).
    boolean rounding = Math.abs(hole) <= Math.max(1, track.timescale / 1000);
    boolean told =
        continuation.filesMissing && hole > 0 || fillsHole(track, time, hole) || toldOfFragment;
    toldOfFragment |= !rounding && !told;
    continuation.broken |= !rounding;
    afterLoss = !rounding && hole > 0;
    doubtful = !rounding && hole < 0;
    if (afterLoss) {
      continuation.holes.put(track.id, new long[] {expected, time});
    }
    faults.add(
        DefectKind.FRAGMENT_TIME,
        rounding || told ? Severity.INFO : DefectKind.FRAGMENT_TIME.severity(),
        faults.at(box.at(), box.end() - box.at()).withStream(TrackReader.nameOf(track)),
        Evidence.Mismatch.ofCount(
            "decode time of the fragment, against the end of the one before, ticks" + numbers,
            time,
            expected));
  }

  /// Whether a fragment begins in a hole that is reported, because it comes too late, or goes on as
  /// if there had been none.
  private boolean fillsHole(Track track, long time, long hole) {
    long[] reported = continuation.holes.get(track.id);
    return hole < 0
        && reported != null
        && (time >= reported[0] && time < reported[1] || hole == reported[0] - reported[1]);
  }

  private record Head(long base, int entry, long duration, long size, int flags) {}

  private Head head(Track track, Box tfhd, Box moof, long implicitBase) {
    int flags = tfhd.flags(file);
    int fields =
        8 * bit(flags, TFHD_BASE_OFFSET)
            + 4
                * (bit(flags, TFHD_DESCRIPTION)
                    + bit(flags, TFHD_DURATION)
                    + bit(flags, TFHD_SIZE)
                    + bit(flags, TFHD_FLAGS));
    long base = (flags & TFHD_BASE_IS_MOOF) != 0 ? moof.at() : implicitBase;
    int entry = track.defaultEntry;
    long duration = track.defaultDuration;
    long size = track.defaultSize;
    int sampleFlags = track.defaultFlags;
    if (!holds(tfhd, 8 + fields)) {
      return new Head(base, entry, duration, size, sampleFlags);
    }
    long at = tfhd.body() + 8;
    if ((flags & TFHD_BASE_OFFSET) != 0) {
      base = file.get(U64, at);
      at += 8;
    }
    if ((flags & TFHD_DESCRIPTION) != 0) {
      entry = file.get(U32, at);
      at += 4;
    }
    if ((flags & TFHD_DURATION) != 0) {
      duration = u32(file, at);
      at += 4;
    }
    if ((flags & TFHD_SIZE) != 0) {
      size = u32(file, at);
      at += 4;
    }
    if ((flags & TFHD_FLAGS) != 0) {
      sampleFlags = file.get(U32, at);
    }
    return new Head(base, entry, duration, size, sampleFlags);
  }

  private static int bit(int flags, int flag) {
    return (flags & flag) == 0 ? 0 : 1;
  }

  private record Sums(long dataEnd, long timeEnd) {}

  private Sums run(Track track, Head head, Box moof, Box trun, long follows, long time) {
    int flags = trun.flags(file);
    long count = u32(file, trun.body() + 4);
    long at = trun.body() + 8;
    long offset = follows;
    int firstFlags = 0;
    int optional = 4 * (bit(flags, TRUN_OFFSET) + bit(flags, TRUN_FIRST_FLAGS));
    if (!holds(trun, 8 + optional)) {
      return new Sums(follows, time);
    }
    if ((flags & TRUN_OFFSET) != 0) {
      offset = head.base + file.get(U32, at);
      at += 4;
    }
    if ((flags & TRUN_FIRST_FLAGS) != 0) {
      firstFlags = file.get(U32, at);
      at += 4;
    }
    int stride = Run.stride(flags);
    long room = stride == 0 ? unlisted(head) : (trun.end() - at) / stride;
    if (count > room) {
      faults.malformed(trun, "samples of a trun", Long.toString(count), "at most " + room);
      count = room;
    }
    if (runs == MAX_RUNS) {
      faults.malformed(trun, "runs of samples", "more than " + MAX_RUNS, "fewer");
    }
    if (runs++ < MAX_RUNS) {
      track.runs.add(
          new Run(
              moof,
              trun,
              at,
              count,
              flags,
              trun.version(file),
              offset,
              time,
              head.duration,
              head.size,
              head.flags,
              firstFlags,
              head.entry,
              afterLoss,
              doubtful));
    }
    return sum(flags, head, at, count, stride, offset, time);
  }

  /// Samples that the file has room for where all have one size.
  private long unlisted(Head head) {
    return Math.min(MAX_UNLISTED, head.size == 0 ? MAX_UNLISTED : file.byteSize() / head.size + 1);
  }

  private Sums sum(int flags, Head head, long at, long count, int stride, long offset, long time) {
    boolean ownDuration = (flags & TRUN_DURATION) != 0;
    boolean ownSize = (flags & TRUN_SIZE) != 0;
    long bytes = ownSize ? 0 : count * head.size;
    long ticks = ownDuration ? 0 : count * head.duration;
    if (ownDuration || ownSize) {
      int sizeAt = ownDuration ? 4 : 0;
      for (long i = 0; i < count; i++) {
        long entry = at + i * stride;
        ticks += ownDuration ? u32(file, entry) : 0;
        bytes += ownSize ? u32(file, entry + sizeAt) : 0;
      }
    }
    return new Sums(offset + bytes, Math.max(0, time + ticks));
  }

  /// Says that the tables of the movie itself end at that time, so that fragments follow there.
  void follows(Track track, long ticks) {
    ends.put(track, ticks);
    continuation.ends.put(track.id, ticks);
  }

  private boolean holds(Box box, int bytes) {
    faults.examined(DefectKind.RECORD_MALFORMED, 1);
    return faults.holds(box, bytes);
  }
}
