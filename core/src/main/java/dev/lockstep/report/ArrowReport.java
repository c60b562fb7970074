package dev.lockstep.report;

import dev.lockstep.arrow.ArrowFileOutput;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Measurement;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.Run;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.Location;
import dev.lockstep.model.Span;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.List;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.types.pojo.Schema;

/// A table of a run as an Arrow IPC file, for data frames and query engines: its findings or its
/// measurements.
///
/// Columns, types and order are frozen (`lockstep.table.version` in the metadata). Times are int64
/// nanoseconds. Whatever does not apply is null. Buffers are not compressed, so that every Arrow
/// reader opens the file.
///
/// ```text
/// findings      recording, format, check, name, severity, title, message: utf8
///               what, observed, expected, unit: utf8 (evidence; unit null where there is none)
///               cause, file, stream, track: utf8, null
///               byte_offset, byte_length, first_message, last_message, first_stamp_ns,
///               last_stamp_ns, first_frame, last_frame: int64, null
///               fingerprint: utf8
/// measurements  recording, format, check: utf8; subject: utf8, null for the recording itself
///               quantity: utf8; value: float64; unit: utf8, null for counts and ratios
/// ```
public final class ArrowReport implements Report {
  /// Rows of a batch: bounds what is held, and is what query engines like to take at once.
  private static final int BATCH_ROWS = 8192;

  private final boolean measurements;

  private ArrowReport(boolean measurements) {
    this.measurements = measurements;
  }

  /// The table of findings.
  public static ArrowReport findings() {
    return new ArrowReport(false);
  }

  /// The table of measurements.
  public static ArrowReport measurements() {
    return new ArrowReport(true);
  }

  @Override
  public void write(Run run, OutputStream out) throws IOException {
    Schema schema = measurements ? ArrowTables.MEASUREMENTS : ArrowTables.FINDINGS;
    try (ArrowFileOutput file =
        new ArrowFileOutput(Channels.newChannel(out), schema, CodecType.NO_COMPRESSION)) {
      ArrowTables.Rows rows = new ArrowTables.Rows(file.root());
      for (RecordingResult recording : run.recordings()) {
        if (measurements) {
          for (Measurement measurement : recording.measurements()) {
            append(rows, recording, measurement);
            writeIfFull(file, rows);
          }
        } else {
          for (Finding finding : recording.findings()) {
            append(rows, recording, finding);
            writeIfFull(file, rows);
          }
        }
      }
      if (rows.count() > 0) {
        file.writeBatch(rows.count());
      }
      file.finish();
    }
  }

  private static void writeIfFull(ArrowFileOutput file, ArrowTables.Rows rows) throws IOException {
    if (rows.count() == BATCH_ROWS) {
      file.writeBatch(rows.count());
      rows.restart();
    }
  }

  private static void append(
      ArrowTables.Rows rows, RecordingResult recording, Measurement measurement) {
    rows.begin();
    rows.texts(List.of(recording.name(), recording.format(), measurement.check()));
    rows.textOrNull(measurement.subject());
    rows.texts(List.of(measurement.quantity()));
    rows.real(measurement.value());
    rows.textOrNull(measurement.unit());
  }

  private static void append(ArrowTables.Rows rows, RecordingResult recording, Finding finding) {
    Location at = finding.location();
    rows.begin();
    rows.texts(
        List.of(
            recording.name(),
            recording.format(),
            finding.check().id(),
            finding.check().name(),
            finding.severity().label(),
            finding.title(),
            FindingText.message(finding),
            finding.evidence().what(),
            finding.evidence().observed(),
            finding.evidence().expected()));
    rows.textOrNull(finding.evidence().unit());
    rows.textOrNull(finding.cause() == null ? "" : finding.cause().sentence());
    rows.textOrNull(at.file());
    rows.textOrNull(at.stream());
    rows.textOrNull(at.track());
    ByteRange bytes = at.bytes();
    rows.number(bytes == null ? null : bytes.offsetBytes());
    rows.number(bytes == null ? null : bytes.lengthBytes());
    for (Span span : new Span[] {at.messages(), at.stampsNs(), at.frames()}) {
      rows.number(span == null ? null : span.first());
      rows.number(span == null ? null : span.last());
    }
    rows.texts(List.of(finding.fingerprint()));
  }
}
