package dev.lockstep.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.DefectKind;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

final class OpaqueReaderTest {
  private static PayloadReader of(String encoding) {
    return PayloadProfile.of("/topic", encoding, "some.Type", "", new byte[0]).reader();
  }

  @Test
  void readsOnlyMessagesThatLackAllBytes() {
    PayloadReader reader = of("msgpack");
    assertThat(reader.reads(1)).isFalse();
    assertThat(reader.reads(0)).isTrue();
    PayloadFacts facts = new PayloadFacts();
    facts.reset();
    reader.read(MemorySegment.ofArray(new byte[1]), 0, 1, facts);
    assertThat(facts.faults()).isEmpty();
    reader.read(MemorySegment.ofArray(new byte[1]), 1, 0, facts);
    assertThat(facts.faults())
        .singleElement()
        .extracting("kind")
        .isEqualTo(DefectKind.PAYLOAD_EMPTY);
  }

  @Test
  void readsNothingWhereAnEmptyMessageMayBeOne() {
    assertThat(of("application/octet-stream").reads(0)).isFalse();
  }
}
