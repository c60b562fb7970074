package dev.lockstep.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HelloParserTest {
  private static final String GOOD =
      "MCAPIN/1 {\"session\":\"s\",\"stream\":\"t\",\"mode\":\"spool\",\"offset\":5,"
          + "\"tail_crc32c\":\"0000abcd\"}";

  private static RefusedException refused(String line) {
    return catchThrowableOfType(
        RefusedException.class, () -> HelloParser.parse(line.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "MCAPIN/2 {} | first line: \"MCAPIN/2 {}\" (expected MCAPIN/1, a space and a JSON object)",
        "MCAPIN/1 [] | hello: no JSON object behind MCAPIN/1",
        "MCAPIN/1 {} | hello: no session",
        "MCAPIN/1 {} {} | hello: more than one JSON object",
        "MCAPIN/1 {\"session\":\"../x\"} | session: \"../x\" (expected a letter or digit, then"
            + " letters, digits, '.', '_' or '-', at most 128 characters)",
        "MCAPIN/1 {\"session\":\"a/b\"} | session: \"a/b\" (expected a letter or digit, then"
            + " letters, digits, '.', '_' or '-', at most 128 characters)",
        "MCAPIN/1 {\"session\":\"\"} | session: \"\" (expected a letter or digit, then letters,"
            + " digits, '.', '_' or '-', at most 128 characters)",
        "MCAPIN/1 {\"session\":7} | session: not a string",
        "MCAPIN/1 {\"sesion\":\"a\"} | hello: unknown field \"sesion\" (known: session, stream,"
            + " token, mode, offset, tail_crc32c, part, size, lost_bytes, subscribe, ack)",
        "MCAPIN/1 {\"mode\":\"fast\"} | mode: \"fast\" (expected spool or live)",
        "MCAPIN/1 {\"offset\":-1} | offset: \"-1\" (expected 0 to 9223372036854775807)",
        "MCAPIN/1 {\"offset\":1.5} | offset: not a whole number",
        "MCAPIN/1 {\"offset\":99999999999999999999} | offset: \"99999999999999999999\" (expected 0"
            + " to 9223372036854775807)",
        "MCAPIN/1 {\"part\":100000} | part: \"100000\" (expected 0 to 99999)",
        "MCAPIN/1 {\"tail_crc32c\":\"12\"} | tail_crc32c: \"12\" (expected 8 hexadecimal digits)",
        "MCAPIN/1 {\"ack\":\"os\"} | ack: \"os\" (expected fsync, the only promise made)",
        "MCAPIN/1 {\"session\":\"s\",\"stream\":\"t\"} | hello: no mode (expected spool or live)",
        "MCAPIN/1 {\"session\":\"s\",\"stream\":\"t\",\"mode\":\"live\",\"offset\":1} | hello:"
            + " offset, part or size in live mode (each connection is a new part from byte 0)",
        "MCAPIN/1 {\"session\":\"s\",\"stream\":\"t\",\"mode\":\"spool\",\"lost_bytes\":1} | hello:"
            + " lost_bytes in spool mode (what is kept is not lost)",
        "MCAPIN/1 {\"session\":\"s\",\"stream\":\"t\",\"mode\":\"spool\",\"offset\":1} | hello:"
            + " offset 1 without tail_crc32c",
      })
  void saysWhatIsWrong(String line, String message) {
    RefusedException refused = refused(line);
    assertThat(refused.code()).isEqualTo(ErrorCode.MALFORMED);
    assertThat(refused).hasMessage(message);
  }

  @Test
  void refusesRepeatedFieldsAndBrokenJson() {
    assertThat(refused("MCAPIN/1 {\"offset\":1,\"offset\":2}").getMessage())
        .startsWith("hello: not JSON at column ");
    assertThat(refused("MCAPIN/1 {\"offset\":").getMessage()).startsWith("hello: not JSON");
    assertThat(refused("MCAPIN/1 {\"a\":[[[[1]]]]}").code()).isEqualTo(ErrorCode.MALFORMED);
  }

  @Test
  void refusesWhatIsNotUtf8() {
    byte[] line = GOOD.getBytes(UTF_8);
    line[20] = (byte) 0xFF;
    assertThat(
            catchThrowableOfType(RefusedException.class, () -> HelloParser.parse(line))
                .getMessage())
        .isEqualTo("hello line: is not UTF-8");
  }

  @Test
  void takesACarriageReturn() throws RefusedException {
    assertThat(HelloParser.parse((GOOD + "\r").getBytes(UTF_8)))
        .isEqualTo(HelloParser.parse(GOOD.getBytes(UTF_8)));
  }

  /// Never another exception, and no control character of a stranger in a message.
  @Test
  void anyChangeIsReadOrRefused() {
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      byte[] line = GOOD.getBytes(UTF_8);
      for (int k = random.nextInt(4); k >= 0; k--) {
        line[random.nextInt(line.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(HelloParser.parse(line)).isNotNull();
      } catch (RefusedException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED);
        assertThat(new String(e.line(), UTF_8).strip()).matches("[ -~]*");
      }
    }
  }
}
