package dev.lockstep.bench.robustness;

import dev.lockstep.bench.files.Folders;
import dev.lockstep.catalog.Checks;
import dev.lockstep.check.Finding;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.model.Span;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.synth.Injector;
import dev.lockstep.synth.McapSettings;
import dev.lockstep.synth.SynthOptions;
import dev.lockstep.synth.SynthRun;
import dev.lockstep.synth.encode.LabelCoding;
import dev.lockstep.synth.fault.Corruption;
import dev.lockstep.synth.fault.FaultSpec;
import dev.lockstep.synth.fault.InapplicableFaultException;
import dev.lockstep.synth.fault.Injection;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Plants every fault of the corruption kit into seeded drives, one at a time, and counts which are
/// found, whether at their place, and what is reported beside; and what is reported of the drives
/// as they were made, which must be nothing.
@Command(
    name = "faults",
    mixinStandardHelpOptions = true,
    description =
        "Plants each fault of the kit into drives and counts what is found. Exits with 1 where a"
            + " fault is not found or a clean drive has a finding.")
public final class FaultCampaign implements Callable<Integer> {
  /// Messages around a fault in which a finding counts as its own: one on each side names the last
  /// right and the first right message.
  private static final int NEAR = 1;

  /// Faults that show in drives that say where their sensors sit.
  private static final Set<String> CALIBRATED = Set.of("scaled-images");

  @Option(names = "--drives", paramLabel = "N", description = "Number of drives. Default: 5.")
  private int drives = 5;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of the first one. Default: 1.")
  private long seed = 1;

  @Option(names = "--seconds", paramLabel = "S", description = "Their length. Default: 10.")
  private double seconds = 10;

  @Option(
      names = "--fault",
      paramLabel = "NAME",
      description = "Only these faults. Default: every fault of the kit.")
  private List<String> only = List.of();

  @Option(
      names = "--clean",
      paramLabel = "N",
      description = "Further drives into which nothing is planted. Default: 0.")
  private int cleanOnly;

  private final PrintStream out;
  private final Map<String, Row> rows = new TreeMap<>();
  private final List<String> misses = new ArrayList<>();
  private int clean;
  private int accused;

  private FaultCampaign(PrintStream out) {
    this.out = out;
  }

  /// Runs a campaign; `--help` lists the options.
  public static void main(String[] args) {
    System.exit(run(System.out, args));
  }

  /// Runs a campaign that reports to `out`; 0 if every fault was found and no clean drive accused.
  static int run(PrintStream out, String... args) {
    return new CommandLine(new FaultCampaign(out)).execute(args);
  }

  /// What planting one kind of fault gave.
  private static final class Row {
    int planted;
    int effective;
    int found;
    int placed;
    int beside;
  }

  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("faults");
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults())) {
      for (int i = 0; i < drives + cleanOnly; i++) {
        Path drive = folder.resolve("drive.mcap");
        SynthRun.drive(
            drive,
            SynthOptions.DEFAULT.withSeed(seed + i).withSeconds(seconds),
            McapSettings.DEFAULT);
        clean++;
        judgeClean(engine, drive, seed + i);
        if (i < drives) {
          plantAll(engine, drive, seed + i, folder);
        }
        Files.delete(drive);
      }
    } finally {
      Folders.delete(folder);
    }
    return report();
  }

  private void judgeClean(Engine engine, Path drive, long number) throws IOException {
    List<Finding> findings = loud(engine, drive);
    if (!findings.isEmpty()) {
      accused++;
      misses.add("clean drive " + number + ": " + brief(findings));
    }
  }

  private void plantAll(Engine engine, Path plain, long number, Path folder) throws IOException {
    Path calibrated = folder.resolve("calibrated.mcap");
    Path damaged = folder.resolve("damaged");
    List<String> names = only.isEmpty() ? List.copyOf(Corruption.names().keySet()) : only;
    for (String name : names) {
      Row row = rows.computeIfAbsent(name, n -> new Row());
      FaultSpec spec = FaultSpec.of(name, number);
      boolean needsCalibration = CALIBRATED.contains(name);
      if (needsCalibration && !Files.exists(calibrated)) {
        SynthRun.calibratedDrive(
            calibrated,
            SynthOptions.DEFAULT.withSeed(number).withSeconds(seconds),
            McapSettings.DEFAULT,
            LabelCoding.JSON);
        judgeClean(engine, calibrated, number);
      }
      Path drive = needsCalibration ? calibrated : plain;
      Injection injection;
      try {
        injection = Injector.inject(drive, List.of(spec), damaged).getFirst();
      } catch (InapplicableFaultException e) {
        misses.add(name + ", seed " + number + ": cannot be planted: " + e.getMessage());
        continue;
      }
      row.planted++;
      judge(engine, damaged.resolve(drive.getFileName()), injection, row);
      Folders.delete(damaged);
    }
    Files.deleteIfExists(calibrated);
  }

  private void judge(Engine engine, Path file, Injection injection, Row row) throws IOException {
    if (!injection.effective()) {
      return;
    }
    row.effective++;
    List<Finding> all =
        engine.check(file, file.getFileName().toString(), new McapFormat()).findings();
    List<Finding> expected =
        all.stream().filter(f -> injection.expected().contains(f.check().id())).toList();
    List<Finding> beside =
        all.stream()
            .filter(f -> f.severity() != Severity.INFO)
            .filter(f -> !injection.expected().contains(f.check().id()))
            .filter(f -> !injection.consequences().contains(f.check().id()))
            .toList();
    String where =
        injection.spec() + ", seed " + injection.spec().seed() + " (" + injection.what() + ")";
    if (expected.isEmpty()) {
      misses.add(where + ": not found; instead: " + brief(all));
    } else {
      row.found++;
      boolean placed = expected.stream().anyMatch(f -> near(f.location(), injection.location()));
      row.placed += placed ? 1 : 0;
      if (!placed) {
        misses.add(where + ": found elsewhere: " + brief(expected));
      }
    }
    if (!beside.isEmpty()) {
      row.beside++;
      misses.add(where + ": reported beside: " + brief(beside));
    }
  }

  /// Whether a finding points at the place of a fault, as far as both have one.
  private static boolean near(Location found, Location planted) {
    if (planted.stream() != null
        && found.stream() != null
        && !planted.stream().equals(found.stream())) {
      return false;
    }
    if (planted.messages() != null && found.messages() != null) {
      return overlap(found.messages(), planted.messages());
    }
    if (planted.bytes() != null && found.bytes() != null) {
      return found.bytes().offsetBytes() <= planted.bytes().endBytes()
          && planted.bytes().offsetBytes() <= found.bytes().endBytes();
    }
    return true;
  }

  private static boolean overlap(Span found, Span planted) {
    return found.first() <= planted.last() + NEAR && found.last() >= planted.first() - NEAR;
  }

  private static List<Finding> loud(Engine engine, Path file) throws IOException {
    return engine.check(file, file.getFileName().toString(), new McapFormat()).findings().stream()
        .filter(f -> f.severity() != Severity.INFO)
        .toList();
  }

  private static String brief(List<Finding> findings) {
    return findings.isEmpty()
        ? "nothing"
        : String.join(
            "; ",
            findings.stream().map(f -> f.check().id() + " at " + f.location()).distinct().toList());
  }

  private int report() {
    misses.forEach(out::println);
    out.println(
        "| fault | planted | could be seen | found | at its place | other findings beside |");
    out.println("|---|---|---|---|---|---|");
    Row sum = new Row();
    rows.forEach((name, row) -> {
      print(name, row);
      sum.planted += row.planted;
      sum.effective += row.effective;
      sum.found += row.found;
      sum.placed += row.placed;
      sum.beside += row.beside;
    });
    print("all " + rows.size(), sum);
    out.printf(
        "clean drives of %s s with a finding at warning or above: %d of %d (seeds %d to %d)%n",
        seconds, accused, clean, seed, seed + clean - 1);
    return sum.found == sum.effective && accused == 0 ? 0 : 1;
  }

  private void print(String name, Row row) {
    out.printf(
        "| %s | %d | %d | %d | %d | %d |%n",
        name, row.planted, row.effective, row.found, row.placed, row.beside);
  }
}
