package dev.lockstep.sidecar;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/// Fields of a JSON object, one after the other.
final class Json {
  private final StringBuilder text = new StringBuilder();

  private Json name(String name) {
    if (!text.isEmpty()) {
      text.append(',');
    }
    text.append('"').append(name).append("\":");
    return this;
  }

  Json text(String name, String value) {
    name(name).text.append('"');
    JsonStringEncoder.getInstance().quoteAsString(value, text);
    text.append('"');
    return this;
  }

  /// The same, if there is a value.
  Json textIfAny(String name, String value) {
    return value.isEmpty() ? this : text(name, value);
  }

  Json number(String name, long value) {
    name(name).text.append(value);
    return this;
  }

  Json truth(String name, boolean value) {
    name(name).text.append(value);
    return this;
  }

  /// Adds the fields of an object that is written already.
  Json fieldsOf(String object) {
    if (!text.isEmpty()) {
      text.append(',');
    }
    text.append(object, 1, object.length() - 1);
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
