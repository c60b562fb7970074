package dev.lockstep.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The journal of a process that is killed again and again while it keeps its journal short.
class JournalKillTest {
  private static final int RECORDINGS = 700;
  private static final int FINDINGS = 5;
  private static final int STAYING = 3;
  private static final long COMPACT_BYTES = 4096;
  private static final long SEED = 20_260_301;
  private static final int KILLS = 12;

  @TempDir private Path folder;

  /// Tells of [#RECORDINGS] recordings, each with its findings and its verdict, of which only the
  /// last few stay; goes on where the journal says that it was.
  static final class Teller {
    private Teller() {}

    /// Runs until all is told.
    public static void main(String[] args) throws IOException {
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      Memory memory = new Memory();
      try (EventJournal journal =
          EventJournal.open(
              Path.of(args[0]),
              InstantSource.system(),
              out::println,
              memory::read,
              COMPACT_BYTES)) {
        int first = memory.names().stream().mapToInt(Integer::parseInt).max().orElse(0);
        for (int i = first; i < RECORDINGS; i++) {
          tell(journal, memory, i);
        }
      }
      out.println("end");
    }

    private static void tell(EventJournal journal, Memory memory, int i) throws IOException {
      String name = Integer.toString(i);
      if (memory.sealed(name) == null) {
        for (int k = 0; k < FINDINGS; k++) {
          if (memory.told(name).put("f" + k, 0) == null) {
            journal.append(
                "finding", new Json().text("recording", name).text("id", "f" + k).toString());
          }
        }
        journal.append("verdict", new Json().text("recording", name).toString());
        memory.seal(name, new Memory.Sealed(new FileState("", 0, 0, 0), "clean", false));
      }
      for (String other : memory.names()) {
        if (Integer.parseInt(other) <= i - STAYING) {
          journal.append("gone", new Json().text("recording", other).toString());
          memory.forget(other);
        }
      }
    }
  }

  @Test
  void losesAndRepeatsNothing() throws Exception {
    Random random = new Random(SEED);
    Map<Long, String> lines = new TreeMap<>();
    boolean ended = false;
    int killed = 0;
    for (int round = 0; !ended; round++) {
      Process teller = start();
      int until = round < KILLS ? 1 + random.nextInt(600) : Integer.MAX_VALUE;
      int read = 0;
      try (BufferedReader out =
          new BufferedReader(
              new InputStreamReader(teller.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          if (line.equals("end")) {
            ended = true;
          } else if (line.endsWith("}")) {
            String before = lines.put(new ObjectMapper().readTree(line).get("seq").asLong(), line);
            assertThat(before).as("under this number before").isIn(null, line);
          }
          if (++read == until) {
            // Not by the process itself, which would close what can still be read.
            teller.toHandle().destroyForcibly();
            killed++;
          }
        }
      }
      teller.waitFor();
      assertThat(Files.size(folder.resolve("events.jsonl"))).isLessThan(2 * COMPACT_BYTES);
    }
    assertThat(killed).as("seed %d", SEED).isEqualTo(KILLS);
    Map<String, Integer> told = new HashMap<>();
    long seq = 0;
    for (Map.Entry<Long, String> line : lines.entrySet()) {
      assertThat(line.getKey()).isEqualTo(++seq);
      JsonNode event = new ObjectMapper().readTree(line.getValue());
      if (event.get("event").asText().equals("finding")) {
        told.merge(event.get("recording").asText() + event.get("id").asText(), 1, Integer::sum);
      }
    }
    assertThat(told).hasSize(RECORDINGS * FINDINGS).allSatisfy((key, n) -> assertThat(n).isOne());
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-Xshare:auto",
            "-cp",
            System.getProperty("java.class.path"),
            Teller.class.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
