package dev.lockstep.source.mcap;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Severity;
import dev.lockstep.source.RecordingSink;

/// Holds the channels of a file against the profile that its header names.
///
/// A channel whose schema is one of the profile's own must follow the profile, and under any
/// profile the encodings of messages and schema must go together; that is worth a warning. Channels
/// of other kinds beside them (JSON in a `ros2` file) are common and harmless.
final class ProfileCheck {
  private final DataFacts facts;
  private final Streams streams;
  private final DefectLog log;
  private final RecordingSink sink;

  ProfileCheck(DataFacts facts, Streams streams, DefectLog log, RecordingSink sink) {
    this.facts = facts;
    this.streams = streams;
    this.log = log;
    this.sink = sink;
  }

  void run() {
    Records.Header header = facts.header;
    if (header == null) {
      return;
    }
    for (StreamState stream : streams.inOrder()) {
      switch (header.profile()) {
        case "ros2" -> channel(stream, "ros2", "cdr", stream.resolved.channel.hasQos());
        case "ros1" -> channel(stream, "ros1", "ros1", true);
        default -> channel(stream, "", "", true);
      }
    }
  }

  /// Whether messages of that encoding can follow a schema of that encoding. If not, it is no
  /// wonder that they cannot be read.
  static boolean encodingFits(Resolved resolved) {
    Records.Schema schema = resolved.schema;
    String encoding = resolved.channel.encoding();
    return schema == null
        || switch (schema.encoding()) {
          case "ros2msg", "ros2idl", "omgidl" -> encoding.equals("cdr");
          case "ros1msg" -> encoding.equals("ros1");
          case "protobuf" -> encoding.equals("protobuf");
          case "jsonschema" -> encoding.equals("json");
          default -> true;
        };
  }

  private void channel(StreamState stream, String profile, String encoding, boolean hasMetadata) {
    log.examined(DefectKind.PROFILE_BROKEN, 1);
    Records.Channel channel = stream.resolved.channel;
    Records.Schema schema = stream.resolved.schema;
    boolean fits = encodingFits(stream.resolved);
    boolean own = schema != null && !profile.isEmpty() && schema.encoding().startsWith(profile);
    // Messages of a known encoding whose schema nobody can read by the profile.
    boolean foreign =
        schema != null
            && !profile.isEmpty()
            && !schema.encoding().isEmpty()
            && !schema.encoding().equals("omgidl")
            && !own
            && channel.encoding().equals(encoding);
    String observed;
    String rule;
    if (!fits) {
      observed =
          "message encoding '%s', schema encoding '%s'"
              .formatted(channel.encoding(), schema == null ? "" : schema.encoding());
      rule = "encodings that go together";
    } else if (!profile.isEmpty() && !channel.encoding().equals(encoding)) {
      observed = "message encoding '" + channel.encoding() + "'";
      rule = "message encoding '" + encoding + "'";
    } else if (foreign) {
      observed = "schema encoding '" + (schema == null ? "" : schema.encoding()) + "'";
      rule = "a schema encoding of the profile";
    } else if (!hasMetadata) {
      observed = "no metadata offered_qos_profiles";
      rule = "metadata offered_qos_profiles";
    } else {
      return;
    }
    log.report(
        sink,
        new Defect(
            DefectKind.PROFILE_BROKEN,
            own || !fits || foreign ? Severity.WARNING : Severity.INFO,
            stream.definition.withStream(stream.name()),
            new Evidence.Violation(
                "channel " + channel.id() + " under profile '" + profile + "'", observed, rule)));
  }
}
