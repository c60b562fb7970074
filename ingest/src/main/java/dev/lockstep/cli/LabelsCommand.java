package dev.lockstep.cli;

import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelLosses;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.labels.log.LabelLog;
import dev.lockstep.labels.log.LabelTableFile;
import dev.lockstep.model.Defect;
import dev.lockstep.model.LabelSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lockstep labels`: label files in other formats, and what they lose by it.
@Command(
    name = "labels",
    description =
        "Shows the labels of a label file or a recording, or writes them in another format.")
final class LabelsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "PATH",
      description = "A label file, or a recording that holds labels.")
  private @Nullable Path path;

  @Option(
      names = "--from",
      paramLabel = "FORMAT",
      description = "Label format of PATH. Default: recognised.")
  private @Nullable String from;

  @Option(
      names = "-o",
      paramLabel = "FILE",
      description = "Writes the label table: .arrow, or .jsonl for the label log.")
  private @Nullable Path table;

  @Option(names = "--to", paramLabel = "FORMAT", description = "Label format to write.")
  private @Nullable String to;

  @Option(names = "--out", paramLabel = "DIR", description = "Folder for what --to writes.")
  private @Nullable Path out;

  @Option(
      names = "--rate",
      paramLabel = "HZ",
      description = "Rate of frames, where the file gives none.")
  private double rate;

  @Option(
      names = "--image-size",
      paramLabel = "WxH",
      description = "Size of the images in pixels, where the file does not give it.")
  private @Nullable String imageSize;

  @Option(names = "--list", description = "Lists the label formats and ends.")
  private boolean list;

  @Override
  public Integer call() {
    if (list) {
      for (LabelFormat format : LabelFormats.ALL) {
        System.out.printf(
            "%-16s %-6s %s%n",
            format.name(), format.isWritable() ? "" : "(read)", format.summary());
      }
      return ExitCode.CLEAN;
    }
    Path file = path;
    if (file == null || (to == null) != (out == null)) {
      throw new ParameterException(
          spec.commandLine(), "needs PATH (or --list), and --out with --to");
    }
    return Usage.of(spec, () -> run(file));
  }

  private int run(Path file) throws IOException {
    LabelFormat target = to == null ? null : writable(LabelFormats.named(to));
    int[] size = size();
    LabelFile read = LabelFile.read(file, from, rate);
    List<Defect> defects = read.defects();
    read.tellDefects();
    try {
      show(read);
      Set<String> names = new HashSet<>();
      for (LabelSet labels : read.sets()) {
        if (target != null && out != null) {
          LabelWriteOptions options = options(labels, size, names);
          Path folder = Files.createDirectories(out);
          for (Path written : target.write(labels, options, folder)) {
            System.out.println("wrote " + written);
          }
          tellLosses(labels, target);
        }
      }
      if (table != null) {
        writeTable(read.sets(), table);
      }
    } catch (IOException e) {
      Messages.error(Messages.reason(e));
      return ExitCode.INPUT_OUTPUT;
    }
    return defects.isEmpty() ? ExitCode.CLEAN : ExitCode.INCOMPLETE;
  }

  private static LabelFormat writable(LabelFormat format) {
    if (!format.isWritable()) {
      throw new IllegalArgumentException("label format " + format.name() + " is read only");
    }
    return format;
  }

  private int[] size() {
    if (imageSize == null) {
      return new int[] {0, 0};
    }
    if (!imageSize.matches("[1-9]\\d{0,5}x[1-9]\\d{0,5}")) {
      throw new IllegalArgumentException("--image-size: " + imageSize + " (expected WxH)");
    }
    int x = imageSize.indexOf('x');
    return new int[] {
      Integer.parseInt(imageSize.substring(0, x)), Integer.parseInt(imageSize.substring(x + 1))
    };
  }

  private LabelWriteOptions options(LabelSet labels, int[] size, Set<String> names) {
    String name = LabelWriteOptions.fileName(labels.name());
    String free = name;
    for (int n = 2; !names.add(free); n++) {
      free = name + "-" + n;
    }
    return new LabelWriteOptions(free, rate, size[0], size[1]);
  }

  private static void show(LabelFile read) {
    if (read.sets().isEmpty()) {
      System.out.println("no labels");
    }
    for (LabelSet labels : read.sets()) {
      System.out.printf(
          "%s: %s, %d boxes, %d tracks, %d categories, frame %s, times from %s%n",
          labels.name(),
          read.format(),
          labels.size(),
          labels.trackCount(),
          labels.categoryCount(),
          labels.frameOfReference(),
          labels.stampSource().label());
    }
    read.notes().forEach(note -> System.out.println("note: " + note));
  }

  private static void tellLosses(LabelSet labels, LabelFormat target) {
    LabelLosses losses = LabelLosses.of(labels, target.capabilities());
    if (!losses.none()) {
      System.out.println(labels.name() + ": " + target.name() + " cannot hold " + losses.text());
    }
  }

  private void writeTable(List<LabelSet> sets, Path file) throws IOException {
    String name = file.toString();
    if (name.endsWith(LabelLog.EXTENSION)) {
      try (Writer writer = Files.newBufferedWriter(file)) {
        for (LabelSet labels : sets) {
          LabelLog.write(labels, writer);
        }
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    } else if (name.endsWith(LabelTableFile.EXTENSION)) {
      if (sets.size() != 1) {
        throw new IllegalArgumentException(
            sets.size() + " label sets (a table holds one; use " + LabelLog.EXTENSION + ")");
      }
      LabelTableFile.write(sets.getFirst(), file);
    } else {
      throw new IllegalArgumentException(
          "-o "
              + file
              + " (expected "
              + LabelTableFile.EXTENSION
              + " or "
              + LabelLog.EXTENSION
              + ")");
    }
    System.out.println("wrote " + file);
  }
}
