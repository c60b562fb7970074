package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.check.Check;
import dev.lockstep.check.CheckCard;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.Run;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.report.TextReport;
import dev.lockstep.source.SourceFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The README claims only what the program shows: its generated parts are made anew and compared.
/// `-Dgolden.update=true` writes them.
class ReadmeTest {
  private static final Path ROOT = Path.of("..");
  private static final Path README = ROOT.resolve("README.md");
  private static final String DEMO = "fixtures/mcap/demo-drive";

  @Test
  void theSessionIsWhatTheDemoPrints() throws IOException {
    List<RecordingResult> results = new ArrayList<>();
    List<String> unclaimed = new ArrayList<>();
    RecordingFinder.Found found = new RecordingFinder(Formats.ALL).find(ROOT.resolve(DEMO));
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults())) {
      for (Recording recording : found.recordings()) {
        results.add(engine.check(recording.path(), shown(recording.path()), recording.format()));
      }
    }
    found.unclaimed().forEach(path -> unclaimed.add(shown(path)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new TextReport(false, false).write(new Run("", results, unclaimed, 0), out);
    assertPart("session", "```text\n" + out.toString(StandardCharsets.UTF_8) + "```\n");
  }

  private static String shown(Path path) {
    return ROOT.relativize(path).toString();
  }

  @Test
  void theTableOfFormatsIsWhatThereIs() throws IOException {
    StringBuilder table = new StringBuilder("| format | reads |\n|---|---|\n");
    for (SourceFormat format : Formats.ALL) {
      table.append("| `%s` | %s |\n".formatted(format.name(), format.summary()));
    }
    assertPart("formats", table.toString());
  }

  @Test
  void theTableOfChecksIsWhatThereIs() throws IOException {
    StringBuilder table = new StringBuilder("| id | check | finds |\n|---|---|---|\n");
    for (Check check : Checks.ALL) {
      CheckCard card = check.card();
      table.append("| %s | `%s` | %s |\n".formatted(card.id(), card.name(), card.summary()));
    }
    assertPart("checks", table.toString());
  }

  private static void assertPart(String name, String expected) throws IOException {
    String readme = Files.readString(README);
    String begin = "<!-- begin " + name + " -->\n";
    String end = "<!-- end " + name + " -->\n";
    int from = readme.indexOf(begin) + begin.length();
    int to = readme.indexOf(end);
    assertThat(from).isGreaterThanOrEqualTo(begin.length());
    assertThat(to).isGreaterThanOrEqualTo(from);
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(README, readme.substring(0, from) + expected + readme.substring(to));
      return;
    }
    assertThat(readme.substring(from, to)).as("part '%s' of the README", name).isEqualTo(expected);
  }
}
