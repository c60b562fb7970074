package dev.lockstep.ops;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.lockstep.follow.StreamProgress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the status page shows, as JSON. The page is its only reader: fields may change.
final class StatusJson {
  private static final JsonFactory JSON = new JsonFactory();

  private StatusJson() {}

  record View(
      String door,
      String version,
      long startedMillis,
      long nowMillis,
      List<PartStatus> parts,
      List<ConnectionStatus> connections,
      Map<String, SensorHistory> sensors,
      List<Condition> conditions,
      List<ServiceMonitor.Noted> findings,
      long notedFindings) {}

  static byte[] of(View view) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("door", view.door());
      json.writeStringField("version", view.version());
      json.writeNumberField("startedMillis", view.startedMillis());
      json.writeNumberField("nowMillis", view.nowMillis());
      json.writeNumberField("findingsTotal", view.notedFindings());
      json.writeArrayFieldStart("conditions");
      for (Condition each : view.conditions()) {
        json.writeStartObject();
        json.writeStringField("kind", each.kind());
        json.writeStringField("subject", each.subject());
        json.writeStringField("severity", each.severity().label());
        json.writeStringField("attributed", each.attributed());
        json.writeStringField("summary", each.summary());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("sensors");
      for (Map.Entry<String, SensorHistory> each : view.sensors().entrySet()) {
        write(json, each.getKey(), each.getValue(), view.nowMillis());
      }
      json.writeEndArray();
      json.writeArrayFieldStart("parts");
      for (PartStatus each : view.parts()) {
        write(json, each);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("connections");
      for (ConnectionStatus each : view.connections()) {
        write(json, each);
      }
      json.writeEndArray();
      json.writeArrayFieldStart("findings");
      for (ServiceMonitor.Noted each : view.findings()) {
        write(json, each);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory", e);
    }
    return out.toByteArray();
  }

  private static void write(JsonGenerator json, String name, SensorHistory sensor, long nowMillis)
      throws IOException {
    StreamProgress newest = sensor.newest();
    json.writeStartObject();
    json.writeStringField("name", name);
    json.writeStringField("modality", newest.modality());
    json.writeStringField("part", sensor.part());
    json.writeNumberField("messages", sensor.messages());
    json.writeNumberField("gaps", sensor.gaps());
    json.writeNumberField("longestGapMillis", sensor.longestGapNs() / 1e6);
    json.writeNumberField("rateHertz", newest.rateHertz());
    json.writeNumberField("ageSeconds", sensor.ageSeconds(nowMillis));
    json.writeStringField("marks", sensor.marks());
    json.writeArrayFieldStart("rates");
    for (int i = 0; i < SensorHistory.SAMPLES; i++) {
      json.writeNumber(Math.round(sensor.rate(i) * 100) / 100.0);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("offsetsMillis");
    for (int i = 0; i < SensorHistory.SAMPLES; i++) {
      double offset = sensor.offsetMillis(i);
      if (Double.isNaN(offset)) {
        json.writeNull();
      } else {
        json.writeNumber(Math.round(offset * 1000) / 1000.0);
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, PartStatus part) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", part.id());
    json.writeStringField("name", part.name());
    json.writeStringField("state", part.state().name().toLowerCase(Locale.ROOT));
    json.writeNumberField("readableBytes", part.readableBytes());
    json.writeNumberField("durableBytes", part.durableBytes());
    json.writeNumberField("checkedBytes", part.checkedBytes());
    json.writeStringField("verdict", part.verdict());
    json.writeNumberField("findings", part.findings());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, ConnectionStatus connection) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", connection.id());
    json.writeStringField("peer", connection.peer());
    json.writeStringField("session", connection.session());
    json.writeStringField("stream", connection.stream());
    json.writeStringField("part", connection.part());
    json.writeNumberField("receivedBytes", connection.receivedBytes());
    json.writeNumberField("durableBytes", connection.durableBytes());
    json.writeNumberField("sinceMillis", connection.sinceMillis());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, ServiceMonitor.Noted finding) throws IOException {
    json.writeStartObject();
    json.writeNumberField("number", finding.number());
    json.writeNumberField("atMillis", finding.atMillis());
    json.writeStringField("recording", finding.recording());
    json.writeStringField("id", finding.id());
    json.writeStringField("rule", finding.rule());
    json.writeStringField("name", finding.name());
    json.writeStringField("severity", finding.severity());
    json.writeStringField("text", finding.text());
    json.writeStringField("place", finding.place());
    json.writeStringField("attributed", finding.attributed());
    json.writeEndObject();
  }
}
