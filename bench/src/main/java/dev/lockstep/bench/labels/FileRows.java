package dev.lockstep.bench.labels;

import dev.lockstep.bench.files.Folders;
import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.check.ExportDifference;
import dev.lockstep.check.Finding;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.labels.LabelFormat;
import dev.lockstep.labels.LabelWriteOptions;
import dev.lockstep.manifest.BlockFeed;
import dev.lockstep.manifest.BlockLimits;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.manifest.ManifestHeader;
import dev.lockstep.manifest.ManifestWriter;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Severity;
import dev.lockstep.shadow.ExportComparison;
import dev.lockstep.shadow.ExportComparison.Part;
import dev.lockstep.shadow.LabelSource;
import dev.lockstep.source.mcap.McapFormat;
import dev.lockstep.synth.McapSettings;
import dev.lockstep.synth.SynthOptions;
import dev.lockstep.synth.SynthRun;
import dev.lockstep.synth.labels.ExportScene;
import dev.lockstep.synth.labels.ExporterBugs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// Faults of files: a flipped bit in a sealed recording with labels (F23), and what exporters are
/// known to get wrong (F24).
final class FileRows {
  private static final String SEALED = "sealed drives with labels";
  private static final String EXPORTS = "exports of drawn scenes";
  private static final String LOG = "label-log";

  /// Flips in one drive.
  private static final int FLIPS = 50;

  private static final double SECONDS = 1;

  /// A record whose length was hit ends elsewhere.
  private static final int BESIDE_BYTES = 64;

  /// Magic at either end of a file.
  private static final int MAGIC_BYTES = 8;

  private final int wanted;
  private final long seed;

  FileRows(int wanted, long seed) {
    this.wanted = wanted;
    this.seed = seed;
  }

  /// Plants and counts.
  Ledger rows() throws IOException {
    Path folder = Files.createTempDirectory("lockstep-score");
    try {
      Ledger all = new Ledger();
      all.addAll((wanted + FLIPS - 1) / FLIPS, i -> flips(folder.resolve("sealed" + i), i));
      int rounds = (wanted + ExporterBugs.values().length - 1) / ExporterBugs.values().length;
      all.addAll(rounds, i -> exports(folder.resolve("exports" + i), seed * 1000 + i));
      return all;
    } finally {
      Folders.delete(folder);
    }
  }

  private Ledger flips(Path folder, int drive) {
    Ledger ledger = new Ledger();
    try (Engine engine =
        new Engine(
            Checks.select(List.of("INT"), List.of()), EngineOptions.defaults().withThreads(1))) {
      Path file = Files.createDirectories(folder).resolve("drive.mcap");
      SynthOptions options =
          SynthOptions.DEFAULT.withSeed(1000 * seed + drive).withSeconds(SECONDS);
      SynthRun.drive(file, options, McapSettings.DEFAULT);
      seal(engine, file);
      List<Finding> clean = engine.check(file, "drive.mcap", new McapFormat()).findings();
      ledger.clean(SEALED, 1, clean.stream().map(f -> f.check().id() + " " + f.title()).toList());
      byte[] sound = Files.readAllBytes(file);
      Random random = new Random(seed + drive);
      Counted row = ledger.row("F23", "flipped-bit", "one, anywhere", true, SEALED);
      for (int i = 0; i < Math.min(FLIPS, wanted); i++) {
        byte[] flipped = sound.clone();
        int at = MAGIC_BYTES + random.nextInt(sound.length - 2 * MAGIC_BYTES);
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, flipped);
        List<Finding> found = engine.check(file, "drive.mcap", new McapFormat()).findings();
        row.event(found.stream().anyMatch(f -> covers(f, at)), true, "byte " + at + " of " + file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ledger;
  }

  private static boolean covers(Finding finding, long at) {
    ByteRange bytes = finding.location().bytes();
    return bytes == null
        || at >= bytes.offsetBytes() - BESIDE_BYTES && at < bytes.endBytes() + BESIDE_BYTES;
  }

  private static void seal(Engine engine, Path file) throws IOException {
    BlockLimits limits = BlockLimits.DEFAULT;
    ManifestHeader header = new ManifestHeader(limits, "drive.mcap", "mcap", Files.size(file));
    try (ManifestWriter writer = ManifestWriter.create(ManifestFiles.of(file), header)) {
      BlockFeed feed =
          new BlockFeed(
              limits,
              block -> {
                try {
                  writer.add(block);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      engine.check(
          file, "drive.mcap", new McapFormat(), finding -> {}, (done, total) -> {}, List.of(feed));
      writer.commit();
    }
  }

  private static Ledger exports(Path folder, long number) {
    Ledger ledger = new Ledger();
    try {
      for (ExporterBugs bug : ExporterBugs.values()) {
        ExportScene scene = ExportScene.of(bug.frame, number);
        Part original = written(LOG, scene.build(), folder.resolve("original"));
        Part sound = written(bug.format, scene.build(), folder.resolve("sound"));
        List<ExportDifference> none = serious(original, sound);
        ledger.clean(EXPORTS, sound.labels().size(), none.stream().map(d -> d.title()).toList());
        LabelSet wrong = bug.exported(scene).build();
        List<ExportDifference> found =
            serious(original, written(bug.format, wrong, folder.resolve("export")));
        Counted row = ledger.row("F24", "export-wrong", "known errors", true, EXPORTS);
        boolean named = false;
        for (ExportDifference difference : found) {
          var cause = difference.cause();
          if (cause != null && cause.id().equals(bug.cause)) {
            named = true;
          } else {
            row.stray(bug + ": " + difference.title());
          }
        }
        row.event(named, true, bug + ", scene " + number);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ledger;
  }

  private static List<ExportDifference> serious(Part original, Part export) {
    return ExportComparison.compare(original, export).differences().stream()
        .filter(d -> d.severity().compareTo(Severity.WARNING) >= 0)
        .toList();
  }

  private static Part written(String name, LabelSet labels, Path into) throws IOException {
    LabelFormat format = LabelFormats.named(name);
    Path file =
        format
            .write(labels, LabelWriteOptions.of(labels), Files.createDirectories(into))
            .getFirst();
    LabelSet read = new LabelSource(file, null, format).first().sets().getFirst();
    return new Part(read, format.capabilities(), name);
  }
}
