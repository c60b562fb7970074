package dev.lockstep.bench.speed;

import dev.lockstep.bench.files.Folders;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What a second read costs: `./lockstep check` with `--shadow 5%` and `--shadow 100%` beside the
/// same check alone, whole processes in turn, round by round; ratios are of medians of CPU time.
@Command(
    name = "shadow",
    mixinStandardHelpOptions = true,
    description = "CPU time of check --shadow beside that of check.")
public final class ShadowCost implements Callable<Integer> {
  @Option(names = "--rounds", paramLabel = "N", description = "Rounds a drive. Default: 7.")
  private int rounds = 7;

  @Option(
      names = "--bytes",
      paramLabel = "SIZE",
      description = "Payload of a drive, as for synth. Default: 1GB.")
  private String bytes = "1GB";

  @Option(
      names = "--compression",
      split = ",",
      paramLabel = "NAME",
      description = "Compressions of the drives. Default: none,lz4,zstd.")
  private List<String> compressions = List.of("none", "lz4", "zstd");

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Where the drives are made. Default: a temporary folder, removed afterwards.")
  private @Nullable Path folder;

  private ShadowCost() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new ShadowCost()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path given = folder;
    Path work = given == null ? Files.createTempDirectory("lockstep-shadow") : given;
    PrintStream out = System.out;
    out.printf("%-12s %12s %12s %12s%n", "compression", "check CPU s", "5 % adds", "100 % adds");
    try {
      for (String compression : compressions) {
        Path drive =
            SideBySide.drive(work, compression, "--bytes", bytes, "--compression", compression);
        List<Contender> contenders = new ArrayList<>();
        contenders.add(SideBySide.check("check", drive));
        contenders.add(SideBySide.check("5 %", drive, "--shadow", "5%"));
        contenders.add(SideBySide.check("100 %", drive, "--shadow", "100%"));
        for (int round = -1; round < rounds; round++) {
          for (Contender contender : contenders) {
            contender.run(round >= 0);
          }
        }
        double alone = contenders.getFirst().medianCpuSeconds();
        out.printf(
            Locale.ROOT,
            "%-12s %12.3f %11.1f%% %11.1f%%%n",
            compression,
            alone,
            100 * (contenders.get(1).medianCpuSeconds() / alone - 1),
            100 * (contenders.get(2).medianCpuSeconds() / alone - 1));
        out.flush();
      }
    } finally {
      if (given == null) {
        Folders.delete(work);
      }
    }
    return 0;
  }
}
