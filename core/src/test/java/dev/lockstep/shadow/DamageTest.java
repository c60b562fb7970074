package dev.lockstep.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.CheckResult;
import dev.lockstep.check.Finding;
import dev.lockstep.check.Outcome;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.shadow.BytesReadDiffer;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingRun;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.source.mcap.McapWriter;
import dev.lockstep.source.mcap.McapWriterOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamageTest {
  private static final long MIB = 1L << FirstRead.PIECE_BITS;
  private static final long START_NS = 1_750_000_000_000_000_000L;

  @TempDir private Path folder;

  private static CheckResult result(long total, Location... places) {
    CheckCard card =
        Checks.ALL.stream()
            .map(check -> check.card())
            .filter(c -> c.family().equals("INT") && c.severity() == Severity.ERROR)
            .findFirst()
            .orElseThrow();
    List<Finding> findings =
        List.of(places).stream()
            .map(at ->
                new Finding(
                    card,
                    "damage",
                    Severity.ERROR,
                    at,
                    new Evidence.Violation("it", "is", "was"),
                    null))
            .toList();
    return new CheckResult(card, "", new Outcome.Found(total), findings, total);
  }

  private static Damage damage(Location... places) {
    return new Damage("d.mcap", List.of(result(places.length, places)));
  }

  @Test
  void touchesTheBlockAndTheChunkOfItsBytes() {
    Damage damage = damage(Location.bytes("d.mcap", 5 * MIB + 10, 100));
    assertThat(damage.touches("/a", 7, 5 * MIB + MIB - 1)).isTrue();
    assertThat(damage.touches("/a", 7, 6 * MIB)).isFalse();
    assertThat(damage.touches("/a", 7, 5 * MIB - 1)).isFalse();
    damage.extent(2 * MIB, 3 * MIB + 11, true);
    damage.extent(9 * MIB, 10, true);
    assertThat(damage.touches("/a", 7, 2 * MIB)).isTrue();
    assertThat(damage.touches("/a", 7, 2 * MIB - 1)).isFalse();
    assertThat(damage.touches("/a", 7, 9 * MIB)).isFalse();
    assertThat(damage.touches("/a")).isTrue();
  }

  @Test
  void touchesEverythingFromBehindTheLastChunk() {
    Damage damage = damage(Location.bytes("d.mcap", 50 * MIB, 100));
    damage.extent(9 * MIB, 10, false);
    assertThat(damage.touches("/a", 7, 9 * MIB)).isFalse();
    damage.extent(9 * MIB, 10, true);
    assertThat(damage.touches("/a", 7, 9 * MIB)).isTrue();
  }

  @Test
  void touchesTheMessagesAndStreamsThatAreNamed() {
    Damage damage = damage(Location.stream("/a").withMessages(3, 4), Location.stream("/b"));
    assertThat(damage.touches("/a", 3, 0)).isTrue();
    assertThat(damage.touches("/a", 5, 0)).isFalse();
    assertThat(damage.touches("/b", 5, 0)).isTrue();
    assertThat(damage.touches("/c", 5, 0)).isFalse();
    assertThat(damage.touches("/c")).isFalse();
    assertThat(damage(Location.RECORDING).touches("/c", 5, 0)).isTrue();
    Damage more = new Damage("d.mcap", List.of(result(9, Location.stream("/a"))));
    assertThat(more.touches("/c", 5, 0)).isTrue();
  }

  /// A bit flips in the first chunk on the medium, and one in another chunk between the reads: in
  /// the block of the damage that is one fault, anywhere else it is news.
  @Test
  void mutesOnlyTheBlocksThatDamageTouches() throws IOException {
    for (int other : new int[] {4, 30}) {
      Path file = folder.resolve("drive" + other + ".mcap");
      try (McapWriter writer =
          McapWriter.create(
              file, McapWriterOptions.DEFAULT.withChunkBytes(300_000).withCompression("lz4"))) {
        int channel = writer.channel(0, "/big", "raw", Map.of());
        Random random = new Random(3);
        for (int m = 0; m < 40; m++) {
          byte[] noise = new byte[100_000];
          random.nextBytes(noise);
          writer.message(channel, m, START_NS + m, START_NS + m, ByteBuffer.wrap(noise));
        }
      }
      long at;
      try (var index = new McapFormat().index(file)) {
        flip(file, index.message("/big", 0).bytes().offsetBytes() + 500);
        at = index.message("/big", other).bytes().offsetBytes();
      }
      EngineOptions options =
          EngineOptions.defaults().withThreads(1).withShadow(new ShadowShare(1, 0));
      try (Engine engine = new Engine(Checks.ALL, options);
          RecordingRun run =
              engine.open(file, "drive", new McapFormat(), finding -> {}, (done, total) -> {})) {
        run.advance(run.available(), true);
        flip(file, at + 500);
        RecordingResult result = run.finish();
        assertThat(result.findings())
            .anyMatch(f -> f.check().family().equals("INT") && f.severity() != Severity.INFO);
        List<Finding> found =
            result.findings().stream().filter(f -> f.check().family().equals("SHA")).toList();
        if (other == 4) {
          assertThat(found).isEmpty();
        } else {
          assertThat(found).hasSize(1);
          assertThat(found.getFirst().check()).isEqualTo(new BytesReadDiffer().card());
          assertThat(Objects.requireNonNull(found.getFirst().location().bytes()).offsetBytes())
              .isEqualTo(at);
        }
      }
    }
  }

  private static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int value = bytes.read();
      bytes.seek(at);
      bytes.write(value ^ 4);
    }
  }
}
