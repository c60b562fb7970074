package dev.lockstep.source.mp4;

import static dev.lockstep.source.mp4.Mp4Layout.*;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.payload.ZeroRuns;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The boxes at the top of a file: the movie, its fragments, media data, and how the file ends.
final class FileMap {
  /// Boxes at the top that are followed (judged: a day of fragments of 0.2 s has a third).
  private static final int MAX_BOXES = 1 << 22;

  /// Segment indices that are kept (judged).
  private static final int MAX_INDICES = 1 << 12;

  private final MemorySegment file;
  private final Faults faults;

  /// Bodies of media data boxes.
  final Ranges media = new Ranges();

  /// All whole boxes, by begin.
  final Ranges boxes = new Ranges();

  final List<Box> indices = new ArrayList<>();

  @Nullable Movie movie;
  @Nullable Box truncated;

  /// Bytes that the truncated box claims in all.
  long claimedBytes;

  /// Whether the file begins as a segment of a stream that is kept in many files.
  boolean segment;

  long fragments;

  /// Bytes that are in no box.
  long lostBytes;

  private final @Nullable Movie known;

  /// What the fragments have come to, here and in the segments before.
  final Continuation progress;

  /// @param known what another file says of the tracks, or null
  /// @param continuation what the segments before have come to, or null
  FileMap(
      MemorySegment file,
      Faults faults,
      @Nullable Movie known,
      @Nullable Continuation continuation) {
    this.file = file;
    this.faults = faults;
    this.known = known;
    this.movie = known;
    this.progress = continuation == null ? new Continuation() : continuation;
  }

  /// Walks the file.
  void read() {
    Movie told = known;
    @Nullable Fragments walked = told == null ? null : fragments(told);
    long end = file.byteSize();
    long at = 0;
    boolean first = true;
    while (at < end) {
      faults.examined(DefectKind.FILE_TRUNCATED, 1);
      if (boxes.size() == MAX_BOXES) {
        lose(at, new Evidence.OutOfRange("boxes", boxes.size() + 1L, null, MAX_BOXES, ""));
        return;
      }
      if (end - at < HEAD_BYTES) {
        faults.add(
            DefectKind.TRAILING_BYTES,
            at,
            end - at,
            new Evidence.OutOfRange("bytes behind the last box", end - at, null, 0L, "bytes"));
        lostBytes += end - at;
        return;
      }
      Box box = box(at, end);
      if (box == null) {
        return;
      }
      if (box.type() == MDAT) {
        media.add(Math.min(box.body(), box.end()), box.end());
      }
      if (box.equals(truncated)) {
        return;
      }
      boxes.add(box.at(), box.end());
      segment |= first && box.type() == STYP;
      first = false;
      if (box.type() == MOOV) {
        movie(box);
        Movie found = movie;
        walked = walked == null && found != null ? fragments(found) : walked;
      } else if (box.type() == MOOF) {
        fragments++;
        if (walked != null) {
          walked.read(box);
        }
      } else if (box.type() == SIDX && indices.size() < MAX_INDICES) {
        indices.add(box);
      }
      at = box.end();
    }
  }

  private Fragments fragments(Movie of) {
    Fragments walk = new Fragments(file, of, faults, progress);
    for (Track track : of.tracks) {
      Table deltas = track.decodeDeltas;
      if (known == null && track.tableSamples() > 0 && deltas != null) {
        long ticks = 0;
        for (long i = 0; i < deltas.count(); i++) {
          ticks += deltas.u32(i, 0) * deltas.u32(i, 1);
        }
        walk.follows(track, Math.max(0, ticks));
      }
    }
    return walk;
  }

  private void movie(Box box) {
    faults.examined(DefectKind.RECORD_DUPLICATED, 1);
    Movie before = movie;
    if (before == null) {
      movie = Movie.of(file, box, faults);
    } else if (before != known) {
      faults.add(
          DefectKind.RECORD_DUPLICATED,
          box.at(),
          box.end() - box.at(),
          new Evidence.Violation("box moov", "a second one", "one"));
    }
  }

  /// The box at `at`, or null where there is none, which is reported.
  private @Nullable Box box(long at, long end) {
    int type = file.get(U32, at + 4);
    long size = u32(file, at);
    long body = at + HEAD_BYTES;
    if (size == 1 && end - at >= LARGE_HEAD_BYTES) {
      size = file.get(U64, body);
      body = at + LARGE_HEAD_BYTES;
    } else if (size == 0) {
      size = end - at;
    }
    if (!isPlausible(type)) {
      if (ZeroRuns.end(file, at) == end) {
        faults.add(
            DefectKind.ZERO_PAGES,
            at,
            end - at,
            new Evidence.Violation("content", end - at + " zeros", "boxes"));
        lostBytes += end - at;
      } else {
        lose(at, new Evidence.Violation("box type", Mp4Layout.name(type), "four letters"));
      }
      return null;
    }
    if (size < body - at) {
      lose(
          at,
          new Evidence.OutOfRange(
              "size of box " + Mp4Layout.name(type), size, body - at, null, "bytes"));
      return null;
    }
    if (size > end - at) {
      Box cut = new Box(type, at, Math.min(body, end), end);
      truncated = cut;
      claimedBytes = size;
      return cut;
    }
    return new Box(type, at, body, at + size);
  }

  private void lose(long at, Evidence evidence) {
    lostBytes += file.byteSize() - at;
    faults.add(DefectKind.RECORD_LENGTH, at, file.byteSize() - at, evidence);
  }
}
