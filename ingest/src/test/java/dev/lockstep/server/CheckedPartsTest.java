package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.session.PartChecks;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.store.StoreLog;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckedPartsTest {
  private static final byte[] MAGIC = {(byte) 0x89, 'M', 'C', 'A', 'P', '0', '\r', '\n'};

  @TempDir Path folder;

  private final List<String> problems = new ArrayList<>();

  private final StoreLog log =
      new StoreLog() {
        @Override
        public void note(String text) {}

        @Override
        public void problem(String text) {
          problems.add(text);
        }

        @Override
        public void synced(long durationNs) {}
      };

  @Test
  void keepsNothingOfAPartThatItGaveUpWhileThatGoesOn() throws Exception {
    Path part = Files.write(folder.resolve("00000.mcap"), streams(100));
    Path scratch = Files.createDirectory(folder.resolve("scratch"));
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(1))) {
      CheckedParts parts =
          new CheckedParts(
              engine, new McapFormat(), scratch, Runnable::run, log, (name, finding) -> {});
      PartChecks.PartCheck check = parts.open(part, "s/t", finding -> {});
      check.advance(MAGIC.length);
      assertThat(files(scratch)).isEqualTo(1);
      long size = Files.size(part);
      Files.write(part, new byte[0]);
      check.advance(size);
      assertThat(problems).hasSize(1);
      assertThat(problems.getFirst()).startsWith("s/t: cannot be checked: ");
      assertThat(files(scratch)).isZero();
      assertThat(check.complete(size).get().verdict()).isEqualTo(CheckedParts.UNEXAMINED);
    }
  }

  private static long files(Path folder) throws Exception {
    try (Stream<Path> all = Files.list(folder)) {
      return all.count();
    }
  }

  /// A recording without an end: so many channels without schema, one message each.
  private static byte[] streams(int count) {
    ByteBuffer out = ByteBuffer.allocate(64 + count * 128).order(ByteOrder.LITTLE_ENDIAN);
    out.put(MAGIC).put((byte) 1).putLong(8).putInt(0).putInt(0);
    for (int i = 0; i < count; i++) {
      byte[] topic = ("/t" + i).getBytes(StandardCharsets.US_ASCII);
      out.put((byte) 4).putLong(2 + 2 + 4 + topic.length + 4 + 4);
      out.putShort((short) i).putShort((short) 0).putInt(topic.length).put(topic);
      out.putInt(0).putInt(0);
      out.put((byte) 5).putLong(2 + 4 + 8 + 8 + 1);
      out.putShort((short) i).putInt(0).putLong(1_000_000L + i).putLong(1_000_000L + i);
      out.put((byte) 1);
    }
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }
}
