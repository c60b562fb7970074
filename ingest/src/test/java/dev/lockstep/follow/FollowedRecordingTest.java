package dev.lockstep.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.BuildInfo;
import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.check.Run;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.engine.RecordingFinder.Recording;
import dev.lockstep.follow.FollowOptions.Digest;
import dev.lockstep.manifest.ManifestFiles;
import dev.lockstep.report.JsonReport;
import dev.lockstep.report.VerdictReport;
import dev.lockstep.source.Growth;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FollowedRecordingTest {
  private static final Path FIXTURES = Path.of("..", "fixtures");
  private static final Path DRIVE = FIXTURES.resolve("mcap/demo-drive/drive.mcap");
  private static final Engine ENGINE =
      new Engine(Checks.ALL, EngineOptions.defaults().withThreads(2));

  @TempDir Path folder;

  @AfterAll
  static void stop() {
    ENGINE.close();
  }

  static List<Recording> fixtures() throws IOException {
    return new RecordingFinder(Formats.ALL).find(FIXTURES).recordings();
  }

  private static String text(RecordingResult result) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JsonReport.document().write(new Run("test", List.of(result), List.of(), 0), out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Recording only(Path path) throws IOException {
    return new RecordingFinder(Formats.ALL).find(path).recordings().getFirst();
  }

  private FollowedRecording follow(Path path, List<Finding> live, FollowOptions options)
      throws IOException {
    return FollowedRecording.open(
        ENGINE,
        path,
        "it",
        Formats.ALL.stream()
            .filter(format -> format.name().equals("mcap"))
            .findFirst()
            .orElseThrow(),
        live::add,
        options);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fixtures")
  void findsWhatCheckFindsHoweverTheFileGrows(Recording fixture) throws IOException {
    String whole = text(ENGINE.check(fixture.path(), "it", fixture.format()));
    for (long seed = 1; seed <= 3; seed++) {
      // What cannot be read while it grows lies among its neighbours, which it may refer to.
      boolean grows = fixture.format().growth(fixture.path()) == Growth.APPENDED;
      Path copy = fixture.path();
      if (grows) {
        copy = Files.createDirectory(folder.resolve("" + seed)).resolve(copy.getFileName());
      }
      byte[] bytes = grows ? Files.readAllBytes(fixture.path()) : new byte[0];
      if (grows) {
        Files.createFile(copy);
      }
      Random random = new Random(seed);
      List<Finding> live = new ArrayList<>();
      try (FollowedRecording followed =
          FollowedRecording.open(
              ENGINE, copy, "it", fixture.format(), live::add, FollowOptions.findingsOnly())) {
        for (int at = 0; at < bytes.length; ) {
          int next = Math.min(bytes.length, at + 1 + random.nextInt(1 + bytes.length / 9));
          Files.write(copy, Arrays.copyOfRange(bytes, at, next), StandardOpenOption.APPEND);
          followed.advance(next);
          at = next;
        }
        RecordingResult result = followed.complete();
        assertThat(text(result)).as("seed %d", seed).isEqualTo(whole);
        assertThat(result.findings()).as("seed %d", seed).containsAll(live);
      }
    }
  }

  @Test
  void leavesTheManifestOfSealAndAVerdictOverTheContent() throws Exception {
    Path copy = folder.resolve("drive.mcap");
    Files.copy(DRIVE, copy);
    RecordingResult result;
    try (FollowedRecording followed =
        follow(
            copy,
            new ArrayList<>(),
            FollowOptions.findingsOnly().withVerdict(Digest.SHA256).withManifest(folder))) {
      followed.advance(700_000);
      followed.advance(1_000_000);
      result = followed.complete();
    }
    byte[] content = Files.readAllBytes(DRIVE);
    String sha = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    Path verdict = ManifestFiles.verdictOf(copy);
    assertThat(Files.readAllBytes(verdict))
        .isEqualTo(
            VerdictReport.of(
                result,
                BuildInfo.version(),
                new VerdictReport.Content("drive.mcap", content.length, "sha256", sha)));
    assertThat(Files.readString(verdict))
        .contains("\"schema_version\" : 1", "\"verdict\" : \"faulty\"", sha, "\"error\" : 7");
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "drive.mcap", "drive.mcap.blocks.arrow", "drive.mcap.verdict.json");
    }
    // The recording is as sealed, and neither companion is taken for a recording.
    Recording found = only(folder);
    assertThat(ENGINE.check(found.path(), "it", found.format()).findings())
        .hasSameSizeAs(result.findings());
    assertThat(new RecordingFinder(Formats.ALL).find(folder).unclaimed()).isEmpty();
  }

  @Test
  void saysWhatAShrinkingFileLost() throws IOException {
    Path copy = folder.resolve("drive.mcap");
    Files.copy(DRIVE, copy);
    try (FollowedRecording followed =
        follow(copy, new ArrayList<>(), FollowOptions.findingsOnly())) {
      followed.advance(900_000);
      try (FileChannel file = FileChannel.open(copy, StandardOpenOption.WRITE)) {
        file.truncate(500_000);
      }
      assertThat(followed.complete().findings())
          .extracting(finding -> finding.check().id())
          .contains("INT002");
    }
  }

  @Test
  void tellsHowStreamsGo() throws IOException {
    try (FollowedRecording followed =
        follow(DRIVE, new ArrayList<>(), FollowOptions.findingsOnly())) {
      assertThat(followed.streams()).isEmpty();
      followed.complete();
      StreamProgress lidar =
          followed.streams().stream()
              .filter(stream -> stream.name().equals("/lidar/points"))
              .findFirst()
              .orElseThrow();
      assertThat(lidar.messages()).isEqualTo(97);
      assertThat(lidar.rateHertz()).isBetween(9.9, 10.1);
      assertThat(lidar.gaps()).isEqualTo(1);
      assertThat(lidar.longestGapNs()).isBetween(399_000_000L, 401_000_000L);
      assertThat(followed.checked()).isPositive().isLessThanOrEqualTo(followed.readable());
    }
  }
}
