package dev.lockstep.source.rosbag1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.mapped.MappedFile;
import dev.lockstep.mapped.OffHeap;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.StampSource;
import dev.lockstep.source.Growth;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.RecordingReader;
import dev.lockstep.source.ScanUnit;
import dev.lockstep.synth.Injector;
import dev.lockstep.synth.Rosbag1Output;
import dev.lockstep.synth.SynthOptions;
import dev.lockstep.testing.OpenBag;
import dev.lockstep.testing.ReaderDriver;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Bag1Test {
  private static final Rosbag1Format FORMAT = new Rosbag1Format();

  private static final SynthOptions SMALL =
      SynthOptions.DEFAULT
          .withSeed(5)
          .withCloud(4, 36)
          .withImages(32, 32)
          .withJpegQuality(40)
          .withRange(32)
          .withRates(50, 20)
          .withSeconds(2);

  /// IMU 100, cameras 40 each, poses 40, LiDAR 20.
  private static final int MESSAGES = 240;

  @TempDir Path folder;

  private Path bag(String compression) throws IOException {
    Path file = folder.resolve(compression + ".bag");
    try (Rosbag1Output out = new Rosbag1Output(file, compression, 16 << 10)) {
      Injector.drive(out, SMALL, List.of());
    }
    return file;
  }

  private static ReaderDriver.Read read(Path file) throws IOException {
    return new ReaderDriver(FORMAT).threads(2).read(file);
  }

  private ReaderDriver.Read read(byte[] bytes) throws IOException {
    Path file = folder.resolve("changed.bag");
    Files.write(file, bytes);
    return read(file);
  }

  private static List<DefectKind> kinds(ReaderDriver.Read read) {
    return read.defects().stream().map(Defect::kind).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "lz4", "bz2"})
  void readsEveryMessageWithItsStamp(String compression) throws Exception {
    ReaderDriver.Read read = read(bag(compression));
    assertThat(read.defects()).isEmpty();
    assertThat(read.messageCount()).isEqualTo(MESSAGES);
    assertThat(read.examined(DefectKind.ROS1_MALFORMED)).isEqualTo(MESSAGES);
    assertThat(read.examined(DefectKind.MESSAGE_INDEX)).isEqualTo(MESSAGES);
    read.streams()
        .forEach(stream -> {
          assertThat(stream.stampSource()).isEqualTo(StampSource.HEADER);
          MessageBatch rows = read.messages(stream.id());
          for (int row = 0; row < rows.size(); row++) {
            assertThat(rows.logTimesNs()[row] - rows.stampsNs()[row])
                .as(stream.name())
                .isBetween(0L, 200_000_000L);
          }
        });
    MessageBatch sweeps = read.messages("/lidar/points");
    assertThat(sweeps.points()[0]).isPositive();
    assertThat(sweeps.frameId()).isEqualTo("lidar");
    assertThat(read.coverage().protectedBytes() > 0).isEqualTo(!compression.equals("none"));
    assertThat(MappedFile.openCount()).isZero();
    assertThat(OffHeap.openBytes()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "lz4", "bz2"})
  void readsABagThatWasNotClosed(String compression) throws Exception {
    byte[] bytes = Files.readAllBytes(bag(compression));
    int field = indexOf(bytes, "index_pos=", 0) + "index_pos=".length();
    long indexPos = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(field);
    Arrays.fill(bytes, field, field + 8, (byte) 0);
    ReaderDriver.Read read = read(Arrays.copyOf(bytes, (int) indexPos));
    assertThat(read.messageCount()).isEqualTo(MESSAGES);
    assertThat(kinds(read)).containsExactly(DefectKind.FILE_TRUNCATED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "lz4", "bz2"})
  void followsABagThatIsBeingRecorded(String compression) throws Exception {
    byte[] bytes = Files.readAllBytes(bag(compression));
    ReaderDriver.Read whole = read(bytes);
    Path file = folder.resolve("drive.bag.active");
    long seed = compression.hashCode();
    SplittableRandom random = new SplittableRandom(seed);
    Files.write(file, new byte[0]);
    assertThat(FORMAT.growth(file)).isEqualTo(Growth.REOPENED);
    ReaderDriver.Read live = new ReaderDriver.Read();
    long early = -1;
    try (RecordingReader reader = FORMAT.open(file, ReadOptions.DEFAULT)) {
      int end = OpenBag.indexPosition(bytes);
      for (int at = 0; at < end; ) {
        at = Math.min(end, at + 1 + random.nextInt(20_000));
        overwrite(file, OpenBag.at(bytes, at));
        assertThat(FORMAT.saysItHasEnded(file)).isFalse();
        drain(reader, at, live);
        assertThat(reader.position()).isLessThanOrEqualTo(at);
        if (early < 0 && at > end / 2) {
          early = live.messageCount();
        }
      }
      overwrite(file, bytes);
      drain(reader, bytes.length, live);
    }
    assertThat(early).as("seed %d", seed).isBetween(1L, MESSAGES - 1L);
    assertThat(live.defects()).as("seed %d", seed).isEmpty();
    assertThat(live.messageCount()).isEqualTo(MESSAGES);
    for (int id = 0; id < live.streams().size(); id++) {
      MessageBatch expected = whole.messages(live.streams().get(id).name());
      assertThat(Arrays.copyOf(live.messages(id).stampsNs(), live.messages(id).size()))
          .isEqualTo(Arrays.copyOf(expected.stampsNs(), expected.size()));
    }
    assertThat(FORMAT.saysItHasEnded(file)).isTrue();
    assertThat(FORMAT.growth(file)).isEqualTo(Growth.UNREADABLE);
  }

  /// In place, as a recorder does.
  private static void overwrite(Path file, byte[] bytes) throws IOException {
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(bytes);
    }
  }

  private static void drain(RecordingReader reader, long available, ReaderDriver.Read read)
      throws IOException {
    reader.extend(available, false);
    for (ScanUnit unit = reader.next(); unit != null; unit = reader.next()) {
      unit.scan();
      unit.commit(read);
    }
  }

  @Test
  void readsACutBagAsFarAsItGoes() throws Exception {
    byte[] bytes = Files.readAllBytes(bag("none"));
    ReaderDriver.Read read = read(Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(read.messageCount()).isBetween(70L, 170L);
    assertThat(kinds(read)).containsOnly(DefectKind.FILE_TRUNCATED);
  }

  @Test
  void goesOnBehindADamagedRecord() throws Exception {
    byte[] bytes = Files.readAllBytes(bag("none"));
    int record = indexOf(bytes, "op=\u0002", bytes.length / 2) - 8;
    Arrays.fill(bytes, record, record + 60, (byte) 0x5A);
    ReaderDriver.Read read = read(bytes);
    assertThat(read.messageCount()).isBetween(MESSAGES - 3L, MESSAGES - 1L);
    assertThat(kinds(read)).contains(DefectKind.RECORD_MALFORMED);
    assertThat(read.coverage().lostBytes()).isPositive();
    long marked = 0;
    for (int stream = 0; stream < read.streams().size(); stream++) {
      for (byte flags : read.messages(stream).flags()) {
        marked += (flags & MessageBatch.AFTER_LOSS) != 0 ? 1 : 0;
      }
    }
    assertThat(marked).isPositive();
  }

  @Test
  void namesAFlippedBitInACompressedChunk() throws Exception {
    for (String compression : List.of("lz4", "bz2")) {
      byte[] bytes = Files.readAllBytes(bag(compression));
      int chunk = indexOf(bytes, "compression=", bytes.length / 2);
      bytes[chunk + 400] ^= 4;
      ReaderDriver.Read read = read(bytes);
      assertThat(kinds(read))
          .as(compression)
          .containsAnyOf(DefectKind.FRAME_CHECKSUM, DefectKind.CHUNK_UNREADABLE);
      assertThat(read.messageCount()).isBetween(100L, (long) MESSAGES);
    }
  }

  @Test
  void holdsTheIndexAgainstTheMessages() throws Exception {
    byte[] sound = Files.readAllBytes(bag("none"));

    byte[] bytes = sound.clone();
    bytes[indexOf(bytes, "count=", 5000) + "count=".length() + 20] ^= 1;
    assertThat(kinds(read(bytes))).contains(DefectKind.MESSAGE_INDEX);

    bytes = sound.clone();
    bytes[indexOf(bytes, "chunk_count=", 0) + "chunk_count=".length()] ^= 1;
    assertThat(kinds(read(bytes))).containsExactly(DefectKind.BAG_METADATA);

    bytes = sound.clone();
    int end = indexOf(bytes, "end_time=", 5000) + "end_time=".length();
    bytes[end + 4] ^= 1;
    assertThat(kinds(read(bytes))).containsExactly(DefectKind.CHUNK_TIMES);

    bytes = sound.clone();
    bytes[indexOf(bytes, "index_pos=", 0) + "index_pos=".length()] ^= 1;
    ReaderDriver.Read read = read(bytes);
    assertThat(kinds(read)).containsExactly(DefectKind.FOOTER_POINTER);
    assertThat(read.messageCount()).isEqualTo(MESSAGES);
  }

  @Test
  void saysWhatIsNoBag() throws Exception {
    assertThat(kinds(read(new byte[0]))).containsExactly(DefectKind.FILE_EMPTY);
    assertThat(kinds(read(new byte[100])))
        .contains(DefectKind.MAGIC_DAMAGED, DefectKind.HEADER_MALFORMED);
  }

  @Test
  void damageNeverThrowsAndIsAlwaysLocated() throws Exception {
    for (String compression : List.of("none", "lz4", "bz2")) {
      byte[] sound = Files.readAllBytes(bag(compression));
      for (int round = 0; round < 60; round++) {
        SplittableRandom random = new SplittableRandom(round);
        byte[] bytes = sound.clone();
        for (int i = random.nextInt(1, 6); i > 0; i--) {
          int at = random.nextInt(bytes.length);
          int length = Math.min(bytes.length - at, random.nextInt(1, 200));
          for (int b = 0; b < length; b++) {
            bytes[at + b] = (byte) (round % 2 == 0 ? 0xFF : random.nextInt());
          }
        }
        ReaderDriver.Read read = read(Arrays.copyOf(bytes, random.nextInt(1, bytes.length + 1)));
        for (Defect defect : read.defects()) {
          assertThat(defect.location().file()).as("round " + round).isEqualTo("changed.bag");
        }
        assertThat(read.defects()).as("round " + round).isNotEmpty();
        assertThat(OffHeap.openBytes()).isZero();
      }
    }
  }

  private static int indexOf(byte[] bytes, String text, int from) {
    byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
    for (int at = from; at <= bytes.length - wanted.length; at++) {
      if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    throw new AssertionError("no " + text);
  }
}
