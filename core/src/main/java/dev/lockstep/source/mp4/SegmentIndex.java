package dev.lockstep.source.mp4;

import static dev.lockstep.source.mp4.Mp4Layout.*;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Severity;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Holds segment indices (sidx, 8.16.3) against what follows them: each reference must begin and
/// end where boxes do, and last as long as the samples in it.
final class SegmentIndex {
  /// Samples that are added up for all indices (judged: indices that overlap each other may not
  /// make the work quadratic).
  private static final long MAX_VISITS = 1L << 26;

  private final MemorySegment file;
  private final FileMap map;
  private final Movie movie;
  private final Faults faults;
  private long visits;

  SegmentIndex(MemorySegment file, FileMap map, Movie movie, Faults faults) {
    this.file = file;
    this.map = map;
    this.movie = movie;
    this.faults = faults;
  }

  void check() {
    map.indices.forEach(this::check);
  }

  private void check(Box box) {
    boolean wide = box.length() > 0 && box.version(file) != 0;
    int head = wide ? 32 : 24;
    faults.examined(DefectKind.RECORD_MALFORMED, 1);
    if (box.length() < head) {
      wrong(box, new Evidence.OutOfRange("body of box sidx", box.length(), head, null, "bytes"));
      return;
    }
    long track = u32(file, box.body() + 4);
    long timescale = u32(file, box.body() + 8);
    long first = wide ? file.get(U64, box.body() + 20) : u32(file, box.body() + 16);
    int count = u16(file, box.body() + head - 2);
    long entries = box.body() + head;
    if ((box.end() - entries) / SIDX_REFERENCE_BYTES < count) {
      long room = (box.end() - entries) / SIDX_REFERENCE_BYTES;
      wrong(box, new Evidence.OutOfRange("references in sidx", count, null, room, ""));
      return;
    }
    long at = box.end() + first;
    for (int i = 0; i < count; i++) {
      long entry = entries + (long) i * SIDX_REFERENCE_BYTES;
      long size = u32(file, entry) & 0x7FFF_FFFFL;
      faults.examined(DefectKind.SEGMENT_INDEX, 1);
      if (at == file.byteSize()) {
        if (map.fragments > 0) {
          wrong(
              box,
              new Evidence.Violation(
                  "references of sidx",
                  count - i + " of " + count + " behind the end of the file",
                  "fragments"));
        }
        return;
      }
      boolean begins = at >= 0 && map.boxes.begins(at);
      boolean ends = at + size == file.byteSize() || map.boxes.begins(at + size);
      if (!begins || !ends) {
        if (map.truncated == null || at + size <= map.truncated.at()) {
          wrong(
              box,
              new Evidence.Violation(
                  "reference " + i + " of sidx",
                  (begins ? "ends at byte " + (at + size) : "begins at byte " + at)
                      + ", inside of a box",
                  "the begin of one"));
        }
        return;
      }
      boolean media = file.get(U32, entry) >= 0;
      if (media && !lasts(box, i, movie.track(track), timescale, entry, at, at + size)) {
        return;
      }
      at += size;
    }
  }

  /// Whether the samples in `[from, to)` last as long as the reference says, give or take one.
  private boolean lasts(
      Box box, int i, @Nullable Track track, long timescale, long entry, long from, long to) {
    if (track == null || timescale == 0 || track.timescale == 0) {
      return true;
    }
    long stored = u32(file, entry + 4);
    double ticks = 0;
    long samples = 0;
    for (int r = firstFrom(track.runs, from); r < track.runs.size(); r++) {
      Run run = track.runs.get(r);
      visits += 1 + run.count();
      if (run.fragment().at() >= to || visits > MAX_VISITS) {
        break;
      }
      samples += run.count();
      ticks += duration(run);
    }
    if (samples == 0 || visits > MAX_VISITS) {
      return true;
    }
    double held = ticks * timescale / track.timescale;
    double tolerance = Math.max(1.5 * held / samples, timescale / 1000.0);
    if (Math.abs(held - stored) <= tolerance) {
      return true;
    }
    wrong(
        box,
        Evidence.Mismatch.ofCount(
            "duration of reference " + i + " of sidx, against its samples, ticks",
            stored,
            Math.round(held)));
    return false;
  }

  /// The first run of a fragment at or behind `from`; runs stand in the order of the file.
  private static int firstFrom(List<Run> runs, long from) {
    int low = 0;
    int high = runs.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (runs.get(middle).fragment().at() < from) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private double duration(Run run) {
    if ((run.flags() & TRUN_DURATION) == 0) {
      return (double) run.count() * run.defaultDuration();
    }
    int stride = Run.stride(run.flags());
    double ticks = 0;
    for (long i = 0; i < run.count(); i++) {
      ticks += u32(file, run.entriesAt() + i * stride);
    }
    return ticks;
  }

  private void wrong(Box box, Evidence evidence) {
    // Where fragments are lost, repeated or torn, that is told, and the index may well be right.
    boolean symptom = map.progress.broken || map.lostBytes > 0 || map.truncated != null;
    faults.add(
        DefectKind.SEGMENT_INDEX,
        symptom ? Severity.INFO : DefectKind.SEGMENT_INDEX.severity(),
        faults.at(box.at(), box.end() - box.at()),
        evidence);
  }
}
