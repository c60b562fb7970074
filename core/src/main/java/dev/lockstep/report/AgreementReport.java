package dev.lockstep.report;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.lockstep.agreement.AgreementRow;
import dev.lockstep.arrow.ArrowFileOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;

/// How far annotators agree, as text, JSON or an Arrow file: one long table, a row a measure.
///
/// ```text
/// scope, subject, measure: utf8; value, low, high: float64, null where undecided; count: int64
/// ```
public final class AgreementReport {
  private static final int BATCH_ROWS = 8192;

  private AgreementReport() {}

  /// A table for people: a block a scope.
  public static String text(List<AgreementRow> rows) {
    int subject = 0;
    int measure = 0;
    for (AgreementRow row : rows) {
      subject = Math.max(subject, row.subject().length());
      measure = Math.max(measure, row.measure().length());
    }
    StringBuilder text = new StringBuilder();
    String scope = "";
    for (AgreementRow row : rows) {
      if (!row.scope().equals(scope)) {
        scope = row.scope();
        text.append(text.isEmpty() ? "" : "\n").append(scope).append('\n');
      }
      String line =
          String.format(
              Locale.ROOT,
              "  %-" + Math.max(1, subject) + "s  %-" + measure + "s  %8s  %-16s  n %d",
              row.subject(),
              row.measure(),
              number(row),
              interval(row),
              row.count());
      text.append(line).append('\n');
    }
    return text.toString();
  }

  private static String number(AgreementRow row) {
    if (Double.isNaN(row.value())) {
      return "-";
    }
    boolean count = row.value() == row.count() && row.count() > 1;
    return count ? Long.toString(row.count()) : String.format(Locale.ROOT, "%.3f", row.value());
  }

  private static String interval(AgreementRow row) {
    return Double.isNaN(row.low())
        ? ""
        : String.format(Locale.ROOT, "%.3f to %.3f", row.low(), row.high());
  }

  /// A document: threshold, seed and an array of rows; what is undecided is left out.
  ///
  /// @throws IOException if `out` cannot be written to
  public static void json(List<AgreementRow> rows, double threshold, long seed, OutputStream out)
      throws IOException {
    try (JsonGenerator json = JsonReport.JSON.createGenerator(out, JsonEncoding.UTF8)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.setPrettyPrinter(JsonReport.indented());
      json.writeStartObject();
      json.writeNumberField("iou", threshold);
      json.writeNumberField("seed", seed);
      json.writeArrayFieldStart("rows");
      for (AgreementRow row : rows) {
        json.writeStartObject();
        json.writeStringField("scope", row.scope());
        json.writeStringField("subject", row.subject());
        json.writeStringField("measure", row.measure());
        number(json, "value", row.value());
        number(json, "low", row.low());
        number(json, "high", row.high());
        json.writeNumberField("count", row.count());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static void number(JsonGenerator json, String name, double value) throws IOException {
    if (!Double.isNaN(value)) {
      json.writeNumberField(name, value);
    }
  }

  /// An Arrow IPC file, not compressed.
  ///
  /// @throws IOException if `out` cannot be written to
  public static void arrow(List<AgreementRow> rows, OutputStream out) throws IOException {
    try (ArrowFileOutput file =
        new ArrowFileOutput(
            Channels.newChannel(out), ArrowTables.AGREEMENT, CodecType.NO_COMPRESSION)) {
      ArrowTables.Rows table = new ArrowTables.Rows(file.root());
      for (AgreementRow row : rows) {
        table.begin();
        table.texts(List.of(row.scope(), row.subject(), row.measure()));
        table.realOrNull(row.value());
        table.realOrNull(row.low());
        table.realOrNull(row.high());
        table.number(row.count());
        if (table.count() == BATCH_ROWS) {
          file.writeBatch(table.count());
          table.restart();
        }
      }
      if (table.count() > 0) {
        file.writeBatch(table.count());
      }
      file.finish();
    }
  }
}
