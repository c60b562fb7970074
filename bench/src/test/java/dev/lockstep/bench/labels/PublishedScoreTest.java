package dev.lockstep.bench.labels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What the README says of the label rules is what the benchmark printed.
class PublishedScoreTest {
  private static final Pattern HEAD =
      Pattern.compile("Label rules: seed (\\d+), up to (\\d+) events a cell, (\\d+) synthetic .*");

  private static String published() {
    try (InputStream in = LabelScore.class.getResourceAsStream("score.md")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String readme() throws IOException {
    Path here = Path.of("README.md");
    return Files.readString(Files.exists(here) ? here : Path.of("../README.md"));
  }

  private static List<String> inShort() {
    return published()
        .lines()
        .dropWhile(line -> !line.equals(ScoreTable.IN_SHORT))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .filter(line -> line.startsWith("|"))
        .toList();
  }

  @Test
  void readmeShowsTheTablesThatTheBenchmarkPrinted() throws IOException {
    List<String> lines = inShort();
    assertThat(lines).hasSizeGreaterThan(20);
    assertThat(readme().lines().filter(lines::contains).toList()).containsSubsequence(lines);
  }

  @Test
  void readmeNamesTheRunThatPrintedThem() throws IOException {
    Matcher head = HEAD.matcher(published().lines().findFirst().orElseThrow());
    assertThat(head.matches()).isTrue();
    assertThat(readme())
        .contains("`./lockstep score --events " + head.group(2) + " --seed " + head.group(1) + "`");
  }

  /// A class that is measured today is in the file; none that is gone is.
  @Test
  void publishedTableHasEveryClassAtItsStrongest() {
    List<String> rows = inShort().stream().filter(line -> line.startsWith("| F")).toList();
    List<FaultClass> strongest = FaultClass.all().stream().filter(FaultClass::top).toList();
    for (FaultClass kind : strongest) {
      String name =
          "| " + kind.id() + ' ' + kind.fault().replaceAll(":.*", "") + ", " + kind.intensity();
      assertThat(rows).filteredOn(row -> row.startsWith(name + " |")).as(name).hasSize(1);
    }
    // And all other classes, F24 being the last.
    for (int number = 1; number <= 24; number++) {
      String id = String.format(Locale.ROOT, "| F%02d ", number);
      assertThat(rows).as(id).anyMatch(row -> row.startsWith(id));
    }
  }
}
