package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.lockstep.lineage.Incident;
import dev.lockstep.report.VerdictReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/// What commands write follows the schemas that document it, and every part of a schema that
/// demands something is seen to demand it.
class SchemasTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private Path folder;

  private static Schema schema(Class<?> beside, String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(name))) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(SchemaLocation.of("urn:lockstep:" + name), JSON.readTree(in));
    }
  }

  /// Follows the schema, and would not if any required member were missing or of another type.
  private static void assertFollows(Schema schema, JsonNode json) {
    assertThat(schema.validate(json)).isEmpty();
    JsonNode required = schema.getSchemaNode().path("required");
    assertThat(required).isNotEmpty();
    for (JsonNode name : required) {
      ObjectNode without = json.deepCopy();
      without.remove(name.asText());
      assertThat(schema.validate(without)).as("without %s", name).isNotEmpty();
      ObjectNode wrong = json.deepCopy();
      wrong.putArray(name.asText()).addArray();
      assertThat(schema.validate(wrong)).as("wrong %s", name).isNotEmpty();
    }
  }

  private Path demo() throws IOException {
    return drive("demo-drive");
  }

  private Path drive(String fixture) throws IOException {
    Path drive = folder.resolve("in").resolve("drive.mcap");
    Files.createDirectories(drive.getParent());
    Files.copy(CommandRun.FIXTURES.resolve("mcap/" + fixture + "/drive.mcap"), drive);
    return drive;
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(Files.readString(file));
  }

  @Test
  void costFollowsItsSchema() throws IOException {
    CommandRun run =
        CommandRun.of("check", "--cost", "--cost-rate", "10,20", "--output", "json", demo());
    JsonNode cost = JSON.readTree(run.out()).path("cost");
    assertThat(cost.path("month").path("rates_hertz")).hasSize(2);
    assertFollows(schema(VerdictReport.class, "cost.schema.json"), cost);
  }

  @Test
  void rootFilesFollowTheirSchema() throws IOException {
    Path drive = drive("clean-lz4");
    assertThat(CommandRun.of("seal", "--root", drive).err()).isEmpty();
    JsonNode root;
    try (Stream<Path> files = Files.list(drive.getParent())) {
      root = json(files.filter(f -> f.toString().endsWith(".root.json")).findFirst().orElseThrow());
    }
    assertThat(root.path("files")).isNotEmpty();
    assertFollows(schema(Incident.class, "root.schema.json"), root);
  }

  @Test
  void verdictsFollowTheirSchema() throws IOException {
    Path drive = demo();
    CommandRun.of("watch", "--once", "--settle", "0s", "--abandon", "0s", drive.getParent());
    JsonNode verdict = json(drive.resolveSibling("drive.mcap.verdict.json"));
    assertThat(verdict.path("findings")).isNotEmpty();
    assertFollows(schema(VerdictReport.class, "verdict.schema.json"), verdict);
  }

  @Test
  void incidentsAndWhatIsMadeOfThemFollowTheirSchemas() throws IOException {
    String routes =
        "owners:\n  TIM: capture\n  default: data\nhours:\n  error: 24\n  warning: 48\n";
    Path routing = Files.writeString(folder.resolve("routing.yaml"), routes);
    Path out = folder.resolve("incident");
    Path body = folder.resolve("body.json");
    Object[] command = {
      "repro", "TIM008", "--in", demo(), "-o", out, "--routing", routing, "--webhook-body", body
    };
    assertThat(CommandRun.of(command).exit()).isEqualTo(ExitCode.CLEAN);
    JsonNode incident = json(out.resolve("incident.json"));
    Schema schema = schema(Incident.class, "incident.schema.json");
    assertFollows(schema, incident);
    JsonNode webhook = json(body);
    assertFollows(schema(Incident.class, "webhook.schema.json"), webhook);
    assertThat(schema.validate(webhook.path("incident"))).isEmpty();

    Schema routed = schema(Incident.class, "routing.schema.json");
    assertThat(routed.validate(yaml(routes))).isEmpty();
    List<String> wrong =
        List.of(
            "owner: x\n",
            "owners:\n  Tim: x\n",
            "owners:\n  TIM: 5\n",
            "hours:\n  error: soon\n",
            "hours:\n  fatal: 5\n",
            "hours:\n  error: 0\n");
    // The command and the schema refuse the same files.
    List<String> taken = new ArrayList<>();
    for (String each : wrong) {
      Files.writeString(routing, each);
      command[5] = folder.resolve("unused");
      if (CommandRun.of(command).exit() != ExitCode.USAGE
          || routed.validate(yaml(each)).isEmpty()) {
        taken.add(each);
      }
    }
    assertThat(taken).isEmpty();
  }

  private static JsonNode yaml(String text) {
    return JSON.valueToTree(new Yaml().load(text));
  }
}
