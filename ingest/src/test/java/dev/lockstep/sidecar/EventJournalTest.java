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
