package dev.lockstep.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.catalog.Formats;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.lineage.FindingPlaces;
import dev.lockstep.lineage.LabelRow;
import dev.lockstep.lineage.ReportedFinding;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Times;
import dev.lockstep.review.LabelAudit;
import dev.lockstep.review.LabelAudit.Drawn;
import dev.lockstep.review.LabelAudit.Estimate;
import dev.lockstep.source.LabelledFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lockstep audit`: how many labels without findings are wrong all the same.
@Command(
    name = "audit",
    description = {
      "Draws labels without findings for an expert, one JSON object a line. The expert replaces"
          + " \"wrong\":null by true or false; --result then tells the share of wrong labels among"
          + " all labels without findings, with its exact interval (Clopper and Pearson, 95 %%)."
    },
    footer = {
      "",
      "Exit codes:",
      "  0 drawn, or estimated",
      "  2 wrong usage, or no label without findings",
      "  3 done, but part of the data could not be examined, or not all labels were judged",
      "  4 reading failed, worth another try",
      "  70 internal fault"
    })
final class AuditCommand implements Callable<Integer> {
  private static final int MAX_SAMPLE = 1_000_000;

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "PATH", description = "Recordings with labels.")
  private @Nullable Path path;

  @Option(names = "--sample", paramLabel = "N", description = "Labels to draw. Default: 200.")
  private int sample = 200;

  @Option(names = "--seed", paramLabel = "S", description = "Seed of the draw. Default: 1.")
  private long seed = 1;

  @Option(
      names = "--result",
      paramLabel = "FILE",
      description = "The sample with the expert's judgements.")
  private @Nullable Path result;

  @Override
  public Integer call() {
    Path judged = result;
    Path from = path;
    return Usage.of(
        spec,
        () -> {
          if (judged != null && from == null) {
            return estimate(judged);
          }
          if (from == null || judged != null) {
            throw new IllegalArgumentException("needs PATH or --result FILE, not both");
          }
          if (sample < 1 || sample > MAX_SAMPLE) {
            throw new IllegalArgumentException(
                "--sample: " + sample + " (expected 1 to " + MAX_SAMPLE + ")");
          }
          List<Recording> found = new RecordingFinder(Formats.ALL).find(from).recordings();
          if (found.isEmpty()) {
            throw new IllegalArgumentException(from + ": no recording or label set found");
          }
          return draw(from, found);
        });
  }

  private int draw(Path from, List<Recording> recordings) {
    LabelAudit audit = new LabelAudit(sample, seed);
    boolean incomplete = false;
    for (Recording recording : recordings) {
      try {
        CheckedLabels checked = CheckedLabels.of(recording);
        checked.tellUnlisted(recording);
        incomplete |= checked.incomplete();
        List<LabelSet> sets = LabelledFormat.labelSets(recording.format(), recording.path());
        List<ReportedFinding> findings =
            recording
                .format()
                .ask(
                    recording.path(),
                    index -> FindingPlaces.atMessages(checked.findings(), sets, index));
        for (LabelSet labels : sets) {
          audit.add(recording.name(), labels, findings);
        }
      } catch (IOException e) {
        Messages.error(recording.name() + ": " + Messages.reason(e));
        return ExitCode.INPUT_OUTPUT;
      }
    }
    if (audit.population() == 0) {
      throw new IllegalArgumentException(from + ": no label without findings");
    }
    for (Drawn drawn : audit.sample()) {
      System.out.print(line(drawn, audit.population()));
    }
    Messages.error(
        audit.sample().size()
            + " of "
            + audit.population()
            + " labels without findings drawn, seed "
            + seed
            + "; findings touch "
            + audit.touched()
            + " more");
    return incomplete ? ExitCode.INCOMPLETE : ExitCode.CLEAN;
  }

  private static String line(Drawn drawn, long population) {
    LabelRow label = drawn.label();
    return LineJson.of(json -> {
      json.writeStringField("recording", drawn.recording());
      json.writeStringField("set", label.set());
      json.writeStringField("file", label.file());
      json.writeNumberField("row", label.position());
      if (label.track() != null) {
        json.writeStringField("track", label.track());
      }
      if (label.frame() >= 0) {
        json.writeNumberField("frame", label.frame());
      }
      if (label.stampNs() != Times.NONE) {
        json.writeNumberField("stamp_ns", label.stampNs());
      }
      json.writeStringField("category", label.category());
      if (label.annotator() != null) {
        json.writeStringField("annotator", label.annotator());
      }
      json.writeNumberField("population", population);
      json.writeNullField("wrong");
    });
  }

  private static int estimate(Path file) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    long wrong = 0;
    long judged = 0;
    long open = 0;
    long population = -1;
    long number = 0;
    Set<List<JsonNode>> rows = new HashSet<>();
    try (Stream<String> lines = Files.lines(file)) {
      for (String line : (Iterable<String>) lines::iterator) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        JsonNode label = parsed(mapper, file, number, line);
        JsonNode verdict = label.path("wrong");
        long size = label.path("population").asLong(-1);
        if (size < 1
            || (population >= 0 && size != population)
            || !(verdict.isBoolean() || verdict.isNull())) {
          throw new IllegalArgumentException(
              file
                  + ": line "
                  + number
                  + " (expected a line of one sample of 'audit', with wrong true, false or null)");
        }
        List<JsonNode> row = Stream.of("recording", "set", "file", "row").map(label::path).toList();
        if (label.has("row") && !rows.add(row)) {
          throw new IllegalArgumentException(
              file + ": line " + number + ": a label that an earlier line has judged");
        }
        population = size;
        open += verdict.isNull() ? 1 : 0;
        judged += verdict.isNull() ? 0 : 1;
        wrong += verdict.asBoolean() ? 1 : 0;
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (judged == 0 || judged > population) {
      throw new IllegalArgumentException(
          file + ": " + judged + " judged labels of " + Math.max(0, population));
    }
    Estimate estimate = Estimate.of(wrong, judged);
    System.out.printf(
        Locale.ROOT,
        "%d of %d judged labels are wrong: %.3g %% (%.3g %% to %.3g %%)%n"
            + "of %d labels without findings that is %.0f (%.0f to %.0f)%n",
        wrong,
        judged,
        100 * estimate.rate(),
        100 * estimate.low(),
        100 * estimate.high(),
        population,
        population * estimate.rate(),
        Math.floor(population * estimate.low()),
        Math.ceil(population * estimate.high()));
    if (open > 0) {
      Messages.error(open + " labels of the sample are not judged");
      return ExitCode.INCOMPLETE;
    }
    return ExitCode.CLEAN;
  }

  private static JsonNode parsed(ObjectMapper mapper, Path file, long number, String line) {
    try {
      return mapper.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          file + ": line " + number + " is no JSON: " + e.getOriginalMessage(), e);
    }
  }
}
