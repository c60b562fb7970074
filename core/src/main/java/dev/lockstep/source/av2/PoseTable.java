package dev.lockstep.source.av2;

import dev.lockstep.arrow.FeatherColumns;
import dev.lockstep.arrow.FeatherColumns.Integers;
import dev.lockstep.arrow.FeatherFile;
import dev.lockstep.arrow.MalformedFeatherException;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Order;
import dev.lockstep.model.Pose;
import dev.lockstep.model.PoseSeries;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.RecordingSink;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/// Reads the vehicle's poses: a row at every stamp of any sensor, so that neighbours a nanosecond
/// apart are normal.
final class PoseTable implements FeatherTable.Content {
  private final StreamInfo stream;
  private final String file;
  private final MessageBatch rows;
  private final List<Stamped> poses = new ArrayList<>();

  private @Nullable Evidence running;
  private int runFirst;
  private int runLast;

  private record Stamped(long stampNs, Pose pose) {}

  /// @param file name of the file relative to the recording
  PoseTable(StreamInfo stream, String file) {
    this.stream = stream;
    this.file = file;
    this.rows = new MessageBatch(stream, 64);
  }

  @Override
  public void read(FeatherFile table, FeatherTable.Findings findings)
      throws MalformedFeatherException {
    for (int i = 0; i < table.batchCount(); i++) {
      try (VectorSchemaRoot batch = table.load(i)) {
        read(batch, findings);
      }
    }
    endRun(findings);
    findings.examined(DefectKind.POSE_INVALID, rows.size());
  }

  private void read(VectorSchemaRoot batch, FeatherTable.Findings findings) {
    Integers stamps = FeatherColumns.integers(batch, Av2Layout.STAMP);
    Transforms transforms = Transforms.of(batch);
    if (stamps == null || transforms == null) {
      findings.defect(
          Defect.of(
              DefectKind.RECORD_MALFORMED,
              Location.stream(stream.name()).withFile(file),
              new Evidence.Violation(
                  "columns", "not those of poses", Av2Layout.STAMP + " " + Transforms.COLUMNS)));
      return;
    }
    for (int row = 0; row < batch.getRowCount(); row++) {
      long stampNs = stamps.has(row) ? stamps.get(row) : Times.NONE;
      int at = rows.add(stampNs, Times.NONE, Times.NONE, 0, 0);
      rows.setFile(at, file);
      Pose pose = transforms.pose(row);
      @Nullable Evidence fault = Transforms.fault(pose);
      if (fault == null && stampNs == Times.NONE) {
        fault = new Evidence.Violation(Av2Layout.STAMP, "null", "a stamp");
      }
      if (fault == null) {
        poses.add(new Stamped(stampNs, pose));
        endRun(findings);
      } else {
        rows.addFlags(at, MessageBatch.UNREADABLE);
        if (running == null) {
          running = fault;
          runFirst = at;
        }
        runLast = at;
      }
    }
  }

  /// Neighbouring rows that are wrong are one defect.
  private void endRun(FeatherTable.Findings findings) {
    Evidence fault = running;
    if (fault == null) {
      return;
    }
    Location where = Location.stream(stream.name()).withFile(file).withMessages(runFirst, runLast);
    long first = rows.stampsNs()[runFirst];
    long last = rows.stampsNs()[runLast];
    if (first != Times.NONE && last != Times.NONE) {
      where = where.withStamps(first, last);
    }
    findings.defect(Defect.of(DefectKind.POSE_INVALID, where, fault));
    running = null;
  }

  @Override
  public void commit(RecordingSink sink) {
    if (rows.size() > 0) {
      sink.messages(rows);
    }
    // A table out of order is a fault of the stream; poses are looked up by time all the same.
    poses.sort(Order.byLong(Stamped::stampNs));
    PoseSeries series = new PoseSeries();
    for (Stamped stamped : poses) {
      boolean _ = series.add(stamped.stampNs(), stamped.pose());
    }
    sink.poses(series);
  }
}
