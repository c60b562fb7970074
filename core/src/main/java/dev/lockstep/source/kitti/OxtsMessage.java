package dev.lockstep.source.kitti;

import dev.lockstep.mapped.TextLines;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Readings;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.payload.PayloadFacts;
import dev.lockstep.source.CoverageTally;
import dev.lockstep.source.FileItem;
import dev.lockstep.source.FileMessage;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingSink;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One GPS/IMU reading of a raw drive, which is one file of one line.
final class OxtsMessage implements FileItem {
  private final FileMessage message;
  private final long stampNs;
  private final OxtsTrack track;
  private @Nullable OxtsLine line;

  /// @param name name of the file relative to the recording
  /// @param track told of the reading if it is sound
  OxtsMessage(
      StreamInfo stream,
      long index,
      long stampNs,
      Path path,
      String name,
      ReadOptions options,
      CoverageTally tally,
      OxtsTrack track) {
    FileMessage.Content content =
        new FileMessage.Content(this::read, Set.of(DefectKind.TEXT_MALFORMED), "", true);
    this.message = new FileMessage(stream, index, stampNs, path, name, content, options, tally);
    this.stampNs = stampNs;
    this.track = track;
  }

  private void read(MemorySegment bytes, long offsetBytes, int lengthBytes, PayloadFacts facts) {
    TextLines lines = new TextLines(bytes.asSlice(offsetBytes, lengthBytes));
    Evidence fault = new Evidence.Violation("line", "absent", KittiLayout.OXTS_VALUES + " numbers");
    if (lines.next()) {
      OxtsLine first = OxtsLine.parse(lines.text());
      fault = first.fault();
      line = fault == null ? first : null;
      if (fault == null) {
        facts.turnRate(first.rate(0), first.rate(1), first.rate(2));
        facts.position(first.latitude(), first.longitude(), first.altitude(), Readings.GEODETIC);
      }
    }
    if (fault != null) {
      facts.fault(DefectKind.TEXT_MALFORMED, fault);
    }
  }

  @Override
  public void scan() {
    message.scan();
  }

  @Override
  public void commit(RecordingSink sink) {
    message.commit(sink);
    if (line != null && message.readable()) {
      track.add(stampNs, line);
    }
  }
}
