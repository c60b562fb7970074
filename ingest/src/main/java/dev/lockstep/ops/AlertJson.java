package dev.lockstep.ops;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/// Alerts as JSON: our own form, and that of Alertmanager's API v2.
final class AlertJson {
  private static final JsonFactory JSON = new JsonFactory();

  private AlertJson() {}

  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] render(Body body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      body.write(json);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory", e);
    }
    return out.toByteArray();
  }

  /// `{"schema_version":1,"alerts":[...]}`, each with `state` `raised` or `cleared`.
  static byte[] own(List<Alert> alerts) {
    return render(json -> {
      json.writeStartObject();
      json.writeNumberField("schema_version", 1);
      json.writeArrayFieldStart("alerts");
      for (Alert alert : alerts) {
        json.writeStartObject();
        json.writeStringField("fingerprint", alert.fingerprint());
        json.writeStringField("state", alert.raised() ? "raised" : "cleared");
        json.writeStringField("name", alert.name());
        json.writeStringField("severity", alert.severity());
        json.writeStringField("subject", alert.subject());
        json.writeStringField("attributed", alert.attributed());
        json.writeStringField("summary", alert.summary());
        json.writeStringField("since", Instant.ofEpochMilli(alert.sinceMillis()).toString());
        if (!alert.raised()) {
          json.writeStringField("until", Instant.ofEpochMilli(alert.untilMillis()).toString());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  /// The body of `POST /api/v2/alerts`: labels identify an alert, an end in the past clears it.
  static byte[] alertmanager(List<Alert> alerts) {
    return render(json -> {
      json.writeStartArray();
      for (Alert alert : alerts) {
        json.writeStartObject();
        json.writeObjectFieldStart("labels");
        json.writeStringField("alertname", alert.name());
        json.writeStringField("severity", alert.severity());
        json.writeStringField("fingerprint", alert.fingerprint());
        json.writeStringField("subject", alert.subject());
        json.writeStringField("job", "lockstep");
        json.writeEndObject();
        json.writeObjectFieldStart("annotations");
        json.writeStringField("summary", alert.summary());
        json.writeStringField("attributed", alert.attributed());
        json.writeEndObject();
        json.writeStringField("startsAt", Instant.ofEpochMilli(alert.sinceMillis()).toString());
        if (!alert.raised()) {
          json.writeStringField("endsAt", Instant.ofEpochMilli(alert.untilMillis()).toString());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
    });
  }
}
