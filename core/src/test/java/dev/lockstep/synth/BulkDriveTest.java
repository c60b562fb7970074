package dev.lockstep.synth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.payload.PayloadFacts;
import dev.lockstep.payload.PayloadProfile;
import dev.lockstep.synth.encode.Schema;
import dev.lockstep.synth.fault.StreamSpec;
import dev.lockstep.synth.fault.Tape;
import dev.lockstep.synth.fault.TapeRow;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BulkDriveTest {
  @TempDir Path folder;

  @Test
  void theMixIsSoundToTheReadersAndOfItsSize() throws IOException {
    Path file = folder.resolve("bulk.mcap");

    SynthRun.Result result =
        SynthRun.bulk(file, BulkDrive.ofBytes(1, 40_000_000), BulkDrive.settings("none"));

    assertThat(result.payloadBytes()).isBetween(40_000_000L, 42_000_000L);
    assertThat(Files.size(file)).isEqualTo(result.fileBytes());
    PayloadFacts facts = new PayloadFacts();
    try (McapInput in = new McapInput(file)) {
      Tape tape = in.tape();
      assertThat(tape.rows()).hasSize((int) result.messages());
      assertThat(tape.streams()).hasSize(8);
      long lastLog = 0;
      for (TapeRow row : tape.rows()) {
        StreamSpec spec = tape.streams().get(row.stream());
        Schema schema = spec.schema();
        byte[] payload = tape.payload(row);
        facts.reset();
        PayloadProfile.of(
                spec.topic(),
                schema.messageEncoding(),
                schema.name(),
                schema.encoding(),
                schema.data())
            .reader()
            .read(MemorySegment.ofArray(payload), 0, payload.length, facts);
        assertThat(facts.faults()).as(spec.topic()).isEmpty();
        assertThat(facts.stampNs).as(spec.topic()).isEqualTo(row.stampNs());
        assertThat(row.logTimeNs).isGreaterThanOrEqualTo(lastLog);
        lastLog = row.logTimeNs;
      }
      List<TapeRow> sweeps = tape.rows(0);
      assertThat(tape.payload(sweeps.get(0))).hasSizeGreaterThan(1_536_000);
      assertThat(tape.payload(sweeps.get(0))).isNotEqualTo(tape.payload(sweeps.get(1)));
    }
  }

  @Test
  void isTheSameForTheSameSeed() throws IOException {
    Path first = folder.resolve("first.mcap");
    Path second = folder.resolve("second.mcap");
    SynthRun.bulk(first, BulkDrive.ofBytes(3, 8_000_000), BulkDrive.settings("lz4"));
    SynthRun.bulk(second, BulkDrive.ofBytes(3, 8_000_000), BulkDrive.settings("lz4"));

    assertThat(Files.mismatch(first, second)).isEqualTo(-1);
  }

  @Test
  void smallMessagesAreAsManyAndAsLongAsAskedFor() throws IOException {
    Path file = folder.resolve("small.mcap");

    SynthRun.Result result =
        SynthRun.bulk(file, BulkDrive.ofMessages(1, 10_000, 100), BulkDrive.settings("none"));

    assertThat(result.messages()).isEqualTo(10_000);
    assertThat(result.payloadBytes()).isEqualTo(1_000_000);
    try (McapInput in = new McapInput(file)) {
      Tape tape = in.tape();
      assertThat(tape.rows()).hasSize(10_000);
      assertThat(tape.rows()).allMatch(row -> tape.payload(row).length == 100);
    }
  }
}
