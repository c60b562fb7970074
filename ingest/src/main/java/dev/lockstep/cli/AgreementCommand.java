package dev.lockstep.cli;

import dev.lockstep.agreement.AgreementRow;
import dev.lockstep.agreement.AgreementStudy;
import dev.lockstep.agreement.Rater;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StampSource;
import dev.lockstep.report.AgreementReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lockstep agreement`: how far annotators agree about the same content.
@Command(
    name = "agreement",
    description = {
      "Shows how far annotators agree who labelled the same frames: kappas, alpha, who differs from"
          + " the others and how.",
      "",
      "Boxes mean the same object if they overlap enough; each annotator's boxes are assigned one"
          + " to one. Who drew no box in a frame that he covers answered (absent)."
    },
    footer = {
      "",
      "Exit codes:",
      "  0 compared",
      "  2 wrong usage, or nothing to compare",
      "  3 compared, but part of a file could not be read",
      "  4 writing failed",
      "  70 internal fault"
    })
final class AgreementCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Label files, one an annotator, or logs whose labels name their annotators; each with one"
              + " label set.")
  private List<Path> files = List.of();

  @Option(names = "--gold", paramLabel = "FILE", description = "Labels known to be right.")
  private @Nullable Path gold;

  @Option(
      names = "--iou",
      paramLabel = "SHARE",
      description = "Least overlap (intersection over union) of boxes of one object. Default: 0.5.")
  private double threshold = 0.5;

  @Option(names = "--seed", paramLabel = "S", description = "Seed of the intervals. Default: 1.")
  private long seed = 1;

  @Option(
      names = "--from",
      paramLabel = "FORMAT",
      description = "Label format of the files. Default: recognised.")
  private @Nullable String from;

  @Option(
      names = "--rate",
      paramLabel = "HZ",
      description = "Rate of frames, where the files give none.")
  private double rate;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT[:FILE]",
      description = "text (default), json, or arrow:FILE.")
  private String output = "text";

  @Override
  public Integer call() {
    return Usage.of(spec, this::run);
  }

  private int run() throws IOException {
    int colon = output.indexOf(':');
    String format = colon < 0 ? output : output.substring(0, colon);
    String file = colon < 0 ? "" : output.substring(colon + 1);
    if (!List.of("text", "json", "arrow").contains(format)
        || file.isEmpty() != (colon < 0)
        || (format.equals("arrow") && colon < 0)) {
      throw new IllegalArgumentException(
          "--output: " + output + " (expected text, json or arrow:FILE)");
    }
    if (!(threshold > 0 && threshold <= 1)) {
      throw new IllegalArgumentException("--iou: " + threshold + " (expected above 0, up to 1)");
    }
    boolean complete = true;
    Map<String, LabelSet> sets = new LinkedHashMap<>();
    for (Path each : files) {
      complete &= read(each, sets);
    }
    Map<String, LabelSet> golden = new LinkedHashMap<>();
    if (gold != null) {
      complete &= read(gold, golden);
    }
    List<LabelSet> all = new ArrayList<>(sets.values());
    all.addAll(golden.values());
    Rater.Key key = key(all);
    Rater truth = null;
    for (Map.Entry<String, LabelSet> each : golden.entrySet()) {
      truth = Rater.ofAll(each.getKey(), each.getValue(), key);
    }
    List<AgreementRow> rows = AgreementStudy.of(Rater.of(sets, key), truth, threshold, seed);
    try {
      write(rows, format, file);
    } catch (IOException e) {
      Messages.error(Messages.reason(e));
      return ExitCode.INPUT_OUTPUT;
    }
    return complete ? ExitCode.CLEAN : ExitCode.INCOMPLETE;
  }

  /// Reads a file into `sets`; whether all of it could be.
  private boolean read(Path file, Map<String, LabelSet> sets) throws IOException {
    LabelFile read = LabelFile.read(file, from, rate);
    read.tellDefects();
    List<LabelSet> found = read.sets();
    if (found.size() != 1) {
      throw new IllegalArgumentException(file + ": " + found.size() + " label sets (expected one)");
    }
    if (sets.putIfAbsent(file.toString(), found.getFirst()) != null) {
      throw new IllegalArgumentException(file + ": given twice");
    }
    return read.defects().isEmpty();
  }

  private static Rater.Key key(List<LabelSet> sets) {
    if (sets.stream().noneMatch(set -> set.stampSource() == StampSource.FRAME_NUMBER)) {
      return Rater.Key.STAMP;
    }
    for (LabelSet set : sets) {
      if (LongStream.of(set.frames()).limit(set.size()).anyMatch(frame -> frame < 0)) {
        throw new IllegalArgumentException(
            set.name()
                + ": labels with neither stamp nor frame number (expected what the others"
                + " have)");
      }
    }
    return Rater.Key.FRAME;
  }

  private void write(List<AgreementRow> rows, String format, String file) throws IOException {
    if (file.isEmpty()) {
      write(rows, format, System.out);
      System.out.flush();
      return;
    }
    WholeFile.write(Path.of(file), out -> write(rows, format, out));
  }

  private void write(List<AgreementRow> rows, String format, OutputStream out) throws IOException {
    switch (format) {
      case "json" -> AgreementReport.json(rows, threshold, seed, out);
      case "arrow" -> AgreementReport.arrow(rows, out);
      default -> {
        String head =
            String.format(
                Locale.ROOT,
                "boxes of one object overlap by %s or more (IoU); intervals of 95 %%, seed %d%n",
                threshold,
                seed);
        out.write((head + "\n" + AgreementReport.text(rows)).getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
