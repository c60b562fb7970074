package dev.lockstep.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.synth.Injector;
import dev.lockstep.synth.McapSettings;
import dev.lockstep.synth.SynthOptions;
import dev.lockstep.synth.SynthRun;
import dev.lockstep.synth.fault.FaultSpec;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Faults of the container in cuts: of each, the few records or bytes that show it.
class ContainerCutsTest {
  private static final SourceFormat MCAP =
      Formats.ALL.stream().filter(each -> each.name().equals("mcap")).findFirst().orElseThrow();

  /// One of each kind; `./lockstep bench repro` cuts all of them.
  private static final String SOME_DEFECTS = ".*(L06|L24|L28|L30|P05|P17)_.*mcap";

  private final Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(1));

  /// Sound drives, one for each compression.
  @TempDir private static Path drives;

  @TempDir private Path folder;

  @AfterEach
  void close() {
    engine.close();
  }

  private RecordingResult check(Path file) throws IOException {
    return engine.check(file, String.valueOf(file.getFileName()), MCAP);
  }

  private Reproduction.Cut cut(Path file, Finding finding) throws IOException {
    ReportedFinding target = ReportedFinding.of(String.valueOf(file.getFileName()), finding);
    return Reproduction.of(
        file, MCAP, engine, target, folder.resolve("cut"), folder.resolve("tried"));
  }

  private Path damaged(String compression, String fault) throws IOException {
    Path drive = drives.resolve(compression).resolve("drive.mcap");
    if (!Files.exists(drive)) {
      Files.createDirectories(drives.resolve(compression));
      SynthRun.drive(
          drive,
          SynthOptions.DEFAULT.withSeed(4).withSeconds(4).withCloud(16, 180),
          McapSettings.DEFAULT.withCompression(compression).withChunkBytes(100_000));
    }
    Injector.inject(drive, List.of(FaultSpec.of(fault, 4)), folder.resolve("damaged"));
    return folder.resolve("damaged").resolve("drive.mcap");
  }

  @ParameterizedTest
  @CsvSource({
    "none, flip-chunk-bit, 3000",
    "zstd, flip-chunk-bit, 1000",
    "lz4, flip-chunk-bit, 50000",
    "none, flip-index-bit, 1500",
    "none, flip-attachment-bit, 700",
    "lz4, truncate-mid-record, 700",
    "none, zero-page, 9000",
    "none, destroy-length, 700",
    "none, append-junk, 300",
  })
  void aFaultIsCutDownToWhatShowsIt(String compression, String fault, long mostBytes)
      throws IOException {
    Path file = damaged(compression, fault);
    Finding finding =
        check(file).findings().stream()
            .filter(each -> each.check().id().matches("INT0(0\\d|1[0-5])"))
            .findFirst()
            .orElseThrow();
    Reproduction.Cut cut = cut(file, finding);
    Finding found = cut.finding();
    assertThat(found).isNotNull();
    assertThat(found.title()).isEqualTo(finding.title());
    assertThat(plain(found)).isEqualTo(plain(finding));
    assertThat(cut.whole()).isFalse();
    assertThat(cut.bytes()).isLessThanOrEqualTo(mostBytes);
    assertThat(cut.bytes()).isEqualTo(Files.size(cut.recording()));
  }

  private static String plain(Finding finding) {
    return ReportedFinding.of("", finding).message().replaceAll("0x[0-9A-F]+|\\d+", "#");
  }

  @Test
  void aCutThatKeepsAllPartsIsTheSame() throws IOException {
    Path file = damaged("zstd", "flip-attachment-bit");
    try (var cutter = MCAP.cutter(file)) {
      assertThat(cutter).isNotNull();
      var all = new BitSet();
      all.set(0, cutter.parts().size());
      Path same = cutter.cut(all, Files.createDirectories(folder.resolve("same")));
      assertThat(Files.mismatch(file, same)).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @CsvSource({"none", "lz4", "zstd"})
  void aSoundFileStaysSoundWhateverIsLeftOut(String compression) throws IOException {
    Path file = folder.resolve("drive.mcap");
    SynthRun.drive(
        file,
        SynthOptions.DEFAULT.withSeed(5).withSeconds(2).withCloud(4, 90),
        new McapSettings(compression, 20_000, true, true, true, ""));
    var random = new Random(5);
    try (var cutter = MCAP.cutter(file)) {
      assertThat(cutter).isNotNull();
      var parts = cutter.parts();
      for (int round = 0; round < 6; round++) {
        var kept = new BitSet();
        double share = random.nextDouble();
        for (int i = 0; i < parts.size(); i++) {
          // Whatever a sound file may be without.
          boolean spare = parts.get(i).what().matches("Message|Chunk|Attachment|Metadata");
          kept.set(i, !spare || random.nextDouble() < share);
        }
        Path into = Files.createDirectories(folder.resolve("cut" + round));
        assertThat(check(cutter.cut(kept, into)).findings())
            .as("seed 5, round " + round)
            .noneMatch(finding -> finding.check().id().matches("INT0(0[1-9]|1[0-2])"));
      }
    }
  }

  @Test
  void defectsOfTheSharedFilesAreCutOut() throws IOException {
    Path faults = SharedData.path("mcap-faults");
    Set<String> known = new HashSet<>();
    List<String> large = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> all = Files.list(faults)) {
      files = all.filter(file -> file.toString().matches(SOME_DEFECTS)).sorted().toList();
    }
    check(faults.resolve("baseline.mcap")).findings().forEach(each -> known.add(plain(each)));
    for (Path file : files) {
      for (Finding finding : check(file).findings()) {
        if (finding.check().id().matches("INT0(0\\d|1[0-5])") && known.add(plain(finding))) {
          Reproduction.Cut cut = cut(file, finding);
          Finding found = cut.finding();
          assertThat(found).as(file + ": " + plain(finding)).isNotNull();
          assertThat(plain(found)).as(file.toString()).isEqualTo(plain(finding));
          if (cut.whole() || cut.bytes() > 2500) {
            large.add(file.getFileName() + ": " + cut.bytes());
          }
        }
      }
    }
    assertThat(large).isEmpty();
  }
}
