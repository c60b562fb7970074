package dev.lockstep.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventJournalTest {
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

  @TempDir Path folder;
  private final List<String> out = new ArrayList<>();

  @Test
  void numbersEventsAcrossOpenings() throws IOException {
    try (EventJournal journal = EventJournal.open(folder, CLOCK, out::add, event -> {})) {
      journal.append("finding", new Json().text("id", "a\n\"b").number("n", 3).toString());
    }
    List<String> read = new ArrayList<>();
    try (EventJournal journal =
        EventJournal.open(folder, CLOCK, out::add, event -> read.add(event.get("id")))) {
      journal.append("gone", "");
    }
    assertThat(out)
        .containsExactly(
            "{\"seq\":1,\"event\":\"finding\",\"at\":\"1970-01-01T00:00:00Z\","
                + "\"id\":\"a\\n\\\"b\",\"n\":3}",
            "{\"seq\":2,\"event\":\"gone\",\"at\":\"1970-01-01T00:00:00Z\"}");
    assertThat(read).containsExactly("a\n\"b");
    assertThat(Files.readAllLines(folder.resolve("events.jsonl"))).isEqualTo(out);
  }

  @Test
  void leavesOutWhatCountsNoMore() throws IOException {
    try (EventJournal journal = EventJournal.open(folder, CLOCK, out::add, event -> {})) {
      for (String name : List.of("gone", "there", "gone")) {
        Json recording = new Json().text("recording", name);
        journal.append("finding", recording.text("id", "a").toString());
        journal.append("finding", new Json().text("recording", name).text("id", "b").toString());
        journal.append("verdict", new Json().text("recording", name).toString());
        if (name.equals("gone")) {
          journal.append("gone", new Json().text("recording", name).toString());
        }
      }
      journal.append("retracted", new Json().text("recording", "there").text("id", "b").toString());
      journal.append("condition", "\"state\":\"raised\",\"kind\":\"disk-low\"");
      journal.append("condition", "\"state\":\"raised\",\"kind\":\"other\"");
      journal.append("condition", "\"state\":\"cleared\",\"kind\":\"other\"");
      journal.compact();
      journal.append("gone", "");
    }
    List<String> kept = Files.readAllLines(folder.resolve("events.jsonl"));
    assertThat(kept)
        .isEqualTo(List.of(out.get(4), out.get(6), out.get(12), out.get(14), out.get(15)));
    Memory memory = new Memory();
    EventJournal.open(folder, CLOCK, line -> {}, memory::read).close();
    assertThat(memory.sealedNames()).containsExactly("there");
    assertThat(memory.raised()).containsExactly("disk-low|");
  }

  /// `/dev/full` takes nothing, as a full disk.
  @Test
  void keepsWhatAFullDiskDoesNotTakeAndSaysWhenItIsTooMuch() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "no /dev/full here");
    Files.createSymbolicLink(folder.resolve("events.jsonl"), full);
    try (EventJournal journal = EventJournal.open(folder, CLOCK, out::add, event -> {})) {
      journal.append("finding", "");
      assertThat(journal.failure()).isNotEmpty();
      assertThat(journal.isStuck()).isFalse();
      for (int i = 1; i < EventJournal.MAX_WAITING / 2; i++) {
        journal.append("finding", "");
      }
      assertThat(journal.isStuck()).isTrue();
      assertThat(out).as("not printed before it is kept").isEmpty();
    }
  }
}
