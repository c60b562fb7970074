package dev.lockstep.source.mp4;

import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Severity;
import dev.lockstep.source.CompleteFileReader;
import dev.lockstep.source.FrameTimeList;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.ScanUnit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads one MP4 file once it is complete: the tables may stand at its end.
///
/// Private memory: boxes at the top of the file (16 bytes each), runs of samples in fragments and
/// chunks (some 100 bytes each), all capped; the units under way. Nothing grows with the number of
/// samples.
final class Mp4Reader extends CompleteFileReader {
  private final Place place;
  private final String name;
  private final ReadOptions options;
  private final Faults faults;
  private final List<TrackReader> readers = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private @Nullable FileMap map;
  private @Nullable Session session;
  private @Nullable Placement placement;
  private int reading;

  /// Where a file stands among others.
  ///
  /// @param continuation what the segments before have come to; null for a file of its own
  /// @param init the file with the tables, where it is another one
  /// @param prefix what stands in front of names of streams
  record Place(@Nullable Continuation continuation, @Nullable Path init, String prefix) {
    static final Place ALONE = new Place(null, null, "");
  }

  Mp4Reader(MappedFile file, ReadOptions options, Place place) {
    super(file);
    this.place = place;
    this.name = file.name();
    this.options = options;
    this.faults = new Faults(name);
  }

  @Override
  protected void plan() {
    Path tables = place.init();
    Movie known = tables == null ? null : initialisation(tables);
    FileMap found = new FileMap(file.segment(), faults, known, place.continuation());
    map = found;
    found.read();
    Movie movie = found.movie;
    if (movie == null) {
      return;
    }
    movie.tracks.forEach(track -> track.prefix = place.prefix());
    Session shared = new Session(file, name, options, found, movie, faults, place.init() != null);
    session = shared;
    Set<String> names = new HashSet<>();
    for (Track track : movie.tracks) {
      String stream = TrackReader.nameOf(track);
      for (int copy = 2; !names.add(stream); copy++) {
        stream = TrackReader.nameOf(track) + "#" + copy;
      }
      if (TrackReader.isPieces(track)) {
        notes.add(stream + ": sound in pieces of a few bytes, which are no messages; not read");
        continue;
      }
      readers.add(new TrackReader(track, readers.size(), stream, shared, cursors(track, stream)));
    }
    if (place.init() == null) {
      Durations.check(movie, faults);
    }
    Placement places = Placement.of(readers, shared);
    placement = places;
    if (places.full()) {
      notes.add("too many chunks to look for bytes that belong to two of them");
    }
    for (TrackReader reader : readers) {
      if (reader.track.isVideo() && shared.timed == null) {
        shared.timed = reader.name();
      }
    }
    if (place.init() == null && shared.timed != null) {
      shared.times = FrameTimeList.beside(file.path());
    }
    new SegmentIndex(file.segment(), found, movie, faults).check();
  }

  /// What another file says of the tracks; null if it does not say, which is told there.
  static @Nullable Movie initialisation(Path path) {
    try (MappedFile init = MappedFile.open(path)) {
      @Nullable Movie[] movie = new @Nullable Movie[1];
      init.guard(
          0,
          init.lengthBytes(),
          () -> {
            FileMap map = new FileMap(init.segment(), new Faults(init.name()), null, null);
            map.read();
            movie[0] = map.movie;
          });
      return movie[0];
    } catch (IOException e) {
      return null;
    }
  }

  private Supplier<@Nullable SampleCursor> cursors(Track track, String stream) {
    if (place.init() != null) {
      // Tables of the movie itself lie in the other file, and are read there.
      return () -> track.runs.isEmpty() ? null : new RunCursor(file.segment(), track.runs, 0);
    }
    Supplier<@Nullable SampleCursor> tables = new TableChecks(track, stream, faults).open();
    if (track.runs.isEmpty()) {
      return tables;
    }
    if (track.tableSamples() > 0) {
      notes.add(
          stream + ": samples in the movie's own tables and in fragments; the latter are read");
    }
    return () -> new RunCursor(file.segment(), track.runs, 0);
  }

  @Override
  protected @Nullable ScanUnit nextUnit() {
    for (; reading < readers.size(); reading++) {
      ScanUnit unit = readers.get(reading).next();
      if (unit != null) {
        return unit;
      }
    }
    return null;
  }

  @Override
  protected void declare(RecordingSink sink) {
    readers.forEach(reader -> sink.stream(reader.stream));
  }

  @Override
  public long position() {
    if (!isComplete()) {
      return 0;
    }
    return readers.isEmpty()
        ? file.lengthBytes()
        : file.lengthBytes() / readers.size() * reading
            + (reading == readers.size() ? file.lengthBytes() % readers.size() : 0);
  }

  @Override
  protected void end(RecordingSink sink) {
    FileMap found = map;
    long lost = 0;
    if (found != null) {
      lost = found.lostBytes;
      conclude(found, sink);
      if (found.movie == null) {
        lost += found.media.bytes();
      }
    }
    Session shared = session;
    MappedFaultException shrunk = fault() != null || shared == null ? fault() : shared.fault;
    if (shrunk != null) {
      lost = Math.max(lost, changed(shrunk, sink));
    }
    faults.tell(sink);
    notes.forEach(sink::note);
    long unexamined = shared == null ? 0 : shared.unexaminedBytes;
    sink.coverage(
        new Coverage(
            file.lengthBytes(), 0, Math.min(lost, file.lengthBytes()), unexamined, "none"));
  }

  /// What can be told only when everything was read.
  private void conclude(FileMap found, RecordingSink sink) {
    Movie movie = found.movie;
    faults.examined(DefectKind.MOVIE_MISSING, 1);
    faults.examined(DefectKind.MEDIA_MISSING, 1);
    boolean cut = found.truncated != null;
    List<String> lost = new ArrayList<>();
    for (TrackReader reader : readers) {
      reader.finish(sink);
      if (!reader.lostInWords().isEmpty()) {
        lost.add(reader.lostInWords());
      }
    }
    if (cut) {
      truncated(found, lost);
    }
    if (movie == null) {
      movieMissing(found, cut);
      return;
    }
    if (found.media.size() == 0) {
      mediaMissing(movie, found);
    } else {
      readers.forEach(reader -> reader.reportOutside(cut));
    }
    Placement places = placement;
    if (places != null) {
      places.tell();
    }
    Session shared = session;
    if (shared != null) {
      FrameTimeList times = shared.times;
      String timed = shared.timed;
      if (times != null && timed != null && fault() == null) {
        boolean known = readers.stream().anyMatch(TrackReader::lacksSamples);
        times.tell(sink, timed, cut || known);
      }
      if (shared.exhausted()) {
        faults.add(
            DefectKind.CHUNK_TOO_LARGE,
            movie.box.at(),
            movie.box.end() - movie.box.at(),
            new Evidence.OutOfRange(
                "samples in the tables", listed(), null, Session.MAX_SAMPLES, "samples"));
      }
      faults.examined(DefectKind.CHUNK_TOO_LARGE, 1);
    }
  }

  private long listed() {
    return readers.stream().mapToLong(TrackReader::listed).sum();
  }

  private void truncated(FileMap found, List<String> lost) {
    Box box = found.truncated;
    if (box == null) {
      return;
    }
    long present = box.end() - box.at();
    faults.add(
        DefectKind.FILE_TRUNCATED,
        box.at(),
        present,
        new Evidence.Violation(
            "box " + box.name(),
            present + " bytes" + (lost.isEmpty() ? "" : "; " + String.join("; ", lost)),
            Long.toUnsignedString(found.claimedBytes) + " bytes"));
  }

  private void movieMissing(FileMap found, boolean cut) {
    boolean movieCut = cut && found.truncated != null && found.truncated.type() == Mp4Layout.MOOV;
    if (movieCut || found.boxes.size() == 0 && found.media.size() == 0) {
      // The fault that keeps the file from being read is told already.
      return;
    }
    boolean segment = found.fragments > 0;
    // Without the tables of the initialisation, which is told there, no segment can be read.
    boolean symptom = cut || found.lostBytes > 0 || place.init() != null;
    faults.add(
        DefectKind.MOVIE_MISSING,
        symptom ? Severity.INFO : segment ? Severity.WARNING : DefectKind.MOVIE_MISSING.severity(),
        faults.at(0, file.lengthBytes()),
        new Evidence.Violation(
            "box moov",
            "absent, before " + found.media.bytes() + " bytes of media data",
            segment
                ? "the initialisation segment that these fragments belong to, in one folder with"
                    + " them"
                : "the tables that a recorder writes when it ends"));
  }

  private void mediaMissing(Movie movie, FileMap found) {
    long listed = listed();
    if (listed == 0 && place.continuation() != null && place.init() == null) {
      // The segments that follow bring it.
      return;
    }
    if (listed == 0 && movie.fragmented) {
      faults.add(
          DefectKind.MEDIA_MISSING,
          Severity.INFO,
          faults.at(0, file.lengthBytes()),
          new Evidence.Violation(
              "media data",
              "none, this is an initialisation segment",
              "segments beside it, checked with their folder"));
    } else if (listed > 0 && found.truncated == null) {
      faults.add(
          DefectKind.MEDIA_MISSING,
          DefectKind.MEDIA_MISSING.severity(),
          faults.at(0, file.lengthBytes()),
          new Evidence.Violation(
              "media data",
              "no mdat in " + file.lengthBytes() + " bytes",
              listed + " samples that the tables list"));
    }
  }
}
