package dev.lockstep.payload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTreeTest {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String[] SCALARS = {
    "0", "-1", "2147483648", "-9223372036854775808", "9223372036854775808", "1.50", "0.0", "-0.0",
    "1e3", "100E-2", "1.7976931348623157e309", "\"\"", "\"a\\u00e9\\n\"", "true", "false", "null"
  };

  private static String random(Random random, int depth) {
    int kind = random.nextInt(depth == 0 ? 1 : 3);
    if (kind == 0) {
      return SCALARS[random.nextInt(SCALARS.length)];
    }
    StringBuilder text = new StringBuilder(kind == 1 ? "{" : "[");
    int members = random.nextInt(4);
    for (int i = 0; i < members; i++) {
      text.append(i == 0 ? "" : " , ");
      text.append(kind == 1 ? "\"m" + i + "\" : " : "");
      text.append(random(random, depth - 1));
    }
    return text.append(kind == 1 ? "}" : "]").toString();
  }

  private static String kinds(JsonNode node) {
    StringBuilder kinds = new StringBuilder(node.getClass().getSimpleName());
    node.forEach(child -> kinds.append(' ').append(kinds(child)));
    return kinds.append(';').toString();
  }

  @Test
  void makesTheTreesThatAMapperMakes() throws JsonProcessingException {
    for (long seed = 0; seed < 500; seed++) {
      String text = random(new Random(seed), 4);
      JsonNode expected = MAPPER.readTree(text);
      JsonNode tree = JsonTree.read(text);
      assertEquals(expected, tree, text);
      assertEquals(expected.toString(), String.valueOf(tree));
      assertEquals(kinds(expected), tree == null ? "" : kinds(tree), text);
    }
  }

  @Test
  void refusesDamagedTextInTheWordsOfTheParser() {
    String[] damaged = {
      "{", "[1,", "[1 2]", "{\"a\":1,\"a\":2}", "{\"a\"}", "]", "{}x", "01", "nul"
    };
    for (String text : damaged) {
      JsonProcessingException expected =
          assertThrows(JsonProcessingException.class, () -> MAPPER.readTree(text), text);
      JsonProcessingException found =
          assertThrows(JsonProcessingException.class, () -> JsonTree.read(text), text);
      assertEquals(JsonTree.reason(expected), JsonTree.reason(found), text);
    }
  }

  @Test
  void takesOneValueOnly() throws JsonProcessingException {
    assertNull(JsonTree.read(" \n"));
    JsonProcessingException more =
        assertThrows(JsonProcessingException.class, () -> JsonTree.read("{} {}"));
    assertEquals("more text behind the value", JsonTree.reason(more));
  }

  @Test
  void keepsTheParsersAdviceToItself() {
    for (String text : new String[] {"[NaN]", "[Infinity]", "[1] // end", "[1,]"}) {
      JsonProcessingException e =
          assertThrows(JsonProcessingException.class, () -> JsonTree.read(text), text);
      assertFalse(
          JsonTree.reason(e).matches("(?s).*(Feature|enable|ALLOW_).*"), JsonTree.reason(e));
    }
  }
}
