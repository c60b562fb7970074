package dev.lockstep.bench.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TimeCampaignTest {
  /// Faults of which every one must be found, here in one trial a series.
  private static final List<String> ALWAYS_FOUND =
      List.of(
          "drops 0.1 %",
          "drops 1 %",
          "drops 5 %",
          "drops 20 %",
          "duplicate",
          "step 37 s",
          "step -37 s",
          "step 4294.967 s",
          "step -4294.967 s",
          "unit us from one on",
          "unit ms from one on",
          "37 s throughout",
          "-37 s throughout",
          "4294.967 s throughout",
          "10 ms late throughout",
          "30 ms late throughout",
          "off by one",
          "two exchanged");

  /// Rows in which nothing but the fault may be found.
  private static final List<String> NOTHING_ELSE =
      List.of(
          "as recorded",
          "drops 0.1 %",
          "drops 1 %",
          "drops 5 %",
          "drops 20 %",
          "duplicate",
          "rigs by first half",
          "37 s throughout",
          "-37 s throughout",
          "4294.967 s throughout",
          "10 ms late throughout",
          "30 ms late throughout",
          "off by one",
          "two exchanged");

  private record Row(int planted, String recall, int other, int indexError) {}

  private static Row row(String table, String fault) {
    Matcher row =
        Pattern.compile(
                "(?m)^"
                    + Pattern.quote(fault)
                    + " +\\d+ +\\d+ +(\\d+) \\| +(\\S+)(?: %)? +\\S+(?: %)? +(\\d+) +(\\d+) \\|")
            .matcher(table);
    assertThat(row.find()).as("row %s of%n%s", fault, table).isTrue();
    return new Row(
        Integer.parseInt(row.group(1)),
        row.group(2),
        Integer.parseInt(row.group(3)),
        Integer.parseInt(row.group(4)));
  }

  @Test
  void findsWhatIsPlantedIntoRealStampsAndNothingElse() throws IOException, InterruptedException {
    String configured = System.getenv("LOCKSTEP_TEST_DATA");
    Path data = Path.of(configured == null ? "../../shared/data" : configured);
    assumeTrue(Files.isDirectory(data), "skipped: no shared test data");
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(text, true, StandardCharsets.UTF_8)) {
      TimeCampaign.run(out, "--trials", "1", "--misses", "--max-messages", "2500", data.toString());
    }
    String table = text.toString(StandardCharsets.UTF_8);
    for (String fault : ALWAYS_FOUND) {
      Row row = row(table, fault);
      assertThat(row.planted).as(fault).isPositive();
      assertThat(row.recall).as("%s in%n%s", fault, table).isEqualTo("100.00");
    }
    for (String fault : NOTHING_ELSE) {
      assertThat(row(table, fault).other).as("%s in%n%s", fault, table).isZero();
    }
    for (String fault : ALWAYS_FOUND.subList(0, 5)) {
      assertThat(row(table, fault).indexError).as(fault).isZero();
    }
  }

  @Test
  void saysWhereItLooksForData() throws IOException, InterruptedException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(text, true, StandardCharsets.UTF_8)) {
      assertThat(TimeCampaign.run(out, "no/such/folder")).isEqualTo(2);
    }
    assertThat(text.toString(StandardCharsets.UTF_8))
        .startsWith("no folder of recordings: no/such/folder")
        .contains("Usage: lockstep bench time");
  }
}
