package dev.lockstep.bench.robustness;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.manifest.BlockFeed;
import dev.lockstep.manifest.BlockLimits;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.manifest.ManifestHeader;
import dev.lockstep.manifest.ManifestWriter;
import dev.lockstep.synth.McapSettings;
import dev.lockstep.synth.SynthOptions;
import dev.lockstep.synth.SynthRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The recordings that a campaign damages, each a copy in a folder of its own.
final class Seeds {
  private final Path folder;
  private final long maxBytes;
  private final Map<String, List<Seed>> groups = new TreeMap<>();

  /// A copy of a recording.
  ///
  /// @param name where it comes from
  /// @param folder holds nothing else
  /// @param files the files in it, in order of names
  /// @param bytes their lengths together
  record Seed(String name, Path folder, List<Path> files, long bytes) {}

  /// No seeds yet.
  ///
  /// @param folder where copies are made
  /// @param maxBytes recordings larger than that are left out, to have many rounds
  Seeds(Path folder, long maxBytes) {
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  /// Adds the recordings in `source` as groups of one format each.
  ///
  /// @throws IOException if files cannot be read or copied
  void add(Path source) throws IOException {
    for (Recording recording : new RecordingFinder(Formats.ALL).find(source).recordings()) {
      Path from = recording.path();
      List<Path> files = Files.isDirectory(from) ? files(from) : List.of(from);
      long bytes = 0;
      for (Path file : files) {
        bytes += Files.size(file);
      }
      if (bytes > 0 && bytes <= maxBytes) {
        String format = recording.format().name();
        Path to = folder.resolve(format + "-" + count());
        Path parent = Objects.requireNonNull(from.toAbsolutePath().normalize().getParent());
        for (Path file : files) {
          Path copy = to.resolve(parent.relativize(file.toAbsolutePath().normalize()).toString());
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
        enter(source.getFileName() + " " + format, from.toString(), to);
      }
    }
  }

  /// Adds short drives of every layout, small enough for many rounds, plain and with a manifest.
  ///
  /// @throws IOException if a file cannot be written
  void addDrives() throws IOException {
    SynthOptions small =
        SynthOptions.DEFAULT
            .withSeconds(1.2)
            .withCloud(2, 24)
            .withImages(32, 32)
            .withJpegQuality(30)
            .withRange(20)
            .withRates(20, 10);
    McapSettings settings = McapSettings.DEFAULT.withChunkBytes(16 << 10);
    Map<String, McapSettings> layouts =
        Map.of(
            "plain", settings,
            "lz4", settings.withCompression("lz4"),
            "zstd", settings.withCompression("zstd"),
            "unchunked", settings.withChunkBytes(0).withCrcs(false, true, true),
            "unprotected", settings.withCrcs(false, false, false));
    for (Map.Entry<String, McapSettings> layout : new TreeMap<>(layouts).entrySet()) {
      Path plain = folder.resolve("drive-" + layout.getKey());
      Files.createDirectories(plain);
      SynthRun.drive(plain.resolve("drive.mcap"), small, layout.getValue());
      enter("short drives", "drive " + layout.getKey(), plain);
      Path sealed = folder.resolve("sealed-" + layout.getKey());
      Files.createDirectories(sealed);
      Files.copy(plain.resolve("drive.mcap"), sealed.resolve("drive.mcap"));
      seal(sealed.resolve("drive.mcap"));
      enter("sealed drives", "sealed drive " + layout.getKey(), sealed);
    }
  }

  private static void seal(Path file) throws IOException {
    ManifestHeader header =
        new ManifestHeader(
            BlockLimits.DEFAULT,
            ManifestFiles.name(file),
            Formats.ALL.getFirst().name(),
            Files.size(file));
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(1));
        ManifestWriter writer = ManifestWriter.create(ManifestFiles.of(file), header)) {
      BlockFeed feed =
          new BlockFeed(
              BlockLimits.DEFAULT,
              block -> {
                try {
                  writer.add(block);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      Recording recording = new RecordingFinder(Formats.ALL).find(file).recordings().getFirst();
      engine.check(
          file, "drive", recording.format(), finding -> {}, (done, total) -> {}, List.of(feed));
      writer.commit();
    }
  }

  private void enter(String group, String name, Path at) throws IOException {
    List<Path> files = files(at);
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    groups.computeIfAbsent(group, g -> new ArrayList<>()).add(new Seed(name, at, files, bytes));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /// Number of recordings.
  int count() {
    return groups.values().stream().mapToInt(List::size).sum();
  }

  /// Recordings by group, for a person.
  Map<String, List<Seed>> groups() {
    return groups;
  }

  /// Any recording: each group as likely as the others, in a group the small ones more likely.
  Seed pick(SplittableRandom random) {
    List<Seed> group = List.copyOf(groups.values()).get(random.nextInt(groups.size()));
    double sum = group.stream().mapToDouble(Seeds::weight).sum();
    double at = random.nextDouble() * sum;
    for (Seed seed : group) {
      at -= weight(seed);
      if (at < 0) {
        return seed;
      }
    }
    return group.getLast();
  }

  private static double weight(Seed seed) {
    return 1.0 / ((64 << 10) + seed.bytes);
  }
}
