package dev.lockstep.synth.fault;

import dev.lockstep.synth.encode.Schema;
import java.util.Map;

/// One stream of a recording that is being written.
///
/// @param topic name of the stream
/// @param schema type of its messages; an empty name stands for none
/// @param metadata what else its channel says
public record StreamSpec(String topic, Schema schema, Map<String, String> metadata) {
  /// A stream that says nothing else.
  public StreamSpec(String topic, Schema schema) {
    this(topic, schema, Map.of());
  }

  /// What its messages are, by the name of their type.
  public StreamKind kind() {
    return StreamKind.of(schema);
  }
}
