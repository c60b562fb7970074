package dev.lockstep.source.mp4;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;

/// Holds what a movie says of its lengths against each other, from the inside out: media, edit
/// list, track (tkhd), movie (mvhd). Only the innermost contradiction is reported; what is further
/// out follows from it.
final class Durations {
  /// What writers round away, or leave out of priming samples of sound (judged).
  private static final long ROUNDING_NS = 100 * Times.MILLISECOND;

  private final Movie movie;
  private final Faults faults;

  private Durations(Movie movie, Faults faults) {
    this.movie = movie;
    this.faults = faults;
  }

  /// Compares the lengths of a movie whose samples all stand in its own tables.
  static void check(Movie movie, Faults faults) {
    if (movie.timescale > 0 && !movie.fragmented) {
      new Durations(movie, faults).check();
    }
  }

  private void check() {
    long longestNs = 0;
    boolean known = !movie.tracks.isEmpty();
    boolean told = false;
    for (Track track : movie.tracks) {
      boolean wrong = track.doubtful || !agrees(track);
      told |= wrong;
      known &= track.shownTicks > 0;
      longestNs = Math.max(longestNs, ns(track.shownTicks));
    }
    faults.examined(DefectKind.COUNT_MISMATCH, 1);
    if (known && !told && movie.durationTicks > 0 && differs(ns(movie.durationTicks), longestNs)) {
      tell(
          movie.head,
          "",
          "duration in mvhd, against the longest track, ms",
          ns(movie.durationTicks),
          longestNs);
    }
  }

  /// Whether media, edit list and head of a track agree; if not, it is told.
  private boolean agrees(Track track) {
    Table deltas = track.decodeDeltas;
    if (track.timescale == 0 || deltas == null) {
      return true;
    }
    long ticks = 0;
    for (long i = 0; i < deltas.count(); i++) {
      ticks += deltas.u32(i, 0) * deltas.u32(i, 1);
    }
    faults.examined(DefectKind.COUNT_MISMATCH, 1);
    String stream = TrackReader.nameOf(track);
    if (ticks <= 0) {
      // A length without a sample: the tables were written, the media was not.
      boolean empty = track.tableSamples() == 0 && track.duration > 0;
      if (empty) {
        faults.add(
            DefectKind.MEDIA_MISSING,
            DefectKind.MEDIA_MISSING.severity(),
            faults.at(track.box.at(), track.box.end() - track.box.at()).withStream(stream),
            new Evidence.Violation(
                "samples of " + stream,
                "none",
                Ticks.toNs(track.duration, track.timescale) / Times.MILLISECOND + " ms of media"));
      }
      return !empty;
    }
    long mediaNs = Ticks.toNs(ticks, track.timescale);
    EditList edits = track.edits;
    boolean edited = edits.box().type() == Mp4Layout.ELST && edits.shownTicks() > 0;
    long shownNs = edited ? ns(edits.shownTicks()) : mediaNs;
    if (edited && edits.parts() == 1 && edits.plain()) {
      long leftNs = mediaNs - Ticks.toNs(edits.mediaTime(), track.timescale);
      if (shownNs > leftNs + ROUNDING_NS + frameNs(ticks, track)) {
        track.doubtful = true;
        tell(
            edits.box(),
            stream,
            "duration in elst, against the media that it shows, ms",
            shownNs,
            leftNs);
        return false;
      }
    }
    long headNs = ns(track.shownTicks);
    long wholeNs = shownNs + ns(edits.delayTicks());
    boolean hidden = edits.parts() == 0;
    if (!hidden
        && track.shownTicks > 0
        && Math.abs(headNs - wholeNs) > ROUNDING_NS + frameNs(ticks, track)) {
      track.doubtful = edited;
      tell(track.head, stream, "duration in tkhd, against its media, ms", headNs, wholeNs);
      return false;
    }
    return true;
  }

  /// Length of a frame, ns: writers leave out the last, or count it twice.
  private static long frameNs(long ticks, Track track) {
    return Ticks.toNs(ticks, track.timescale) / Math.max(1, track.tableSamples());
  }

  private boolean differs(long storedNs, long computedNs) {
    return Math.abs(storedNs - computedNs) > ROUNDING_NS;
  }

  private long ns(long movieTicks) {
    return movieTicks <= 0 ? 0 : Ticks.toNs(movieTicks, movie.timescale);
  }

  private void tell(Box box, String stream, String what, long storedNs, long computedNs) {
    var at = faults.at(box.at(), box.end() - box.at());
    faults.add(
        DefectKind.COUNT_MISMATCH,
        Severity.WARNING,
        stream.isEmpty() ? at : at.withStream(stream),
        Evidence.Mismatch.ofCount(
            what, storedNs / Times.MILLISECOND, computedNs / Times.MILLISECOND));
  }
}
