package dev.lockstep.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Every line on the page is what the program reads or writes, byte for byte.
class ProtocolPageTest {
  private static final String SHA_OF_NINE =
      "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225";

  private static String part(String name) throws IOException {
    String page = Files.readString(Path.of("PROTOCOL.md"));
    return page.substring(
        page.indexOf("<!-- begin " + name + " -->"), page.indexOf("<!-- end " + name + " -->"));
  }

  @Test
  void helloLinesAreRead() throws Exception {
    List<Hello> hellos = new ArrayList<>();
    Matcher lines = Pattern.compile("`(MCAPIN/1 [^`]*)`").matcher(part("hello"));
    while (lines.find()) {
      hellos.add(HelloParser.parse(lines.group(1).getBytes(UTF_8)));
    }
    Hello live = new Hello("run3", "lidar", null, Hello.Mode.LIVE, 0, null, null, null, 0, false);
    Hello spool = new Hello("run3", "lidar", null, Hello.Mode.SPOOL, 0, null, null, null, 0, false);
    int crc = dev.lockstep.checksum.Crc32c.of(MemorySegment.ofArray("123456789".getBytes(UTF_8)));
    assertThat(hellos)
        .containsExactly(
            live,
            spool,
            new Hello("run3", "lidar", null, Hello.Mode.SPOOL, 9, crc, null, null, 0, false),
            new Hello("run3", "lidar", null, Hello.Mode.SPOOL, 0, null, 1, null, 0, false),
            new Hello("run3", "lidar", null, Hello.Mode.SPOOL, 0, null, null, 1479815L, 0, false),
            new Hello("run3", "lidar", null, Hello.Mode.LIVE, 0, null, null, null, 65536, false),
            new Hello("run3", "lidar", "secret", Hello.Mode.LIVE, 0, null, null, null, 0, true));
  }

  @Test
  void answersAreWritten() throws IOException {
    String written =
        text(Reply.ok(0, 9, 0xE306_9283, 268435456, 20))
            + text(Reply.ack(0, 5242880))
            + text(Reply.finding(0, 2, json -> json.writeStringField("id", "b61b7036c95b9aa5")))
            + text(Reply.done(0, 9, true, SHA_OF_NINE, "clean"))
            + text(new RefusedException(ErrorCode.QUOTA, "part: more than 60000 bytes").line())
            + text(
                new RefusedException(ErrorCode.GAP, "offset 100001 (expected at most 100000)")
                    .about(0, 100_000)
                    .line());
    assertThat(part("answers")).isEqualTo("<!-- begin answers -->\n```text\n" + written + "```\n");
  }

  @Test
  void thePageNamesEveryErrorCode() throws IOException {
    String page = Files.readString(Path.of("PROTOCOL.md"));
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(page).contains("| `" + code.label() + "` |");
    }
  }

  private static String text(byte[] line) {
    return new String(line, UTF_8);
  }
}
