package dev.lockstep.ops;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.InstantSource;
import java.util.function.Consumer;

/// What a service says about itself: one line an event, as text or JSON, with fields that carry the
/// values. Rotation is for the system that runs it.
public final class ServiceLog {
  private static final JsonFactory JSON = new JsonFactory();

  private final boolean json;
  private final InstantSource clock;
  private final Consumer<String> lines;

  /// A log that hands its lines, without line ends, to `lines`.
  ///
  /// @param json one JSON object a line; else text
  public ServiceLog(boolean json, InstantSource clock, Consumer<String> lines) {
    this.json = json;
    this.clock = clock;
    this.lines = lines;
  }

  /// Notes something ordinary.
  ///
  /// @param fields names and values in turn
  public void info(String event, Object... fields) {
    write("info", event, fields);
  }

  /// Notes something that somebody should look at.
  ///
  /// @param fields names and values in turn
  public void warn(String event, Object... fields) {
    write("warning", event, fields);
  }

  private synchronized void write(String level, String event, Object... fields) {
    lines.accept(json ? asJson(level, event, fields) : asText(level, event, fields));
  }

  private String asText(String level, String event, Object... fields) {
    StringBuilder line = new StringBuilder(clock.instant().toString());
    line.append(' ').append(level).append(' ').append(event);
    for (int i = 0; i + 1 < fields.length; i += 2) {
      line.append(' ').append(fields[i]).append('=');
      String value = String.valueOf(fields[i + 1]);
      boolean plain = !value.isEmpty() && value.chars().noneMatch(c -> c <= ' ' || c == '"');
      line.append(plain ? value : '"' + value.replace("\"", "\\\"") + '"');
    }
    // Names in recordings may hold anything, also what moves the cursor of a terminal.
    return line.toString().replaceAll("\\p{Cntrl}", "?");
  }

  private String asJson(String level, String event, Object... fields) {
    StringWriter line = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(line)) {
      out.writeStartObject();
      out.writeStringField("time", clock.instant().toString());
      out.writeStringField("level", level);
      out.writeStringField("event", event);
      for (int i = 0; i + 1 < fields.length; i += 2) {
        String name = String.valueOf(fields[i]);
        switch (fields[i + 1]) {
          case Long number -> out.writeNumberField(name, number);
          case Integer number -> out.writeNumberField(name, number);
          case Boolean truth -> out.writeBooleanField(name, truth);
          case Object other -> out.writeStringField(name, other.toString());
        }
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory", e);
    }
    return line.toString();
  }
}
