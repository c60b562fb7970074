package dev.lockstep.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpeningTest {
  private final List<String> closed = new ArrayList<>();

  @Test
  void whatCanBeUsedIsGivenAndStaysOpen() throws IOException {
    assertThat(Opening.keepIf(() -> true, "file", () -> closed.add("file"))).isEqualTo("file");
    assertThat(closed).isEmpty();
  }

  @Test
  void whatCannotBeUsedIsClosed() throws IOException {
    assertThat(Opening.keepIf(() -> false, "file", () -> closed.add("file"))).isNull();
    assertThat(closed).containsExactly("file");
  }

  @Test
  void whatCannotBeReadIsClosedWhateverItThrows() {
    for (Throwable fault :
        List.of(new IOException("gone"), new IllegalStateException(), new StackOverflowError())) {
      closed.clear();
      assertThatThrownBy(() ->
              Opening.keepIf(
                  () -> {
                    throw sneaky(fault);
                  },
                  "file",
                  () -> closed.add("file")))
          .isSameAs(fault);
      assertThat(closed).containsExactly("file");
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> RuntimeException sneaky(Throwable fault) throws E {
    throw (E) fault;
  }
}
