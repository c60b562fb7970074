package dev.lockstep.source.matroska;

import dev.lockstep.mapped.MappedFaultException;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Coverage;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Times;
import dev.lockstep.source.CompleteFileReader;
import dev.lockstep.source.FaultTally;
import dev.lockstep.source.FrameTimeList;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingSink;
import dev.lockstep.source.ScanUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one Matroska file once it is complete: what it says of itself may stand at its end.
///
/// Private memory: 17 bytes a cluster, capped, and the units under way.
final class MatroskaReader extends CompleteFileReader {
  /// Frames of a unit, and bytes, whichever comes first. Judged: worth handing to a thread.
  private static final int UNIT_FRAMES = 256;

  private static final long UNIT_BYTES = 4 << 20;

  /// Frames that are read. Judged: 6 days at 30 Hz.
  private static final long MAX_FRAMES = 1 << 24;

  private final String name;
  private final ReadOptions options;
  private final FaultTally faults;
  private final Map<Long, TrackRows> tracks = new LinkedHashMap<>();
  private final MatroskaUnit.Totals totals = new MatroskaUnit.Totals();
  private @Nullable SegmentMap map;
  private @Nullable BlockWalk walk;

  /// How far the told length may be from the last frame. Judged: subtitles and sound may go on, and
  /// the last frame is shown for a while.
  private static final double LENGTH_NS = 1e9;

  private static final double LENGTH_SHARE = 0.02;

  private int cluster;
  private long frames;
  private long strays;
  private long farTimes;
  private long lostBytes;

  MatroskaReader(MappedFile file, ReadOptions options) {
    super(file);
    this.name = file.name();
    this.options = options;
    this.faults = new FaultTally(name);
  }

  @Override
  protected void plan() {
    SegmentMap found = new SegmentMap(file.segment(), faults);
    map = found;
    found.read();
    for (Track track : found.tracks.values()) {
      tracks.put(track.number(), new TrackRows(track, tracks.size(), track.name(), found.scaleNs));
    }
    for (TrackRows track : tracks.values()) {
      if (track.track.isVideo()) {
        track.times = FrameTimeList.beside(file.path());
        break;
      }
    }
  }

  @Override
  protected @Nullable ScanUnit nextUnit() {
    SegmentMap found = map;
    if (found == null) {
      return null;
    }
    MatroskaUnit unit = new MatroskaUnit(file, options);
    fill(unit, found);
    if (unit.isEmpty()) {
      return null;
    }
    return new ScanUnit() {
      @Override
      public void scan() {
        unit.scan();
      }

      @Override
      public void commit(RecordingSink sink) {
        unit.commit(sink, totals);
      }
    };
  }

  private void fill(MatroskaUnit unit, SegmentMap found) {
    while (unit.size() < UNIT_FRAMES && unit.bytes() < UNIT_BYTES && frames < MAX_FRAMES) {
      BlockWalk blocks = walk;
      if (blocks == null) {
        if (cluster == found.clusters.size() || !unit.isEmpty()) {
          return;
        }
        blocks = begin(unit, found);
        walk = blocks;
      }
      boolean there = blocks.next();
      if (blocks.lost) {
        blocks.lost = false;
        tracks.values().forEach(track -> track.afterLoss = true);
      }
      if (!there) {
        lostBytes += blocks.lostBytes;
        walk = null;
        cluster++;
        continue;
      }
      add(unit, blocks, found.scaleNs);
    }
  }

  private BlockWalk begin(MatroskaUnit unit, SegmentMap found) {
    long at = found.clusters.begin(cluster);
    long end = found.clusters.end(cluster);
    Element element = Element.at(file.segment(), at, end);
    if (element == null) {
      throw new IllegalStateException("cluster without a head");
    }
    boolean cut = found.truncated && end == file.lengthBytes();
    if (element.fits(end)) {
      unit.verify(at, element.body(), end);
    }
    if (found.clusters.afterLoss(cluster)) {
      tracks.values().forEach(track -> track.afterLoss = true);
    }
    return new BlockWalk(file.segment(), element, end, cut, faults);
  }

  private void add(MatroskaUnit unit, BlockWalk block, long scaleNs) {
    faults.examined(DefectKind.CHANNEL_UNKNOWN, 1);
    TrackRows track = tracks.get(block.track);
    if (track == null) {
      tracks.values().forEach(each -> each.afterLoss = true);
      if (strays++ == 0) {
        faults.add(
            DefectKind.CHANNEL_UNKNOWN,
            block.offsets[0],
            block.sizes[0],
            new Evidence.Violation(
                "track of a block", Long.toString(block.track), "one that Tracks lists"));
      }
      return;
    }
    long timeNs = block.timeNs(scaleNs);
    farTimes += timeNs == Times.NONE ? 1 : 0;
    for (int i = 0; i < block.frames; i++) {
      long frameNs = track.track.frameNs();
      long stampNs = timeNs;
      if (timeNs != Times.NONE) {
        boolean known = i == 0 || frameNs > 0;
        stampNs = known ? timeNs - track.track.delayNs() + i * frameNs : Times.NONE;
      }
      unit.add(track, stampNs, block.offsets[i], block.sizes[i], block.keyframe);
      frames++;
    }
  }

  @Override
  protected void declare(RecordingSink sink) {
    tracks.values().forEach(track -> sink.stream(track.stream));
  }

  @Override
  public long position() {
    SegmentMap found = map;
    if (!isComplete() || found == null) {
      return isComplete() ? file.lengthBytes() : 0;
    }
    return cluster >= found.clusters.size() ? file.lengthBytes() : found.clusters.begin(cluster);
  }

  @Override
  protected void end(RecordingSink sink) {
    sink.examined(DefectKind.CHUNK_CRC, totals.checksums);
    SegmentMap found = map;
    MappedFaultException shrunk = fault() == null ? totals.fault : fault();
    long lost = lostBytes + (found == null ? 0 : found.lostBytes);
    if (shrunk != null) {
      lost = Math.max(lost, changed(shrunk, sink));
    } else if (found != null) {
      conclude(found, sink);
    }
    boolean damaged = shrunk != null || lost > 0 || found != null && found.truncated;
    for (TrackRows track : tracks.values()) {
      track.finish(sink, options.payloads());
      FrameTimeList times = track.times;
      if (times != null) {
        times.tell(sink, track.stream.name(), damaged);
      }
    }
    faults.tell(sink, this::isSymptom);
    long sound = totals.protectedBytes + (found == null ? 0 : found.protectedBytes);
    sink.coverage(
        new Coverage(
            file.lengthBytes(),
            Math.min(sound, file.lengthBytes()),
            Math.min(lost, file.lengthBytes()),
            totals.unexaminedBytes,
            sound == 0 ? "none" : "CRC-32"));
  }

  /// Whether a fault follows from bytes that are reported as lost or changed: an index that no
  /// longer fits, or elements in a cluster whose checksum is wrong.
  private boolean isSymptom(Defect defect) {
    ByteRange bytes = defect.location().bytes();
    return switch (defect.kind()) {
      case SEGMENT_INDEX, MEDIA_MISSING ->
          faults.has(DefectKind.FILE_TRUNCATED)
              || faults.has(DefectKind.RECORD_LENGTH)
              || faults.has(DefectKind.ZERO_PAGES)
              || faults.has(DefectKind.MAGIC_DAMAGED)
              || faults.has(DefectKind.CHUNK_CRC);
      case RECORD_LENGTH, RECORD_MALFORMED, CHANNEL_UNKNOWN ->
          faults.has(DefectKind.CHUNK_CRC) || bytes != null && totals.isBroken(bytes.offsetBytes());
      default -> false;
    };
  }

  /// Holds the length that the file tells against its frames, and its tracks against them.
  private void lengths(SegmentMap found) {
    long lastNs = 0;
    for (TrackRows track : tracks.values()) {
      lastNs = Math.max(lastNs, track.lastNs());
      faults.examined(DefectKind.MEDIA_MISSING, 1);
      if (track.messages() == 0 && frames > 0) {
        faults.add(
            DefectKind.MEDIA_MISSING,
            Severity.WARNING,
            Location.file(name).withStream(track.stream.name()),
            new Evidence.Violation(
                "blocks of " + track.stream.name(), "none", "some, as of other tracks"));
      }
    }
    faults.examined(DefectKind.COUNT_MISMATCH, 1);
    double toldNs = found.duration * found.scaleNs;
    if (!Double.isNaN(toldNs) && lastNs > 0) {
      double most = LENGTH_NS + LENGTH_SHARE * lastNs;
      if (Math.abs(toldNs - lastNs) > most) {
        faults.add(
            DefectKind.COUNT_MISMATCH,
            Severity.WARNING,
            Location.bytes(name, found.durationAt, 1),
            Evidence.Mismatch.ofCount(
                "Duration, against the last frame, ms",
                Math.round(toldNs / Times.MILLISECOND),
                lastNs / Times.MILLISECOND));
      }
    }
  }

  /// What can be told only when everything was read.
  private void conclude(SegmentMap found, RecordingSink sink) {
    faults.examined(DefectKind.MOVIE_MISSING, 1);
    faults.examined(DefectKind.MEDIA_MISSING, 1);
    faults.examined(DefectKind.TIME_OUT_OF_RANGE, 1);
    faults.examined(DefectKind.CHUNK_TOO_LARGE, 1);
    Location whole = Location.bytes(name, 0, file.lengthBytes());
    if (tracks.isEmpty() && found.clusters.size() > 0) {
      faults.add(
          DefectKind.MOVIE_MISSING,
          DefectKind.MOVIE_MISSING.severity(),
          whole,
          new Evidence.Violation(
              "Tracks", "absent, before " + found.clusters.size() + " clusters", "one"));
    } else if (!tracks.isEmpty() && frames == 0 && !found.truncated) {
      faults.add(
          DefectKind.MEDIA_MISSING,
          Severity.WARNING,
          whole,
          new Evidence.Violation("blocks", "none", "some, of " + tracks.size() + " tracks"));
    } else if (tracks.isEmpty() && !found.truncated && found.segmentBody < 0) {
      faults.add(
          DefectKind.MEDIA_MISSING,
          DefectKind.MEDIA_MISSING.severity(),
          whole,
          new Evidence.Violation("Segment", "absent", "one"));
    }
    if (farTimes > 0) {
      faults.add(
          DefectKind.TIME_OUT_OF_RANGE,
          DefectKind.TIME_OUT_OF_RANGE.severity(),
          whole,
          new Evidence.Violation(
              "times of blocks", farTimes + " are none", "a cluster's Timestamp in front of them"));
    }
    if (frames >= MAX_FRAMES) {
      faults.add(
          DefectKind.CHUNK_TOO_LARGE,
          DefectKind.CHUNK_TOO_LARGE.severity(),
          whole,
          new Evidence.OutOfRange("frames", frames, null, MAX_FRAMES, ""));
    }
    if (lostBytes == 0 && found.lostBytes == 0 && !found.truncated) {
      lengths(found);
    }
    if (strays > 1) {
      sink.note(strays + " blocks of tracks that are not listed");
    }
    if (found.open) {
      sink.note(
          "the segment does not say how long it is: a live stream, or its writer never ended");
    }
  }
}
