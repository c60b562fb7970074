package dev.lockstep.source.mp4;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Order;
import dev.lockstep.model.Severity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where the tables of all tracks put their samples, before any is read: which bytes belong to two
/// samples, which samples lie where none can be, and what else in the tracks follows from that.
///
/// Chunks are few where samples are many: a chunk holds a second of a track, as a rule.
final class Placement {
  /// Chunks that are remembered, some 56 bytes each (judged).
  private static final int MAX_CHUNKS = 1 << 19;

  /// Samples in front of lost ones that may be shown behind them, so that frames seem to be missing
  /// between those (H.264, A.3.1: no decoder holds more).
  private static final int REORDERED = 16;

  private record Chunk(long start, long end, TrackReader track, long first, long last) {}

  /// Bytes that chunks share.
  private static final class Shared {
    final Chunk chunk;
    final Chunk other;
    final Set<TrackReader> tracks = new LinkedHashSet<>();
    long places;
    long bytes;

    Shared(Chunk chunk, Chunk other) {
      this.chunk = chunk;
      this.other = other;
    }

    long firstBytes() {
      return Math.min(chunk.end, other.end) - chunk.start;
    }
  }

  private final Session session;
  private final Faults faults;
  private final List<Chunk> chunks = new ArrayList<>();
  private boolean full;
  private @Nullable Shared shared;

  /// End of the last byte that the tables list, wherever that lies.
  private long furthest;

  private Placement(Session session) {
    this.session = session;
    this.faults = session.faults;
  }

  /// Looks through the tables of `readers`, and marks what follows from what is wrong there.
  static Placement of(List<TrackReader> readers, Session session) {
    Placement places = new Placement(session);
    readers.forEach(places::walk);
    if (!places.shifted(readers)) {
      places.overlaps();
    }
    return places;
  }

  /// Whether there were more chunks than are compared.
  boolean full() {
    return full;
  }

  private void walk(TrackReader reader) {
    SampleCursor samples = reader.samples();
    if (samples == null) {
      return;
    }
    long fileBytes = session.file.lengthBytes();
    long start = -1;
    long end = 0;
    long first = 0;
    long chunk = -1;
    long left = Session.MAX_SAMPLES;
    boolean outside = false;
    while (left-- > 0 && samples.next()) {
      if (!reader.holds(samples)) {
        continue;
      }
      long in = samples.chunk();
      if (samples.offset != end || start < 0 || in != chunk && in >= 0) {
        close(reader, start, Math.min(end, fileBytes), first, samples.index - 1, outside);
        start = samples.offset;
        first = samples.index;
        outside = false;
      }
      chunk = in;
      end = samples.offset + samples.size;
      furthest = Math.max(furthest, end);
      outside |=
          samples.offset < 0
              || samples.size > fileBytes - samples.offset
              || session.map.media.holding(samples.offset, samples.size) < 0;
    }
    close(reader, start, Math.min(end, fileBytes), first, samples.index, outside);
  }

  /// Ends a chunk. If some of it lies where no sample can be, all of it is doubted.
  private void close(
      TrackReader reader, long start, long end, long first, long last, boolean outside) {
    if (start < 0) {
      return;
    }
    if (outside) {
      reader.doubt(Math.max(0, first - REORDERED), last);
    }
    if (end <= start) {
      return;
    }
    if (chunks.size() == MAX_CHUNKS) {
      full = true;
      return;
    }
    chunks.add(new Chunk(start, end, reader, first, last));
  }

  /// Whether all samples together fit the media data if they are moved: something in front of the
  /// data grew or shrank, and the table was not written anew.
  private boolean shifted(List<TrackReader> readers) {
    Ranges media = session.map.media;
    boolean fragments = session.movie.tracks.stream().anyMatch(track -> !track.runs.isEmpty());
    if (media.size() != 1 || chunks.isEmpty() || fragments || full) {
      return false;
    }
    long first = chunks.stream().mapToLong(Chunk::start).min().orElse(0);
    long last = furthest;
    long shift = first - media.start(0);
    if (shift == 0 || last - media.end(0) != shift) {
      return false;
    }
    readers.forEach(reader -> reader.misplaced(shift));
    faults.add(
        DefectKind.SAMPLE_OUTSIDE,
        media.start(0),
        media.end(0) - media.start(0),
        new Evidence.Violation(
            "all samples, "
                + Math.abs(shift)
                + " bytes too far "
                + (shift > 0 ? "back" : "forward"),
            "bytes " + first + " to " + last,
            "the media data, bytes " + media.start(0) + " to " + media.end(0)));
    return true;
  }

  /// Finds the chunks that begin before the end of one that began earlier.
  private void overlaps() {
    chunks.sort(Order.byLong(Chunk::start).thenComparingLong(Chunk::end));
    faults.examined(DefectKind.SAMPLE_OVERLAP, chunks.size());
    Chunk reaching = null;
    for (Chunk chunk : chunks) {
      if (reaching != null && chunk.start < reaching.end) {
        Shared found = shared == null ? new Shared(chunk, reaching) : shared;
        shared = found;
        found.places++;
        found.bytes += Math.min(chunk.end, reaching.end) - chunk.start;
        found.tracks.add(chunk.track);
        found.tracks.add(reaching.track);
        chunk.track.doubt(chunk.first, chunk.last);
        reaching.track.doubt(reaching.first, reaching.last);
      }
      if (reaching == null || chunk.end > reaching.end) {
        reaching = chunk;
      }
    }
    chunks.clear();
  }

  /// Reports bytes that belong to two samples, once all samples were read. Where frames are broken
  /// of themselves, or tables contradict each other, it follows from that.
  void tell() {
    Shared found = shared;
    if (found == null) {
      return;
    }
    boolean symptom =
        found.tracks.stream()
            .anyMatch(track -> track.isMalformed() || track.track.doubtful || track.lacksSamples());
    faults.add(
        DefectKind.SAMPLE_OVERLAP,
        symptom ? Severity.INFO : DefectKind.SAMPLE_OVERLAP.severity(),
        faults.at(found.chunk.start, found.firstBytes()).withStream(found.chunk.track.name()),
        new Evidence.Violation(
            "bytes of " + found.chunk.track.name(),
            found.firstBytes()
                + " belong to "
                + found.other.track.name()
                + " as well"
                + (found.places == 1
                    ? ""
                    : "; " + found.bytes + " bytes in " + found.places + " places in all"),
            "bytes of their own"));
  }
}
