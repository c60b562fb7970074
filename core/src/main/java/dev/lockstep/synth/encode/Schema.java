package dev.lockstep.synth.encode;

import java.util.Arrays;

/// A message type, as containers declare it.
public final class Schema {
  private final String name;
  private final String encoding;
  private final String messageEncoding;
  private final byte[] data;

  /// A message type.
  ///
  /// @param name full name, empty for none
  /// @param encoding encoding of `data` (`ros2msg`, `protobuf`, `jsonschema`)
  /// @param messageEncoding encoding of messages (`cdr`, `protobuf`, `json`)
  /// @param data the schema
  public Schema(String name, String encoding, String messageEncoding, byte[] data) {
    this.name = name;
    this.encoding = encoding;
    this.messageEncoding = messageEncoding;
    this.data = data.clone();
  }

  /// Whether another type is declared by the same name and text, whatever its messages are in.
  public boolean definesSame(Schema other) {
    return name.equals(other.name)
        && encoding.equals(other.encoding)
        && Arrays.equals(data, other.data);
  }

  /// Full name, empty for none.
  public String name() {
    return name;
  }

  /// Encoding of [#data()].
  public String encoding() {
    return encoding;
  }

  /// Encoding of messages.
  public String messageEncoding() {
    return messageEncoding;
  }

  /// The schema.
  public byte[] data() {
    return data.clone();
  }
}
