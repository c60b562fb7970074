package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class DefinitionBrokenTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new DefinitionBroken();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.SCHEMA_UNKNOWN,
            Location.bytes("drive.mcap", 400, 80),
            new Evidence.Violation("schema of /lidar", "99", "a schema that is defined")),
        Defect.of(
            DefectKind.SCHEMA_REDEFINED,
            Location.bytes("drive.mcap", 500, 80),
            new Evidence.Violation(
                "schema 1", "another content", "the content of its first definition")),
        Defect.of(
            DefectKind.SCHEMA_ID_ZERO,
            Location.bytes("drive.mcap", 600, 80),
            new Evidence.Violation("schema id", "0", "1 or above")),
        Defect.of(
            DefectKind.CHANNEL_UNKNOWN,
            Location.bytes("drive.mcap", 700, 80),
            new Evidence.Violation("channel of the message", "77", "a channel that is defined")),
        Defect.of(
            DefectKind.CHANNEL_REDEFINED,
            Location.bytes("drive.mcap", 800, 80),
            new Evidence.Violation(
                "channel 1", "another topic", "the content of its first definition")),
        Defect.of(
            DefectKind.TOPIC_SHARED,
            Location.bytes("drive.mcap", 900, 80),
            new Evidence.Violation(
                "topic /cam0", "2 channels with different schemas", "one schema a topic")));
  }

  @Override
  public String expected() {
    return """
    error INT013 definition-broken: stream refers to a schema that does not exist: schema of /lidar 99 (expected a schema that is defined)
      at drive.mcap, byte 400+80
    error INT013 definition-broken: schema id defined twice with different content: schema 1 another content (expected the content of its first definition)
      at drive.mcap, byte 500+80
    error INT013 definition-broken: schema with the forbidden id 0: schema id 0 (expected 1 or above)
      at drive.mcap, byte 600+80
    error INT013 definition-broken: message of a stream that is not defined: channel of the message 77 (expected a channel that is defined)
      at drive.mcap, byte 700+80
    error INT013 definition-broken: stream id defined twice with different content: channel 1 another topic (expected the content of its first definition)
      at drive.mcap, byte 800+80
    warning INT013 definition-broken: two streams share a topic with different schemas: topic /cam0 2 channels with different schemas (expected one schema a topic)
      at drive.mcap, byte 900+80\
    """;
  }
}
