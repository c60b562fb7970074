package dev.lockstep.mapped;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextLinesTest {
  private static List<String> lines(String text) {
    TextLines lines = new TextLines(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)));
    List<String> all = new ArrayList<>();
    while (lines.next()) {
      all.add(
          lines.number()
              + " "
              + lines.offsetBytes()
              + "+"
              + lines.lengthBytes()
              + (lines.terminated() ? " " : " open ")
              + (lines.blank() ? "blank" : lines.text()));
    }
    return all;
  }

  @Test
  void cutsAtEveryEndOfLine() {
    assertThat(lines("")).isEmpty();
    assertThat(lines("a")).containsExactly("1 0+1 open a");
    assertThat(lines("a\r\n\n \t\nbc\n"))
        .containsExactly("1 0+1 a", "2 3+0 blank", "3 4+2 blank", "4 7+2 bc");
  }

  @Test
  void cutsEndlessLinesShort() {
    TextLines lines = new TextLines(MemorySegment.ofArray(new byte[200_000]));
    assertThat(lines.next()).isTrue();
    assertThat(lines.lengthBytes()).isEqualTo(200_000);
    assertThat(lines.text()).hasSize(TextLines.MAX_LINE_BYTES);
    assertThat(lines.next()).isFalse();
  }
}
