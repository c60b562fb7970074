package dev.lockstep.source.kitti;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.LabelSet;
import dev.lockstep.model.Times;
import dev.lockstep.source.Probe;
import dev.lockstep.testing.RecordedReading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KittiDriveTest {
  private static final int FRAMES = 12;

  /// 2011-09-26 13:02:25 UTC.
  private static final long START = 1_317_042_145_000_000_000L;

  private static final String OXTS =
      "49.0 8.43 116.4 0.03 0.01 -2.6 -6.8 -11.2 13.1 -0.1 0 -0.4 0 10.2 -0.3 -0.3 10.2 0 0 0 0 0"
          + " 0 0.02 0.01 4 11 6 6 6\n";

  @TempDir private Path date;
  private Path drive;

  @BeforeEach
  void makeDrive() throws IOException {
    date = date.resolve("2011_09_26");
    drive = date.resolve("2011_09_26_drive_0042_sync");
    for (String sensor : List.of("velodyne_points", "oxts")) {
      Files.createDirectories(drive.resolve(sensor).resolve("data"));
      write(drive.resolve(sensor + "/timestamps.txt"), stamps(FRAMES, 50, i -> null));
    }
    write(drive.resolve("velodyne_points/timestamps_start.txt"), stamps(FRAMES, 0, i -> null));
    write(drive.resolve("velodyne_points/timestamps_end.txt"), stamps(FRAMES, 100, i -> null));
    for (int i = 0; i < FRAMES; i++) {
      Files.write(sweep(i), points(10 + i));
      write(drive.resolve(String.format("oxts/data/%010d.txt", i)), OXTS);
    }
  }

  private Path sweep(int i) {
    return drive.resolve(String.format("velodyne_points/data/%010d.bin", i));
  }

  private static byte[] points(int n) {
    ByteBuffer bytes = ByteBuffer.allocate(n * 16).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < n * 4; i++) {
      bytes.putFloat(i + 0.5f);
    }
    return bytes.array();
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
  }

  /// Stamps every 100 ms; `other` gives the text of lines that are not so.
  private static String stamps(int n, int offsetMs, IntFunction<String> other) {
    return IntStream.range(0, n)
        .mapToObj(i -> {
          String line = other.apply(i);
          int ms = i * 100 + offsetMs;
          return line != null
              ? line
              : String.format("2011-09-26 13:02:%02d.%03d000007", 25 + ms / 1000, ms % 1000);
        })
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private RecordedReading read() throws IOException {
    return RecordedReading.of(new KittiFormat(), drive);
  }

  @Test
  void readsACleanDriveWithoutADefect() throws IOException {
    RecordedReading drive = read();
    assertThat(drive.defectText()).isEmpty();
    assertThat(drive.streamNames()).containsExactly("oxts", "velodyne_points");
    long[] stamps = drive.stampsNs("velodyne_points");
    assertThat(stamps).hasSize(FRAMES);
    assertThat(stamps[0]).isEqualTo(START + 50_000_007);
    assertThat(stamps[11]).isEqualTo(START + 1_150_000_007);
    assertThat(drive.points("velodyne_points")).startsWith(10, 11, 12);
    assertThat(drive.poses().size()).isEqualTo(FRAMES);
    assertThat(drive.notes())
        .containsExactly(
            "velodyne_points: from the end of a sweep to the start of the next: median 0 ns,"
                + " largest 0 ns");
    assertThat(drive.examined(DefectKind.STAMPS_CONTRADICT)).isEqualTo(FRAMES);
    assertThat(drive.coverage().totalBytes()).isPositive();
    assertThat(drive.coverage().lostBytes()).isZero();
  }

  @Test
  void namesADataFolderThatIsGoneWhileOthersAreThere() throws IOException {
    for (int i = 0; i < FRAMES; i++) {
      Files.delete(sweep(i));
    }
    Files.delete(drive.resolve("velodyne_points/data"));
    assertThat(read().defectText())
        .isEqualTo(
            "warning FILE_MISSING: data folder missing (expected files of 12 stamps, as of other"
                + " sensors) @ velodyne_points, velodyne_points/data");
  }

  @Test
  void keepsTheNumbersOfMessagesWhoseLinesAreBlank() throws IOException {
    for (String list : List.of("timestamps", "timestamps_start", "timestamps_end")) {
      int offset = list.endsWith("start") ? 0 : list.endsWith("end") ? 100 : 50;
      write(
          drive.resolve("velodyne_points/" + list + ".txt"),
          stamps(FRAMES, offset, i -> i == 4 || i == 5 ? "" : null));
    }
    Files.delete(sweep(4));
    Files.delete(sweep(5));
    RecordedReading drive = read();
    assertThat(drive.defectText())
        .isEqualTo(
            "error STAMP_LINE_LOST: lines 5..6 blank (expected a stamp: 2 messages are lost;"
                + " skipping blank lines would shift 6 later messages) @ velodyne_points, messages"
                + " 4..5, velodyne_points/timestamps.txt, byte 120+2");
    long[] stamps = drive.stampsNs("velodyne_points");
    assertThat(stamps).hasSize(FRAMES);
    assertThat(stamps[4]).isEqualTo(Times.NONE);
    assertThat(stamps[6]).isEqualTo(START + 650_000_007);
  }

  @Test
  void countsBlankLinesAtTheEndOnlyWhereOtherStreamsGoOn() throws IOException {
    write(
        drive.resolve("oxts/timestamps.txt"), stamps(FRAMES + 3, 50, i -> i < FRAMES ? null : ""));
    assertThat(read().defectText()).isEmpty();
    write(drive.resolve("oxts/timestamps.txt"), stamps(FRAMES, 50, i -> i < 10 ? null : ""));
    Files.delete(drive.resolve("oxts/data/0000000010.txt"));
    Files.delete(drive.resolve("oxts/data/0000000011.txt"));
    assertThat(read().defectText())
        .startsWith("error STAMP_LINE_LOST: lines 11..12 blank (expected a stamp: 2 messages");
  }

  @Test
  void namesLinesThatAreNoStamps() throws IOException {
    List<String> bad =
        List.of(
            "2011-09-26 13:02:25.95119933",
            "2011-02-30 13:02:25.951199337",
            "2011-09-26 24:02:25.951199337",
            "2011-09-26T13:02:25.951199337",
            "-011-09-26 13:02:25.951199337",
            "1317042145.951199337");
    for (String line : bad) {
      write(drive.resolve("oxts/timestamps.txt"), stamps(FRAMES, 50, i -> i == 8 ? line : null));
      RecordedReading drive = read();
      assertThat(drive.defectText())
          .as(line)
          .isEqualTo(
              "error TEXT_MALFORMED: line 9 not a stamp (expected YYYY-MM-DD HH:MM:SS.nnnnnnnnn) @"
                  + " oxts, message 8, oxts/timestamps.txt, byte 240+"
                  + (line.length() + 1));
      assertThat(drive.stampsNs("oxts")[8]).isEqualTo(Times.NONE);
    }
  }

  @Test
  void namesFilesThatAreMissingAndFilesWithoutAStamp() throws IOException {
    Files.delete(sweep(2));
    Files.delete(sweep(7));
    Files.write(sweep(14), points(3));
    RecordedReading drive = read();
    assertThat(drive.defectText())
        .isEqualTo(
            """
            error COUNT_MISMATCH: 2 files missing (numbers 2, 7; 12 stamps, 11 files) @ velodyne_points, messages 2..7
            error COUNT_MISMATCH: files without a stamp 1: 14 (expected a line of timestamps.txt for each file) @ velodyne_points, message 14\
            """);
    assertThat(drive.points("velodyne_points"))
        .containsExactly(10, 11, -1, 13, 14, 15, 16, -1, 18, 19, 20, 21, -1, -1, 3);
  }

  @Test
  void namesWhatIsWrongWithEachFile() throws IOException {
    Files.write(sweep(0), new byte[0]);
    write(sweep(1), "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 1936240\n");
    Files.write(sweep(2), Arrays.copyOf(points(12), 12 * 16 - 3));
    byte[] nan = points(9);
    ByteBuffer.wrap(nan).order(ByteOrder.LITTLE_ENDIAN).putFloat(32, Float.NaN);
    Files.write(sweep(3), nan);
    byte[] zeros = points(1024);
    Arrays.fill(zeros, 4096, 3 * 4096, (byte) 0);
    Files.write(sweep(4), zeros);
    write(drive.resolve("oxts/data/0000000005.txt"), OXTS.replace("49.0", "490.15"));
    write(drive.resolve("oxts/data/0000000006.txt"), "1 2 3\n");
    write(drive.resolve("oxts/data/0000000007.txt"), OXTS.replace(" 11 ", " 11.5 "));
    write(drive.resolve("oxts/data/0000000008.txt"), OXTS.replace("8.43", "8.4x"));
    RecordedReading drive = read();
    assertThat(drive.defectText())
        .isEqualTo(
            """
            error TEXT_MALFORMED: value lat 490.15 (expected -90 to 90) @ oxts, message 5, stamp 1317042145550000007 ns, oxts/data/0000000005.txt
            error TEXT_MALFORMED: values 3 (expected 30) @ oxts, message 6, stamp 1317042145650000007 ns, oxts/data/0000000006.txt
            error TEXT_MALFORMED: value numsats 11.5 (expected a whole number) @ oxts, message 7, stamp 1317042145750000007 ns, oxts/data/0000000007.txt
            error TEXT_MALFORMED: value lon 8.4x (expected a number) @ oxts, message 8, stamp 1317042145850000007 ns, oxts/data/0000000008.txt
            error FILE_EMPTY: file length 0 bytes (expected at least 1 bytes) @ velodyne_points, message 0, stamp 1317042145050000007 ns, velodyne_points/data/0000000000.bin, byte 0
            error LFS_POINTER: content pointer to 1936240 bytes, sha256:abc (expected the data itself) @ velodyne_points, message 1, stamp 1317042145150000007 ns, velodyne_points/data/0000000001.bin, byte 0+71
            error SIZE_NOT_MULTIPLE: size of the sweep 189 bytes (expected a multiple of 16, 13 bytes are left over) @ velodyne_points, message 2, stamp 1317042145250000007 ns, velodyne_points/data/0000000002.bin
            error CLOUD_NOT_FINITE: points with x, y or z not finite 1 of 9 (expected none, a plain list of points has no mark for missing ones) @ velodyne_points, message 3, stamp 1317042145350000007 ns, velodyne_points/data/0000000003.bin
            error ZERO_PAGES: zeros on page bounds 8192 of 16384 bytes (expected data) @ velodyne_points, message 4, stamp 1317042145450000007 ns, velodyne_points/data/0000000004.bin, byte 4096+8192\
            """);
    assertThat(drive.coverage().lostBytes()).isEqualTo(71);
    assertThat(drive.poses().size()).isEqualTo(FRAMES - 4);
  }

  @Test
  void readsSweepsThatAreKeptAsText() throws IOException {
    Files.delete(sweep(3));
    write(
        drive.resolve("velodyne_points/data/0000000003.txt"),
        "1.5 2 3 0.1\n1 2 nan 0\n1 NaN 3 0\n4 5 6\n1 2 3 0.5\n");
    RecordedReading drive = read();
    assertThat(drive.points("velodyne_points").get(3)).isEqualTo(3);
    assertThat(drive.defectText())
        .isEqualTo(
            """
            error TEXT_MALFORMED: lines 2 malformed, the first is line 2 (expected x y z reflectance) @ velodyne_points, message 3, stamp 1317042145350000007 ns, velodyne_points/data/0000000003.txt
            error CLOUD_NOT_FINITE: points with a value that is not finite 1 of 3 (expected none) @ velodyne_points, message 3, stamp 1317042145350000007 ns, velodyne_points/data/0000000003.txt\
            """);
  }

  @Test
  void givesNoMessageToALineBehindTheLastMessage() throws IOException {
    write(
        drive.resolve("velodyne_points/timestamps_start.txt"),
        stamps(FRAMES + 3, 0, i -> i == FRAMES - 1 || i >= FRAMES ? "now" : null));
    assertThat(read().defectText())
        .isEqualTo(
            "error TEXT_MALFORMED: lines 12..15 not a stamp (expected YYYY-MM-DD"
                + " HH:MM:SS.nnnnnnnnn) @ velodyne_points, message 11,"
                + " velodyne_points/timestamps_start.txt, byte 330+16\n"
                + "error COUNT_MISMATCH: lines of the lists of starts, centres and ends 15, 12, 12"
                + " (expected all the same) @ velodyne_points");
  }

  @Test
  void findsSweepsWhoseTimesContradict() throws IOException {
    write(
        drive.resolve("velodyne_points/timestamps_end.txt"),
        stamps(FRAMES, 100, i -> i == 3 || i == 4 ? "2011-09-26 13:02:25.000000001" : null));
    assertThat(read().defectText())
        .isEqualTo(
            "error STAMPS_CONTRADICT: start, centre and end 1317042145300000007,"
                + " 1317042145350000007, 1317042145000000001 ns (expected ascending) @"
                + " velodyne_points, messages 3..4, stamps"
                + " 1317042145350000007..1317042145450000007 ns");
  }

  @Test
  void saysTheSameHoweverItIsReadInSteps() throws IOException {
    Files.delete(sweep(2));
    Files.write(sweep(3), new byte[0]);
    RecordedReading whole = read();
    for (long step : new long[] {1, 2, 3, 7}) {
      RecordedReading steps = RecordedReading.inSteps(new KittiFormat(), drive, step);
      assertThat(steps.read().text()).isEqualTo(whole.read().text());
    }
  }

  @Test
  void readsCalibrationOfTheDateFolder() throws IOException {
    write(
        date.resolve("calib_velo_to_cam.txt"),
        "calib_time: 15-Mar-2012 11:37:16\nR: 0 -1 0 0 0 -1 1 0 0\nT: 0 -0.08 -0.27\n");
    write(date.resolve("calib_imu_to_velo.txt"), "R: 1 0 0 0 1 0 0 0 1\nT: -0.81 0.32 -0.8\n");
    write(
        date.resolve("calib_cam_to_cam.txt"),
        """
        R_rect_00: 1 0 0 0 1 0 0 0 1
        S_rect_02: 1242 375
        P_rect_02: 720 0 600 36 0 720 170 0 0 0 1 0
        """);
    RecordedReading drive = read();
    assertThat(drive.defectText()).isEmpty();
    assertThat(drive.calibration("velodyne_points").parent()).isEqualTo("oxts");
    assertThat(drive.calibration("velodyne_points").mounting().x()).isEqualTo(0.81);
    // The camera looks forward, 0.27 m before the LiDAR, 0.08 m below it, 0.05 m to its right.
    assertThat(drive.calibration("image_02").mounting().x()).isEqualTo(0.27);
    assertThat(drive.calibration("image_02").mounting().y()).isCloseTo(0.05, within());
    assertThat(drive.calibration("image_02").mounting().z()).isCloseTo(-0.08, within());
    assertThat(drive.calibration("image_02").intrinsics().width()).isEqualTo(1242);
    Probe probe = Probe.of(date);
    assertThat(new KittiFormat().match(probe).claimed()).isTrue();
    RecordedReading whole = RecordedReading.of(new KittiFormat(), date);
    assertThat(whole.stampsNs("oxts")).isEqualTo(drive.stampsNs("oxts"));
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-12);
  }

  @Test
  void namesRotationsThatAreNone() throws IOException {
    write(
        date.resolve("calib_velo_to_cam.txt"),
        "R: 0 -1 0 0 0 -1 1.1 0 0\nT: 0 -0.08 -0.27\ndelta_f: x 0\n");
    write(date.resolve("calib_imu_to_velo.txt"), "R: 1 0 0 0 1 0 0 0 -1\nT: -0.81 0.32\n");
    assertThat(read().defectText())
        .isEqualTo(
            """
            error TEXT_MALFORMED: values of T 2 (expected 3) @ ../calib_imu_to_velo.txt, byte 22+13
            error TEXT_MALFORMED: line 3 x (expected finite numbers) @ ../calib_velo_to_cam.txt, byte 42+12
            error CALIBRATION_INVALID: largest element of R Rt - I of R 0.21 (expected at most 0.001) @ ../calib_velo_to_cam.txt, byte 0+24\
            """);
  }

  @Test
  void givesTrackletsTheStampsOfTheirSweeps() throws IOException {
    write(drive.resolve("tracklet_labels.xml"), Tracklets.xml(1, 2, 3));
    RecordedReading drive = read();
    assertThat(drive.defectText()).isEmpty();
    LabelSet labels = drive.labels().getFirst();
    assertThat(Arrays.copyOf(labels.stampsNs(), 3))
        .containsExactly(START + 250_000_007, START + 350_000_007, START + 450_000_007);
  }

  @Test
  void claimsDrivesAndNothingElse() throws IOException {
    KittiFormat format = new KittiFormat();
    assertThat(format.match(Probe.of(drive)).claimed()).isTrue();
    assertThat(format.match(Probe.of(date)).claimed()).as("no calibration").isFalse();
    assertThat(format.match(Probe.of(drive.resolve("oxts"))).claimed()).isFalse();
    assertThat(format.match(Probe.of(drive.resolve("oxts/timestamps.txt"))).claimed()).isFalse();
    Path tracking = date.resolve("tracking/training");
    Files.createDirectories(tracking.resolve("image_02/0001"));
    Files.createDirectories(tracking.resolve("oxts"));
    assertThat(format.match(Probe.of(tracking)).claimed()).isFalse();
    Path empty = Files.createDirectories(date.resolve("2011_09_26_drive_0043_sync"));
    assertThat(format.match(Probe.of(empty)).claimed()).isTrue();
    assertThat(RecordedReading.of(format, empty).defectText())
        .startsWith("error FILE_MISSING: drive no sensor folder and no labels");
  }

  @Test
  void readsADriveWithoutStampLists() throws IOException {
    for (String list : List.of("timestamps", "timestamps_start", "timestamps_end")) {
      Files.delete(drive.resolve("velodyne_points/" + list + ".txt"));
    }
    Files.delete(sweep(4));
    RecordedReading drive = read();
    assertThat(drive.defectText())
        .isEqualTo(
            """
            warning FILE_MISSING: stamp list absent (expected a stamp for each message) @ velodyne_points, velodyne_points/timestamps.txt
            error COUNT_MISMATCH: 1 file missing (numbers 4; 11 files) @ velodyne_points, message 4\
            """);
    assertThat(drive.stampsNs("velodyne_points")[11]).isEqualTo(1_100_000_000L);
  }

  @Test
  void survivesDamageAnywhere() throws IOException {
    write(drive.resolve("tracklet_labels.xml"), Tracklets.xml(2, 2, 3));
    write(date.resolve("calib_velo_to_cam.txt"), "R: 0 -1 0 0 0 -1 1 0 0\nT: 0 -0.08 -0.27\n");
    List<Path> files =
        List.of(
            drive.resolve("tracklet_labels.xml"),
            date.resolve("calib_velo_to_cam.txt"),
            drive.resolve("velodyne_points/timestamps.txt"),
            drive.resolve("velodyne_points/timestamps_end.txt"),
            drive.resolve("oxts/timestamps.txt"),
            drive.resolve("oxts/data/0000000003.txt"),
            sweep(5));
    for (long seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      Path file = files.get(random.nextInt(files.size()));
      byte[] good = Files.readAllBytes(file);
      byte[] bad = Arrays.copyOf(good, random.nextInt(good.length + 1));
      for (int i = 0; i < 4 && bad.length > 0; i++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      Files.write(file, bad);
      try {
        assertThat(read().streamNames()).hasSize(2);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", " + file, e);
      }
      Files.write(file, good);
    }
    assertThat(read().defectText()).isEmpty();
  }
}
