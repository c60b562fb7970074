package dev.lockstep.source.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.catalog.Checks;
import dev.lockstep.catalog.Formats;
import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.check.Finding;
import dev.lockstep.check.RecordingResult;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.EngineOptions;
import dev.lockstep.engine.RecordingFinder;
import dev.lockstep.mapped.MappedFile;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.report.FindingText;
import dev.lockstep.source.ReadOptions;
import dev.lockstep.source.SourceFormat;
import dev.lockstep.synth.EurocFolder;
import dev.lockstep.testing.RecordedReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderFormatTest {
  @TempDir private Path root;

  private static SourceFormat preset(String name) {
    return FolderFormat.of(FolderFormat.preset(name), name, LabelFormats.ALL);
  }

  private RecordedReading read(String yaml) throws IOException {
    return RecordedReading.of(FolderFormat.of(yaml, "x.yaml", LabelFormats.ALL), root);
  }

  /// What every check says, but for facts about checksums.
  private String findings(SourceFormat format) throws IOException {
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(2))) {
      RecordingResult result = engine.check(root, "it", format);
      return result.findings().stream()
          .filter(finding -> !finding.check().id().equals("INT016"))
          .map(FindingText::of)
          .collect(Collectors.joining("\n"));
    }
  }

  @Test
  void readsEuroc() throws IOException {
    new EurocFolder(3, 40).write(root);
    RecordedReading reading = RecordedReading.of(new FolderFormat(LabelFormats.ALL), root);
    assertThat(reading.defectText()).isEmpty();
    assertThat(reading.streamNames()).containsExactly("cam0", "imu0");
    assertThat(reading.stampsNs("cam0")).hasSize(40).isSorted();
    assertThat(reading.stampsNs("imu0")).hasSize(400).isSorted();
    assertThat(reading.stream("cam0").stampSource()).isEqualTo(StampSource.LIST);
    assertThat(reading.stream("cam0").encoding()).isEqualTo("png");
    assertThat(reading.stream("imu0").stampSource()).isEqualTo(StampSource.COLUMN);
    assertThat(reading.notes())
        .containsExactly("stream *groundtruth*: absent, as the layout allows");
    assertThat(reading.coverage().basis()).isEqualTo("PNG chunk CRC-32");
    assertThat(findings(new FolderFormat(LabelFormats.ALL))).isEmpty();
  }

  @Test
  void passesOverAByteOrderMark() throws IOException {
    new EurocFolder(3, 40).write(root);
    Path list = root.resolve("mav0/cam0/data.csv");
    Files.writeString(list, "\uFEFF" + Files.readString(list));
    RecordedReading reading = RecordedReading.of(new FolderFormat(LabelFormats.ALL), root);
    assertThat(reading.defectText()).isEmpty();
    assertThat(reading.stampsNs("cam0")).hasSize(40);
  }

  @Test
  void readsHowSensorsTurnedFromColumnsAndArrays() throws IOException {
    Trees.write(root, "imu.csv", "10,0.5,-1,2e-3,0\n20,x,1,1,0\n30,1,2\n");
    Trees.write(root, "t.npy", Trees.npy(1, 10, 20, 30));
    Trees.write(root, "q.npy", Trees.npy(5, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
    RecordedReading reading =
        read(
            """
            streams:
              - {stream: imu, modality: imu, stamps: {list: imu.csv}, turns: {rates: [1, 2, 3]}}
              - stream: pose
                modality: pose
                stamps: {npy: t.npy}
                turns: {npy: q.npy, quaternion: [1, 2, 3, 4]}
            """);
    assertThat(reading.defectText()).isEmpty();
    float no = Float.NaN;
    assertThat(reading.read().messages("imu").turns())
        .startsWith(0.5F, -1, 2e-3F, no, no, 1, 1, no, 1, 2, no, no);
    // Two rows for three messages.
    assertThat(reading.read().messages("pose").turns())
        .startsWith(2, 3, 4, 1, 7, 8, 9, 6, no, no, no, no);
  }

  @Test
  void saysWhereTurnsCannotBe() {
    assertThatThrownBy(() ->
            read(
                """
                streams:
                  - {stream: a, modality: imu, stamps: {npy: t}, turns: {rates: [1, 2, 3]}}
                  - {stream: b, modality: imu, stamps: {list: t}, turns: {}}
                  - stream: c
                    modality: imu
                    stamps: {list: t, line: "at {stamp}"}
                    turns: {rates: [1, 2, 3]}
                """))
        .hasMessageContaining("/streams/0/turns: turns (expected a stream whose rows are messages")
        .hasMessageContaining("/streams/1/turns: neither (expected rates or quaternion)")
        .hasMessageContaining("/streams/2/turns: turns and line (expected columns)");
  }

  @Test
  void readsTumRgbd() throws IOException {
    Trees.tum(root, 60);
    RecordedReading reading = RecordedReading.of(preset("tum-rgbd"), root);
    assertThat(reading.defectText()).isEmpty();
    assertThat(reading.streamNames()).containsExactly("rgb", "depth", "accelerometer");
    assertThat(reading.stampsNs("rgb")[1]).isEqualTo(1_772_442_000_156_822_000L);
    assertThat(reading.stampsNs("accelerometer")).hasSize(480);
    assertThat(findings(preset("tum-rgbd"))).isEmpty();
  }

  @Test
  void readsBoreas() throws IOException {
    Trees.boreas(root, 40);
    RecordedReading reading = RecordedReading.of(preset("boreas"), root);
    assertThat(reading.defectText()).isEmpty();
    assertThat(reading.streamNames()).containsExactly("camera", "lidar", "radar", "lidar_poses");
    assertThat(reading.stampsNs("camera")[0]).isEqualTo(1_772_442_000_123_456_000L);
    assertThat(reading.stream("camera").stampSource()).isEqualTo(StampSource.FILE_NAME);
    assertThat(reading.points("lidar")).hasSize(40).containsOnly(50);
    assertThat(reading.stampsNs("lidar_poses")).containsExactly(reading.stampsNs("lidar"));
    assertThat(findings(preset("boreas"))).isEmpty();
  }

  @Test
  void readsRadiate() throws IOException {
    Trees.radiate(root, 4);
    RecordedReading reading = RecordedReading.of(preset("radiate"), root);
    assertThat(reading.defectText()).isEmpty();
    assertThat(reading.streamNames())
        .containsExactly("Navtech_Cartesian", "velo_lidar", "zed_left", "zed_right");
    assertThat(reading.stampsNs("velo_lidar")[0]).isEqualTo(Trees.START_NS + 100_000_000);
    assertThat(reading.points("velo_lidar")).hasSize(40).containsOnly(2);
    assertThat(reading.stream("Navtech_Cartesian").modality()).isEqualTo(Modality.RADAR);
    // Both eyes of the stereo camera carry one stamp, which is a fact and no fault.
    assertThat(findings(preset("radiate"))).startsWith("info SYN005").doesNotContain("warning");
  }

  @Test
  void readsComma2k19() throws IOException {
    Trees.comma(root, 10);
    RecordedReading reading = RecordedReading.of(preset("comma2k19"), root);
    assertThat(reading.defectText()).isEmpty();
    assertThat(reading.streamNames())
        .containsExactly("frame_times", "poses", "IMU/gyro", "CAN/speed", "GNSS/raw_gnss_ublox");
    assertThat(reading.notes())
        .contains(
            "stream poses: no global_pose/frame_orientations to tell how the sensor turned",
            "stream IMU/gyro: no processed_log/IMU/gyro/value to tell how the sensor turned");
    assertThat(reading.read().messages("IMU/gyro").turns()).isEmpty();
    assertThat(reading.stampsNs("frame_times")).hasSize(200).startsWith(46_408_547_498_000L);
    // Eight satellites are one message.
    assertThat(reading.stampsNs("GNSS/raw_gnss_ublox")).hasSize(100);
    assertThat(reading.read().messages("GNSS/raw_gnss_ublox").lengthsBytes()[99]).isEqualTo(64);
    // Doubles of that size are fine enough; that they are doubles is no fault.
    assertThat(reading.stream("IMU/gyro").stampStepNs()).isEqualTo(1000);
    assertThat(findings(preset("comma2k19"))).isEmpty();
  }

  @Test
  void floatSecondsSince1970AreNoFaultWhereTheFormatSaysSo() throws IOException {
    double[] stamps = new double[500];
    for (int i = 0; i < stamps.length; i++) {
      stamps[i] = 1_772_442_000.1 + i * 0.02;
    }
    Trees.write(root, "t.npy", Trees.npy(1, stamps));
    String yaml = "streams:\n  - {stream: a, modality: imu, stamps: {npy: t.npy, unit: s}}\n";
    assertThat(read(yaml).stream("a").stampStepNs()).isEqualTo(239);
    assertThat(findings(FolderFormat.of(yaml, "x", LabelFormats.ALL))).isEmpty();
    // The same as text claims to be nanoseconds.
    String text =
        Arrays.stream(read(yaml).stampsNs("a"))
            .mapToObj(Long::toString)
            .collect(Collectors.joining("\n"));
    Trees.write(root, "t.txt", text);
    String list = "streams:\n  - {stream: a, modality: imu, stamps: {list: t.txt}}\n";
    assertThat(findings(FolderFormat.of(list, "x", LabelFormats.ALL)))
        .contains("TIM012 stamps-rounded: stamps passed through a floating-point number");
  }

  @Test
  void gpsWeeksBecomeUnixTime() throws IOException {
    Trees.comma(root, 2);
    Trees.write(root, "gps.csv", "week,tow\n2012,401700.25\n2012,401700.3\n");
    RecordedReading reading =
        read(
            """
            unit: gps-week
            streams:
              - {stream: npy, modality: gnss, stamps: {npy: global_pose/frame_gps_times}}
              - {stream: csv, modality: gnss, stamps: {list: gps.csv, header: 1, column: [0, 1]}}
            """);
    assertThat(reading.defectText()).isEmpty();
    // 2018-08-02T15:34:42.25Z
    assertThat(reading.stampsNs("npy")).hasSize(40).startsWith(1_533_224_082_250_000_000L);
    assertThat(reading.stampsNs("csv"))
        .containsExactly(1_533_224_082_250_000_000L, 1_533_224_082_300_000_000L);
  }

  @Test
  void tellsFilesWithoutStampsAndStampsWithoutFilesOnceEach() throws IOException {
    Trees.tum(root, 60);
    List<Path> images;
    try (Stream<Path> all = Files.list(root.resolve("rgb"))) {
      images = all.sorted().toList();
    }
    for (int i : new int[] {3, 4, 5, 40}) {
      Files.delete(images.get(i));
    }
    Trees.write(root, "rgb/1772442009.000001.png", Trees.png(77));
    Trees.write(root, "rgb/1772442009.000002.png", new byte[0]);
    assertThat(RecordedReading.of(preset("tum-rgbd"), root).defectText())
        .isEqualTo(
            """
            error COUNT_MISMATCH: 4 files missing (60 stamps, 58 files; missing: rgb/1772442000.223554.png, rgb/1772442000.256920.png, rgb/1772442000.290286.png and 1 more) @ rgb, messages 3..40
            error COUNT_MISMATCH: files without a stamp 2: 1772442009.000001.png, 1772442009.000002.png (expected a row of rgb.txt for each; 60 stamps, 58 files) @ rgb, rgb/1772442009.000001.png
            error FILE_EMPTY: file length 0 bytes (expected at least 1 bytes) @ rgb, rgb/1772442009.000002.png, byte 0\
            """);
  }

  @Test
  void namesThatContradictTheListAreOneFinding() throws IOException {
    Trees.tum(root, 10);
    Path list = root.resolve("rgb.txt");
    Files.writeString(
        list, Files.readString(list).replaceAll("(?m)^1772442000\\.(2\\d+)", "1772442001.$1"));
    assertThat(RecordedReading.of(preset("tum-rgbd"), root).defectText())
        .isEqualTo(
            "error STAMPS_CONTRADICT: stamps in names of files 3 of 10 differ from the list, the"
                + " first: 1772442000223554000 ns (expected 1772442001223554000 ns, as rgb.txt"
                + " says) @ rgb, message 3, stamp 1772442001223554000 ns,"
                + " rgb/1772442000.223554.png");
  }

  @Test
  void linesThatCannotBeReadAreOneFindingWithTheirPlaces() throws IOException {
    Trees.write(root, "a.csv", "10,a\n20,b\nx,c\n,d\n30,e\n40\nsix,f\n50,g\n");
    RecordedReading reading =
        read("streams:\n  - {stream: a, modality: imu, stamps: {list: a.csv, unit: ms}}\n");
    assertThat(reading.defectText())
        .isEqualTo(
            "error TEXT_MALFORMED: lines 3..4, 7 no stamp: x,c (expected a number of ms in column"
                + " 0) @ a, messages 2..3, a.csv, byte 10+6");
    assertThat(reading.stampsNs("a"))
        .containsExactly(
            10_000_000,
            20_000_000,
            Long.MIN_VALUE,
            Long.MIN_VALUE,
            30_000_000,
            40_000_000,
            Long.MIN_VALUE,
            50_000_000);
    MessageBatch rows = reading.read().messages("a");
    assertThat(rows.positionsBytes()[4]).isEqualTo(17);
    assertThat(rows.lengthsBytes()[4]).isEqualTo(4);
  }

  @Test
  void aBlankLineOfAListIsALostMessageWhereLinesAreCounted() throws IOException {
    Trees.write(root, "a.txt", "1\n2\n\n4\n\n\n");
    for (int i = 0; i < 4; i++) {
      Trees.write(root, "a/" + i + ".png", Trees.png(i));
    }
    assertThat(
            read("unit: s\n"
                    + "streams:\n"
                    + "  - {stream: a, modality: camera, files: a/*.png, stamps: {list: a.txt}}\n")
                .defectText())
        .isEqualTo(
            "error STAMP_LINE_LOST: line 3 blank (expected a stamp: 1 message is lost; skipping"
                + " blank lines would shift all later ones) @ a, message 2, a.txt, byte 4+1");
    RecordedReading rows =
        read("unit: s\nstreams:\n  - {stream: a, modality: imu, stamps: {list: a.txt}}\n");
    assertThat(rows.defectText()).isEmpty();
    assertThat(rows.stampsNs("a")).hasSize(3);
    assertThat(rows.notes()).contains("a.txt: lines 3, 5..6 blank, passed over");
  }

  @Test
  void joinsByNumbersAndByStamps() throws IOException {
    Trees.write(root, "t.txt", "100\n200\n300\n");
    Trees.write(root, "n/f_0007.bin", "x");
    Trees.write(root, "n/f_9.bin", "y");
    Trees.write(root, "n/f_10.bin", "z");
    RecordedReading numbers =
        read(
            """
            streams:
              - stream: n
                modality: other
                files: n/*.bin
                stamps: {list: t.txt, name: "f_{number}.bin", first: 7}
            """);
    assertThat(numbers.defectText())
        .isEqualTo(
            """
            error COUNT_MISMATCH: 1 file missing (3 stamps, 3 files; missing: row 1) @ n, message 1
            error COUNT_MISMATCH: files without a stamp 1: f_10.bin (expected a row of t.txt for each; 3 stamps, 3 files) @ n, n/f_10.bin\
            """);
    Trees.write(root, "s/100.bin", "x");
    Trees.write(root, "s/300.bin", "y");
    Trees.write(root, "s/301.bin", "y");
    RecordedReading stamps =
        read(
            """
            streams:
              - stream: s
                modality: other
                files: s/*.bin
                stamps: {list: t.txt, name: "{stamp}.bin"}
            """);
    assertThat(stamps.defectText())
        .contains("missing: row 1)")
        .contains("files without a stamp 1: 301.bin");
  }

  @Test
  void aRateGivesStampsThatNobodyMeasured() throws IOException {
    for (int i : new int[] {5, 6, 8}) {
      Trees.write(root, "v/" + i + ".png", Trees.png(i));
    }
    RecordedReading reading =
        read(
            """
            streams:
              - {stream: v, modality: camera, files: v/*.png, stamps: {rate: 29.97, name: "{number}.png"}}
              - {stream: w, modality: camera, files: v/*.png}
            """);
    assertThat(reading.stampsNs("v")).containsExactly(0, 33_366_700, 66_733_400, 100_100_100);
    assertThat(reading.stream("v").stampSource()).isEqualTo(StampSource.FRAME_NUMBER);
    assertThat(reading.defectText())
        .isEqualTo(
            "error COUNT_MISMATCH: 1 file missing (numbers 5..8; missing: number 7) @ v, message"
                + " 2");
    assertThat(reading.stampsNs("w")).containsOnly(Long.MIN_VALUE);
  }

  @Test
  void secondsAndNanosecondsMayStandApartInAName() throws IOException {
    Trees.write(root, "c/12_000000034.png", Trees.png(1));
    Trees.write(root, "c/12_5.png", Trees.png(2));
    RecordedReading reading =
        read(
            """
            streams:
              - {stream: t, modality: camera, files: c/*.png, stamps: {name: "{seconds}_{nanoseconds}.png"}}
              - {stream: r, modality: camera, files: c/*.png, stamps: {regex: '(?<stamp>\\d+)_.*', unit: s}}
            """);
    assertThat(reading.stampsNs("t")).containsExactly(12_000_000_005L, 12_000_000_034L);
    assertThat(reading.stampsNs("r")).containsExactly(12_000_000_000L, 12_000_000_000L);
  }

  @Test
  void whatDoesNotFitNamesThePatternAndWhatIsThere() throws IOException {
    Trees.write(root, "c/one.png", Trees.png(1));
    Trees.write(root, "c/two.png", Trees.png(2));
    Trees.write(root, "t.csv", "time,x\n1,2\n");
    RecordedReading reading =
        read(
            """
            streams:
              - {stream: a, modality: camera, files: c/*.png, stamps: {name: "{stamp}.png"}}
              - {stream: b, modality: camera, files: c/*.jpg, stamps: {name: "{stamp}.jpg"}}
              - {stream: "d*", modality: imu, stamps: {list: "{stream}.csv"}}
              - {stream: e, modality: imu, stamps: {list: e.csv}}
              - {stream: f, modality: imu, stamps: {list: t.csv, column: GPSTime}}
            labels:
              - {format: kitti-tracking, file: l.txt, stream: g}
            """);
    assertThat(reading.defectText())
        .isEqualTo(
            """
            error FILE_MISSING: streams the folder holds c, t.csv (expected d*.csv) @ d*
            error LAYOUT_BROKEN: /labels/0/stream g (expected one of a, b, e, f) @ l.txt
            error FILE_MISSING: labels the folder holds c, t.csv (expected l.txt) @ l
            error LAYOUT_BROKEN: /streams/0/stamps, names of files 2 of 2 files of c/*.png do not fit: one.png, two.png (expected {stamp}.png) @ a, c/one.png
            error FILE_MISSING: files c/ holds one.png, two.png (expected c/*.jpg) @ b
            error FILE_MISSING: stamps the folder holds c, t.csv (expected e.csv) @ e
            error LAYOUT_BROKEN: column GPSTime not in the first line (expected one of time, x) @ f, t.csv, byte 0+6\
            """);
  }

  @Test
  void framesOfAnyLabelFormatHaveTheStampsOfTheirStream() throws IOException {
    Trees.write(root, "t.txt", "10.0\n10.1\n10.25\n");
    // MOTChallenge counts frames from 1.
    Trees.write(root, "gt.txt", "1,7,10,20,30,40,1,1,1\n3,7,12,20,30,40,1,1,1\n");
    String layout =
        """
        unit: s
        streams:
          - {stream: cam, modality: camera, stamps: {list: t.txt}}
        labels:
          - {format: mot, file: gt.txt%s}
        """;
    RecordedReading stamped = read(layout.formatted(", stream: cam"));
    assertThat(stamped.defectText()).isEmpty();
    assertThat(Arrays.copyOf(stamped.labels().getFirst().stampsNs(), 2))
        .containsExactly(10_000_000_000L, 10_250_000_000L);
    assertThat(stamped.labels().getFirst().stampSource()).isEqualTo(StampSource.LIST);
    assertThat(read(layout.formatted("")).labels().getFirst().stampSource())
        .isEqualTo(StampSource.FRAME_NUMBER);
  }

  @Test
  void readsSweepsOfEachKind() throws IOException {
    Trees.write(root, "b/1.bin", Trees.sweep(1, 10, 5));
    byte[] wrong = Trees.sweep(2, 10, 5);
    wrong[3] = 0x7F;
    wrong[2] = (byte) 0xC0;
    wrong[19] = 0x7F;
    wrong[18] = (byte) 0xC0;
    Trees.write(root, "b/2.bin", wrong);
    Trees.write(root, "b/3.bin", new byte[21]);
    String head =
        "# .PCD\n"
            + "VERSION .7\n"
            + "FIELDS x y z\n"
            + "SIZE 4 4 4\n"
            + "TYPE F F F\n"
            + "COUNT 1 1 1\n"
            + "WIDTH 2\n"
            + "HEIGHT 1\n"
            + "POINTS 2\n"
            + "DATA ";
    Trees.write(root, "p/1.pcd", head + "ascii\n1 2 3\n4 5 6\n");
    Trees.write(root, "p/2.pcd", head + "binary\n" + "\1".repeat(24));
    Trees.write(root, "p/3.pcd", head + "binary\n" + "\1".repeat(23));
    Trees.write(root, "p/4.pcd", "FIELDS x\n");
    Trees.write(root, "c/1.csv", "x,y,z\n1,2,3\n4,5,NaN\n6,7\n");
    RecordedReading reading =
        read(
            """
            streams:
              - {stream: b, modality: lidar, files: b/*.bin, fields: [x, y, z, i, time], stamps: {name: "{stamp}.bin"}}
              - {stream: p, modality: lidar, files: p/*.pcd, stamps: {name: "{stamp}.pcd"}}
              - {stream: c, modality: lidar, files: c/*.csv, fields: [x, y, z], stamps: {name: "{stamp}.csv"}}
            """);
    assertThat(reading.points("b")).containsExactly(10, 10, 1);
    assertThat(reading.points("p")).containsExactly(2, 2, 1, -1);
    assertThat(reading.points("c")).containsExactly(2);
    assertThat(reading.defectText())
        .isEqualTo(
            """
            error CLOUD_NOT_FINITE: points with x, y or z not finite 1 of 10 (expected none, a plain list of points has no mark for missing ones) @ b, message 1, stamp 2 ns, b/2.bin
            error CLOUD_NOT_FINITE: points whose time is not finite 1 of 10 (expected none) @ b, message 1, stamp 2 ns, b/2.bin
            error SIZE_NOT_MULTIPLE: size of the sweep 21 bytes (expected a multiple of 20, 1 bytes are left over) @ b, message 2, stamp 3 ns, b/3.bin
            error CLOUD_LAYOUT: body of the point cloud 23 bytes (expected 2 points of 12 bytes = 24) @ p, message 2, stamp 3 ns, p/3.pcd
            error CLOUD_LAYOUT: PCD header no line DATA in the first 9 bytes (expected one of version 0.7) @ p, message 3, stamp 4 ns, p/4.pcd
            error TEXT_MALFORMED: lines 1 malformed, the first is line 4 (expected x,y,z) @ c, message 0, stamp 1 ns, c/1.csv
            error CLOUD_NOT_FINITE: points with a value that is not finite 1 of 2 (expected none) @ c, message 0, stamp 1 ns, c/1.csv\
            """);
  }

  @Test
  void calibrationAndLabelsComeAlong() throws IOException {
    Trees.write(root, "t.txt", "10\n20\n");
    Trees.write(
        root, "labels/x.txt", "1 3 Car 0 1 -1.57 100 120 180.5 190 1.5 1.6 4 2 1.7 20 -1.57\n");
    RecordedReading reading =
        read(
            """
            unit: s
            streams:
              - {stream: lidar, modality: lidar, stamps: {list: t.txt}}
            labels:
              - {format: kitti-tracking, file: labels/x.txt, stream: lidar}
            calibration:
              - {sensor: lidar, translation: [1, 2, 3], quaternion: {w: 0, x: 0, y: 0, z: 1}}
              - sensor: cam
                parent: lidar
                matrix: [0, -1, 0, 5, 1, 0, 0, 6, 0, 0, 1, 7, 0, 0, 0, 1]
                intrinsics: {fx: 700, fy: 701, cx: 320, cy: 240, width: 640, height: 480}
              - {sensor: bent, quaternion: {w: 1, x: 1, y: 0, z: 0}}
              - {sensor: mirror, matrix: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1]}
            """);
    assertThat(reading.labels().getFirst().name()).isEqualTo("x");
    assertThat(reading.labels().getFirst().stampsNs()[0]).isEqualTo(20_000_000_000L);
    assertThat(reading.calibration("lidar").mounting().z()).isEqualTo(3);
    assertThat(reading.calibration("lidar").parent()).isEqualTo("ego");
    assertThat(reading.calibration("cam").mounting().x()).isEqualTo(5);
    assertThat(reading.calibration("cam").mounting().qz()).isCloseTo(Math.sqrt(0.5), within(1e-12));
    assertThat(reading.calibration("cam").intrinsics().width()).isEqualTo(640);
    assertThat(reading.defectText())
        .isEqualTo(
            """
            error CALIBRATION_INVALID: length of the quaternion 1.41421 (expected 0.99 to 1.01) @ bent
            error CALIBRATION_INVALID: determinant -1 (expected 1: no mirror) @ mirror\
            """);
  }

  @Test
  void emptyListsAndPointersAreToldAndNothingElseOfThem() throws IOException {
    Trees.tum(root, 5);
    Trees.write(root, "rgb.txt", "");
    Trees.write(
        root, "depth.txt", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 7\n");
    Trees.write(root, "accelerometer.txt", new byte[3 * 4096]);
    assertThat(RecordedReading.of(preset("tum-rgbd"), root).defectText())
        .contains(
            "error FILE_EMPTY: file length 0 bytes (expected at least 1 bytes) @ rgb, rgb.txt")
        .contains("error LFS_POINTER: content pointer to 7 bytes, sha256:00")
        .contains("error ZERO_PAGES")
        .doesNotContain("COUNT_MISMATCH");
  }

  @Test
  void streamsAreReadSideBySideASecondAtATime() throws IOException {
    StringBuilder slow = new StringBuilder();
    StringBuilder fast = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      slow.append(i).append('\n');
      for (int k = 0; k < 10; k++) {
        fast.append(i).append('.').append(k).append('\n');
      }
    }
    Trees.write(root, "slow.txt", slow.toString());
    Trees.write(root, "fast.txt", fast.toString());
    FolderFormat format =
        FolderFormat.of(
            """
            unit: s
            streams:
              - {stream: slow, modality: gnss, stamps: {list: slow.txt}}
              - {stream: fast, modality: imu, stamps: {list: fast.txt}}
            """,
            "x",
            LabelFormats.ALL);
    // The beginning, then five pieces of each.
    try (var reader = format.open(root, ReadOptions.DEFAULT)) {
      assertThat(reader.available()).isEqualTo(11);
    }
    assertThat(RecordedReading.inSteps(format, root, 1).stampsNs("fast")).isSorted().hasSize(50);
    assertThat(MappedFile.openCount()).isZero();
  }

  @Test
  void aLayoutInTheFolderOutranksWhatItLooksLike() throws IOException {
    Trees.write(root, "image_00/timestamps.txt", "2011-09-26 13:02:25.951199337\n");
    Trees.write(
        root,
        "lockstep.yaml",
        "unit: iso\n"
            + "streams:\n"
            + "  - {stream: image_00, modality: camera, stamps: {list: '{stream}/timestamps.txt',"
            + " delimiter: ';'}}\n");
    var found = new RecordingFinder(Formats.ALL).find(root);
    assertThat(found.recordings()).hasSize(1);
    assertThat(found.recordings().getFirst().format().name()).isEqualTo("folder");
    assertThat(found.unclaimed()).isEmpty();
    assertThat(RecordedReading.of(new FolderFormat(LabelFormats.ALL), root).stampsNs("image_00"))
        .containsExactly(1_317_042_145_951_199_337L);
  }

  @Test
  void aBrokenLayoutInTheFolderIsAFinding() throws IOException {
    Trees.write(root, "lockstep.yaml", "streams:\n  - stream: a\n    unit: s\n    modality: imu\n");
    RecordedReading reading = RecordedReading.of(new FolderFormat(LabelFormats.ALL), root);
    assertThat(reading.defectText())
        .isEqualTo(
            "error LAYOUT_BROKEN: line 3, /streams/0/unit unknown key unit (expected one of stream,"
                + " modality, files, content, fields, optional, turns, stamps) @ lockstep.yaml,"
                + " byte 23+11");
    assertThat(reading.examined(DefectKind.LAYOUT_BROKEN)).isEqualTo(1);
    assertThat(findings(new FolderFormat(LabelFormats.ALL)))
        .startsWith("error INT042 layout-broken:");
    Trees.write(root, "lockstep.yaml", new byte[2 << 20]);
    assertThat(RecordedReading.of(new FolderFormat(LabelFormats.ALL), root).defectText())
        .contains("more than 1048576 bytes");
  }

  @Test
  void aLayoutThatIsNoTextHasItsPlaceInBytes() throws IOException {
    Trees.write(root, "lockstep.yaml", new byte[] {'a', (byte) 0xEE, 'b', (byte) 0xD0, ' ', 0});
    assertThat(RecordedReading.of(new FolderFormat(LabelFormats.ALL), root).defectText())
        .contains("LAYOUT_BROKEN: line 1 ")
        .endsWith(" @ lockstep.yaml, byte 0+6");
  }

  @Test
  void piecesOfAnySizeGiveTheSame() throws IOException {
    new EurocFolder(3, 60).writeFaulty(root);
    RecordedReading whole = RecordedReading.of(new FolderFormat(LabelFormats.ALL), root);
    for (long step : new long[] {1, 7}) {
      RecordedReading pieces =
          RecordedReading.inSteps(new FolderFormat(LabelFormats.ALL), root, step);
      assertThat(pieces.defectText()).isEqualTo(whole.defectText());
      assertThat(pieces.stampsNs("imu0")).isEqualTo(whole.stampsNs("imu0"));
      assertThat(pieces.read().messages("imu0").digests())
          .startsWith(Arrays.copyOf(whole.read().messages("imu0").digests(), 100));
    }
    assertThat(MappedFile.openCount()).isZero();
  }

  @Test
  void plantedFaultsAreFound() throws IOException {
    var planted = new EurocFolder(5, 60).writeFaulty(root);
    try (Engine engine = new Engine(Checks.ALL, EngineOptions.defaults().withThreads(2))) {
      List<Finding> findings =
          engine.check(root, "it", new FolderFormat(LabelFormats.ALL)).findings();
      for (var injection : planted) {
        assertThat(findings)
            .as(injection.what())
            .anyMatch(finding ->
                injection.expected().contains(finding.check().id())
                    && String.valueOf(injection.location().stream())
                        .equals(finding.location().stream())
                    && (injection.location().messages() == null
                        || injection.location().messages().equals(finding.location().messages())));
      }
    }
  }
}
