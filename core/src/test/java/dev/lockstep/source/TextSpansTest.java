package dev.lockstep.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextSpansTest {
  private static final String JSON =
      """
      {"a": [ {"x": "}, ]"}, 7, {"y": [[1, 2], {"z": "\\\""}]}, {}, [] ],
       "b": {"c": {"d": null}, "e": 4, "f": {"g": []}},
       "h": "text", "i": {}}
      """;

  private static final String XML =
      """
      <?xml version="1.0"?>
      <!DOCTYPE a>
      <a b="x > y">
        <!-- <c> -->
        <c/><d e='/>'>text <f/> more</d>
        <g><![CDATA[<h>]]><i><j k=""/></i></g>
      </a>
      """;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String without(TextSpans spans, int... gone) throws IOException {
    BitSet kept = new BitSet();
    kept.set(0, spans.size());
    for (int each : gone) {
      kept.clear(each);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    spans.write(kept, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aTextOfAllPartsIsTheSame() throws IOException {
    assertThat(without(TextSpans.json(bytes(JSON)))).isEqualTo(JSON);
    assertThat(without(TextSpans.xml(bytes(XML)))).isEqualTo(XML);
    assertThat(without(TextSpans.lines(bytes("a\n\nb")))).isEqualTo("a\n\nb");
    assertThat(TextSpans.json(new byte[0]).size()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{}, {}, {}] | 1 | [{}, {}]",
        "[{}, {}, {}] | 3 | [{}, {}]",
        "[{}, 1, {}] | 1 | [1, {}]",
        "[{}, 1, {}] | 2 | [{}, 1]",
        "{\"a\": {\"b\": []}, \"c\": []} | 1 | {\"c\": []}",
        "{\"a\": {\"b\": []}, \"c\": []} | 2 | {\"a\": {}, \"c\": []}",
        "{\"a\": {\"b\": []}, \"c\": []} | 3 | {\"a\": {\"b\": []}}",
        "[{}, {} | 2 | [{}",
      })
  void aPartOfJsonTakesItsCommaAlong(String text, int gone, String left) throws IOException {
    assertThat(without(TextSpans.json(bytes(text)), gone)).isEqualTo(left);
  }

  @Test
  void elementsTakeTheSpaceInFrontAlong() throws IOException {
    String text = "<a>\n  <b/>\n  <c>\n    <d/>\n  </c>\n</a>";
    assertThat(without(TextSpans.xml(bytes(text)), 0)).isEqualTo(text.replace("\n  <b/>", ""));
    assertThat(without(TextSpans.xml(bytes(text)), 2)).isEqualTo(text.replace("\n    <d/>", ""));
  }

  @Test
  void documentsStayWholeWhateverIsLeftOut() throws Exception {
    TextSpans json = TextSpans.json(bytes(JSON));
    TextSpans xml = TextSpans.xml(bytes(XML));
    assertThat(json.size()).isEqualTo(14);
    assertThat(xml.size()).isEqualTo(6);
    ObjectMapper mapper = new ObjectMapper();
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int[] gone = random.ints(1 + random.nextInt(6), 1, json.size()).toArray();
      String left = without(json, gone);
      assertThat(mapper.readTree(left).isObject()).as("seed %d: %s", seed, left).isTrue();
      byte[] some = bytes(without(xml, random.ints(2, 0, xml.size()).toArray()));
      var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
      assertThat(builder.parse(new ByteArrayInputStream(some)).getDocumentElement().getTagName())
          .isEqualTo("a");
    }
  }

  @Test
  void damagedTextsAreTakenApartAsFarAsTheyGo() throws IOException {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      for (String sound : new String[] {JSON, XML}) {
        byte[] text = bytes(sound);
        for (int i = 0; i < 3; i++) {
          text[random.nextInt(text.length)] = (byte) random.nextInt(256);
        }
        TextSpans spans = sound.equals(JSON) ? TextSpans.json(text) : TextSpans.xml(text);
        BitSet kept = new BitSet();
        kept.set(0, spans.size());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        spans.write(kept, out);
        assertThat(out.toByteArray()).as("seed %d", seed).isEqualTo(text);
      }
    }
  }
}
