package dev.lockstep.synth;

import dev.lockstep.catalog.LabelFormats;
import dev.lockstep.model.Location;
import dev.lockstep.source.mp4.Mp4Writer;
import dev.lockstep.synth.encode.H264Encoder;
import dev.lockstep.synth.encode.LabelCoding;
import dev.lockstep.synth.fault.FaultSpec;
import dev.lockstep.synth.fault.Injection;
import dev.lockstep.synth.labels.WaymoFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Every fixture of the project and how it is made, byte for byte.
///
/// `mvn test -Dtest=FixturesTest -Dfixtures.write=true` writes them anew.
final class Fixtures {
  /// Small enough to keep: 4 beams, images of 64 x 48.
  private static final SynthOptions SMALL =
      SynthOptions.DEFAULT
          .withSeed(7)
          .withCloud(4, 72)
          .withImages(64, 48)
          .withJpegQuality(40)
          .withRange(32)
          .withRates(50, 20);

  private static final McapSettings PLAIN = McapSettings.DEFAULT.withChunkBytes(128 << 10);

  /// Of interest for its labels alone: images as small as can be.
  private static final SynthOptions LABELLED = SMALL.withSeconds(3).withImages(32, 32);

  private static final McapSettings ZSTD = PLAIN.withCompression("zstd");

  /// One fixture: its folder, and what fills it.
  ///
  /// @param folder relative to the fixtures
  /// @param about what it is, a sentence or two
  record Fixture(String folder, String about, Filling filling) {
    /// Writes recording, `expected.json` and `README.md`.
    void writeTo(Path root) throws IOException {
      Path target = root.resolve(folder);
      Files.createDirectories(target);
      String recording = filling.write(target);
      StringBuilder readme = new StringBuilder("# ").append(folder).append("\n\n");
      readme.append(about).append('\n');
      readme.append("\nMade by `synth`, not recorded: every value is known. ");
      readme.append("`expected.json` lists the faults that were planted in `").append(recording);
      readme.append("`.\n");
      Files.writeString(target.resolve("README.md"), readme.toString());
    }
  }

  /// Fills a folder and returns the name of the recording in it.
  interface Filling {
    String write(Path folder) throws IOException;
  }

  private static final List<Fixture> RECORDINGS =
      List.of(
          new Fixture(
              "folder/clean-euroc",
              "Three seconds of a camera and an IMU in the layout of EuRoC, without a fault.",
              folder -> {
                new EurocFolder(21, 60).write(folder);
                Files.writeString(
                    folder.resolve(Injector.EXPECTED), Injector.expectedJson(".", List.of()));
                return ".";
              }),
          new Fixture(
              "folder/faulty-euroc",
              "The same with missing, empty and unlisted images, dropped and garbled rows.",
              folder -> {
                List<Injection> planted = new EurocFolder(21, 60).writeFaulty(folder);
                Files.writeString(
                    folder.resolve(Injector.EXPECTED), Injector.expectedJson(".", planted));
                return ".";
              }),
          new Fixture(
              "mcap/demo-drive",
              """
              Ten seconds of a drive with one LiDAR, two cameras, one H.264 video, an IMU, poses, and \
              3D and 2D labels, in which several faults were planted.\
              """,
              mcap(
                  "drive.mcap",
                  SMALL,
                  PLAIN,
                  fault("drop-messages", 1, "stream", Drive.LIDAR, "at", "31", "count", "3"),
                  fault("doublet", 2, "stream", Drive.VIDEO_REAR, "at", "141", "periods", "0.3"),
                  fault("frozen-image", 3, "stream", Drive.CAMERA_LEFT, "at", "120", "count", "4"),
                  fault("category-flip", 4, "stream", Drive.LABELS_3D, "at", "18"),
                  fault("identity-switch", 5, "stream", Drive.LABELS_3D, "at", "55"),
                  fault("teleport", 6, "stream", Drive.LABELS_3D, "at", "85"),
                  fault("jpeg-without-end", 7, "stream", Drive.CAMERA_FRONT, "at", "44"),
                  fault("flip-payload-bit", 9, "stream", Drive.LIDAR, "at", "93"))),
          new Fixture(
              "mcap/clean-drive",
              "Six seconds of the same drive without any fault.",
              mcap("drive.mcap", SMALL.withSeconds(6), PLAIN)),
          new Fixture(
              "mcap/clean-unchunked",
              "Three seconds without a fault, written without chunks and with a CRC over all data.",
              mcap(
                  "drive.mcap",
                  SMALL.withSeed(11).withSeconds(3),
                  PLAIN.withChunkBytes(0).withCrcs(false, true, true))),
          new Fixture(
              "mcap/clean-lz4",
              "Three seconds without a fault in LZ4 chunks.",
              mcap("drive.mcap", SMALL.withSeed(12).withSeconds(3), PLAIN.withCompression("lz4"))),
          new Fixture(
              "mcap/clean-zstd",
              "Three seconds without a fault in zstd chunks.",
              mcap("drive.mcap", SMALL.withSeed(13).withSeconds(3), PLAIN.withCompression("zstd"))),
          new Fixture(
              "mcap/clean-scene",
              "Three seconds without a fault with labels as SceneUpdate and ImageAnnotations.",
              mcap("drive.mcap", LABELLED.withSeed(14), ZSTD, LabelCoding.SCENE)),
          new Fixture(
              "mcap/faulty-detections",
              "Four seconds with labels as Detection3DArray and Detection2DArray, some of them"
                  + " wrong.",
              mcap(
                  "drive.mcap",
                  LABELLED.withSeed(15).withSeconds(4),
                  ZSTD,
                  LabelCoding.DETECTIONS,
                  fault("category-flip", 4, "stream", Drive.LABELS_3D, "at", "12"),
                  fault("teleport", 6, "stream", Drive.LABELS_3D, "at", "25"))),
          new Fixture(
              "labels/waymo",
              "The labels of thirty frames of a drive, without a fault, as frames of the Waymo Open"
                  + " Dataset.",
              folder -> {
                Files.write(
                    folder.resolve("drive.tfrecord"),
                    WaymoFile.of(LabelFixtures.labels(false), "drive"));
                Files.writeString(
                    folder.resolve(Injector.EXPECTED),
                    Injector.expectedJson("drive.tfrecord", List.of()));
                return "drive.tfrecord";
              }),
          new Fixture(
              "kitti/clean-tracking",
              "Eighty frames of KITTI tracking labels, calibration and oxts without a fault.",
              folder -> {
                new KittiTracking(5, 80, 45).write(folder, 0);
                Files.writeString(
                    folder.resolve(Injector.EXPECTED), Injector.expectedJson(".", List.of()));
                return ".";
              }),
          new Fixture(
              "kitti/faulty-tracking",
              "The same labels with an identity switch, a category flip and a blink.",
              folder -> {
                new KittiTracking(5, 80, 45).write(folder, 0);
                List<Injection> injections =
                    KittiLabels.plant(
                        folder.resolve("label_02/0000.txt"),
                        folder,
                        List.of(
                            fault("category-flip", 1),
                            fault("identity-switch", 2),
                            fault("blink", 5)));
                Files.writeString(
                    folder.resolve(Injector.EXPECTED), Injector.expectedJson(".", injections));
                return ".";
              }),
          new Fixture(
              "mp4/clean-clip",
              "Four seconds of H.264 video in fragments of a second, without a fault.",
              folder -> {
                Files.write(folder.resolve("clip.mp4"), clip().writer().fragmented(20));
                Files.writeString(
                    folder.resolve(Injector.EXPECTED),
                    Injector.expectedJson("clip.mp4", List.of()));
                return "clip.mp4";
              }),
          new Fixture(
              "mp4/faulty-clip",
              """
              The same video with one table, in which a frame was lost, another is called a keyframe \
              and is none, and the last frames lie behind the end of the file.\
              """,
              Fixtures::faultyClip),
          new Fixture(
              "mp4/clocked-clip",
              """
              Six seconds of H.264 video whose frames bear time codes and every second of which \
              nobody refers to; two of those and a run of three frames were lost, and times close \
              over all of them.\
              """,
              Fixtures::clockedClip),
          new Fixture(
              "mp4/clean-segments",
              "Four seconds of H.264 video as an initialisation and segments of a second.",
              folder -> segments(folder, -1)),
          new Fixture(
              "mp4/lost-segment",
              "The same, of which the third segment is missing.",
              folder -> segments(folder, 3)),
          new Fixture(
              "matroska/clean-clip",
              "Four seconds of H.264 video in clusters of a second, with checksums and cues.",
              folder -> {
                Files.write(folder.resolve("clip.mkv"), clip().matroska().file(20));
                Files.writeString(
                    folder.resolve(Injector.EXPECTED),
                    Injector.expectedJson("clip.mkv", List.of()));
                return "clip.mkv";
              }),
          new Fixture(
              "matroska/clean-live",
              "The same as a live stream: sizes are unknown, blocks stand in groups.",
              folder -> {
                Files.write(folder.resolve("clip.mkv"), clip().matroska().live(20));
                Files.writeString(
                    folder.resolve(Injector.EXPECTED),
                    Injector.expectedJson("clip.mkv", List.of()));
                return "clip.mkv";
              }),
          new Fixture(
              "matroska/faulty-clip",
              """
              The same video with checksums, in which a frame was lost, a bit of the second cluster \
              flipped, and a cue leads to no cluster.\
              """,
              Fixtures::faultyMatroska),
          new Fixture(
              "nuscenes/clean-scene",
              """
              Seven seconds of a drive in the layout of nuScenes, without a fault: one LiDAR, two \
              cameras, a pose for each measurement, boxes at 2 Hz.\
              """,
              nuscenes()),
          new Fixture(
              "nuscenes/faulty-scene",
              "The same with faults in its tables and files.",
              nuscenes(
                  fault(
                      "dangling-token",
                      1,
                      "table",
                      "sample_data",
                      "field",
                      "ego_pose_token",
                      "at",
                      "17"),
                  fault("broken-chain", 2, "table", "sample", "at", "4"),
                  fault(
                      "wrong-count", 3, "table", "instance", "field", "nbr_annotations", "at", "2"),
                  fault("stamp-off-name", 4, "at", "61", "us", "50000"),
                  fault("missing-file", 5, "at", "100"),
                  fault("duplicate-token", 6, "table", "ego_pose", "at", "140"))),
          new Fixture(
              "rosbag1/clean-drive",
              "Two and a half seconds of LiDAR, cameras, IMU and poses without a fault, in chunks"
                  + " of LZ4.",
              bag(
                  "drive.bag",
                  path -> new Rosbag1Output(path, "lz4", 64 << 10),
                  SMALL.withSeed(21).withSeconds(2.5))),
          new Fixture(
              "rosbag1/faulty-drive",
              "The same with lost sweeps, a cut image and a frozen one, in chunks of bzip2.",
              bag(
                  "drive.bag",
                  path -> new Rosbag1Output(path, "bz2", 48 << 10),
                  SMALL.withSeed(22).withSeconds(2.5),
                  fault("drop-messages", 1, "stream", Drive.LIDAR, "at", "11", "count", "3"),
                  fault("jpeg-without-end", 2, "stream", Drive.CAMERA_FRONT, "at", "14"),
                  fault("frozen-image", 3, "stream", Drive.CAMERA_LEFT, "at", "30", "count", "4"))),
          new Fixture(
              "rosbag2/clean-drive",
              "Two seconds of LiDAR, cameras, IMU and poses without a fault, in two SQLite parts.",
              bag(
                  "drive",
                  path -> new Rosbag2Output(path, 4096, 130),
                  SMALL.withSeed(23).withSeconds(2))),
          new Fixture(
              "rosbag2/faulty-drive",
              "The same with lost sweeps, a frozen image, and a cut one.",
              bag(
                  "drive",
                  path -> new Rosbag2Output(path, 4096, 130),
                  SMALL.withSeed(24).withSeconds(2),
                  fault("drop-messages", 1, "stream", Drive.LIDAR, "at", "9", "count", "3"),
                  fault("jpeg-without-end", 2, "stream", Drive.CAMERA_FRONT, "at", "14"),
                  fault(
                      "frozen-image", 3, "stream", Drive.CAMERA_LEFT, "at", "24", "count", "4"))));

  private static VideoClip clip() {
    return new VideoClip(7, 80, 25);
  }

  private static String faultyClip(Path folder) throws IOException {
    VideoClip clip = clip();
    clip.samples().remove(33);
    Mp4Writer.Sample marked = clip.samples().get(60);
    clip.samples().set(60, new Mp4Writer.Sample(marked.data(), marked.duration(), 0, true));
    byte[] file = clip.writer().progressive();
    // The last chunk (frames 70 to 78) is said to begin where the file ends.
    int table = new String(file, StandardCharsets.ISO_8859_1).indexOf("stco");
    ByteBuffer.wrap(file).putInt(table + 12 + 7 * 4, file.length);
    Files.write(folder.resolve("clip.mp4"), file);
    Location at = Location.stream("video/1").withFile("clip.mp4");
    List<Injection> injections =
        List.of(
            planted("lost-frame", "frame 33 left out", at.withMessages(32, 33), "VID005"),
            planted("wrong-keyframe-mark", "frame 60 marked", at.withMessages(60, 60), "VID007"),
            planted("chunk-outside", "last chunk behind the end", at.withFrames(70, 78), "INT033"));
    Files.writeString(
        folder.resolve(Injector.EXPECTED), Injector.expectedJson("clip.mp4", injections));
    return "clip.mp4";
  }

  private static String faultyMatroska(Path folder) throws IOException {
    VideoClip clip = clip();
    clip.samples().remove(33);
    byte[] file = clip.matroska().file(20);
    String text = new String(file, StandardCharsets.ISO_8859_1);
    String cluster = "\u001FC\u00B6u";
    int second = text.indexOf(cluster, text.indexOf(cluster) + 1);
    // In the raw pixels of its last keyframe.
    int flipped = text.indexOf(cluster, second + 1) - 700;
    file[flipped] ^= 4;
    int cue = text.indexOf("\u00F1\u0084", text.indexOf("\u001CS\u00BBk", second));
    file[cue + 5] += 1;
    Files.write(folder.resolve("clip.mkv"), file);
    Location at = Location.stream("video/1").withFile("clip.mkv");
    Location bytes = Location.file("clip.mkv");
    List<Injection> injections =
        List.of(
            planted("lost-frame", "frame 33 left out", at.withMessages(32, 33), "VID005"),
            planted(
                "flipped-bit", "bit 2 of byte " + flipped, bytes.withBytes(flipped, 1), "INT007"),
            planted("wrong-cue", "cue 0 leads one byte too far", bytes, "INT034"));
    Files.writeString(
        folder.resolve(Injector.EXPECTED), Injector.expectedJson("clip.mkv", injections));
    return "clip.mkv";
  }

  private static String segments(Path folder, int lost) throws IOException {
    List<byte[]> files = clip().writer().segments(20);
    for (int i = 0; i < files.size(); i++) {
      if (i != lost) {
        Files.write(folder.resolve(i == 0 ? "init.mp4" : i + ".m4s"), files.get(i));
      }
    }
    Location at = Location.stream("video/1").withFile(lost + 1 + ".m4s");
    List<Injection> injections =
        lost < 0
            ? List.of()
            : List.of(planted("lost-segment", "segment " + lost + " left out", at, "INT034"));
    Files.writeString(folder.resolve(Injector.EXPECTED), Injector.expectedJson(".", injections));
    return ".";
  }

  private static String clockedClip(Path folder) throws IOException {
    VideoClip clip = new VideoClip(9, 120, 30, true, H264Encoder.Clock.TIME_CODE);
    // From behind, so that numbers in front stay.
    clip.samples().remove(97);
    clip.samples().subList(71, 74).clear();
    clip.samples().remove(41);
    Files.write(folder.resolve("clip.mp4"), clip.writer().progressive());
    Location at = Location.stream("video/1").withFile("clip.mp4");
    List<Injection> injections =
        List.of(
            planted("lost-frame", "frame 41 left out", at.withMessages(40, 41), "VID010"),
            planted("lost-frames", "frames 71 to 73 left out", at.withMessages(69, 70), "VID005"),
            planted("lost-frame", "frame 97 left out", at.withMessages(92, 93), "VID010"));
    Files.writeString(
        folder.resolve(Injector.EXPECTED), Injector.expectedJson("clip.mp4", injections));
    return "clip.mp4";
  }

  private static Injection planted(String name, String what, Location at, String check) {
    return new Injection(fault(name, 0), true, what, at, List.of(check), List.of());
  }

  static final List<Fixture> ALL =
      Stream.concat(
              RECORDINGS.stream(),
              LabelFormats.ALL.stream()
                  .filter(format -> format.isWritable() && format.standsAlone())
                  .map(LabelFixtures::of))
          .toList();

  private Fixtures() {}

  static FaultSpec fault(String name, long seed, String... settings) {
    Map<String, String> map = new TreeMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      map.put(settings[i], settings[i + 1]);
    }
    return new FaultSpec(name, seed, map);
  }

  private static Filling nuscenes(FaultSpec... faults) {
    return folder -> {
      NuscenesSet set = new NuscenesDrive(SMALL.withCloud(4, 48), 70, true).make(1);
      List<Injection> injections = new ArrayList<>();
      for (FaultSpec spec : faults) {
        injections.add(NuscenesFaults.plant(set, spec));
      }
      set.write(folder);
      Files.writeString(folder.resolve(Injector.EXPECTED), Injector.expectedJson(".", injections));
      return ".";
    };
  }

  /// Opens an output.
  interface Opening {
    RecordingOutput open(Path path) throws IOException;
  }

  private static Filling bag(
      String name, Opening opening, SynthOptions options, FaultSpec... faults) {
    return folder -> {
      List<Injection> injections;
      try (RecordingOutput out = opening.open(folder.resolve(name))) {
        injections = Injector.drive(out, options, List.of(faults));
      }
      Files.writeString(folder.resolve(Injector.EXPECTED), Injector.expectedJson(name, injections));
      return name;
    };
  }

  private static Filling mcap(
      String name, SynthOptions options, McapSettings settings, FaultSpec... faults) {
    return mcap(name, options, settings, LabelCoding.JSON, faults);
  }

  private static Filling mcap(
      String name,
      SynthOptions options,
      McapSettings settings,
      LabelCoding labels,
      FaultSpec... faults) {
    return folder -> {
      List<Injection> injections =
          Injector.drive(folder.resolve(name), options, settings, labels, List.of(faults));
      Files.writeString(folder.resolve(Injector.EXPECTED), Injector.expectedJson(name, injections));
      return name;
    };
  }
}
