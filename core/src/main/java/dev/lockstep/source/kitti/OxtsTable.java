package dev.lockstep.source.kitti;

import dev.lockstep.checksum.Crc32;
import dev.lockstep.checksum.Crc32c;
import dev.lockstep.labels.FrameStamps;
import dev.lockstep.mapped.TextLines;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.CoverageTally;
import dev.lockstep.source.FileFaults;
import dev.lockstep.source.FileItem;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingSink;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The GPS/IMU readings of a tracking sequence: one file, one line a frame.
final class OxtsTable implements FileItem {
  /// Most readings that are kept. Judged: eleven days at 10 Hz.
  private static final int MAX_LINES = 10_000_000;

  private final StreamInfo stream;
  private final Path path;
  private final String name;
  private final ReadOptions options;
  private final CoverageTally tally;
  private final OxtsTrack track;
  private final MessageBatch rows;
  private final List<Defect> defects = new ArrayList<>();
  private long lengthBytes;

  /// @param name name of the file relative to the recording
  /// @param track told of sound readings
  OxtsTable(
      StreamInfo stream,
      Path path,
      String name,
      ReadOptions options,
      CoverageTally tally,
      OxtsTrack track) {
    this.stream = stream;
    this.path = path;
    this.name = name;
    this.options = options;
    this.tally = tally;
    this.track = track;
    this.rows = new MessageBatch(stream, 64);
  }

  @Override
  public void scan() {
    FileFaults.read(
        path,
        Location.stream(stream.name()).withFile(name),
        length -> lengthBytes = length,
        this::read,
        defects::add);
  }

  private void read(MemorySegment text) {
    if (!FileFaults.examine(text, Location.stream(stream.name()).withFile(name), defects::add)) {
      return;
    }
    TextLines at = new TextLines(text);
    int frame = 0;
    while (at.next() && frame < MAX_LINES) {
      long stampNs = frame * FrameStamps.NOMINAL_PERIOD_NS;
      int length = (int) Math.min(at.lengthBytes(), Integer.MAX_VALUE);
      int row = rows.add(stampNs, Times.NONE, Times.NONE, at.offsetBytes(), length);
      rows.setFile(row, name);
      if (options.digests()) {
        rows.setDigest(row, Crc32.of(text, at.offsetBytes(), length));
      }
      if (options.crc32c()) {
        rows.setCrc32c(row, Crc32c.of(text, at.offsetBytes(), length));
      }
      OxtsLine line = OxtsLine.parse(at.text());
      Evidence fault = line.fault();
      if (fault == null) {
        track.add(stampNs, line);
      } else {
        rows.addFlags(row, MessageBatch.UNREADABLE);
        defects.add(
            Defect.of(
                DefectKind.TEXT_MALFORMED,
                Location.stream(stream.name())
                    .withFile(name)
                    .withBytes(at.offsetBytes(), at.lengthBytes())
                    .withMessages(frame, frame),
                fault));
      }
      frame++;
    }
  }

  /// Number of readings.
  int messages() {
    return rows.size();
  }

  @Override
  public void commit(RecordingSink sink) {
    tally.add(lengthBytes);
    FileFaults.KINDS.forEach(kind -> sink.examined(kind, 1));
    sink.examined(DefectKind.FILE_UNREADABLE, 1);
    sink.examined(DefectKind.FILE_CHANGED, 1);
    sink.examined(DefectKind.TEXT_MALFORMED, rows.size());
    if (rows.size() > 0) {
      sink.messages(rows);
    }
    defects.forEach(sink::defect);
  }
}
