package dev.lockstep.payload;

import static dev.lockstep.payload.Payloads.faults;
import static dev.lockstep.payload.Payloads.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.Modality;
import dev.lockstep.model.Times;
import dev.lockstep.report.FindingText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {
  private static PayloadProfile json(String schema) {
    return PayloadProfile.of(
        "/labels", "json", "lab.Boxes", "jsonschema", schema.getBytes(StandardCharsets.UTF_8));
  }

  private static final PayloadProfile OPEN = json("{\"type\": \"object\"}");

  private static final PayloadProfile NO_SCHEMA =
      PayloadProfile.of("/labels", "json", "", "", new byte[0]);

  private static PayloadFacts readText(PayloadProfile profile, String message) {
    return read(profile, message.replace('`', '"').getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{`a`: [1, 2|text at byte 11 ends too early (expected JSON (RFC 8259))",
        "{`a`: 1} x|bytes behind the JSON value at byte 8 ' x' (expected none)",
        "{`a`: 1}{`b`: 2}|bytes behind the JSON value at byte 8 '{\"b\": 2}' (expected none)",
        "{`a`: 1, `a`: 2}|Duplicate field 'a'",
        "{`a`: NaN}|Non-standard token 'NaN'",
        "{`a`: 01}|Leading zeroes not allowed",
        "{'a': 1}|Unexpected character ('''",
        "{`a`: 1,}|Unexpected character ('}'",
        "^   ^|text blank (expected a JSON value)",
        "\uFEFF{}|text at byte 0 a byte order mark (expected JSON)",
      })
  void reportsWhatIsNoJson(String message, String fault) {
    PayloadFacts facts = readText(OPEN, message);
    assertThat(facts.faults()).hasSize(1);
    assertThat(faults(facts).getFirst()).startsWith("JSON_INVALID: ").contains(fault);
    assertThat(facts.unreadable).isTrue();
  }

  @Test
  void reportsTextThatIsNotUtf8() {
    byte[] message = "{\"a\": \"Stra?e\"}".getBytes(StandardCharsets.UTF_8);
    message[11] = (byte) 0xDF;
    assertThat(faults(read(OPEN, message)))
        .containsExactly("JSON_INVALID: text at byte 11 DF (expected UTF-8)");
    assertThat(faults(read(OPEN, "{\"a\": \"\uFFFD\"}".getBytes(StandardCharsets.UTF_8))))
        .isEmpty();
    assertThat(faults(read(OPEN, "{}".getBytes(StandardCharsets.UTF_16LE)))).hasSize(1);
  }

  @Test
  void reportsAnEmptyMessage() {
    assertThat(faults(read(OPEN, new byte[0])))
        .containsExactly("PAYLOAD_EMPTY: payload 0 bytes (expected a message)");
  }

  @Test
  void survivesNestingWithoutEnd() {
    assertThat(faults(readText(OPEN, "[".repeat(100_000)))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{`timestamp`: {`sec`: 1750000000, `nsec`: 123456789}}|1750000000123456789",
        "{`header`: {`stamp`: {`sec`: 1, `nanosec`: 2}}}|1000000002",
        "{`stamp`: {`secs`: 3, `nsecs`: 4}}|3000000004",
        "{`timestamp`: `2025-06-15T15:06:40.000000007Z`}|1750000000000000007",
        "{`timestamp`: 1750000000.123456789}|1750000000123456789",
        "{`timestamp`: 1750000000123}|1750000000123000000",
        "{`timestamp`: 1750000000123456}|1750000000123456000",
        "{`timestamp`: 1750000000123456789}|1750000000123456789",
        "{`timestamp_ns`: 5}|5",
        "{`timestamp`: 12.5}|none",
        "{`timestamp`: 1e999999999}|none",
        "{`timestamp`: {`sec`: 99999999999999}}|none",
        "{`a`: 1}|none",
        "[1]|none",
      })
  void readsStampsToTheNanosecond(String message, String stamp) {
    PayloadFacts facts = readText(OPEN, message);
    assertThat(facts.stampNs).isEqualTo(stamp.equals("none") ? Times.NONE : Long.parseLong(stamp));
  }

  @Test
  void reportsNanosecondsOfASecondAndMore() {
    assertThat(faults(readText(OPEN, "{`timestamp`: {`sec`: 1, `nsec`: 1000000000}}")))
        .containsExactly(
            "JSON_INVALID: nanoseconds of the stamp '1000000000' (expected 0 to 999999999)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{`id`: 7, `class`: `car`, `center`: [1, 2, 3], `size`: [4, 5, 6], `yaw`: 0}",
        "{`track_id`: `7`, `label`: `car`, `x`: 1, `y`: 2, `z`: 3, `length`: 4, `width`: 5,"
            + " `height`: 6, `heading`: 0}",
        "{`uuid`: `7`, `category`: `car`, `position`: {`x`: 1, `y`: 2, `z`: 3}, `dimensions`:"
            + " {`length`: 4, `width`: 5, `height`: 6}, `rotation`: [1, 0, 0, 0]}",
        "{`id`: 7, `type`: `car`, `pose`: {`position`: {`x`: 1, `y`: 2, `z`: 3}, `orientation`:"
            + " {`x`: 0, `y`: 0, `z`: 0, `w`: 2}}, `size`: {`x`: 4, `y`: 5, `z`: 6}}",
        "{`id`: 7, `class`: `car`, `box3d`: {`center`: [1, 2, 3], `wlh`: [5, 4, 6]}}",
      })
  void recognisesABoxByItsShape(String box) {
    for (String message :
        List.of("{`objects`: [" + box + "]}", "[" + box + "]", "{`a`: {`b`: [" + box + "]}}")) {
      PayloadFacts facts = readText(NO_SCHEMA, message);
      assertThat(faults(facts)).isEmpty();
      assertThat(facts.boxes())
          .containsExactly(
              new PayloadFacts.Box(
                  new PayloadFacts.Said(
                      Times.NONE, -1, "7", "car", null, Times.NONE, null, Double.NaN, List.of()),
                  1,
                  2,
                  3,
                  4,
                  5,
                  6,
                  1,
                  0,
                  0,
                  0,
                  Double.NaN,
                  Double.NaN,
                  Double.NaN,
                  Double.NaN));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{`id`: 7, `x`: 1, `y`: 2, `width`: 3, `height`: 4}",
        "{`id`: 7, `bbox`: [1, 2, 3, 4]}",
        "{`id`: 7, `box2d`: {`x1`: 1, `y1`: 2, `x2`: 4, `y2`: 6}}",
        "{`id`: 7, `left`: 1, `top`: 2, `right`: 4, `bottom`: 6}",
        "{`id`: 7, `bbox`: {`center`: {`x`: 2.5, `y`: 4}, `size_x`: 3, `size_y`: 4}}",
      })
  void recognisesABoxInAnImage(String box) {
    PayloadFacts facts = readText(OPEN, "{`frame`: 12, `labels`: [" + box + "]}");
    assertThat(faults(facts)).isEmpty();
    assertThat(facts.boxes()).hasSize(1);
    PayloadFacts.Box found = facts.boxes().getFirst();
    assertThat(List.of(found.left(), found.top(), found.right(), found.bottom()))
        .containsExactly(1.0, 2.0, 4.0, 6.0);
    assertThat(found.said().frame()).isEqualTo(12);
    assertThat(found.x()).isNaN();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{`points`: [{`x`: 1, `y`: 2, `z`: 3}]}",
        "{`rows`: [{`x`: 1, `y`: 2, `width`: 0, `height`: 4}]}",
        "{`a`: [{`center`: [1, 2, 3]}], `b`: [{`size`: [1, 2, 3]}]}",
      })
  void takesNothingElseForABox(String message) {
    PayloadFacts facts = readText(OPEN, message);
    assertThat(faults(facts)).isEmpty();
    assertThat(facts.boxes()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "`center`: [1, 2, 3], `size`: [-4.0, 5, 6]|length of box 1 (track 7) -4 (expected above 0)",
        "`center`: [1, 2, 3], `size`: [4, 5, 0]|height of box 1 (track 7) 0 (expected above 0)",
        "`center`: [1, `NaN`, 3], `size`: [4, 5, 6]|y of box 1 (track 7) NaN (expected a finite"
            + " number)",
        "`center`: [1, null, 3], `size`: [4, 5, 6]|y of box 1 (track 7) NaN (expected a finite"
            + " number)",
        "`center`: [1, 2, 3], `size`: [4, 5, 6], `rotation`: [0, 0, 0, 0]|norm of the quaternion of"
            + " box 1 (track 7) 0 (expected 1)",
        "`bbox`: [1, 2, -3, 4]|width in pixels of box 1 (track 7) -3 (expected above 0)",
        "`left`: 5, `top`: 2, `right`: 4, `bottom`: 3|width in pixels of box 1 (track 7) -1"
            + " (expected above 0)",
      })
  void reportsBoxesThatCannotExist(String box, String fault) {
    PayloadFacts facts = readText(OPEN, "{`objects`: [{`id`: 7, " + box + "}]}");
    assertThat(faults(facts)).containsExactly("BOX_INVALID: " + fault);
    assertThat(facts.boxes()).hasSize(1);
  }

  @Test
  void notesLabelsWithoutAFrameOfReference() {
    String boxes = "`objects`: [{`id`: 1, `center`: [1, 2, 3], `size`: [1, 1, 1]}]}";
    assertThat(readText(OPEN, "{`frame_id`: `lidar`, " + boxes).unplaced).isFalse();
    assertThat(readText(OPEN, "{" + boxes).unplaced).isTrue();
    assertThat(readText(OPEN, "{`speed`: 3}").unplaced).isFalse();
  }

  @Test
  void reportsLabelsThatLackWhatTheirSchemaDeclares() {
    PayloadProfile profile = json("{\"properties\": {\"timestamp\": {}, \"frame_id\": {}}}");
    String boxes = "`objects`: [{`id`: 1, `center`: [1, 2, 3], `size`: [1, 1, 1]}]}";
    assertThat(faults(readText(profile, "{`frame_id`: `lidar`, " + boxes)))
        .containsExactly(
            "LABEL_MALFORMED: stamp of the labels none (expected one, as the schema declares)");
    assertThat(faults(readText(profile, "{`timestamp`: {`sec`: 1, `nsec`: 2}, " + boxes)))
        .containsExactly(
            "LABEL_MALFORMED: frame of reference of the labels none (expected one, as the schema"
                + " declares)");
  }

  @Test
  void holdsMessagesAgainstTheirSchema() {
    PayloadProfile profile =
        json(
            "{\"type\": \"object\", \"required\": [\"n\"], \"properties\": {\"n\": {\"$ref\":"
                + " \"#/definitions/count\"}}, \"definitions\": {\"count\": {\"type\":"
                + " \"integer\", \"minimum\": 1}}}");
    assertThat(profile.schemaFault()).isNull();
    assertThat(faults(readText(profile, "{`n`: 2}"))).isEmpty();
    assertThat(faults(readText(profile, "{`n`: 0}")).getFirst())
        .startsWith("JSON_SCHEMA: member /n ");
    assertThat(faults(readText(profile, "{}")).getFirst()).startsWith("JSON_SCHEMA: message ");
    assertThat(faults(readText(profile, "[]"))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{`type`: |JSON Schema 'ends too early' (expected JSON)",
        "7|JSON Schema 'no object' (expected an object)",
        "{`$ref`: `http://192.0.2.1/never.json`}|JSON Schema",
        "{`properties`: {`a`: {`$ref`: `http://192.0.2.1/never.json`}}}|JSON Schema",
        "{`properties`: {`a`: {`$ref`: `file:///etc/passwd`}}}|JSON Schema",
        "{`properties`: {`a`: {`$ref`: `#/nowhere`}}}|JSON Schema",
        "{`pattern`: `(`}|JSON Schema",
      })
  void reportsSchemasThatCannotBeApplied(String schema, String fault) {
    PayloadProfile profile = json(schema.replace('`', '"'));
    assertThat(profile.schemaFault()).isNotNull();
    assertThat(FindingText.evidence(profile.schemaFault())).startsWith(fault);
    assertThat(faults(readText(profile, "{`a`: 1}"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{`$ref`: `#`}",
        "{`properties`: {`a`: {`pattern`: `^(x+x+)+y$`}}}",
        "{`allOf`: [{`$ref`: `#`}]}",
      })
  void survivesSchemasMadeToHang(String schema) {
    PayloadProfile profile = json(schema.replace('`', '"'));
    assertThat(faults(readText(profile, "{`a`: `" + "x".repeat(60) + "`}")))
        .noneMatch(f -> f.startsWith("JSON_INVALID"));
  }

  @Test
  void learnsFromTheFirstMessageWhatTheSchemaLeavesOpen() {
    PayloadProfile open = PayloadProfile.of("/things", "json", "a.B", "", new byte[0]);
    assertThat(open.modality()).isEqualTo(Modality.OTHER);
    byte[] boxes =
        "{\"l\": [{\"id\": 1, \"center\": [1, 2, 3], \"size\": [1, 1, 1]}]}"
            .getBytes(StandardCharsets.UTF_8);
    PayloadProfile seen =
        open.seen(java.lang.foreign.MemorySegment.ofArray(boxes), 0, boxes.length);
    assertThat(seen.modality()).isEqualTo(Modality.LABELS);
    assertThat(seen.stamped()).isFalse();
  }
}
