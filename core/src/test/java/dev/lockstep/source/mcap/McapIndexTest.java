package dev.lockstep.source.mcap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.ByteRange;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.source.MessageAt;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingIndex;
import dev.lockstep.source.ScannedIndex;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Access through the summary must tell what a read from front to back tells.
class McapIndexTest {
  private static final Path FIXTURES = Path.of("..", "fixtures", "mcap");

  private static ScannedIndex scanned(Path file) throws IOException {
    return ScannedIndex.of(
        file,
        new McapReader(MappedFile.openFirst(file, 0), ReadOptions.DEFAULT.withCrc32c()),
        true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"clean-drive", "clean-lz4", "clean-zstd", "demo-drive"})
  void findsWhatAReadFindsInEveryFixture(String name) throws IOException {
    int before = MappedFile.openCount();
    Path file = FIXTURES.resolve(name).resolve("drive.mcap");
    try (RecordingIndex index = new McapFormat().index(file);
        ScannedIndex scan = scanned(file)) {
      assertThat(index.wasScanned()).isFalse();
      assertSame(index, scan);
      assertSameLabels(index.labels(Long.MIN_VALUE, Long.MAX_VALUE), scan);
    }
    assertThat(MappedFile.openCount()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"clean-drive", "clean-zstd", "demo-drive"})
  void labelsOfAFrameAreThoseThatAReadFinds(String name) throws IOException {
    Path file = FIXTURES.resolve(name).resolve("drive.mcap");
    try (RecordingIndex index = new McapFormat().index(file);
        ScannedIndex scan = scanned(file)) {
      List<LabelSet> all = scan.labels(Long.MIN_VALUE, Long.MAX_VALUE);
      for (long frame : new long[] {0, 1, 37, 98, 99, 100, 5000}) {
        List<String> read = rowsOf(all, frame);
        List<LabelSet> found = index.labelsInFrame(frame);
        assertThat(rowsOf(found, frame)).as("frame " + frame).isEqualTo(read);
        if (!read.isEmpty()) {
          assertThat(found.stream().mapToInt(LabelSet::size).sum())
              .as("rows read for frame " + frame)
              .isLessThan(all.stream().mapToInt(LabelSet::size).sum());
        }
      }
    }
  }

  private static List<String> rowsOf(List<LabelSet> sets, long frame) {
    return sets.stream()
        .flatMap(set ->
            IntStream.range(0, set.size())
                .filter(row -> set.frames()[row] == frame)
                .mapToObj(row -> set.name() + " " + set.location(row, row)))
        .sorted()
        .toList();
  }

  private static void assertSame(RecordingIndex index, ScannedIndex scan) throws IOException {
    Map<String, StreamInfo> streams =
        index.streams().stream().collect(Collectors.toMap(StreamInfo::name, Function.identity()));
    for (StreamInfo expected : scan.streams()) {
      StreamInfo stream = streams.get(expected.name());
      assertThat(stream).as(expected.name()).isNotNull();
      assertThat(stream.modality()).isEqualTo(expected.modality());
      assertThat(stream.stampSource()).isEqualTo(expected.stampSource());
      assertThat(index.messages(stream.name())).isEqualTo(scan.messages(stream.name()));
      for (long i = 0; i < index.messages(stream.name()); i++) {
        MessageAt found = index.message(stream.name(), i);
        MessageAt read = scan.message(stream.name(), i);
        assertThat(found.stampNs()).isEqualTo(read.stampNs());
        assertThat(found.logTimeNs()).isEqualTo(read.logTimeNs());
        assertThat(found.bytes().offsetBytes()).isEqualTo(read.bytes().offsetBytes());
        assertThat(index.crc32c(found)).isEqualTo(scan.crc32c(read));
      }
    }
  }

  private static void assertSameLabels(List<LabelSet> found, ScannedIndex scan) {
    List<LabelSet> read = scan.labels(Long.MIN_VALUE, Long.MAX_VALUE);
    assertThat(found).hasSameSizeAs(read);
    for (LabelSet expected : read) {
      LabelSet set =
          found.stream().filter(s -> s.name().equals(expected.name())).findAny().orElseThrow();
      assertThat(set.size()).isEqualTo(expected.size());
      for (int row = 0; row < set.size(); row++) {
        assertThat(set.location(row, row)).isEqualTo(expected.location(row, row));
        assertThat(set.annotator(row)).isEqualTo(expected.annotator(row));
      }
      assertThat(Arrays.copyOf(set.boxes3d(), set.size() * LabelSet.BOX_3D))
          .isEqualTo(Arrays.copyOf(expected.boxes3d(), set.size() * LabelSet.BOX_3D));
    }
  }

  @Test
  void nearestIsTheNearestByStamp() throws IOException {
    Path file = FIXTURES.resolve("demo-drive").resolve("drive.mcap");
    Random random = new Random(7);
    try (RecordingIndex index = new McapFormat().index(file);
        ScannedIndex scan = scanned(file)) {
      for (StreamInfo stream : scan.streams()) {
        long first = scan.message(stream.name(), 0).stampNs();
        for (int i = 0; i < 100; i++) {
          long stampNs = first + (long) ((random.nextDouble() * 1.2 - 0.1) * 10 * Times.SECOND);
          long near = index.nearest(stream.name(), stampNs);
          long nearest = scan.nearest(stream.name(), stampNs);
          assertThat(Math.abs(index.message(stream.name(), near).stampNs() - stampNs))
              .as(stream.name() + " at " + stampNs)
              .isEqualTo(Math.abs(scan.message(stream.name(), nearest).stampNs() - stampNs));
        }
      }
    }
  }

  @Test
  void everyByteOfARecordTouchesItsMessageAndNoOther() throws IOException {
    Path file = FIXTURES.resolve("clean-drive").resolve("drive.mcap");
    try (RecordingIndex index = new McapFormat().index(file)) {
      MessageAt message = index.message("/lidar/points", 3);
      ByteRange bytes = message.bytes();
      assertThat(message.compressed()).isFalse();
      for (long at : new long[] {bytes.offsetBytes(), bytes.endBytes() - 1}) {
        assertThat(index.touching("drive.mcap", new ByteRange(at, 1))).containsExactly(message);
      }
      assertThat(index.touching("drive.mcap", new ByteRange(bytes.offsetBytes() - 31, 1)))
          .containsExactly(message);
      assertThat(index.touching("drive.mcap", new ByteRange(bytes.endBytes(), 1)))
          .hasSize(1)
          .doesNotContain(message);
      assertThat(index.touching("drive.mcap", new ByteRange(Files.size(file) - 8, 8))).isEmpty();
      assertThat(index.touching("other.mcap", bytes)).isEmpty();
    }
  }

  @Test
  void aWindowOfLabelsHoldsAllOfThatWindow() throws IOException {
    Path file = FIXTURES.resolve("clean-zstd").resolve("drive.mcap");
    try (RecordingIndex index = new McapFormat().index(file)) {
      LabelSet all = index.labels(Long.MIN_VALUE, Long.MAX_VALUE).getFirst();
      long stampNs = all.stampsNs()[all.size() / 2];
      LabelSet part = index.labels(stampNs, stampNs).getFirst();
      assertThat(part.size()).isLessThan(all.size());
      assertThat(Arrays.stream(part.stampsNs(), 0, part.size()).filter(s -> s == stampNs).count())
          .isEqualTo(
              Arrays.stream(all.stampsNs(), 0, all.size()).filter(s -> s == stampNs).count());
    }
  }

  @Test
  void filesWithoutACompleteIndexAreRead(@TempDir Path folder) throws IOException {
    Path file = FIXTURES.resolve("clean-unchunked").resolve("drive.mcap");
    try (RecordingIndex index = new McapFormat().index(file)) {
      assertThat(index.wasScanned()).isTrue();
      assertThat(index.messages("/lidar/points")).isPositive();
    }
    byte[] whole = Files.readAllBytes(FIXTURES.resolve("clean-lz4").resolve("drive.mcap"));
    Path cut = folder.resolve("cut.mcap");
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
    try (RecordingIndex index = new McapFormat().index(cut)) {
      assertThat(index.wasScanned()).isTrue();
    }
  }

  @Test
  void damageNeverThrowsAnythingButInputOutput(@TempDir Path folder) throws IOException {
    byte[] whole = Files.readAllBytes(FIXTURES.resolve("clean-lz4").resolve("drive.mcap"));
    Path file = folder.resolve("hurt.mcap");
    int before = MappedFile.openCount();
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      byte[] hurt = whole.clone();
      for (int i = 0; i < 4; i++) {
        hurt[hurt.length - 1 - random.nextInt(seed % 2 == 0 ? hurt.length : 8000)] ^=
            (byte) (1 << random.nextInt(8));
      }
      Files.write(file, hurt);
      try (RecordingIndex index = new McapFormat().index(file)) {
        for (StreamInfo stream : index.streams()) {
          for (long i = 0; i < index.messages(stream.name()); i += 7) {
            MessageAt message = index.message(stream.name(), i);
            index.nearest(stream.name(), message.stampNs());
            index.crc32c(message);
          }
        }
        index.labels(Long.MIN_VALUE, Long.MAX_VALUE);
      } catch (IOException e) {
        assertThat(e).as("seed " + seed).hasMessageContaining("mcap");
      }
      assertThat(MappedFile.openCount()).as("seed " + seed).isEqualTo(before);
    }
  }

  @Test
  void agreesWithAReadOfRealFiles() throws IOException {
    int indexed = 0;
    for (String folder : List.of("mcap-conformance", "mcap-samples")) {
      try (Stream<Path> files = Files.walk(SharedData.path(folder))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".mcap")).sorted().toList()) {
          try (RecordingIndex index = new McapFormat().index(file);
              ScannedIndex scan = scanned(file)) {
            if (!index.wasScanned() && unique(scan)) {
              assertSame(index, scan);
              indexed++;
            }
          }
        }
      }
    }
    assertThat(indexed).isGreaterThan(20);
  }

  private static boolean unique(ScannedIndex scan) {
    return new HashSet<>(scan.streams().stream().map(StreamInfo::name).toList()).size()
        == scan.streams().size();
  }
}
